"""Property tests of gradients: hypothesis draws the inputs and shrinks a failure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.checking.compare.verdict import Verdict
from autograd.checking.functions import gradcheck

Domain = tuple[float, float]
SPECIAL = (0.0, 1.0, -1.0, 0.5, 2.0, -2.0)
MISSING = "given_gradients needs hypothesis: pip install hypothesis"


def given_gradients(
    signature: str = "()->()",
    *,
    domain: Domain | Sequence[Domain] = (-3.0, 3.0),
    special: Sequence[float] = SPECIAL,
    ties: bool = True,
    max_side: int = 3,
    max_dims: int | None = None,
    max_examples: int = 50,
    vjp: Callable[..., Any] | None = None,
    **options: Any,
) -> Callable[[Callable[..., Any]], Callable[[], None]]:
    """Turn a function into a test that checks its gradients at inputs which hypothesis draws.

    signature     shapes as NumPy writes them, "(m,n),(n,p)->(m,p)"; "(),()" is an elementwise
                  function, whose inputs are drawn in shapes that broadcast
    max_dims      leading axes that broadcast, drawn in front of the shapes that are named; none
                  by default, up to 2 for an elementwise function
    domain        the interval of all entries, or one for each input
    special       points that are drawn often, where they lie in the domain
    ties          also force equal entries, within an input and between inputs
    max_side      the longest axis
    max_examples  how many inputs are drawn
    vjp, options  as `gradcheck` takes them

    A FAIL, an ERROR or an invalid KINK is shrunk to the smallest shapes and numbers that show it
    and raised as AssertionError; INCONCLUSIVE inputs are passed over.

    >>> @given_gradients("(n),(n)->()", max_examples=5)
    ... def test_dot(x, y):
    ...     return np.sum(x * y)
    >>> test_dot()
    """
    try:
        import hypothesis
    except ImportError as error:
        raise ImportError(MISSING) from error
    full = signature if "->" in signature else signature + "->()"
    full = re.sub(r",\s*\)", ")", full)
    if max_dims is None:
        max_dims = 0 if re.search(r"\w", full.split("->", maxsplit=1)[0]) else 2
    leading = max_dims

    def decorate(f: Callable[..., Any]) -> Callable[[], None]:
        draws = inputs_strategy(full, domain, special, ties, max_side, leading)

        @hypothesis.settings(
            max_examples=max_examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(inputs=draws)
        def check(inputs: tuple[Any, ...]) -> None:
            chosen = {"order": 1, "points": False, "progress": False, "shrink": False, **options}
            report = gradcheck(f, *inputs, vjp=vjp, **chosen)
            if math.isfinite(report.tension):
                hypothesis.target(report.tension, label="log10 of |backward - numeric| / bar")
            if not report and report.verdict is not Verdict.INCONCLUSIVE:
                report.smallest = ", ".join(repr(np.asarray(x).tolist()) for x in inputs)
                raise AssertionError(f"\n{report}")

        def test() -> None:
            check()

        test.__name__ = getattr(f, "__name__", "test_gradients")
        test.__doc__ = f.__doc__
        test.__module__ = f.__module__
        return test

    return decorate


def inputs_strategy(
    signature: str,
    domain: Domain | Sequence[Domain],
    special: Sequence[float],
    ties: bool,
    max_side: int,
    max_dims: int,
) -> Any:
    """A strategy of tuples of float64 arrays for a shape signature."""
    from hypothesis import strategies as st
    from hypothesis.extra import numpy as hnp

    count = signature.split("->", maxsplit=1)[0].count("(")
    domains = per_input(domain, count)
    shapes = hnp.mutually_broadcastable_shapes(
        signature=signature, max_side=max_side, max_dims=max_dims
    )

    @st.composite
    def inputs(draw: Callable[[Any], Any]) -> tuple[Any, ...]:
        drawn = []
        for shape, (low, high) in zip(draw(shapes).input_shapes, domains, strict=True):
            inside = [v for v in special if low <= v <= high]
            numbers = hnp.from_dtype(
                np.dtype(np.float64),
                min_value=drawable(low),
                max_value=drawable(high),
                allow_nan=False,
                allow_infinity=False,
                allow_subnormal=False,
            )
            element = st.one_of(numbers, st.sampled_from(inside)) if inside else numbers
            drawn.append(draw(hnp.arrays(np.float64, shape, elements=element)))
        if ties and draw(st.booleans()):
            force_ties(drawn, domains)
        return tuple(drawn)

    return inputs()


def per_input(domain: Any, count: int) -> list[Domain]:
    """One interval for each input."""
    if isinstance(domain[0], int | float):
        return [(float(domain[0]), float(domain[1]))] * count
    if len(domain) != count:
        raise ValueError(
            f"{len(domain)} domains were given for {count} inputs: give one, or one for each"
        )
    return [(float(low), float(high)) for low, high in domain]


def drawable(bound: float) -> float:
    """A bound that random numbers can be drawn up to."""
    return max(min(bound, 1e6), -1e6)


def force_ties(arrays: list[Any], domains: list[Domain]) -> None:
    """Make the first two entries of every array equal, and the first entries of all arrays."""
    for array in arrays:
        if array.size > 1:
            array.flat[1] = array.flat[0]
    for k in range(1, len(arrays)):
        low, high = domains[k]
        if arrays[0].size and arrays[k].size and low <= arrays[0].flat[0] <= high:
            arrays[k].flat[0] = arrays[0].flat[0]
