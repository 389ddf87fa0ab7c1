"""`gradcheck` and its short forms."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.checking.diagnose.locate_op import blame
from autograd.checking.subjects.user_code import describe, location, untouched
from autograd.checking.subjects.pair_subject import PairSubject
from autograd.checking.report.report import Report
from autograd.checking.run import Options, Run
from autograd.checking.diagnose.shrink import smallest_failing
from autograd.checking.subjects.subject import Subject
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.checking.compare.verdict import Verdict

Function = Callable[..., Any]
LONG = 5.0
COMPOSITE = "outside the slopes of the whole, but each rule of the graph gives a valid subgradient"


def gradcheck(
    f: Function,
    *inputs: Any,
    vjp: Function | None = None,
    seed: int = 0,
    kwargs: dict[str, Any] | None = None,
    order: int = 2,
    points: bool = True,
    reseed: Callable[[], Any] | None = None,
    evaluations: int = 400_000,
    seconds: float = 60.0,
    progress: bool | None = None,
    shrink: bool = True,
    **options: Any,
) -> Report:
    """Check the gradient of f at the inputs against an independent numerical derivative.

    There is no step and no tolerance to choose: both come from the function.

    f            a function of Values (or of NumPy functions that accept them), or a primitive
    inputs       numbers, arrays, lists of numbers, or trees of these; floating-point leaves are
                 checked, others are constants
    vjp          for a plain NumPy function f: vjp(g, *inputs) returns one gradient, or a tuple with
                 one for each input; for complex inputs in the convention Re(g dy) = Re(c dx)
    seed         of all random directions and cotangents
    kwargs       keyword arguments of f (and of vjp); other keywords are passed on as well
    order        2 checks the derivative of the gradient too, once the first order holds
    points       also probe other points near (flipped signs), where f is defined there
    reseed       called before every evaluation, for functions with randomness
    evaluations, seconds    the budget; what it leaves open is INCONCLUSIVE
    shrink       look for a smaller input that fails too
    progress     True or False; None shows a bar for long checks if tqdm is installed

    Returns a `Report`, truthy for PASS and for a KINK with a valid subgradient. Never raises
    because of f: an exception is the verdict ERROR with its source line.

    >>> def cube(x):
    ...     return x**3
    >>> report = gradcheck(cube, np.array([1.0, -2.0]), vjp=lambda g, x: g * x**2)
    >>> report.verdict == "FAIL", "3" in report.inputs[0].findings[0]
    (True, True)
    """
    keywords = {**(kwargs or {}), **options}
    chosen = Options(seed, order, points, evaluations, seconds, progress)
    name = getattr(f, "__name__", None) or type(f).__name__

    def subject(given: tuple[Any, ...] = inputs) -> Subject:
        if vjp is not None:
            return PairSubject(f, vjp, given, keywords)
        return ValueSubject(f, given, keywords)

    def fails(given: tuple[Any, ...]) -> bool:
        quick = Options(seed, 1, False, 20_000, 2.0, False, explain=False)
        return run_check(lambda: subject(given), name, quick, reseed).verdict is Verdict.FAIL

    with untouched():
        report = run_check(subject, name, chosen, reseed)
        if shrink and report.verdict is Verdict.FAIL and report.seconds < LONG:
            report.smallest = smallest_failing(f, inputs, fails)
    report.reproduce = reproduction(name, inputs, seed, vjp)
    return report


def run_check(
    subject_of: Callable[[], Subject], name: str, options: Options, reseed: Callable[[], Any] | None
) -> Report:
    """Build the subject, which evaluates the function once, run, and find the rule to blame."""
    started = time.monotonic()
    try:
        if reseed is not None:
            reseed()
        subject = subject_of()
    except Exception as error:
        report = Report(name, Verdict.ERROR, message=f"the function raised {describe(error)}")
        report.source, report.seconds = location(error), time.monotonic() - started
        return report
    subject.reseed = reseed
    report = Run(subject, options).go()
    if isinstance(subject, ValueSubject) and options.explain:
        if report.verdict is Verdict.FAIL:
            blame(subject, report, options.seconds)
        elif report.verdict is Verdict.KINK and not report:
            blame(subject, report, options.seconds)
            excuse(report)
    return report


def excuse(report: Report) -> None:
    """Kinks that meet: the value of a composite may leave the slopes though no rule is at fault."""
    if not report.culprit:
        report.valid = True
        report.notes.append(COMPOSITE)


def reproduction(name: str, inputs: tuple[Any, ...], seed: int, vjp: Function | None) -> str:
    """The call that repeats a check, large arrays as their shapes."""
    shown = []
    for x in inputs:
        if isinstance(x, np.ndarray) and x.size > 12:
            shown.append(f"<{x.dtype} array of shape {x.shape}>")
        elif isinstance(x, np.ndarray):
            shown.append(f"np.array({x.tolist()!r})")
        else:
            shown.append(repr(x)[:60])
    pair = f", vjp={getattr(vjp, '__name__', 'vjp')}" if vjp is not None else ""
    return f"gradcheck({', '.join([name, *shown])}{pair}, seed={seed})"


def assert_gradients(f: Function, *inputs: Any, **options: Any) -> Report:
    """`gradcheck` that raises AssertionError with the report's text where the report is falsy.

    >>> assert_gradients(np.exp, 0.5).verdict == "PASS"
    True
    """
    report = gradcheck(f, *inputs, **options)
    if not report:
        raise AssertionError(f"\n{report}")
    return report
