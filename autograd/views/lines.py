"""Steps of backward in a line: what is added, and where the local derivative comes from."""

from __future__ import annotations

from autograd.views.flow import Step
from autograd.views.phrases import filled
from autograd.views.snapshot import Edge, Snapshot
from autograd.views.summary import brief


def rule_line(snapshot: Snapshot, edge: Edge) -> str:
    """Where a local derivative comes from: `tanh' = 1 - y**2 = 1 - 0.7071**2 = 0.5`; "" where
    there is no such rule, or it is one of the user's."""
    texts = edge.texts
    if texts is None or not texts.local or not isinstance(edge.local, float | complex):
        return ""
    parts = [
        texts.title,
        filled(texts.local, lambda hole: hole_name(snapshot, edge, hole)),
        filled(texts.local, lambda hole: hole_number(snapshot, edge, hole)),
        brief(edge.local),
    ]
    return " = ".join(part for i, part in enumerate(parts) if not i or part != parts[i - 1])


def step_line(snapshot: Snapshot, step: Step) -> str:
    """What one step adds: `grad(b) += grad(n) * dn/db = 0.5 * 1 = 0.5`, or for arrays the NumPy
    expression of the contribution."""
    edge = snapshot.edges[step.edge]
    x, y = snapshot.nodes[edge.source].short_name, snapshot.nodes[edge.target].short_name
    left = f"grad({x}) +="
    numbers = (step.upstream, edge.local, step.contribution)
    if all(isinstance(number, float | complex) for number in numbers):
        upstream, local, contribution = (brief(n) for n in numbers)  # type: ignore[arg-type]
        product = f"{wrapped(upstream)} * {wrapped(local)}"
        return f"{left} grad({y}) * {slope(y, x)} = {product} = {contribution}"
    texts = edge.texts
    if texts is None:
        return f"{left} {edge.text}"

    def name(hole: str) -> str:
        return f"grad({y})" if hole == "g" else hole_name(snapshot, edge, hole, result=y)

    return f"{left} {filled(texts.full, name)}"


def hole_name(snapshot: Snapshot, edge: Edge, hole: str, result: str = "y") -> str:
    """What a hole of a template is called."""
    if hole in "gy":
        return result if hole == "y" else "g"
    return edge.made.name_of(int(hole))


def hole_number(snapshot: Snapshot, edge: Edge, hole: str) -> str:
    """The number that stands in a hole of a template."""
    number = edge.made.y if hole == "y" else edge.made.args[int(hole)]
    return brief(number) if isinstance(number, float | int | complex) else "..."


def wrapped(number: str) -> str:
    """A factor, in parentheses where it is negative."""
    return f"({number})" if number.startswith("-") else number


def slope(y: str, x: str) -> str:
    """`dy/dx`, with expressions in parentheses.

    >>> slope("y", "x"), slope("n", "x1*w1")
    ('dy/dx', 'dn/d(x1*w1)')
    """
    return "/".join(f"d{name}" if is_name(name) else f"d({name})" for name in (y, x))


def is_name(text: str) -> bool:
    """True for a name, False for an expression."""
    return not any(c in " +-*/@(" for c in text)
