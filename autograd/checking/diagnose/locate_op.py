"""Which recorded operation is to blame: every node's local rule, checked on its own.

A composite function is wrong where one of its rules is wrong. Each operation of the graph is
checked as a pair (its NumPy function, its rules) at the numbers that it met, oldest first.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from autograd.checking.subjects.pair_subject import PairSubject
from autograd.checking.report.report import Report
from autograd.checking.run import Options, Run
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.checking.compare.verdict import Verdict
from autograd.debugging import debug
from autograd.engine import reverse
from autograd.engine.cotangents import match_primal, unwrap
from autograd.engine.value import Value

MOST_NODES = 200


def blame(subject: ValueSubject, report: Report, seconds: float) -> None:
    """Find the first node whose local rule is wrong; name it in the report and mark the graph."""
    started = time.monotonic()
    try:
        run = subject.trace(subject.inputs.x)
    except Exception:  # nothing to look at
        return
    roots = [y for y in run.outputs if type(y) is Value]
    order = reverse.ancestors(roots)
    nodes = [v for v in reversed(order) if v.op is not None]
    report.graph = roots[0] if roots else None
    for k, v in enumerate(nodes[:MOST_NODES]):
        if time.monotonic() - started > min(seconds, 10.0):
            return
        text, edges = local_mistake(v)
        if text:
            where = source_of(subject, len(nodes), k)
            report.culprit = f"{v.op.name}{describe(v)}" + (f" at {where}" if where else "")
            report.culprit += f": {text}"
            report.marks = {v.serial: text, **edges}
            return


def describe(v: Value) -> str:
    """The shapes that an operation met."""
    shapes = ", ".join(str(np.shape(unwrap(x))) for x in v.inputs)
    return f"({shapes} -> {v.shape})"


def local_mistake(v: Value) -> tuple[str, dict[Any, str]]:
    """What is wrong with the rules of one node at its own numbers ("" where they hold), and for the
    edges to the inputs concerned both numbers, by (serial, slot)."""
    op, params = v.op, v.params or {}
    assert op is not None
    args = [unwrap(x) for x in v.inputs]
    slots = [i for i, x in enumerate(v.inputs) if type(x) is Value]
    rules = op.vjps or op.rules(len(args))
    if not slots or any(rules[i] is None for i in slots):
        return "", {}

    def filled(inputs: tuple[Any, ...]) -> list[Any]:
        every = list(args)
        for i, x in zip(slots, inputs, strict=True):
            every[i] = x
        return every

    def forward(*inputs: Any) -> Any:
        return op.compute(*filled(inputs), **params)

    def backward(g: Any, *inputs: Any) -> tuple[Any, ...]:
        every = filled(inputs)
        y = op.compute(*every, **params)
        return tuple(match_primal(rules[i](g, y, *every, **params), every[i], op) for i in slots)  # type: ignore[misc]

    try:
        pair = PairSubject(forward, backward, tuple(args[i] for i in slots), {})
    except Exception:  # the outcome is not a plain array: not checked on its own
        return "", {}
    report = Run(pair, Options(points=False, seconds=3.0, evaluations=60_000)).go()
    if report or report.verdict not in (Verdict.FAIL, Verdict.KINK):
        return "", {}
    wrong = [r for r in report.inputs if r.verdict is report.verdict]
    edges = {(v.serial, slots[r.position]): r.worst.numbers() for r in wrong if r.worst is not None}
    reasons = [text for result in report.inputs for text in result.findings]
    return (report.findings + reasons or [f"its rule is wrong ({report.headline()})"])[0], edges


def source_of(subject: ValueSubject, count: int, index: int) -> str:
    """The user's `file:line` that made node number `index`, from a second run in debug mode."""
    try:
        with debug():
            run = subject.trace(subject.inputs.x)
            roots = [y for y in run.outputs if type(y) is Value]
            order = reverse.ancestors(roots)
    except Exception:  # debug mode refuses what made the report
        return ""
    nodes = [v for v in reversed(order) if v.op is not None]
    return nodes[index].source if len(nodes) == count else ""
