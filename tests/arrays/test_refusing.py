"""The whole rule table on arrays that refuse to be looked at: value, reverse, forward and second
order, with nothing computed before the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.arrays.refusing import RefusingArray
from autograd.engine.dispatch import COMPOSITES, UFUNC_METHODS, name_of
from autograd.engine.primitive import TABLE, Primitive
from tests.derivatives import Case, case_of, close, flat, like, random_like
from tests.samples import NUMPY_CALLS, Sample, samples_of

ROWS = [
    pytest.param(op, sample, id=f"{op.name}-{i}")
    for op in TABLE.values()
    if op.has_rules
    for i, sample in enumerate(samples_of(op))
]
FUNCTIONS = {name_of(f).removeprefix("np."): f for f in COMPOSITES} | {
    f"{ufunc.__name__}.{method}": getattr(ufunc, method) for ufunc, method in UFUNC_METHODS
}
CALLS = [
    pytest.param(FUNCTIONS[name], sample, id=f"{name}-{i}")
    for name, samples in NUMPY_CALLS.items()
    if name in FUNCTIONS
    for i, sample in enumerate(samples)
]


def refusing(x: Any) -> Any:
    """A NumPy array as one that refuses; numbers as they are."""
    return RefusingArray.of(x) if isinstance(x, np.ndarray) else x


def computed(x: Any) -> Any:
    """The entries of an array that refused them until now."""
    return x.compute() if isinstance(x, RefusingArray) else x


def compare(case: Case, work: Callable[[Case, Callable[[Any], Any]], list[Any]]) -> None:
    """A work gives the same on arrays that refuse as on NumPy's, and computes nothing itself."""
    wanted = work(case, lambda x: x)
    before = RefusingArray.computed
    got = work(case, refusing)
    assert RefusingArray.computed == before, "something was computed on the way"
    close([computed(y) for y in got], wanted, 1e-12, "refusing arrays against NumPy's")


def value_and_pulled(case: Case, wrap: Callable[[Any], Any]) -> list[Any]:
    y, pull = ag.vjp(case.f, *map(wrap, case.leaves))
    seeds = [wrap(random_like(computed_shape(p), f"w{i}")) for i, p in enumerate(flat(y))]
    return [*flat(y), *flat(pull(like(y, seeds)))]


def pushed(case: Case, wrap: Callable[[Any], Any]) -> list[Any]:
    tangents = [wrap(random_like(x, f"t{i}")) for i, x in enumerate(case.leaves)]
    return flat(ag.jvp(case.f, tuple(map(wrap, case.leaves)), tuple(tangents))[1])


def second(case: Case, wrap: Callable[[Any], Any]) -> list[Any]:
    """The derivative of <gradient, t>, of a scalar that is not linear in the output."""
    directions = [wrap(random_like(x, f"d{i}")) for i, x in enumerate(case.leaves)]

    def total(*leaves: Any) -> Any:
        parts = [y for y in flat(case.f(*leaves)) if hasattr(y, "shape") or isinstance(y, float)]
        return sum(np.sum(np.real(y * y)) for y in parts)

    def slope(*leaves: Any) -> Any:
        found = ag.grad(total, argnum=tuple(range(len(leaves))))(*leaves)
        return sum(np.sum(np.real(g * d)) for g, d in zip(found, directions, strict=True))

    arguments = tuple(range(len(case.leaves)))
    return list(ag.grad(slope, argnum=arguments)(*map(wrap, case.leaves)))


def computed_shape(x: Any) -> Any:
    """Zeros in the shape and dtype of an array, which need not be NumPy's."""
    return np.zeros(x.shape, x.dtype) if hasattr(x, "__array_function__") else x


WORKS = [value_and_pulled, pushed, second]


ENTRIES_DECIDE = {
    **dict.fromkeys(
        ("histogram", "histogram2d", "histogramdd", "histogram_bin_edges"), "how many fall where"
    ),
    **dict.fromkeys(
        ("unique", "unique_all", "unique_counts", "unique_inverse", "unique_values"), "the shape"
    ),
    **dict.fromkeys(("setdiff1d", "setxor1d", "union1d", "intersect1d"), "the shape"),
    **dict.fromkeys(("polymul", "polydiv", "roots", "trim_zeros"), "zeros in front are cut off"),
    "poly": "the dtype, of complex roots",
    **dict.fromkeys(("real_if_close", "linalg.eig", "linalg.eigvals", "eig"), "the dtype"),
    **dict.fromkeys(("linalg.lstsq", "lstsq", "polyfit"), "rank and shape of residuals"),
}
"""Functions whose shape or dtype depends on entries, and how: some samples of them are refused."""


def refusing_unless_entries_decide(name: str, check: Callable[[], None]) -> None:
    """Run a check; a function whose shape or dtype depends on entries may refuse, in words."""
    try:
        check()
    except TypeError as error:
        words = ("needs entries that are not computed", "differ from call to call", "dispatcher")
        refused = any(phrase in str(error) for phrase in words)
        if not refused or name not in ENTRIES_DECIDE:
            raise


@pytest.mark.parametrize("work", WORKS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(("function", "sample"), [*ROWS, *CALLS])
def test_function(function: Any, sample: Sample, work: Any) -> None:
    case = case_of(function, sample.args, sample.params)
    refusing_unless_entries_decide(short_name(function), lambda: compare(case, work))


def short_name(function: Any) -> str:
    """The name of a row or of a NumPy function."""
    if isinstance(function, Primitive):
        return function.name
    return name_of(function).removeprefix("np.") if hasattr(function, "__name__") else ""


@pytest.mark.parametrize(("op", "sample"), ROWS)
def test_row_with_constants_that_refuse(op: Primitive, sample: Sample) -> None:
    """Masks, targets and indices too are arrays that refuse."""
    constants = [x for x in sample.args if isinstance(x, np.ndarray) and x.dtype.kind in "biu"]
    if not constants:
        return

    def work(case: Case, wrap: Callable[[Any], Any]) -> list[Any]:
        args = [wrap(x) if any(x is c for c in constants) else x for x in sample.args]
        return value_and_pulled(case_of(op, args, sample.params), wrap)

    case = case_of(op, sample.args, sample.params)
    if is_index(op) and (len(constants) > 1 or constants[0].dtype.kind == "b"):
        with pytest.raises(TypeError, match=r"mask that is not computed|stands alone"):
            compare(case, work)
    else:
        compare(case, work)


def is_index(op: Primitive) -> bool:
    """Whether the integers and bools that the row takes are an index."""
    return op.name in ("getitem", "scatter", "scatter_all")
