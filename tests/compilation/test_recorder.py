"""What a recording remembers: refusals that are caught, the error settings it began with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import compile
from autograd.compilation.recording import CannotRecord

X = np.array([1.0, -2.0, 3.0])


class Settings:
    scale = 2.0


class Fine(Settings):
    shift = np.zeros(3)


def caught(x: Any) -> Any:
    try:
        positive = bool(np.sum(x) > 0)
    except Exception:
        positive = True
    return x if positive else -x


def test_a_refusal_that_is_caught_is_one_all_the_same() -> None:
    with pytest.raises(CannotRecord, match="truth value"):
        compile(caught)(X)


@pytest.mark.parametrize(
    "f", [lambda x: f"{x[0]:.2f}", lambda x: x * len(str(x)), lambda x: f"{x}"]
)
def test_a_text_of_numbers_is_refused(f: Any) -> None:
    with pytest.raises(CannotRecord, match="the text"):
        compile(f)(X)


def test_error_settings_around_the_first_call() -> None:
    with np.errstate(all="raise"):
        compiled = compile(lambda x: np.log(x))
        for _ in range(2):
            with pytest.raises(FloatingPointError):
                compiled(X)


def test_a_class_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile(lambda x: x * Fine.scale + Fine.shift)
    np.testing.assert_array_equal(compiled(X), 2 * X)
    monkeypatch.setattr(Settings, "scale", 5.0)
    np.testing.assert_array_equal(compiled(X), 5 * X)
    monkeypatch.setattr(Fine, "shift", np.ones(3))
    np.testing.assert_array_equal(compiled(X), 5 * X + 1)
    Fine.shift[0] = 7.0
    np.testing.assert_array_equal(compiled(X), 5 * X + [7, 1, 1])
