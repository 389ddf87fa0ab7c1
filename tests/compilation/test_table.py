"""The whole rule table, compiled: the same bits as eager where all are arrays, the same numbers to
rounding elsewhere, and no call that had to fall back."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.compilation.signature import identifier
from tests.arrays.test_refusing import CALLS, ROWS, refusing_unless_entries_decide, short_name
from tests.compilation.test_recording import moved
from tests.derivatives import Case, case_of, flat, like, random_like
from tests.samples import Sample


def value_and_pulled(case: Case) -> Callable[..., list[Any]]:
    def work(*leaves: Any) -> list[Any]:
        y, pull = ag.vjp(case.f, *leaves)
        seeds = [random_like(stand_in(p), f"w{i}") for i, p in enumerate(flat(y))]
        return [*flat(y), *flat(pull(like(y, seeds)))]

    return work


def pushed(case: Case) -> Callable[..., list[Any]]:
    tangents = tuple(random_like(x, f"t{i}") for i, x in enumerate(case.leaves))
    return lambda *leaves: flat(ag.jvp(case.f, tuple(leaves), tangents)[1])


def second(case: Case) -> Callable[..., list[Any]]:
    directions = [random_like(x, f"d{i}") for i, x in enumerate(case.leaves)]

    def total(*leaves: Any) -> Any:
        parts = [y for y in flat(case.f(*leaves)) if hasattr(y, "shape") or isinstance(y, float)]
        return sum(np.sum(np.real(y * y)) for y in parts)

    def slope(*leaves: Any) -> Any:
        found = ag.grad(total, argnum=tuple(range(len(leaves))))(*leaves)
        return sum(np.sum(np.real(g * d)) for g, d in zip(found, directions, strict=True))

    return lambda *leaves: list(ag.grad(slope, argnum=tuple(range(len(leaves))))(*leaves))


def stand_in(x: Any) -> Any:
    """Zeros in the shape and dtype of an array; a number as it is."""
    return np.zeros(x.shape, x.dtype) if hasattr(x, "dtype") else x


WORKS = [value_and_pulled, pushed, second]


def check_compiled(case: Case, make: Callable[[Case], Callable[..., list[Any]]]) -> None:
    """Compiled and eager at two places; a second call runs the program of the first."""
    work = make(case)
    compiled = ag.compile(work)
    others = [moved(x, i) if isinstance(x, np.ndarray) else x for i, x in enumerate(case.leaves)]
    exact = all(isinstance(x, np.ndarray) and x.ndim for x in case.leaves)
    for leaves in (case.leaves, others):
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            wanted, got = work(*leaves), compiled(*leaves)
        assert len(got) == len(wanted)
        for a, b in zip(got, wanted, strict=True):
            check_same(a, b, exact)
    if make is value_and_pulled and compiled.last is not None and not compiled.last.eager:
        run_alone(compiled, others)


def run_alone(compiled: Any, leaves: Any) -> None:
    """The source runs by itself, and gives the same bits."""
    program, namespace = compiled.last, {}
    inputs, _ = program.match(tuple(leaves), {})
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        exec(compiled.source, namespace)
        alone = namespace[identifier(program.f.__name__)](*inputs)
        buffers = [program.make_buffers()] if program.make_buffers is not None else []
        for a, b in zip(flat(alone), flat(program.run(*inputs, *buffers)), strict=True):
            np.testing.assert_array_equal(a, b)


def check_same(a: Any, b: Any, exact: bool) -> None:
    """One output: class, shape, dtype, entries."""
    assert np.shape(a) == np.shape(b)
    assert np.asarray(a).dtype == np.asarray(b).dtype
    if not {type(a), type(b)} <= {float, np.float64}:  # a number may be Python's or NumPy's
        assert type(a) is type(b)
    if exact:
        np.testing.assert_array_equal(a, b)
        return
    b = np.asarray(b)
    rounding = 16 * float(np.finfo(b.dtype if b.dtype.kind in "fc" else float).eps)
    scale = float(np.max(np.abs(b), initial=0.0, where=np.isfinite(b)))
    np.testing.assert_allclose(a, b, rtol=rounding, atol=rounding * scale)


@pytest.mark.parametrize("work", WORKS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(("function", "sample"), [*ROWS, *CALLS])
def test_compiled(function: Any, sample: Sample, work: Any) -> None:
    case = case_of(function, sample.args, sample.params)
    refusing_unless_entries_decide(short_name(function), lambda: check_compiled(case, work))
