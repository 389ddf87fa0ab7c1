"""One run of the checker: contracts, Jacobian, further checks, and the report of them all."""

from __future__ import annotations

import time

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare import further_checks
from autograd.checking.compare.contracts import (
    Contract,
    check_aliased_inputs,
    check_backward,
    check_forward,
    differing_outputs,
    relative,
)
from autograd.checking.compare.elsewhere import (
    Elsewhere,
    wrong_all_around,
    wrong_elsewhere,
)
from autograd.checking.compare.full_jacobian import check_full
from autograd.checking.compare.input_results import result_of, results_of, tension
from autograd.checking.compare.large import check_large
from autograd.checking.compare.problem import Problem
from autograd.checking.compare.verdict import InputResult, Verdict, most_severe
from autograd.checking.diagnose.locate_entry import explain_large
from autograd.checking.diagnose.name_mistake import explain_full
from autograd.checking.diagnose.wrong_shape import shape_finding
from autograd.checking.numeric.probe import ExhaustedError, Floats, Probe
from autograd.checking.options import Options
from autograd.checking.progress_bar import progress_bar
from autograd.checking.report.report import Report
from autograd.checking.slow_run import is_slow, run_slow, undetermined
from autograd.checking.subjects.subject import ShapeError, Subject
from autograd.checking.subjects.user_code import error_text, raised_at
from autograd.checking.subjects.value_subject import ValueSubject

INFINITE = "the slope is infinite at {} entries, and so is yours"
JUMP = "the function jumps here, which is no kink; the returned value is the slope beside the jump"


class Run:
    """The state of one check; `report` grows while it goes."""

    def __init__(self, subject: Subject, options: Options, started: float | None = None) -> None:
        self.subject = subject
        self.options = options
        self.problem = Problem(subject, options.seed)
        self.report = Report(subject.name, Verdict.ERROR)
        self.contract = Contract()
        self.started = time.monotonic() if started is None else started
        self.deadline = self.started + options.seconds

    def go(self) -> Report:
        """Run every stage; an exception of the function ends in an ERROR report."""
        stage, subject, rng = "the function", self.subject, self.problem.rng
        try:
            if not subject.inputs.places:
                return self.stop(Verdict.ERROR, "there is no floating-point input to differentiate")
            if subject.cost > limit.CLOCKED_COST:
                subject.stop_at(self.deadline)
            if is_slow(self.problem, self.options):
                run_slow(self.problem, self.report, self.contract, self.options, self.deadline)
                return self.close()
            check_forward(subject, self.contract)
            if self.contract.nondeterministic:
                return self.undetermined()
            if self.contract.breaches:
                return self.stop(Verdict.FAIL, self.contract.breaches[0])
            if not (self.problem.scales.size and subject.outputs.x.size):
                self.report.resolution = 0.0
                return self.stop(Verdict.PASS, "no entries, nothing to check")
            stage = "the backward"
            check_backward(subject, self.contract, rng)
            check_aliased_inputs(subject, self.contract, rng)
            self.compare()
        except ShapeError as mistake:
            self.wrong_shape(mistake)
        except ExhaustedError as end:
            self.stop(
                Verdict.INCONCLUSIVE, f"the budget of {end} ended before anything was decided"
            )
        except Exception as error:
            self.failed(stage, error)
        return self.close()

    # --- ends -----------------------------------------------------------------------------------
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
        text = error_text(error)
        wrong_shape = stage == "the backward" and "returned shape" in text
        self.stop(Verdict.FAIL if wrong_shape else Verdict.ERROR, f"{stage} raised {text}")
        self.report.source = raised_at(error) or self.subject.source

    def undetermined(self) -> Report:
        """Random or stateful functions cannot be checked."""
        undetermined(self.report, self.contract)
        return self.close()

    def wrong_shape(self, mistake: ShapeError) -> None:
        """A gradient of another shape than its input."""
        place = self.subject.inputs.places[mistake.place]
        result = InputResult(place.name, place.argument, place.shape, Verdict.FAIL)
        named = shape_finding(self.subject, mistake)
        result.findings = [str(mistake)] + ([named.text] if named else [])
        result.kinds = [named.kind] if named else ["shape"]
        self.report.inputs = [result]
        self.report.verdict = Verdict.FAIL

    # --- numbers --------------------------------------------------------------------------------
    def compare(self) -> None:
        """The Jacobian in full or by projections, then everything that follows from the result."""
        probe = self.problem.probe(self.options.evaluations, self.options.seconds)
        n, m = self.problem.scales.size, probe.size
        cost = (5 * n + 4 * m) * max(probe.cost, limit.LEAST_COST)
        small = n * m <= limit.ENTRIES_MOST and max(n, m) <= limit.SIDE_MOST
        with progress_bar(probe, self.options.progress, self.subject.name, cost):
            if small and cost <= limit.SECONDS_MOST:
                self.compare_full(probe)
            else:
                self.compare_projections(probe)
        self.decide(probe)

    def compare_full(self, probe: Probe) -> None:
        """Every entry of the Jacobian."""
        inputs, report = self.subject.inputs, self.report
        full = check_full(self.problem, probe, inputs.rounding())
        report.method = f"all {full.claimed.size} entries"
        report.inputs = results_of(full, inputs, self.subject.outputs)
        report.tension = tension(full)
        if self.options.explain:
            explain_full(self.problem, full, probe.f0, report.inputs)

    def compare_projections(self, probe: Probe) -> None:
        """Projections of a Jacobian that is too large to be compared in full."""
        checked = check_large(self.problem, probe)
        self.report.inputs, self.report.method = checked.results, checked.method
        self.report.notes += checked.notes
        if self.options.explain:
            try:
                explain_large(self.problem, probe, checked)
            except ExhaustedError:
                self.report.notes.append("the budget ended before the entry was found")
        probe.count += checked.narrow.count

    def decide(self, probe: Probe) -> None:
        """The verdict over all inputs and contracts, and the further checks that it asks for."""
        report = self.report
        report.verdict = most_severe(report.inputs)
        report.valid = all(result.valid for result in report.inputs)
        known = [r.resolution for r in report.inputs if r.verdict is Verdict.PASS]
        report.resolution = max(known) if known else float("inf")
        self.say_what_is_special()
        if self.contract.breaches:
            report.verdict = Verdict.FAIL
            report.findings += self.contract.breaches
        try:
            if report.verdict is not Verdict.PASS and not report.findings and self.varies(probe):
                self.undetermined()
                return
            self.taylor(probe)
            if report:
                self.further_checks()
        except ExhaustedError:
            report.notes.append("the budget ended before the last checks")
        report.evaluations = probe.count

    def say_what_is_special(self) -> None:
        """Infinite slopes and jumps, where they decide the verdict."""
        report = self.report
        infinite = sum(result.infinite for result in report.inputs)
        if report.verdict is Verdict.PASS and infinite:
            report.notes.append(INFINITE.format(infinite))
            if report.resolution == 0:
                report.message = INFINITE.format(infinite)
        jumping = [r for r in report.inputs if r.verdict is Verdict.KINK]
        if report.verdict is Verdict.KINK and all(r.jump for r in jumping):
            names = ", ".join(f"input {r.position} ({r.name})" for r in jumping)
            report.message = f"{names}: {JUMP}"

    def varies(self, probe: Probe) -> bool:
        """Whether a function that seemed deterministic at first is not, here or nearby."""
        for point in (probe.x, probe.x + limit.NEARBY_MOVE * self.problem.scales):
            values = [np.array(self.outputs_at(point)) for _ in range(limit.NEARBY_REPEATS)]
            worst = max(relative(values[0], other) for other in values[1:])
            if worst > limit.SAME_OUTPUT:
                self.contract.facts["deterministic"] = "no"
                self.contract.nondeterministic = differing_outputs(worst)
                return True
        return False

    def outputs_at(self, point: Floats) -> Floats:
        """One more evaluation, outside the budget; NaN where it raises."""
        try:
            return self.problem.forward(point.copy())
        except ExhaustedError:
            raise
        except Exception:  # outside the domain
            return np.full(self.subject.outputs.x.size, np.nan)

    # --- further checks -------------------------------------------------------------------------
    def random_signs(self) -> Floats:
        """A cotangent of random signs."""
        return np.asarray(self.problem.rng.choice([-1.0, 1.0], self.subject.outputs.x.size))

    def taylor(self, probe: Probe) -> None:
        """The Taylor rate along one random line."""
        g = self.random_signs()
        gradient = self.problem.vjp_at(self.problem.x)(g.copy())
        if np.isfinite(gradient).all() and np.isfinite(probe.f0).all():
            self.report.taylor = further_checks.taylor_rate(probe, gradient, g, self.problem.scales)

    def further_checks(self) -> None:
        """What is asked only when the first order holds."""
        subject, options, problem = self.subject, self.options, self.problem
        seconds = max(options.seconds - (time.monotonic() - self.started), 0.1)
        g, pull = self.random_signs(), problem.vjp_at(problem.x)
        low = further_checks.single_precision(subject, pull(g.copy()), g)
        if low:
            answer = low if low == "yes" else "no"
            self.add_fact("float32 agrees", answer, f"the float32 gradient {low}")
        if isinstance(subject, ValueSubject) and self.report.verdict is Verdict.PASS:
            answer = further_checks.forward_against_reverse(subject, pull, problem.rng)
            self.add_fact("forward mode", answer, "forward mode and reverse mode disagree")
            if options.order > 1 and subject.reseed is None:
                answer = further_checks.second_order(subject, problem.scales, problem.rng, seconds)
                self.add_fact("second order", answer, "the derivative of the gradient is wrong")
        if options.points and self.report and subject.reseed is None:
            bent = self.report.verdict is Verdict.KINK
            found = (wrong_all_around if bent else wrong_elsewhere)(problem, seconds)
            if found is not None:
                self.compare_elsewhere(found)
        self.contract.facts.setdefault("deterministic", "yes")

    def add_fact(self, name: str, answer: str, breach: str) -> None:
        """Record a further check; "no" turns the verdict into FAIL."""
        self.contract.facts[name] = answer
        if answer == "no":
            self.report.verdict = Verdict.FAIL
            self.report.findings.append(breach)

    def compare_elsewhere(self, found: Elsewhere) -> None:
        """The gradient holds at x and fails at another point: report that point."""
        subject, report = self.subject, self.report
        if not found.fails:
            report.notes.append(found.where)
            return
        report.verdict, report.elsewhere = Verdict.FAIL, found.where
        report.point = found.point
        if found.why:
            report.findings.append(found.why)
        probe = Probe(subject.forward, found.point, self.options.evaluations, self.options.seconds)
        if found.point.size * probe.size > limit.ENTRIES_MOST:
            return
        full = check_full(self.problem, probe)
        for place, result in zip(subject.inputs.places, report.inputs, strict=True):
            there = result_of(full, place, subject.outputs)
            if there.verdict is Verdict.FAIL:
                result.verdict, result.worst = there.verdict, there.worst
                result.errors = there.errors
