"""What must hold before any difference is taken: determinism, no side effects, linearity in g."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.probe import Floats
from autograd.checking.numeric.signed import signed_vector
from autograd.checking.subjects.subject import Guard, Subject


@dataclass
class Contract:
    """What was asked, how it went, and the breaches as sentences.

    `facts` maps a question to `yes`, `no` or `not asked`; `breaches` are sentences;
    `nondeterministic` is separate because no other check means anything then.
    """

    facts: dict[str, str] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)
    nondeterministic: str = ""

    def ask(self, question: str, good: bool, breach: str) -> bool:
        """Record an answer; a bad one with its sentence."""
        self.facts[question] = "yes" if good else "no"
        if not good:
            self.breaches.append(breach)
        return good


def relative(a: Floats, b: Floats) -> float:
    """The largest difference of two arrays over their largest entry, NaN equal to NaN."""
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return 0.0
    size = max(float(np.max(np.abs(a[~same]))), float(np.max(np.abs(b[~same]))))
    gap = float(np.max(np.abs(a[~same] - b[~same])))
    return gap / size if np.isfinite(size) and size > 0 and np.isfinite(gap) else np.inf


def check_forward(subject: Subject, contract: Contract) -> None:
    """The same output every time, and inputs left as they were."""
    x = subject.inputs.x
    outputs = []
    guards: list[Guard] = []
    for _ in range(3):
        if subject.reseed is not None:
            subject.reseed()
        trees = subject.inputs.trees(x, copy=True)
        leaves = subject.leaves_of(trees)
        guards = [Guard(name, leaf) for name, leaf in leaves]
        outputs.append(np.array(subject.flat_output(subject.output(trees)), dtype=np.float64))
        changed = [guard.name for guard in guards if guard.changed()]
        if changed:
            contract.ask("mutates nothing", False, f"the function changes {changed[0]} in place")
            return
    worst = max(relative(outputs[0], other) for other in outputs[1:])
    contract.facts["deterministic"] = "yes" if worst <= limit.SAME_OUTPUT else "no"
    if worst > limit.SAME_OUTPUT:
        contract.nondeterministic = differing_outputs(worst)


def differing_outputs(gap: float) -> str:
    """What a report says about a function whose outputs differ for one input."""
    return f"the same input gave outputs that differ by {gap:.1e} (relative)"


def check_backward(subject: Subject, contract: Contract, rng: np.random.Generator) -> None:
    """Side effects, repeatability and linearity of the pullback at x.

    Raises ShapeError where a gradient has another shape than its input.
    """
    m = subject.outputs.x.size
    g, other = signed_vector(rng, m), signed_vector(rng, m)
    c, changed = subject.pull_and_detect_mutation(g)
    contract.facts.setdefault("mutates nothing", "yes")
    if changed:
        contract.ask("mutates nothing", False, f"the backward changes {changed[0]} in place")
    pull = subject.vjp_at(subject.inputs.x)
    first, second = pull(g.copy()), pull(g.copy())
    gap = max(relative(first, second), relative(c, first))
    contract.ask(
        "backward twice equal",
        gap <= limit.SAME_OUTPUT,
        f"two backward calls differ by {gap:.1e} (relative)",
    )
    if np.isfinite(first).all():
        check_linear(pull, contract, g, other, first)


def check_linear(
    pull: Callable[[Floats], Floats], contract: Contract, g: Floats, other: Floats, c: Floats
) -> None:
    """pull(g) against -pull(-g), pull(0), and sums with signed and small cotangents."""
    size = max(float(np.max(np.abs(c), initial=0.0)), 0.0)
    zero = pull(np.zeros_like(g))
    c_other = pull(other.copy())
    size = max(size, float(np.max(np.abs(c_other), initial=0.0)))
    small, share = limit.SMALL_COTANGENT, limit.OTHER_SHARE
    total = pull(g + share * other)
    rests = {
        "vjp(0) is not 0": zero,
        "vjp(-g) is not -vjp(g)": pull(-g) + c,
        "vjp(g / 1024) is not vjp(g) / 1024": pull(g / small) * small - c,
        "vjp(a + b) is not vjp(a) + vjp(b)": total - c - share * c_other,
    }
    gaps = {text: float(np.max(np.abs(rest), initial=0.0)) for text, rest in rests.items()}
    bad = [text for text, gap in gaps.items() if not gap <= limit.NONLINEAR * size]
    breach = f"the backward is not linear in g: {bad[0]}" if bad else ""
    contract.ask("linear in g", not bad, breach)


def check_aliased_inputs(subject: Subject, contract: Contract, rng: np.random.Generator) -> None:
    """f(x, x): one object passed twice must get the sum of both partial gradients."""
    places = subject.inputs.places
    pairs = [
        (i, k)
        for i in range(len(places))
        for k in range(i + 1, len(places))
        if places[i].shape == places[k].shape and places[i].is_complex == places[k].is_complex
    ]
    g = signed_vector(rng, subject.outputs.x.size)
    for first, second in pairs[: limit.REPEATED_PAIRS]:
        try:
            together, apart = subject.aliased_inputs(first, second, g)
        except Exception:  # f(x, x) may lie outside its domain
            continue
        if not (np.isfinite(together).all() and np.isfinite(apart).all()):
            continue
        names = f"{places[first].name} and {places[second].name}"
        gap = relative(together, apart)
        breach = f"one array passed as {names} does not get the sum of both gradients (= for +=?)"
        if not contract.ask("same input twice", gap <= limit.SAME_SUM, breach):
            return
