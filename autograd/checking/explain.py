"""Names of mistakes that need another check: on a smaller input, or with another backward."""

from __future__ import annotations

from collections.abc import Callable

from autograd.checking import thresholds as limit
from autograd.checking.compare.verdict import Verdict
from autograd.checking.diagnose.nonlinear import nonlinear_mistake
from autograd.checking.diagnose.sample import Finding
from autograd.checking.options import Options
from autograd.checking.report.report import Report
from autograd.checking.subjects.subject import Subject


def quick_options(seed: int, explain: bool, points: bool = False) -> Options:
    """Of a further check, which only has to say whether a gradient is right; at other `points`,
    too, where a chance is to be ruled out."""
    budget = (limit.SHRINK_EVALUATIONS, limit.SHRINK_CHECK_SECONDS)
    return Options(seed, 1, points, *budget, progress=False, explain=explain)


def nothing_named(report: Report) -> bool:
    """Whether numbers are wrong, and no mistake was named."""
    named = report.elsewhere or report.kinds or any(result.kinds for result in report.inputs)
    wrong = any(result.worst is not None for result in report.inputs)
    linear = report.facts.get("linear in g") != "no"
    return report.verdict is Verdict.FAIL and wrong and linear and not named


def add_smaller(report: Report, smaller: Report) -> None:
    """Add what was named on inputs that were cut, where each names one thing."""
    for result, small in zip(report.inputs, smaller.inputs, strict=False):
        if result.verdict is small.verdict is Verdict.FAIL and small.kinds:
            shape = f"cut to shape {small.shape}"
            result.findings += [f"with the input {shape}: {text}" for text in small.findings]
            result.kinds += small.kinds


def add_elsewhere(report: Report, there: Report) -> None:
    """Add what was named at the other point where a gradient is wrong."""
    for result, other in zip(report.inputs, there.inputs, strict=False):
        if result.verdict is other.verdict is Verdict.FAIL and other.kinds:
            result.findings += [f"there: {text}" for text in other.findings]
            result.kinds += other.kinds


def explain_backward(
    report: Report, exchanged: Finding | None, subject: Callable[[], Subject], seed: int
) -> None:
    """Name a mistake in how the backward uses its arguments.

    A backward that is not linear in g has no Jacobian: what was named of one is taken back.
    """
    found = exchanged
    if report.facts.get("linear in g") == "no":
        found = found or nonlinear_mistake(subject(), seed)
    if exchanged is not None or report.facts.get("linear in g") == "no":
        for result in report.inputs:
            if result.worst is not None:
                result.findings, result.kinds = [], []
    if found is not None:
        report.findings.append(found.text)
        report.kinds.append(found.kind)


def may_be_exchanged(report: Report) -> bool:
    """Whether a check found something wrong that no other diagnosis explains."""
    raised = report.verdict is Verdict.ERROR and report.message.startswith("the backward")
    nonlinear = report.facts.get("linear in g") == "no"
    named = any(result.kinds for result in report.inputs)
    wrong = report.verdict is Verdict.FAIL and not report.elsewhere
    return raised or (wrong and (nonlinear or not named or is_shape_only(report)))


def is_shape_only(report: Report) -> bool:
    """Whether a gradient has the wrong shape, so that its numbers were not looked at."""
    return report.verdict is Verdict.FAIL and any(
        r.verdict is Verdict.FAIL and r.worst is None for r in report.inputs
    )
