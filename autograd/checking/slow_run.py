"""The check of a function that takes long, in the order of what is worth its time."""

from __future__ import annotations

import time

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.contracts import Contract, differing_outputs, relative
from autograd.checking.compare.problem import Problem, Pull
from autograd.checking.compare.slow import check_slow, slow_results, wrong_beside
from autograd.checking.compare.verdict import Verdict, most_severe
from autograd.checking.diagnose.name_mistake import explain_slow
from autograd.checking.numeric.probe import ExhaustedError
from autograd.checking.options import Options
from autograd.checking.report.report import Report

RESEED = "give reseed=, a function that resets the randomness before every evaluation"


def is_slow(problem: Problem, options: Options) -> bool:
    """Whether an ordinary check would take long, or longer than it may."""
    subject = problem.subject
    entries = min(problem.x.size, limit.SLOW_ENTRIES)
    calls = limit.SLOW_CALLS + limit.SLOW_ENTRY_CALLS * entries
    most = min(limit.SLOW_SECONDS, options.seconds) / calls
    for _ in range(2):  # the first call, or a busy machine, may have been what was slow
        if most < subject.cost < limit.SLOW_FOR_SURE:
            started = time.monotonic()
            problem.forward(problem.x)
            subject.cost = min(subject.cost, time.monotonic() - started)
    return subject.cost > most


def undetermined(report: Report, contract: Contract) -> None:
    """Random or stateful functions cannot be checked."""
    report.notes.append(RESEED)
    report.verdict, report.message = Verdict.NONDETERMINISTIC, contract.nondeterministic


def run_slow(
    problem: Problem, report: Report, contract: Contract, options: Options, deadline: float
) -> None:
    """Fill in the report: one central difference an entry, then what there is time for."""
    report.slow = True
    f0 = problem.subject.outputs.x
    pull = problem.vjp_at(problem.x)
    cost = problem.subject.cost
    found = check_slow(problem, f0, pull, cost, deadline)
    report.inputs, report.evaluations = slow_results(problem, found, f0), found.evaluations
    kind = "entries" if found.entries else "random signed projections"
    report.method = (
        f"{found.claimed.size} {kind}, one central difference each: the function is slow"
    )
    report.verdict = most_severe(report.inputs)
    report.valid = all(result.valid for result in report.inputs)
    report.resolution = max(result.resolution for result in report.inputs)
    if found.entries and options.explain:
        explain_slow(problem, found.claimed, found.numeric, f0, report.inputs)
    extras_end = deadline - (1.0 - limit.SLOW_EXTRA) * options.seconds
    try:
        if varies(problem, contract):
            undetermined(report, contract)
        elif report and time.monotonic() + limit.SLOW_EXTRA_CALLS * cost < extras_end:
            ask_more(problem, report, contract, options, pull)
    except ExhaustedError:
        report.notes.append("the budget ended before the last checks")


def varies(problem: Problem, contract: Contract) -> bool:
    """Whether the same input gives another output the second time."""
    gap = relative(problem.forward(problem.x), problem.subject.outputs.x)
    contract.facts["deterministic"] = "yes" if gap <= limit.SAME_OUTPUT else "no"
    if gap > limit.SAME_OUTPUT:
        contract.nondeterministic = differing_outputs(gap)
    return gap > limit.SAME_OUTPUT


def ask_more(
    problem: Problem, report: Report, contract: Contract, options: Options, pull: Pull
) -> None:
    """Linearity in g, and a point beside the input."""
    g = problem.rng.choice([-1.0, 1.0], problem.subject.outputs.x.size)
    c = pull(g.copy())
    rest = float(np.max(np.abs(pull(-g) + c), initial=0.0))
    linear = rest <= limit.NONLINEAR * float(np.max(np.abs(c), initial=0.0))
    breach = "the backward is not linear in g: vjp(-g) is not -vjp(g)"
    if not contract.ask("linear in g", linear, breach):
        report.verdict = Verdict.FAIL
        report.findings += contract.breaches
    elif options.points and problem.subject.reseed is None:
        where = wrong_beside(problem)
        if where:
            report.verdict, report.elsewhere = Verdict.FAIL, where
