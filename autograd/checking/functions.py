"""The functions that users call: `gradcheck`, `assert_gradients` and `numeric_grad`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

import numpy as np

from autograd import user_frame
from autograd.checking import thresholds as limit
from autograd.checking.adapters.adapt import adapted, advice
from autograd.checking.adapters.adapter import Pair
from autograd.checking.check import check_subject
from autograd.checking.compare.verdict import Verdict
from autograd.checking.diagnose.exchanged import exchanged_arguments
from autograd.checking.diagnose.shrink import few_entries, smallest_failing
from autograd.checking.explain import (
    add_elsewhere,
    add_smaller,
    explain_backward,
    may_be_exchanged,
    nothing_named,
    quick_options,
)
from autograd.checking.keywords import refuse_unknown
from autograd.checking.numeric.gradient import gradient_of
from autograd.checking.numeric.probe import Floats, Probe
from autograd.checking.options import Options
from autograd.checking.report.report import Report
from autograd.checking.report.reproduce import reproduction
from autograd.checking.subjects.flat_trees import FlatTrees, argument_names, as_array
from autograd.checking.subjects.global_state import global_state_restored
from autograd.checking.subjects.pair_subject import PairSubject
from autograd.checking.subjects.subject import Subject
from autograd.checking.subjects.user_code import name_of
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.engine.cotangents import unwrap

Function = Callable[..., Any]


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
    kwargs       keyword arguments of f (and of vjp); other keywords that f takes are passed on as
                 well
    order        2 checks the derivative of the gradient too, once the first order holds
    points       also probe other points near (flipped signs), where f is defined there
    reseed       called before every evaluation, for functions with randomness
    evaluations, seconds    the budget; what it leaves open is INCONCLUSIVE
    shrink       look for a smaller input that fails too
    progress     True or False; None shows a bar for long checks if tqdm is installed

    f may also belong to another library that is imported: a function of PyTorch tensors or JAX
    arrays (pass it those), a `torch.autograd.Function`, an `nn.Module`, a `jax.custom_vjp`. That
    library then differentiates it, or vjp does, in the library's own complex convention.

    Returns a `Report`, truthy for PASS and for a KINK with a valid subgradient. Never raises
    because of f: an exception is the verdict ERROR with its source line. Raises TypeError for an
    option that neither the checker nor f has.

    >>> def cube(x):
    ...     return x**3
    >>> report = gradcheck(cube, np.array([1.0, -2.0]), vjp=lambda g, x: g * x**2)
    >>> report.verdict == "FAIL", "3" in report.inputs[0].findings[0]
    (True, True)
    """
    refuse_unknown(f, options)
    keywords = {**(kwargs or {}), **options}
    chosen = Options(seed, order, points, evaluations, seconds, progress)
    foreign = adapted(f, inputs, vjp, keywords, reseed)
    call, backward, plain = f, vjp, inputs
    if foreign is not None:
        call, backward, plain = foreign.f, foreign.vjp, foreign.inputs
    name = name_of(call)
    hints: list[str] = []

    def subject(given: tuple[Any, ...] = plain) -> Subject:
        if backward is not None:
            return PairSubject(call, backward, given, keywords)
        try:
            return ValueSubject(call, given, keywords)
        except Exception as error:
            hints.append(advice(call, error))
            raise

    def again(other: Callable[[], Subject], explain: bool = False) -> Report:
        return check_subject(other, name, quick_options(seed, explain), reseed)

    def fails(given: tuple[Any, ...]) -> bool:
        return again(lambda: subject(given)).verdict is Verdict.FAIL

    def passes(other: Function) -> bool:
        pair = lambda: PairSubject(call, other, plain, keywords)
        options = quick_options(seed, False, points=True)
        return check_subject(pair, name, options, reseed).verdict is Verdict.PASS

    with global_state_restored(), nullcontext() if foreign is None else foreign.context():
        report = check_subject(subject, name, chosen, reseed)
        report.notes += [hint for hint in hints if hint]
        quick = report.seconds < limit.SHRINK_BELOW and not report.slow
        if not report and quick:
            if report.elsewhere and report.point is not None:
                there = subject().inputs.trees(report.point, copy=True)
                add_elsewhere(report, again(lambda: subject(there), explain=True))
            small = few_entries(plain) if shrink and nothing_named(report) else None
            if small is not None:
                add_smaller(report, again(lambda: subject(small), explain=True))
            exchanged = None
            if vjp is not None and may_be_exchanged(report):
                exchanged = exchanged_arguments(vjp, argument_names(call, len(plain)), passes)
            explain_backward(report, exchanged, subject, seed)
        if foreign is not None:
            describe_foreign(report, foreign)
        if shrink and report.verdict is Verdict.FAIL and quick:
            report.smallest = smallest_failing(call, plain, fails)
    settings: dict[str, Any] = {"seed": seed}
    settings |= {} if order == 2 else {"order": order}
    settings |= {} if points else {"points": points}
    settings |= {} if reseed is None else {"reseed": reseed}
    frame = user_frame.calling_frame()
    report.reproduce = reproduction(f, inputs, vjp, keywords, settings, frame)
    return report


def describe_foreign(report: Report, foreign: Pair) -> None:
    """Add to a report where the user's code is, instead of that of the adapter."""
    report.notes += foreign.notes
    if report.verdict is not Verdict.ERROR:
        report.source = foreign.source
    report.rule = foreign.rule if report.rule else ""
    for result in report.inputs:
        if result.error_map is not None:  # a picture asks for it later
            result.error_map = partial(measured_in, foreign, result.error_map)


def measured_in(foreign: Pair, measure: Callable[[], Floats]) -> Floats:
    """Call what was made during a check where the other library is as it was then."""
    with foreign.context():
        return measure()


def assert_gradients(f: Function, *inputs: Any, **options: Any) -> Report:
    """`gradcheck` that raises AssertionError with the report's text where the report is falsy.

    Returns the report. A test runner that shows one line of the message shows the verdict.

    >>> assert_gradients(np.exp, 0.5).verdict == "PASS"
    True
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    report = gradcheck(f, *inputs, **options)
    if not report:
        raise AssertionError(str(report))
    return report


def numeric_grad(
    f: Callable[[Any], Any],
    x: Any,
    seed: int = 0,
    evaluations: int = 4_000_000,
    seconds: float = 300.0,
) -> tuple[Floats, Floats]:
    """The gradient of a scalar function by differences, and how far it can be off.

    f    takes a number or an array like x and returns one real number (a Value is read as its data)
    x    a number, an array, or a nested list of numbers; real

    Returns (gradient, bar), float64 arrays of the shape of x: the true derivative of entry i lies
    within gradient[i] +- bar[i]. At a kink the gradient is the mean of the one-sided slopes and the
    bar reaches both; where nothing can be said, the bar is infinite. Steps are chosen by entry: a
    fixed step such as 1e-4 is too long for x = 1e-6 and too short for x = 1e6.

    Raises TypeError for complex or non-numeric x, ValueError where f does not return one number.

    >>> gradient, bar = numeric_grad(lambda w: np.sum(w**2), np.array([1.0, -3.0]))
    >>> np.all(np.abs(gradient - [2.0, -6.0]) <= bar), np.all(bar < 1e-9)
    (np.True_, np.True_)
    """
    trees = FlatTrees([x if np.ndim(x) == 0 else np.asarray(unwrap(as_array(x)))], ["x"])
    if not trees.places:
        trees = FlatTrees([np.asarray(x, dtype=np.float64)], ["x"])
    place = trees.places[0]
    if place.is_complex:
        raise TypeError("numeric_grad needs a real x: split a complex one into x.real and x.imag")

    def flat(point: Floats) -> Floats:
        y = f(place.take(point))
        y = np.asarray(unwrap(y), dtype=np.float64)
        if y.size != 1:
            raise ValueError(
                f"numeric_grad needs a function that returns one number, not shape {y.shape}"
            )
        return y.reshape(1)

    with global_state_restored():
        probe = Probe(flat, trees.x, evaluations, seconds)
        value, bar = gradient_of(probe, trees.scales(), np.random.default_rng(seed))
    return value.reshape(place.shape), bar.reshape(place.shape)
