"""Property tests of gradients: hypothesis draws the inputs and shrinks a failure."""

from __future__ import annotations

import functools
import inspect
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.checking.compare.verdict import Verdict
from autograd.checking.functions import gradcheck
from autograd.checking.report.report import Report

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
) -> Callable[[Callable[..., Any]], Callable[..., None]]:
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

    The first parameters of the function, after `self` in a class, are the inputs. Those that follow
    are left to the caller: to fixtures, and to `pytest.mark.parametrize` above this decorator; they
    reach the function and vjp as keywords.

    A FAIL, an ERROR or an invalid KINK is shrunk to the smallest shapes and numbers that show it
    and raised as AssertionError; INCONCLUSIVE inputs are passed over, and a test in which nothing
    else was drawn fails. Raises TypeError for a function with fewer parameters than inputs.

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
    chosen = {"order": 1, "points": False, "progress": False, "shrink": False, **options}
    count = full.split("->", maxsplit=1)[0].count("(")

    def decorate(f: Callable[..., Any]) -> Callable[..., None]:
        draws = inputs_strategy(full, domain, special, ties, max_side, leading)
        drawn, left = split_parameters(f, count)
        settings = hypothesis.settings(
            max_examples=max_examples,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )

        def test(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            given = inspect.Signature(left).bind(*args, **kwargs).arguments
            bound = f.__get__(given.pop("self")) if "self" in given else f
            seen: list[Report] = []

            @settings
            @hypothesis.given(inputs=draws)
            def check(inputs: tuple[Any, ...]) -> None:
                report = gradcheck(bound, *inputs, vjp=vjp, kwargs=given, **chosen)
                seen.append(report)
                if math.isfinite(report.tension):
                    hypothesis.target(report.tension, label="log10 of |backward - numeric| / bar")
                if not report and report.verdict is not Verdict.INCONCLUSIVE:
                    report.smallest = inputs_line(drawn, inputs)
                    raise FailedCheck(report)

            failed = None
            try:
                check()
            except FailedCheck as error:
                failed = error.report
            if failed is not None:
                raise AssertionError(str(failed))
            undecided = [report for report in seen if report.verdict is Verdict.INCONCLUSIVE]
            if seen and len(undecided) == len(seen):
                raise AssertionError(
                    f"all {len(seen)} examples were inconclusive, so that nothing was tested: give "
                    f"domain= where the function is smooth. The last one:\n{undecided[-1]}"
                )

        functools.update_wrapper(test, f)
        test.__signature__ = inspect.Signature(left)  # type: ignore[attr-defined]
        return test

    return decorate


class FailedCheck(Exception):  # noqa: N818
    """A check that did not pass, on its way out of hypothesis."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.headline())
        self.report = report


def split_parameters(
    f: Callable[..., Any], count: int
) -> tuple[list[str], list[inspect.Parameter]]:
    """The names of the inputs of a test, and its other parameters: `self` and those after them."""
    parameters = list(inspect.signature(f).parameters.values())
    first = 1 if parameters and parameters[0].name == "self" else 0
    positional = [p for p in parameters[first:] if p.kind is not p.KEYWORD_ONLY]
    if any(p.kind is p.VAR_POSITIONAL for p in positional):
        return [f"x{k}" for k in range(count)], parameters[:first]
    drawn = positional[:count]
    if len(drawn) < count:
        raise TypeError(
            f"{getattr(f, '__name__', 'the function')} has {len(drawn)} parameters for {count} "
            f"inputs: the signature names one for each, in this order"
        )
    rest = [p for p in parameters[first:] if p not in drawn and p.kind is not p.VAR_KEYWORD]
    left = [p for p in rest if p.default is p.empty]
    kind = inspect.Parameter.KEYWORD_ONLY
    return [p.name for p in drawn], [*parameters[:first], *(p.replace(kind=kind) for p in left)]


def inputs_line(names: Sequence[str], inputs: Sequence[Any]) -> str:
    """Inputs by name, whole."""
    pairs = zip(names, inputs, strict=True)
    return ", ".join(f"{name} = {np.asarray(x).tolist()!r}" for name, x in pairs)


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
