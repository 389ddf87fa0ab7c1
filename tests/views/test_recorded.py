"""Arrays that write down what is done to them: the text gives what was computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd.views.recorded import CannotWriteError, Recorded, Recording, written

U, V, M = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0]), np.arange(9.0).reshape(3, 3)

PROGRAMS: list[Callable[[Any, Any, Any], Any]] = [
    lambda u, v, m: np.expand_dims(u, 0) * v,  # a row, entry by entry: no outer product
    lambda u, v, m: np.expand_dims(u, -1) * v,
    lambda u, v, m: np.expand_dims(u, -1) * np.expand_dims(v, 0),
    lambda u, v, m: np.expand_dims(u, -1) * m,
    lambda u, v, m: np.squeeze(m @ np.expand_dims(u, -1), -1),
    lambda u, v, m: np.squeeze(np.expand_dims(u, 0) @ m, 0),
    lambda u, v, m: u - (v - 1.0) / (u * v),
    lambda u, v, m: -((u + v) ** 2) * -v,
    lambda u, v, m: 2.0 ** (u // 2.0) % 3.0,
    lambda u, v, m: (u * v) @ (m @ v) * (u // v),
    lambda u, v, m: u * (v // u) * (v % u),
    lambda u, v, m: ~(u > 1.5) & (v < 0) | (u == v),
    lambda u, v, m: np.where(u > 10, u, v) * np.where(v < 1, 2.0, 0.0),
    lambda u, v, m: np.concatenate([u[1:], v[::-1]])[None, :-1],
    lambda u, v, m: m.T.sum(axis=0, keepdims=True) / m.sum(),
    lambda u, v, m: np.multiply(u, 1.0) * u / 1.0 + np.power(v, 2),
]


@pytest.mark.parametrize("program", PROGRAMS, ids=range(len(PROGRAMS)))
def test_the_text_computes_the_same(program: Callable[[Any, Any, Any], Any]) -> None:
    run = Recording()
    names = {"u": U, "v": V, "m": M}
    recorded = program(*[Recorded(x, name, run=run) for name, x in names.items()])
    expected = program(U, V, M)
    assert np.array_equal(recorded.now, expected)
    got = eval(recorded.text, {"np": np, **names})
    assert np.shape(got) == np.shape(expected)
    assert np.allclose(got, expected, rtol=1e-15)


def test_an_array_that_is_written_into_becomes_statements() -> None:
    out = np.zeros_like(Recorded(U, "u"), shape=(5,))
    out[1:4] += Recorded(U, "u")
    np.add.at(out, (np.array([0, 0]),), Recorded(V[:2], "v[:2]"))
    names: dict[str, Any] = {"np": np, "u": U, "v": V}
    exec("; ".join(out.lines), names)
    assert out.text == "d"
    assert np.array_equal(names["d"], out.now)
    assert np.array_equal(out.now, [-0.5, 1.0, 2.0, 3.0, 0.0])


def test_a_decision_on_numbers_is_noticed() -> None:
    for decide in (bool, lambda x: np.where(x + 0.0 > 0, x, x), np.asarray):
        run = Recording()
        x = Recorded(np.float64(2.0), "x", run=run)
        x + 1.0
        assert x.shape == () and not run.decided
        decide(x)
        assert run.decided


def test_constants_are_written_exactly() -> None:
    for x in (0.1, 1e300, -2.5, np.pi, np.log(2), np.float32(0.1), 3, 1j, np.array([1.5, 2.0])):
        assert np.array_equal(eval(written(x), {"np": np, "array": np.array}), x)
    assert eval(f"2 ** {written(-3.0, 5)}") == 0.125
    with pytest.raises(CannotWriteError):
        written(np.arange(100.0))
    with pytest.raises(CannotWriteError):
        written(object())
