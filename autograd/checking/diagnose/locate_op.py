"""Which recorded operation is wrong: every operation's rules, checked on their own.

A composite function is wrong where one of its rules is wrong. Each operation of the graph is
checked as a pair (its NumPy function, its rules) at the numbers that it met, oldest first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd.checking.compare.verdict import InputResult
from autograd.checking.subjects.pair_subject import PairSubject
from autograd.checking.subjects.user_code import source_of
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.checking.thresholds import NODES_MOST, RULE_SECONDS_ALL
from autograd.debugging import debug
from autograd.engine import ancestry
from autograd.engine.cotangents import match_primal, unwrap, zero_of
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value


@dataclass
class RuleCheck:
    """What the check of one operation found: the reason ("" where its rules hold), and the inputs
    that get a wrong contribution."""

    reason: str = ""
    wrong: list[InputResult] = field(default_factory=list)


CheckPair = Callable[[PairSubject], RuleCheck]


@dataclass
class Located:
    """The graph, and the first wrong operation in it: `culprit` describes it, "" where every rule
    holds; `rule` is the `file:line` of its rule; `marks` are texts for the drawing, by serial for
    the node and by (serial, slot) for its edges."""

    graph: Any = None
    culprit: str = ""
    rule: str = ""
    marks: dict[Any, str] = field(default_factory=dict)
    names: dict[str, Value] = field(default_factory=dict)


def locate_op(subject: ValueSubject, check: CheckPair, seconds: float) -> Located:
    """Find the first operation whose rules are wrong; `check` runs a pair."""
    started = time.monotonic()
    try:
        run = subject.trace(subject.inputs.x)
    except Exception:  # nothing to look at
        return Located()
    roots = [y for y in run.outputs if type(y) is Value]
    nodes = computed_nodes(roots)
    found = Located(roots[0] if roots else None)
    places = subject.inputs.places
    found.names = {place.name: v for place, v in zip(places, run.variables, strict=True)}
    outputs = zip(subject.outputs.places, subject.float_leaves, strict=True)
    found.names |= {place.name: run.outputs[leaf] for place, leaf in outputs}
    for k, v in enumerate(nodes[:NODES_MOST]):
        if time.monotonic() - started > min(seconds, RULE_SECONDS_ALL):
            break
        slots, result = check_node(v, check)
        if result.reason:
            where = line_that_made(subject, len(nodes), k)
            place = f" at {where}" if where else ""
            op = computing_op(v)
            found.culprit = f"{op.name}{shapes_met(v)}{place}: {result.reason}"
            found.rule = rule_place(op, slots[result.wrong[0].position] if result.wrong else 0)
            found.marks = {v.serial: result.reason}
            for r in result.wrong:
                if r.worst is not None:
                    found.marks[v.serial, slots[r.position]] = r.worst.numbers()
            break
    return found


def check_node(v: Value, check: CheckPair) -> tuple[list[int], RuleCheck]:
    """The slots of a node's Values, and what the check of its rules found at its own numbers."""
    op, params = computing_op(v), v.params or {}
    args = [unwrap(x) for x in v.inputs]
    slots = [i for i, x in enumerate(v.inputs) if type(x) is Value]

    def filled(inputs: tuple[Any, ...]) -> list[Any]:
        every = list(args)
        for i, x in zip(slots, inputs, strict=True):
            every[i] = x
        return every

    def forward(*inputs: Any) -> Any:
        return op.compute(*filled(inputs), **params)

    forward.__name__ = op.name

    def backward(g: Any, *inputs: Any) -> tuple[Any, ...]:
        every = filled(inputs)
        y = op.compute(*every, **params)
        return tuple(
            match_primal(contribution_at(op, i, g, y, every, params), every[i], op) for i in slots
        )

    if not slots or not op.has_rules:
        return slots, RuleCheck()
    try:
        pair = PairSubject(forward, backward, tuple(args[i] for i in slots), {})
    except Exception:  # the output is not a plain array: not checked on its own
        return slots, RuleCheck()
    return slots, check(pair)


# --- rules: the only lines that know how a row keeps them -----------------------------------------
def contribution_at(
    op: Primitive, slot: int, g: Any, y: Any, args: Sequence[Any], params: dict[str, Any]
) -> Any:
    """The contribution of a cotangent to one argument; zero where the rule says None."""
    found = op.vjp_at(slot, g, y, *args, **params)
    return zero_of(args[slot]) if found is None else found


def rule_place(op: Primitive, slot: int) -> str:
    """`file:line` of the rule of one argument; "" where Python does not know it."""
    rule: Any = op.written.get(slot, op.written.get(0))
    if rule is None:
        rule = op.vjps[slot] if slot < len(op.vjps) else op.vjp_all
    return source_of(rule)


# --- the graph ------------------------------------------------------------------------------------
def value_outputs(subject: ValueSubject) -> list[Value]:
    """The outputs of one run that depend on its inputs."""
    return [y for y in subject.trace(subject.inputs.x).outputs if type(y) is Value]


def computed_nodes(roots: list[Value]) -> list[Value]:
    """The nodes behind some outputs that an operation made, the oldest first."""
    return [v for v in reversed(ancestry.ancestors(roots)) if v.op is not None]


def computing_op(v: Value) -> Primitive:
    """The operation that made a node."""
    assert v.op is not None
    return v.op


def shapes_met(v: Value) -> str:
    """The shapes that an operation met."""
    shapes = ", ".join(str(np.shape(unwrap(x))) for x in v.inputs)
    return f"({shapes} -> {v.shape})"


def line_that_made(subject: ValueSubject, count: int, index: int) -> str:
    """The user's `file:line` that made node number `index`, from a second run in debug mode."""
    try:
        with debug():
            nodes = computed_nodes(value_outputs(subject))
    except Exception:  # debug mode refuses what made the report
        return ""
    return nodes[index].source if len(nodes) == count else ""
