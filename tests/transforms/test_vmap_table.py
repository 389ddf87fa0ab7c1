"""The whole rule table and every composed function inside `vmap`, against a loop over examples:
value, reverse, forward and second order, with all arguments mapped and with one of them alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.arrays.batch import BatchedError
from autograd.compilation.recording import CannotRecord
from autograd.transforms.vmap import LoopWarning, vmap
from tests.arrays.test_refusing import CALLS, ENTRIES_DECIDE, ROWS, short_name
from tests.derivatives import Case, case_of, flat, like, random_like
from tests.samples import Sample

COUNT = 3
NOT_HANDED_OVER = {
    "full_like": "fill_value",
    "interp": "the ends and the period",
    "select": "the default",
    "nan_to_num": "the replacements",
    "nanpercentile": "q",
    "polyint": "the constants",
    "apply_along_axis": "what the function uses",
    "piecewise": "the numbers in place of functions",
    "setdiff1d": "the second set, made of a list",
    "histogram": "the range",
}
"""Functions of which NumPy does not hand over some arguments: mapped alone, these are refused."""

Work = Callable[[Case, list[Any]], list[Any]]


def stand_in(x: Any) -> Any:
    """Zeros in the shape and dtype of an array, which may have a hidden axis."""
    return np.zeros(np.shape(x), x.dtype) if hasattr(x, "dtype") else x


def value(case: Case, leaves: list[Any]) -> list[Any]:
    return flat(case.f(*leaves))


def pulled(case: Case, leaves: list[Any]) -> list[Any]:
    y, pull = ag.vjp(case.f, *leaves)
    seeds = [random_like(stand_in(p), f"w{i}") for i, p in enumerate(flat(y))]
    return [*flat(y), *flat(pull(like(y, seeds)))]


def pushed(case: Case, leaves: list[Any]) -> list[Any]:
    tangents = [random_like(stand_in(x), f"t{i}") for i, x in enumerate(leaves)]
    return flat(ag.jvp(case.f, tuple(leaves), tuple(tangents))[1])


def second(case: Case, leaves: list[Any]) -> list[Any]:
    """The derivative of <gradient, t>, of a scalar that is not linear in the output."""
    directions = [random_like(stand_in(x), f"d{i}") for i, x in enumerate(leaves)]

    def total(*leaves: Any) -> Any:
        parts = [y for y in flat(case.f(*leaves)) if hasattr(y, "shape") or isinstance(y, float)]
        return sum(np.sum(np.real(y * y)) for y in parts)

    arguments = tuple(range(len(leaves)))

    def slope(*leaves: Any) -> Any:
        found = ag.grad(total, argnum=arguments)(*leaves)
        return sum(np.sum(np.real(g * d)) for g, d in zip(found, directions, strict=True))

    return list(ag.grad(slope, argnum=arguments)(*leaves))


WORKS: list[Work] = [value, pulled, pushed, second]


def examples_of(x: Any, seed: int) -> Any:
    """Some examples near x, in its dtype."""
    x = np.asarray(x)
    rng = np.random.default_rng(seed)
    shift = 1 + 1e-3 * rng.uniform(-1, 1, (COUNT, *x.shape))
    return (x * shift).astype(x.dtype)


def maps_of(case: Case) -> list[list[bool]]:
    """Which leaves are mapped: all; and, where there are several, each alone."""
    count = len(case.leaves)
    alone = [[i == k for i in range(count)] for k in range(count)] if count > 1 else []
    return [[True] * count, *alone]


def at_example(leaves: list[Any], mapped: list[bool], i: int) -> list[Any]:
    return [x[i] if m else x for x, m in zip(leaves, mapped, strict=True)]


def check(case: Case, work: Work, mapped: list[bool]) -> list[str]:
    """`vmap` of a work against a loop; the functions that `vmap` itself ran in a loop."""
    leaves = [
        examples_of(x, i) if m else x
        for i, (x, m) in enumerate(zip(case.leaves, mapped, strict=True))
    ]
    with warnings.catch_warnings(record=True) as seen, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        failed: Any = None
        try:
            wanted = [work(case, at_example(leaves, mapped, i)) for i in range(COUNT)]
        except Exception as error:
            failed = error
        in_axes = tuple(0 if m else None for m in mapped)
        call = vmap(lambda *xs: work(case, list(xs)), in_axes=in_axes)
        if failed is not None:
            with pytest.raises((type(failed), TypeError)):
                call(*leaves)
            return []
        if len({tuple(np.shape(y) for y in ys) for ys in wanted}) > 1:
            with pytest.raises(BatchedError):
                call(*leaves)
            return []
        got = call(*leaves)
    assert len(got) == len(wanted[0])
    for y, column in zip(got, zip(*wanted, strict=True), strict=True):
        z = np.stack(column)
        assert y.shape == z.shape
        assert y.dtype == z.dtype
        scale = max(1.0, float(np.max(np.abs(z), initial=0.0, where=np.isfinite(z))))
        digits = np.finfo(z.dtype).eps if z.dtype.kind in "fc" else 0.0
        np.testing.assert_allclose(y, z, rtol=0, atol=3000 * digits * scale)
    return [str(w.message).split()[1] for w in seen if w.category is LoopWarning]


@pytest.mark.parametrize("work", WORKS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(("function", "sample"), [*ROWS, *CALLS])
def test_function(function: Any, sample: Sample, work: Work) -> None:
    case = case_of(function, sample.args, sample.params)
    if not case.leaves:
        return
    for mapped in maps_of(case):
        try:
            check(case, work, mapped)
        except BatchedError:
            if not all(mapped) and short_name(function) in NOT_HANDED_OVER:
                continue
            raise


@pytest.mark.parametrize(("function", "sample"), ROWS)
def test_compiled(function: Any, sample: Sample) -> None:
    """`compile` of `vmap` of a pullback gives what `vmap` alone gives."""
    case = case_of(function, sample.args, sample.params)
    if not case.leaves:
        return
    leaves = [examples_of(x, i) for i, x in enumerate(case.leaves)]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        f = vmap(lambda *xs: pulled(case, list(xs)))
        wanted = f(*leaves)
        compiled = ag.compile(f)
        if short_name(function) in ENTRIES_DECIDE:
            with pytest.raises(CannotRecord):
                compiled(*leaves)
            return
        for _ in range(2):
            for y, z in zip(compiled(*leaves), wanted, strict=True):
                np.testing.assert_array_equal(y, z)
