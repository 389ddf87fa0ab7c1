"""What the tests of derivatives have in common: cases, numerical derivatives and the comparisons.

A case is a function of a list of leaves (numbers and arrays) that returns an array or a tuple or
list of arrays.  Complex leaves follow the convention of the library: the gradient of a real s at
z = a + bi is ds/da - i ds/db, so that ds = Re(sum(gradient * dz)).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd as ag

STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))
"""Fourth-order central difference: offsets in steps, and weights."""


class Case(NamedTuple):
    """A function of leaves, with leaves to call it at."""

    f: Callable[..., Any]
    leaves: list[Any]


def is_variable(x: Any) -> bool:
    """True for what is differentiated: floats and arrays of float or complex dtype."""
    if isinstance(x, np.ndarray | np.generic):
        return x.dtype.kind in "fc"
    return type(x) in (float, complex)


def case_of(function: Callable[..., Any], args: Sequence[Any], params: dict[str, Any]) -> Case:
    """The call function(*args, **params) as a function of the variables in its arguments."""
    leaves: list[Any] = []

    def collect(x: Any) -> Any:
        if isinstance(x, list | tuple):
            parts = [collect(item) for item in x]
            return lambda values: type(x)(part(values) for part in parts)
        if is_variable(x):
            leaves.append(x)
            place = len(leaves) - 1
            return lambda values: values[place]
        return lambda values: x

    builders = [collect(x) for x in args]

    def f(*values: Any) -> Any:
        return function(*[build(values) for build in builders], **params)

    return Case(f, leaves)


def flat(y: Any) -> list[Any]:
    """The arrays in an output."""
    return [part for item in y for part in flat(item)] if isinstance(y, tuple | list) else [y]


def like(y: Any, parts: Sequence[Any]) -> Any:
    """The parts in the structure of the output y."""
    rest = iter(parts)

    def build(item: Any) -> Any:
        if isinstance(item, tuple | list):
            built = [build(x) for x in item]
            return type(item)(*built) if hasattr(item, "_fields") else type(item)(built)
        return next(rest)

    return build(y)


def random_like(x: Any, seed: str) -> Any:
    """A reproducible array in the shape and dtype of x (float64 for integers)."""
    rng = np.random.default_rng(zlib.crc32(seed.encode()))
    dtype = np.asarray(x).dtype
    z = rng.uniform(-1, 1, np.shape(x))
    if dtype.kind == "c":
        z = z + 1j * rng.uniform(-1, 1, np.shape(x))
    return np.asarray(z, dtype if dtype.kind in "fc" else np.float64)[()]


def inner(a: Sequence[Any], b: Sequence[Any]) -> float:
    """The real part of sum a * b over all leaves."""
    return float(sum(np.sum(np.real(np.asarray(x) * y)) for x, y in zip(a, b, strict=True)))


def differences(s: Callable[..., Any], leaves: Sequence[Any], step: float = 1e-3) -> list[Any]:
    """The gradient of a real function s of leaves by central differences."""
    found = []
    for k, x in enumerate(leaves):
        x = np.asarray(x)
        out = np.zeros(x.shape, np.complex128 if x.dtype.kind == "c" else np.float64)
        for i in np.ndindex(x.shape):
            for direction in (1, 1j) if x.dtype.kind == "c" else (1,):
                total = 0.0
                for offset, weight in STENCIL:
                    moved = np.array(x)
                    moved[i] += direction * offset * step
                    total += weight * float(s(*leaves[:k], moved[()], *leaves[k + 1 :])) / step
                out[i] += total if direction == 1 else -1j * total
        found.append(out)
    return found


def along(
    f: Callable[..., Any], leaves: Sequence[Any], ts: Sequence[Any], step: float = 1e-3
) -> Any:
    """The derivative of a function (leaves -> list of arrays) along ts by central differences."""
    total: list[Any] = []
    for offset, weight in STENCIL:
        parts = f(*[x + offset * step * t for x, t in zip(leaves, ts, strict=True)])
        scaled = [np.asarray(p) * (weight / step) for p in parts]
        total = scaled if not total else [a + b for a, b in zip(total, scaled, strict=True)]
    return total


def close(actual: Any, wanted: Any, rtol: float, what: str, floor: float = 1.0) -> None:
    """Leaves agree to rtol of the largest entry (not less than `floor`), in shape too."""
    assert len(actual) == len(wanted), what
    for a, b in zip(actual, wanted, strict=True):
        assert np.shape(a) == np.shape(b), f"{what}: shape {np.shape(a)}, wanted {np.shape(b)}"
        scale = max(floor, float(np.max(np.abs(b), initial=0.0)))
        np.testing.assert_allclose(a, b, rtol=0, atol=rtol * scale, err_msg=what)


def check_value(case: Case, reference: Callable[..., Any] | None = None) -> None:
    """The output on Values is that on plain data: numbers, shapes, dtypes."""
    wanted = flat((reference or case.f)(*case.leaves))
    got = flat(case.f(*[ag.Value(x) for x in case.leaves]))
    assert any(type(y) is ag.Value for y in got), "no output is a Value: its gradient is lost"
    got = [y.data if type(y) is ag.Value else y for y in got]
    close(got, wanted, 1e-13, "value")
    for y, z in zip(got, wanted, strict=True):
        assert np.asarray(y).dtype == np.asarray(z).dtype, "dtype of the value"


def check_vjp(case: Case) -> None:
    """The pullback of random cotangents against central differences."""
    y, pull = ag.vjp(case.f, *case.leaves)
    ws = [random_like(p, f"w{i}") for i, p in enumerate(flat(y))]

    def s(*leaves: Any) -> float:
        return inner(flat(case.f(*leaves)), ws)

    close(pull(like(y, ws)), differences(s, case.leaves), 1e-8, "vjp against differences")


def check_dot_product(case: Case) -> None:
    """<w, J t> = <J^T w, t>: forward and reverse mode are transposes of each other."""
    y, pull = ag.vjp(case.f, *case.leaves)
    ws = [random_like(p, f"w{i}") for i, p in enumerate(flat(y))]
    ts = [random_like(x, f"t{i}") for i, x in enumerate(case.leaves)]
    also, pushed = ag.jvp(case.f, tuple(case.leaves), tuple(ts))
    close(flat(also), flat(y), 0.0, "value of jvp")
    pulled = pull(like(y, ws))
    products = [np.abs(np.asarray(a) * b) for a, b in zip(pulled, ts, strict=True)]
    scale = 1 + sum(float(np.sum(p)) for p in products)
    digits = max(map(rounding, [*case.leaves, *flat(y)]))
    assert abs(inner(ws, flat(pushed)) - inner(pulled, ts)) <= 500 * digits * scale


def rounding(x: Any) -> float:
    """The relative rounding error of numbers of the kind of x; 0 for integers."""
    dtype = np.asarray(x).dtype
    return float(np.finfo(dtype).eps) if dtype.kind in "fc" else 0.0


def check_second_order(case: Case) -> None:
    """H t by reverse over reverse, by forward over reverse, and by differences of the gradient."""
    count = len(case.leaves)
    ts = [random_like(x, f"t{i}") for i, x in enumerate(case.leaves)]

    def s(*leaves: Any) -> Any:
        total = 0.0
        for i, y in enumerate(flat(case.f(*leaves))):
            data = y.data if type(y) is ag.Value else y
            w = random_like(data, f"w{i}")
            total = total + np.sum(np.real(w * (y + 0.5 * y * y)))
        return total

    gradient = ag.grad(s, tuple(range(count)))

    def slope(*leaves: Any) -> Any:
        return sum(np.sum(np.real(g * t)) for g, t in zip(gradient(*leaves), ts, strict=True))

    over_reverse = ag.grad(slope, tuple(range(count)))(*case.leaves)
    forward = ag.jvp(gradient, tuple(case.leaves), tuple(ts))[1]
    close(forward, over_reverse, 1e-11, "forward over reverse against reverse over reverse")
    close(forward, along(gradient, case.leaves, ts), 1e-6, "second order against differences")


def check_dtype(case: Case, real: Any) -> None:
    """Everything stays in the precision of the leaves (and has the dtype that NumPy gives)."""
    complex_ = np.result_type(real, np.complex64)

    def cast(x: Any) -> Any:
        return np.asarray(x).astype(complex_ if np.iscomplexobj(x) else real)

    leaves = [cast(x) for x in case.leaves]
    wanted = [np.asarray(p) for p in flat(case.f(*leaves))]
    y, pull = ag.vjp(case.f, *leaves)
    assert [np.asarray(p).dtype for p in flat(y)] == [p.dtype for p in wanted], "forward"
    for x, g in zip(leaves, pull(like(y, [random_like(p, "w") for p in wanted])), strict=True):
        assert np.asarray(g).dtype == x.dtype, "backward"
        assert np.shape(g) == x.shape
    ts = tuple(random_like(x, "t") for x in leaves)
    for p, t in zip(wanted, flat(ag.jvp(case.f, tuple(leaves), ts)[1]), strict=True):
        assert np.asarray(t).dtype == (p.dtype if p.dtype.kind in "fc" else np.float64), "jvp"
