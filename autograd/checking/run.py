"""One run of the checker: contract, Jacobian, extras, and the report that they add up to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograd.checking.compare import further_checks as extras
from autograd.checking.compare.contracts import (
    SAME,
    Contract,
    check_backward,
    check_forward,
    check_repeated,
    relative,
)
from autograd.checking.compare.full_jacobian import Dense, check_dense
from autograd.checking.diagnose.name_mistake import diagnose
from autograd.checking.subjects.user_code import describe, location
from autograd.checking.compare.large import check_large
from autograd.checking.compare.input_results import result_of, results_of, tension
from autograd.checking.numeric.probe import ExhaustedError, Floats, Probe
from autograd.checking.progress_bar import progress_bar
from autograd.checking.report.report import Report
from autograd.checking.diagnose.wrong_shape import shape_finding
from autograd.checking.subjects.subject import ShapeError, Subject
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.checking.compare.verdict import InputResult, Verdict, gravest

DENSE_ENTRIES = 120_000
DENSE_SIDE = 1200
DENSE_SECONDS = 2.5


@dataclass
class Options:
    """What the caller may set; nothing here is a tolerance."""

    seed: int = 0
    order: int = 2
    points: bool = True
    evaluations: int = 400_000
    seconds: float = 60.0
    progress: bool | None = None
    explain: bool = True


class Run:
    """The state of one check; `report` grows while it goes."""

    def __init__(self, subject: Subject, options: Options) -> None:
        self.subject = subject
        self.options = options
        self.rng = np.random.default_rng(options.seed)
        self.report = Report(subject.name, Verdict.ERROR)
        self.contract = Contract()
        self.scales = subject.inputs.scales()
        self.started = time.monotonic()

    def go(self) -> Report:
        """Run every stage; an exception of the function ends in an ERROR report."""
        stage = "the function"
        try:
            if not self.subject.inputs.places:
                return self.stop(Verdict.ERROR, "there is no floating-point input to differentiate")
            check_forward(self.subject, self.contract)
            if self.contract.nondeterministic:
                return self.undetermined()
            if self.contract.breaches:
                return self.stop(Verdict.FAIL, self.contract.breaches[0])
            if not (self.scales.size and self.subject.outputs.x.size):
                self.report.resolution = 0.0
                return self.stop(Verdict.PASS, "no entries, nothing to check")
            stage = "the backward"
            check_backward(self.subject, self.contract, self.rng)
            check_repeated(self.subject, self.contract, self.rng)
            self.compare()
        except ShapeError as mistake:
            self.misshapen(mistake)
        except ExhaustedError as end:
            self.stop(
                Verdict.INCONCLUSIVE, f"the budget of {end} ended before anything was decided"
            )
        except Exception as error:
            self.failed(stage, error)
        return self.close()

    def close(self) -> Report:
        """Fill in what every report has."""
        report = self.report
        report.facts.update(self.contract.facts)
        report.seconds = time.monotonic() - self.started
        report.source = report.source or self.subject.source
        return report

    def stop(self, verdict: Verdict, message: str) -> Report:
        """A verdict without numbers."""
        self.report.verdict, self.report.message = verdict, message
        return self.close()

    def failed(self, stage: str, error: Exception) -> None:
        """An exception of the user's code, or of a rule that returns a wrong shape."""
        text = describe(error)
        wrong_shape = stage == "the backward" and "returned shape" in text
        self.stop(Verdict.FAIL if wrong_shape else Verdict.ERROR, f"{stage} raised {text}")
        self.report.source = location(error) or self.subject.source

    def undetermined(self) -> Report:
        """Random or stateful functions cannot be checked."""
        self.report.notes.append(
            "give reseed=, a function that resets the randomness before every evaluation"
        )
        return self.stop(Verdict.NONDETERMINISTIC, self.contract.nondeterministic)

    def misshapen(self, mistake: ShapeError) -> None:
        """A gradient of another shape than its input."""
        place = self.subject.inputs.places[mistake.place]
        result = InputResult(place.name, place.argument, place.shape, Verdict.FAIL)
        named = shape_finding(self.subject, mistake)
        result.findings = [str(mistake)] + ([named.text] if named else [])
        result.kinds = [named.kind] if named else ["shape"]
        self.report.inputs = [result]
        self.report.verdict = Verdict.FAIL

    # --- numbers --------------------------------------------------------------------------------
    def probe(self) -> Probe:
        """The function as a bounded probe; on plain arrays where that gives the same bits."""
        subject = self.subject
        if isinstance(subject, ValueSubject):
            subject.try_plain(subject.inputs.x + 0.037 * self.scales)
        forward = subject.forward if subject.reseed is None else self.reseeded
        return Probe(forward, subject.inputs.x, self.options.evaluations, self.options.seconds)

    def reseeded(self, flat: Floats) -> Floats:
        """The function with its randomness reset first."""
        assert self.subject.reseed is not None
        self.subject.reseed()
        return self.subject.forward(flat)

    def puller(self, flat: Floats) -> Callable[[Floats], Floats]:
        """The pullback at a point, its randomness reset first."""
        if self.subject.reseed is not None:
            self.subject.reseed()
        return self.subject.puller(flat)

    def compare(self) -> None:
        """The Jacobian in full or by projections, then everything that follows from its outcome."""
        probe = self.probe()
        n, m = self.scales.size, probe.size
        cost = (5 * n + 4 * m) * max(probe.cost, 2e-6)
        small = n * m <= DENSE_ENTRIES and max(n, m) <= DENSE_SIDE and cost <= DENSE_SECONDS
        with progress_bar(probe, self.options.progress, self.subject.name, cost):
            if small:
                self.dense(probe)
            else:
                check_large(self, probe)
        self.settle(probe)

    def dense(self, probe: Probe) -> None:
        """Every entry of the Jacobian."""
        subject, report = self.subject, self.report
        found = check_dense(probe, self.puller, self.scales, self.rng, subject.inputs.rounding())
        report.method = f"all {found.claimed.size} entries"
        report.inputs = results_of(found, subject.inputs, subject.outputs)
        report.tension = tension(found)
        if self.options.explain:
            self.explain(found, probe)

    def explain(self, found: Dense, probe: Probe) -> None:
        """Name the mistake of every wrong input."""
        for place, result in zip(self.subject.inputs.places, self.report.inputs, strict=True):
            if result.verdict is not Verdict.FAIL:
                continue
            if not np.isfinite(found.claimed[place.start : place.stop]).all():
                result.findings.append("the gradient is not finite where the function is smooth")
                continue
            try:
                args = (place, self.puller, probe.f0, self.scales, self.options.seed)
                named = diagnose(self.subject, found, *args)
            except Exception:  # a guess that fails must not hide the numbers
                named = []
            result.findings += [finding.text for finding in named]
            result.kinds = [finding.kind for finding in named]

    def settle(self, probe: Probe) -> None:
        """The verdict over all inputs and contract checks, and the extras that it asks for."""
        report = self.report
        report.verdict, report.valid = gravest(report.inputs)
        known = [r.resolution for r in report.inputs if r.verdict is Verdict.PASS]
        report.resolution = max(known) if known else float("inf")
        if self.contract.breaches:
            report.verdict = Verdict.FAIL
            report.findings += self.contract.breaches
        elif report.verdict is not Verdict.PASS and self.flickers(probe):
            self.undetermined()
            return
        try:
            self.taylor(probe)
            if report:
                self.extras()
        except ExhaustedError:
            report.notes.append("the budget ended before the last checks")
        report.evaluations = probe.count

    def flickers(self, probe: Probe) -> bool:
        """Whether a function that seemed deterministic at first is not, here or nearby."""
        for point in (probe.x, probe.x + 0.0113 * self.scales):
            values = [np.array(self.outputs_at(point)) for _ in range(5)]
            worst = max(relative(values[0], other) for other in values[1:])
            if worst > SAME:
                self.contract.facts["deterministic"] = "no"
                text = f"the same input gave outputs that differ by {worst:.1e} (relative)"
                self.contract.nondeterministic = text
                return True
        return False

    def outputs_at(self, point: Floats) -> Floats:
        """One more evaluation, outside the budget; NaN where it raises."""
        try:
            forward = self.subject.forward if self.subject.reseed is None else self.reseeded
            return forward(point.copy())
        except Exception:  # outside the domain
            return np.full(self.subject.outputs.x.size, np.nan)

    def taylor(self, probe: Probe) -> None:
        """The Taylor rate along one random line."""
        g = np.ones(probe.size) * self.rng.choice([-1.0, 1.0], probe.size)
        gradient = self.puller(self.subject.inputs.x)(g.copy())
        if np.isfinite(gradient).all() and np.isfinite(probe.f0).all():
            self.report.taylor = extras.taylor_rate(probe, gradient, g, self.scales)

    def extras(self) -> None:
        """What is asked only when the first order holds."""
        subject, options, facts = self.subject, self.options, self.contract.facts
        seconds = max(options.seconds - (time.monotonic() - self.started), 0.1)
        g = np.ones(subject.outputs.x.size) * self.rng.choice([-1.0, 1.0], subject.outputs.x.size)
        pull = self.puller(subject.inputs.x)
        low = extras.single_precision(subject, pull(g.copy()), g)
        if low:
            self.fact(
                "float32 agrees", low if low == "yes" else "no", f"the float32 gradient {low}"
            )
        if isinstance(subject, ValueSubject) and self.report.verdict is Verdict.PASS:
            answer = extras.forward_against_reverse(subject, pull, self.rng)
            self.fact("forward mode", answer, "forward mode and reverse mode disagree")
            if options.order > 1 and subject.reseed is None:
                answer = extras.second_order(subject, self.scales, self.rng, seconds)
                self.fact("second order", answer, "the derivative of the gradient is wrong")
        passed = self.report.verdict is Verdict.PASS
        if options.points and passed and subject.reseed is None:
            elsewhere = extras.other_points(subject, self.scales, self.rng, seconds)
            if elsewhere is not None:
                self.elsewhere(*elsewhere)
        facts.setdefault("deterministic", "yes")

    def fact(self, name: str, answer: str, breach: str) -> None:
        """Record an extra; "no" turns the verdict into FAIL."""
        self.contract.facts[name] = answer
        if answer == "no":
            self.report.verdict = Verdict.FAIL
            self.report.findings.append(breach)

    def elsewhere(self, point: Floats, name: str) -> None:
        """The gradient holds at x and fails at another point: report that point."""
        subject, report = self.subject, self.report
        probe = Probe(subject.forward, point, self.options.evaluations, self.options.seconds)
        report.verdict = Verdict.FAIL
        report.findings.append(f"right at the input, wrong {name}: x -> {shown(point)}")
        if point.size * probe.size > DENSE_ENTRIES:
            return
        found = check_dense(probe, self.puller, self.scales, self.rng)
        for place, result in zip(subject.inputs.places, report.inputs, strict=True):
            there = result_of(found, place, subject.outputs)
            if there.verdict is Verdict.FAIL:
                result.verdict, result.worst, result.errors = (
                    there.verdict,
                    there.worst,
                    there.errors,
                )


def shown(x: Floats) -> str:
    """A flat point, cut to a few numbers."""
    text = ", ".join(f"{v:.6g}" for v in x[:6])
    return f"[{text}{', ...' if x.size > 6 else ''}]"
