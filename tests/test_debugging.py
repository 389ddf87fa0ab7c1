"""`with autograd.debug():` names the operation and the line where it went wrong."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.debugging import ChangedArrayError, NonFiniteError

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def here(offset: int = 0) -> str:
    """This file and the line of the caller, plus an offset."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return f"{__file__}:{frame.f_back.f_lineno + offset}"


def test_forward() -> None:
    x = Value([1.0, 0.0], label="p")
    with ag.debug(), pytest.raises(NonFiniteError) as caught:
        y = x * 2
        place = here(+1)
        np.log(y)
    text = str(caught.value)
    assert "log" in text
    assert "-inf" in text
    assert "[1]" in text
    assert place in text
    assert "np.log(y)" in text
    assert caught.value.node is not None


def test_backward() -> None:
    x = Value(0.0, label="p")
    with ag.debug():
        place = here(+1)
        y = x.sqrt()
        with pytest.raises(NonFiniteError) as caught:
            y.backward()
    assert "sqrt" in str(caught.value)
    assert "backward" in str(caught.value)
    assert place in str(caught.value)


def test_inside_transforms() -> None:
    def f(x: Any) -> Any:
        return np.log(x) * 2

    with ag.debug(), pytest.raises(NonFiniteError, match="log"):
        ag.grad(f)(0.0)


def test_what_is_fine_passes() -> None:
    with ag.debug():
        x = Value([1.0, 2.0])
        y = np.sum(np.log(x) * x)
        y.backward()
        assert ag.grad(lambda x: x**3)(2.0) == 12.0
    np.testing.assert_allclose(x.grad, np.log(x.data) + 1)


def test_a_constant_that_was_changed_is_reported() -> None:
    """The product rule would multiply by the new numbers."""
    x, mask = Value([1.0, 2.0]), np.array([1.0, 0.0])
    with ag.debug():
        place = here(+1)
        y = (x * mask).sum()
        mask[0] = 5.0
        with pytest.raises(ChangedArrayError) as caught:
            y.backward()
    assert "input 1 of multiply" in str(caught.value)
    assert place in str(caught.value)


def test_a_parameter_that_was_changed_is_reported() -> None:
    w = Value([1.0, 2.0])
    with ag.debug():
        y = (w * w).sum()
        w.data[0] = 9.0
        with pytest.raises(ChangedArrayError):
            y.backward()


def test_source_lines_are_known_inside_only() -> None:
    with ag.debug():
        inside = Value(1.0) * 2
        line = here(-1)
    outside = Value(1.0) * 2
    assert inside.source == line
    assert outside.source == ""


def test_everything_is_as_before_afterwards() -> None:
    with pytest.raises(ZeroDivisionError), ag.debug():
        raise ZeroDivisionError
    assert np.log(Value(0.0)).data == -np.inf
    x = Value(0.0)
    x.sqrt().backward()
    assert x.grad == np.inf


def test_nested() -> None:
    with ag.debug():
        with ag.debug():
            pass
        with pytest.raises(NonFiniteError):
            np.log(Value(0.0))


def test_the_strong_zero_holds_inside() -> None:
    """A contribution that the zero rule clears is no mistake: only what remains is reported."""
    x = Value([4.0, 1.0])
    with ag.debug():
        np.sum(np.sqrt(x) * np.array([0.0, 1.0])).backward()
    np.testing.assert_allclose(x.grad, [0.0, 0.5])


def test_infinite_constants_are_allowed() -> None:
    with ag.debug():
        x = Value([1.0, -1.0])
        np.clip(x, -np.inf, 0.5).sum().backward()
        np.max(x, initial=-np.inf).backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])
