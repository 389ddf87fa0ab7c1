"""What must hold before any difference is taken: determinism, no side effects, linearity in g."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from autograd.checking.numeric.probe import Floats
from autograd.checking.subjects.subject import Guard, Subject

SAME = 1e-12
ROUNDING = 1e-9
NONLINEAR = 1e-4


@dataclass
class Contract:
    """The outcome: what was asked and how it went, and the breaches in words.

    `facts` maps a question to `yes`, `no` or `not asked`; `breaches` are sentences;
    `nondeterministic` is set apart because no other check means anything then.
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


def signed(rng: np.random.Generator, size: int) -> Floats:
    """Random signs times sizes in [0.5, 1.5]: no entry is zero, no two cancel exactly."""
    return np.asarray(rng.choice([-1.0, 1.0], size) * rng.uniform(0.5, 1.5, size))


def check_forward(subject: Subject, contract: Contract) -> None:
    """The same outcome twice, and inputs left as they were."""
    x = subject.inputs.x
    outcomes = []
    guards: list[Guard] = []
    for _ in range(3):
        if subject.reseed is not None:
            subject.reseed()
        trees = subject.inputs.trees(x, copy=True)
        leaves = subject.leaves_of(trees)
        guards = [Guard(name, leaf) for name, leaf in leaves]
        outcomes.append(np.array(subject.flat_output(subject.outcome(trees)), dtype=np.float64))
        changed = [guard.name for guard in guards if guard.changed()]
        if changed:
            contract.ask("mutates nothing", False, f"the function changes {changed[0]} in place")
            return
    worst = max(relative(outcomes[0], other) for other in outcomes[1:])
    contract.facts["deterministic"] = "yes" if worst <= SAME else "no"
    if worst > SAME:
        contract.nondeterministic = (
            f"the same input gave outputs that differ by {worst:.1e} (relative)"
        )


def check_backward(subject: Subject, contract: Contract, rng: np.random.Generator) -> Floats:
    """Side effects, finiteness and linearity of the pullback at x; returns it for one signed g.

    Raises ShapeError where a gradient has another shape than its input.
    """
    m = subject.outputs.x.size
    g, other = signed(rng, m), signed(rng, m)
    c, changed = subject.watched(g)
    contract.facts.setdefault("mutates nothing", "yes")
    if changed:
        contract.ask("mutates nothing", False, f"the backward changes {changed[0]} in place")
    pull = subject.puller(subject.inputs.x)
    first, second = pull(g.copy()), pull(g.copy())
    gap = max(relative(first, second), relative(c, first))
    contract.ask(
        "backward twice equal", gap <= SAME, f"two backward calls differ by {gap:.1e} (relative)"
    )
    if np.isfinite(first).all():
        check_linear(pull, contract, g, other, first)
    return first


def check_linear(
    pull: Callable[[Floats], Floats], contract: Contract, g: Floats, other: Floats, c: Floats
) -> None:
    """pull(g) against -pull(-g), pull(0), and sums with signed and small cotangents."""
    size = max(float(np.max(np.abs(c), initial=0.0)), 0.0)
    zero = pull(np.zeros_like(g))
    c_other = pull(other.copy())
    size = max(size, float(np.max(np.abs(c_other), initial=0.0)))
    total = pull(g + 0.75 * other)
    gaps = {
        "vjp(0) is not 0": float(np.max(np.abs(zero), initial=0.0)),
        "vjp(-g) is not -vjp(g)": float(np.max(np.abs(pull(-g) + c), initial=0.0)),
        "vjp(g / 1024) is not vjp(g) / 1024": float(
            np.max(np.abs(pull(g / 1024.0) * 1024.0 - c), initial=0.0)
        ),
        "vjp(a + b) is not vjp(a) + vjp(b)": float(
            np.max(np.abs(total - c - 0.75 * c_other), initial=0.0)
        ),
    }
    bad = [text for text, gap in gaps.items() if not gap <= NONLINEAR * size]
    breach = f"the backward is not linear in g: {bad[0]}" if bad else ""
    contract.ask("linear in g", not bad, breach)


def check_repeated(subject: Subject, contract: Contract, rng: np.random.Generator) -> None:
    """f(x, x): one object passed twice must get the sum of both partial gradients."""
    places = subject.inputs.places
    pairs = [
        (i, k)
        for i in range(len(places))
        for k in range(i + 1, len(places))
        if places[i].shape == places[k].shape and places[i].is_complex == places[k].is_complex
    ]
    g = signed(rng, subject.outputs.x.size)
    for first, second in pairs[:3]:
        try:
            joint, apart = subject.repeated(first, second, g)
        except Exception:  # f(x, x) may lie outside its domain
            continue
        if not (np.isfinite(joint).all() and np.isfinite(apart).all()):
            continue
        names = f"{places[first].name} and {places[second].name}"
        gap = relative(joint, apart)
        breach = f"one array passed as {names} does not get the sum of both gradients (= for +=?)"
        if not contract.ask("same input twice", gap <= ROUNDING, breach):
            return
