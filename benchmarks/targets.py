"""What is wanted of each figure: ratios of two measurements of one run, and no times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.runner import Outcome
from benchmarks.work import (
    COMPILED,
    EAGER,
    HAND,
    JIT,
    MICROGRAD,
    NN,
    NN_COMPILED,
    TORCH,
    Contestant,
)
from benchmarks.works.checker import FIRST
from benchmarks.works.indexing import LIST as OF_A_LIST
from benchmarks.works.scalars import GRAD
from benchmarks.works.writing import LIST as WITH_A_LIST

Results = Mapping[str, Mapping[str, Outcome]]
"""Of each work, the outcome of each contestant."""


@dataclass(frozen=True)
class Figure:
    """One number of a result: the time of a call, of the first call, or the memory."""

    work: str
    contestant: Contestant
    what: str = "time"

    def of(self, results: Results) -> float | None:
        """The number, or None where it was not measured."""
        outcome = results.get(self.work, {}).get(self.contestant.name)
        if outcome is None or outcome.status != "timed":
            return None
        return float(getattr(outcome, self.what))


@dataclass(frozen=True)
class Target:
    """`ours` divided by `theirs` is to be at most `limit`."""

    title: str
    ours: Figure
    theirs: Figure
    limit: float

    def reached(self, results: Results) -> float | None:
        """The ratio, or None where one of the two was not measured."""
        ours, theirs = self.ours.of(results), self.theirs.of(results)
        return ours / theirs if ours is not None and theirs else None


def against(
    title: str, work: str, ours: Contestant, theirs: Contestant, limit: float, what: str = "time"
) -> Target:
    """Two contestants at one work."""
    return Target(title, Figure(work, ours, what), Figure(work, theirs, what), limit)


SMALL, LARGE = "32x32x32x10", "128x784x512x10"
MILLION = "expression-1e6"

TARGETS: Mapping[str, tuple[Target, ...]] = {
    "Compiled functions": (
        against(f"training step {SMALL}", f"step-{SMALL}", COMPILED, JIT, 1.0),
        against(f"loss and gradients {SMALL}", f"gradients-{SMALL}", COMPILED, HAND, 1.0),
        against(f"training step {LARGE}", f"step-{LARGE}", COMPILED, HAND, 1.0),
        against(f"loss and gradients {LARGE}", f"gradients-{LARGE}", COMPILED, HAND, 1.0),
        against("1e6 numbers, value and gradient", MILLION, COMPILED, JIT, 1.0),
        against("1e6 numbers, gradient alone", f"{MILLION}-gradient", COMPILED, JIT, 1.6),
        against("1e6 numbers, gradient alone", f"{MILLION}-gradient", COMPILED, HAND, 0.5),
        against("Hessian, n = 100, compiled", "hessian-100", COMPILED, JIT, 1.0),
        against("Hessian, n = 1000, compiled", "hessian-1000", COMPILED, JIT, 1.2),
        against("per-example gradients, compiled", "per-example", COMPILED, TORCH, 0.5),
        against("scalar moons step", "moons", COMPILED, MICROGRAD, 1 / 200),
        Target(
            "scalar moons step: first call, beside eager steps",
            Figure("moons", COMPILED, "first"),
            Figure("moons", EAGER),
            20.0,
        ),
        against(f"training step {SMALL}: first call", f"step-{SMALL}", COMPILED, JIT, 0.1, "first"),
    ),
    "Eager derivatives": (
        against("Hessian, n = 100", "hessian-100", EAGER, TORCH, 0.25),
        against("Hessian, n = 1000", "hessian-1000", EAGER, TORCH, 1.5),
        against("per-example gradients by vmap", "per-example", EAGER, TORCH, 0.5),
        against(f"loss and gradients {SMALL}", f"gradients-{SMALL}", EAGER, HAND, 2.6),
        against(f"loss and gradients {SMALL}", f"gradients-{SMALL}", EAGER, TORCH, 0.5),
        against(f"loss and gradients {LARGE}", f"gradients-{LARGE}", EAGER, HAND, 1.1),
    ),
    "Networks": (
        against("LeNet, 64 pictures, through nn", "lenet", NN, TORCH, 2.0),
        against("an epoch of the digits MLP, through nn", "digits-epoch", NN, TORCH, 1.0),
        against("a GPT step", "gpt", EAGER, TORCH, 1.0),
        against("a GPT step, compiled", "gpt", COMPILED, TORCH, 1.0),
        against("an update by momentum", "momentum", NN, HAND, 1.2),
        against("an update by Adam", "adam", NN, HAND, 1.2),
        against(f"training step {SMALL} through nn", f"step-{SMALL}", NN, HAND, 1.6),
        against(f"training step {LARGE} through nn", f"step-{LARGE}", NN, HAND, 1.1),
        against(f"the same, compiled, {SMALL}", f"step-{SMALL}", NN_COMPILED, JIT, 1.0),
    ),
    "Scalars": (
        against("100 products: `grad` beside `backward`", "products", GRAD, EAGER, 1.3),
        against("100 products", "products", EAGER, MICROGRAD, 0.25),
        against("scalar moons step", "moons", EAGER, MICROGRAD, 0.15),
        against("graph of 60,000 nodes", "graph-60000", EAGER, MICROGRAD, 0.7),
        against("graph of 60,000 nodes: memory", "graph-60000", EAGER, MICROGRAD, 0.4, "memory"),
        against("graph of 1,000,000 nodes", "graph-1000000", EAGER, MICROGRAD, 0.7),
        against(
            *("graph of 1,000,000 nodes: memory", "graph-1000000", EAGER, MICROGRAD, 0.4, "memory")
        ),
        against("80,000 indexed terms beside a list", "indexed-80000", EAGER, OF_A_LIST, 5.0),
        Target(
            "80,000 indexed terms beside 20,000",
            Figure("indexed-80000", EAGER),
            Figure("indexed-20000", EAGER),
            4.4,
        ),
    ),
    "Writing into arrays": (
        against("10,000 writes beside a list", "writes-10000", EAGER, WITH_A_LIST, 2.0),
        against("the same, differentiated twice", "writes-10000-twice", EAGER, WITH_A_LIST, 2.0),
        Target(
            "10,000 writes beside 2,500",
            Figure("writes-10000", EAGER),
            Figure("writes-2500", EAGER),
            4.4,
        ),
        Target(
            "the same, differentiated twice",
            Figure("writes-10000-twice", EAGER),
            Figure("writes-2500-twice", EAGER),
            4.4,
        ),
    ),
    "The rest": (
        against("import beside NumPy's", "import", EAGER, HAND, 1.3),
        against("gradient check, first order", "gradcheck", FIRST, TORCH, 1.0),
        against("gradient check, everything", "gradcheck", EAGER, TORCH, 1.0),
    ),
}


def rows(results: Results) -> list[tuple[str, Target, float | None]]:
    """Every target with its heading and the ratio that was measured."""
    return [
        (heading, target, target.reached(results))
        for heading, targets in TARGETS.items()
        for target in targets
    ]


def works() -> set[str]:
    """The works of which a target speaks."""
    return {figure.work for _, t, _ in rows({}) for figure in (t.ours, t.theirs)}


def verdict(target: Target, ratio: float | None) -> str:
    """ "reached", "missed", or that nothing was measured."""
    if ratio is None:
        return "not measured"
    return "reached" if ratio <= target.limit else "missed"


def names(target: Target) -> tuple[str, str]:
    """Whose figures are divided."""
    return target.ours.contestant.name, target.theirs.contestant.name


def as_table(results: Results) -> Any:
    """The lines of a table in Markdown."""
    lines = ["| what | ours | beside | at most | measured | |", "|---|---|---|---:|---:|---|"]
    last = ""
    for heading, target, ratio in rows(results):
        if heading != last:
            lines.append(f"| **{heading}** | | | | | |")
            last = heading
        ours, theirs = names(target)
        found = "" if ratio is None else f"{ratio:.3g}"
        result = verdict(target, ratio)
        result = f"**{result}**" if result == "missed" else result
        lines.append(
            f"| {target.title} | {ours} | {theirs} | {target.limit:.3g} | {found} | {result} |"
        )
    return lines
