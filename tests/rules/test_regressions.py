"""Bugs of rules that were found once: each test failed before its fix."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.primitive import TABLE, Primitive

M = np.arange(6.0).reshape(2, 3)

# --- the order in which ravel, reshape and flatten read -------------------------------------------
LAYOUTS: dict[str, Any] = {
    "C": M,
    "F": np.asfortranarray(M),
    "transposed": M.T,
    "three axes": np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1),
    "sliced": np.arange(24.0).reshape(4, 6)[::2, 1::2],
    "negative stride": M[::-1],
    "no axes": np.array(3.0),
    "scalar": np.float32(2.0),
    "empty": np.zeros((0, 3)).T,
}
READS: dict[str, Callable[[Any, Any], Any]] = {
    "np.ravel": np.ravel,
    "ravel": lambda v, order: v.ravel(order),
    "flatten": lambda v, order: v.flatten(order=order),
    "np.reshape": lambda v, order: np.reshape(v, (-1, 1), order=order),
    "reshape": lambda v, order: v.reshape(1, -1, order=order),
    "copy": lambda v, order: np.copy(v, order=order).ravel("K"),
    "astype": lambda v, order: v.astype(np.float64, order=order).ravel("K"),
    "copied": lambda v, order: v.copy().ravel(order),
}


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("order", "CFAK")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_order(layout: str, order: str, read: str) -> None:
    x, f = LAYOUTS[layout], lambda v: READS[read](v, order)
    if order == "K" and "reshape" in read:
        for v in (x, Value(x)):
            with pytest.raises(ValueError, match="order 'K' is not permitted"):
                f(v)
        return
    wanted = f(x)
    places = np.copy(np.zeros_like(x), "K") if np.ndim(x) else np.zeros(())
    places[...] = np.arange(places.size).reshape(places.shape)
    taken = f(places).ravel().astype(int)  # in which order the places are read
    np.testing.assert_array_equal(np.ravel(x)[taken].reshape(wanted.shape), wanted)
    v = Value(x)
    y, pull = ag.vjp(f, x)
    g = np.arange(1.0, y.size + 1).reshape(y.shape)
    back = np.zeros(np.size(x))
    back[taken] = g.ravel()
    back = back.reshape(np.shape(x))
    np.testing.assert_array_equal(f(v).data, wanted)
    np.testing.assert_array_equal(y, wanted)
    np.testing.assert_array_equal(pull(g)[0], back)
    f(v).backward(g)
    np.testing.assert_array_equal(v.grad, back)
    np.testing.assert_array_equal(ag.jvp(f, (x,), (x * 2,))[1], wanted * 2)
    second = ag.grad(lambda x: (ag.grad(lambda x: (f(x) ** 2 * g).sum())(x) * x).sum())(x)
    np.testing.assert_allclose(second, 4 * x * back)


# --- operands of small integer dtypes -------------------------------------------------------------
SMALL = {
    "uint8": np.array([200, 130, 7], np.uint8),
    "int8": np.array([-128, -3, 100], np.int8),
    "zeros": np.array([0, 1, 2], np.uint8),
}
BINARY = [
    op
    for op in TABLE.values()
    if op.kind == "elementwise" and len(op.vjps) >= 2 and op.name != "where"
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", ["f8", "f4"])
@pytest.mark.parametrize("small", SMALL)
@pytest.mark.parametrize("op", BINARY, ids=lambda op: op.name)
def test_an_integer_operand_counts_as_the_same_float(op: Primitive, small: str, dtype: str) -> None:
    """x ** np.uint8(0) has the exponent 0 - 1, which is 255."""
    count = len(op.vjps)
    x, other = np.array([0.4, 1.3, 2.2], dtype), np.array([0.2, 0.9, 5.0], dtype)
    for slot in range(count):
        for place in set(range(count)) - {slot}:
            for k in (SMALL[small], SMALL[small][0], SMALL[small][:1]):

                def derivatives(constant: Any, slot: int = slot, place: int = place) -> list[Any]:
                    def f(v: Any) -> Any:
                        args = [other] * count
                        args[slot], args[place] = v, constant
                        return op(*args)

                    y, pull = ag.vjp(f, x)
                    g = np.arange(1.0, 4).astype(y.dtype)
                    return [y, *pull(g), ag.jvp(f, (x,), (x,))[1]]

                same = k.astype(np.result_type(k, np.float16, dtype))
                for got, want in zip(derivatives(k), derivatives(same), strict=True):
                    np.testing.assert_allclose(got, want, rtol=1e-6 if dtype == "f4" else 1e-13)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, np.uint64, np.bool_])
@pytest.mark.parametrize("number", [0, 1, 2, -128, 200])
def test_powers_with_small_integers(dtype: Any, number: int) -> None:
    if np.array(number).astype(dtype) != number:
        return
    n = dtype(number)
    for x in (1.5, np.array([1.5, 2.0]), np.array([1.5, 2.0], np.float32)):
        f = lambda x, n: np.sum(x**n)
        np.testing.assert_allclose(ag.grad(f)(x, n), ag.grad(f)(x, float(number)), rtol=1e-6)
        np.testing.assert_allclose(
            ag.hessian(f)(x, np.array([n, n])),
            ag.hessian(f)(x, np.array([number, number], float)),
            rtol=1e-6,
        )
        if number >= 0:
            power = lambda n, x: np.sum(n**x)
            np.testing.assert_allclose(
                ag.grad(power, 1)(n, x), ag.grad(power, 1)(float(number), x), rtol=1e-6
            )


# --- slopes that were wrong -----------------------------------------------------------------------
def test_the_slope_of_a_constant_power_is_zero_everywhere() -> None:
    for x in (0.0, np.nan, np.inf, -np.inf, 2.0):
        assert ag.grad(lambda x: x**0)(x) == 0.0
        assert ag.jvp(lambda x: x**0.0, (x,), (1.0,))[1] == 0.0
    x = np.array([np.nan, np.inf, 0.0, 3.0])
    n = np.array([0, 0, 0, 2])
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(x**n))(x), [0, 0, 0, 6])
    hessian = ag.hessian(lambda x: np.sum(x**n))(x)
    np.testing.assert_array_equal(hessian, np.diag([0, 0, 0, 2]))
    assert ag.grad(lambda b: ag.grad(lambda a: a**b)(2.0))(0.0) == 0.5


def test_fmod_counts_as_fmod_does() -> None:
    """1 / 0.1 rounds to 10, but 0.1 goes nine times into 1."""
    for a, b in ((1.0, 0.1), (-1.0, 0.1), (1.0, -0.1), (0.6, 0.2), (7.0, 2.0)):
        count = round((a - np.fmod(a, b)) / b)
        assert ag.grad(np.fmod, (0, 1))(a, b) == (1.0, -count)
        assert ag.jvp(lambda b, a=a: np.fmod(a, b), (b,), (1.0,))[1] == -count
    assert ag.grad(np.fmod, 1)(1.0, 0.1) == -9.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_bessel_functions_take_what_is_not_finite() -> None:
    x = np.array([np.nan, np.inf, 2.0])
    slopes = ag.elementwise_grad(np.i0)(x)
    assert np.isnan(slopes[0])
    assert slopes[2] == ag.grad(np.i0)(2.0)


# --- what crashed ---------------------------------------------------------------------------------
def test_angle_in_degrees() -> None:
    z = 1 + 2j
    for f in (lambda z: np.angle(z, True), lambda z: np.angle(z, deg=True)):
        assert ag.grad(f)(z) == pytest.approx(np.degrees(1) * ag.grad(np.angle)(z))
        assert ag.jvp(f, (z,), (1.0,))[1] == pytest.approx(-np.degrees(1) * 0.4)
        assert f(Value(z)).data == pytest.approx(np.angle(z, True))
    second = ag.grad(lambda x: ag.grad(lambda x: np.angle(x + 2j, True))(x))(1.0)
    assert second == pytest.approx(np.degrees(1) * 4 / 25)


INT, SMALL_INT = np.int64, np.uint8
INTEGERS: dict[str, Callable[[Any], Any]] = {
    "tile": lambda v: np.tile(v, INT(2)),
    "tile, tuple": lambda v: np.tile(v, (INT(2), SMALL_INT(1))),
    "tile, array": lambda v: np.tile(v, np.array([2, 1])),
    "broadcast_to": lambda v: np.broadcast_to(v, (INT(2), SMALL_INT(2), INT(3))),
    "broadcast_to, array": lambda v: np.broadcast_to(v, np.array([2, 2, 3])),
    "broadcast_to, number": lambda v: np.broadcast_to(v[0, 0], INT(3)),
    "reshape": lambda v: v.reshape(INT(3), SMALL_INT(2)),
    "reshape, number": lambda v: v.reshape(INT(6)),
    "reshape, array": lambda v: np.reshape(v, np.array([3, 2])),
    "reshape, -1": lambda v: np.reshape(v, np.int8(-1)),
    "roll": lambda v: np.roll(v, INT(1), INT(0)),
    "roll, unsigned": lambda v: np.roll(v, SMALL_INT(1), axis=SMALL_INT(1)),
    "roll, arrays": lambda v: np.roll(v, np.array([1, 2]), np.array([0, 1])),
    "repeat": lambda v: np.repeat(v, INT(2), axis=INT(1)),
    "repeat, unsigned": lambda v: v.repeat(SMALL_INT(3), axis=np.int8(-1)),
    "repeat, array": lambda v: np.repeat(v, np.array([1, 2, 0], SMALL_INT), axis=INT(1)),
    "sum": lambda v: v.sum(axis=INT(1)),
    "sum, unsigned": lambda v: v.sum(axis=SMALL_INT(1)),
    "sum, tuple": lambda v: v.sum(axis=(INT(0), SMALL_INT(1))),
    "max": lambda v: v.max(axis=np.int8(-1)),
    "prod": lambda v: v.prod(axis=SMALL_INT(1)),
    "cumsum": lambda v: np.cumsum(v, axis=INT(1)),
    "cumprod": lambda v: np.cumprod(v, axis=SMALL_INT(1)),
    "moveaxis": lambda v: np.moveaxis(v, INT(0), INT(1)),
    "swapaxes": lambda v: np.swapaxes(v, INT(0), SMALL_INT(1)),
    "transpose": lambda v: v.transpose(INT(1), INT(0)),
    "transpose, array": lambda v: v.transpose(np.array([1, 0])),
    "expand_dims": lambda v: np.expand_dims(v, SMALL_INT(0)),
    "squeeze": lambda v: np.squeeze(v[None], INT(0)),
    "flip": lambda v: np.flip(v, (INT(0), SMALL_INT(1))),
    "rot90": lambda v: np.rot90(v, SMALL_INT(3)),
    "stack": lambda v: np.stack([v, v], axis=INT(1)),
    "concatenate": lambda v: np.concatenate([v, v], axis=SMALL_INT(1)),
    "split": lambda v: np.split(v, INT(3), axis=INT(1))[0],
    "array_split": lambda v: np.array_split(v, np.array([1, 2]), axis=INT(1))[1],
    "take": lambda v: np.take(v, SMALL_INT(1), axis=INT(0)),
    "index": lambda v: v[INT(0) : INT(2), SMALL_INT(1)],
    "diag": lambda v: np.diag(v, INT(1)),
    "trace": lambda v: np.trace(v, INT(1)),
    "tril": lambda v: np.tril(v, INT(-1)),
    "diff": lambda v: np.diff(v, INT(1), INT(1)),
    "var": lambda v: np.var(v, axis=INT(0), ddof=SMALL_INT(1)),
    "softmax": lambda v: ag.softmax(v, axis=INT(0)) if isinstance(v, Value) else ag.softmax(v, 0),
    "tensordot": lambda v: np.tensordot(v, v, axes=INT(2)),
}


@pytest.mark.parametrize("name", INTEGERS)
def test_integers_of_numpy_as_arguments(name: str) -> None:
    f, v = INTEGERS[name], Value(M + 1)
    y = f(v)
    np.testing.assert_allclose(y.data, f(M + 1))
    for node in (y, *[x for x in y.inputs if isinstance(x, Value)]):
        hash(tuple((node.params or {}).values()))  # parameters are static
    y, pull = ag.vjp(f, M + 1)
    g, t = np.cos(np.arange(np.size(y))).reshape(np.shape(y)), np.sin(M)
    pushed = ag.jvp(f, (M + 1,), (t,))[1]
    step = 1e-6
    slope = (f(M + 1 + step * t) - f(M + 1 - step * t)) / (2 * step)
    np.testing.assert_allclose(pushed, slope, atol=1e-6)
    assert np.sum(pull(g)[0] * t) == pytest.approx(np.sum(g * pushed))
    pickle.loads(pickle.dumps(f(v)))


def test_astype_has_the_options_of_numpy() -> None:
    v = Value(M)
    assert v.astype(float, copy=False) is v
    assert v.astype(float) is not v
    for f in (
        lambda v: v.astype(np.float32, copy=False),
        lambda v: v.astype(np.float32, "F", "same_kind", True, False),
        lambda v: np.astype(v, np.float32, copy=False),
    ):
        y = f(v)
        assert y.dtype == np.float32
        v.zero_grad()
        (y * y).sum().backward()
        np.testing.assert_array_equal(v.grad, 2 * M)
        assert v.grad.dtype == np.float64
    with pytest.raises(TypeError, match="cannot be cast"):
        v.astype(np.float32, casting="safe")
    with pytest.raises(TypeError, match=r"v\.data\.astype"):
        v.astype(int)
    with pytest.raises(ValueError, match="casting"):
        v.astype(np.float32, casting="bogus")  # type: ignore[arg-type]
