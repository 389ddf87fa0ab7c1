"""A whole check: build the subject, run, and locate the derivative that is at fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from autograd.checking.compare.verdict import Verdict
from autograd.checking.diagnose.locate_op import RuleCheck, locate_op
from autograd.checking.options import Options
from autograd.checking.report.report import Report
from autograd.checking.run import Run
from autograd.checking.subjects.pair_subject import PairSubject
from autograd.checking.subjects.subject import Subject
from autograd.checking.subjects.user_code import error_text, raised_at
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.checking.thresholds import RULE_EVALUATIONS, RULE_SECONDS

COMPOSITE = "outside the slopes of the whole, but each rule of the graph gives a valid subgradient"


def check_subject(
    subject_of: Callable[[], Subject], name: str, options: Options, reseed: Callable[[], Any] | None
) -> Report:
    """Build the subject, which evaluates the function once, run, and locate the wrong rule."""
    started = time.monotonic()
    try:
        if reseed is not None:
            reseed()
        subject = subject_of()
        subject.cost = time.monotonic() - started
    except Exception as error:
        report = Report(name, Verdict.ERROR, message=f"the function raised {error_text(error)}")
        report.source, report.seconds = raised_at(error), time.monotonic() - started
        return report
    subject.reseed = reseed
    report = Run(subject, options, started).go()
    if options.explain and report.verdict is Verdict.FAIL:
        locate_rule(subject, report, options.seconds)
        if isinstance(subject, ValueSubject) and not report.culprit and only_kinks_fail(report):
            # Kinks that meet: a composite may leave the slopes though no rule is at fault.
            accept_kinks(report)
    return report


def only_kinks_fail(report: Report) -> bool:
    """Whether nothing is wrong but values at kinks."""
    failing = [result for result in report.inputs if result.verdict is Verdict.FAIL]
    wrong = report.findings or report.elsewhere or not all(r.at_kinks_only for r in failing)
    return bool(failing) and not wrong


def accept_kinks(report: Report) -> None:
    """Turn invalid kinks into valid ones, in place."""
    report.verdict, report.valid = Verdict.KINK, True
    report.notes.append(COMPOSITE)
    for result in report.inputs:
        if result.verdict is Verdict.FAIL:
            result.verdict, result.valid, result.findings = Verdict.KINK, True, []


def locate_rule(subject: Subject, report: Report, seconds: float) -> None:
    """Add to the report which derivative is at fault: an operation's rule, or the user's vjp."""
    if isinstance(subject, ValueSubject):
        if report.slow:
            return
        found = locate_op(subject, check_pair, seconds)
        report.graph, report.culprit, report.rule = found.graph, found.culprit, found.rule
        report.marks, report.names = found.marks, found.names
    elif isinstance(subject, PairSubject):
        report.rule = subject.rule_source


def check_pair(pair: PairSubject) -> RuleCheck:
    """Check one operation at the numbers that it met."""
    options = Options(points=False, seconds=RULE_SECONDS, evaluations=RULE_EVALUATIONS)
    report = Run(pair, options).go()
    if report.verdict is not Verdict.FAIL:
        return RuleCheck()
    reasons = [text for result in report.inputs for text in result.findings]
    reasons = report.findings + reasons + [f"its rule is wrong ({report.headline()})"]
    return RuleCheck(reasons[0], [r for r in report.inputs if r.verdict is report.verdict])
