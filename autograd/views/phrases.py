"""Where a contribution comes from, as NumPy expressions read off the rules of the table.

tanh' = 1 - y**2 = 1 - 0.7071**2 = 0.5
grad(w) += x.T @ g
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine.arrays import is_foreign
from autograd.engine.primitive import Primitive
from autograd.views.engine_calls import contributions, is_constant_slot
from autograd.views.recorded import Recorded, Recording, written

LARGEST = 10_000_000  # entries of an array beyond which its rules are not run for their text


@dataclass(frozen=True, slots=True)
class RuleText:
    """The texts of one contribution, with `{g}`, `{y}` and the operands `{0}`, `{1}` to fill in.

    title  the operation with a prime, `tanh'`
    local  the local derivative where the contribution is a product with it: `1 - {y}**2`
    full   the contribution: `{g} @ {1}.T`
    """

    title: str
    local: str
    full: str


def rule_text(
    op: Primitive, slot: int, y: Any, args: Sequence[Any], params: dict[str, Any]
) -> tuple[RuleText | None, bool]:
    """The texts of the contribution to one argument, None where the rule cannot be written down;
    and whether they hold for these numbers only, because the rule looked at them.

    >>> from autograd.engine.primitive import TABLE
    >>> rule_text(TABLE[np.tanh], 0, 0.7071, [0.8814], {})[0].local
    '1 - {y}**2'
    """
    title = f"{op.symbol}'"
    if any(isinstance(x, tuple) or is_foreign(x) for x in (y, *args)):
        return None, False
    if is_constant_slot(op, slot):
        local = "0" if op.broadcasts or np.shape(y) == np.shape(args[slot]) else ""
        return RuleText(title, local, f"np.zeros({written(np.shape(args[slot]))})"), False
    if op.custom or max([np.size(y), *map(np.size, args)]) > LARGEST:
        return None, False
    run = Recording()
    try:
        one = np.ones_like(y) if isinstance(y, np.ndarray) else type(numpy_number(y))(1)
        full = traced(op, slot, Recorded(one, "{g}", run=run), y, args, params, run)
        local = ""
        if has_local(op, y, args[slot]):
            ones = Recorded(one, "1", run=run)
            local = traced(op, slot, ones, y, args, params, run, summed=False)
        return RuleText(title, local.replace("np.", ""), full), run.decided
    except Exception:  # a picture must never raise; the edge then says `vjp of` the operation
        return None, True


def has_local(op: Primitive, y: Any, x: Any) -> bool:
    """True where a contribution is the cotangent times one number for each entry."""
    numbers = np.shape(y) == () == np.shape(x) and not np.iscomplexobj(y)
    return op.kind == "elementwise" or numbers


def traced(
    op: Primitive,
    slot: int,
    g: Recorded,
    y: Any,
    args: Sequence[Any],
    params: dict[str, Any],
    run: Recording,
    summed: bool = True,
) -> str:
    """The text of a contribution for a cotangent; `summed` back where it was broadcast."""
    operands = [
        Recorded(numpy_number(x), f"{{{i}}}", run=run) if is_data(x) else x
        for i, x in enumerate(args)
    ]
    wanted = [i == slot for i in range(len(args))]
    with np.errstate(all="ignore"):
        c = contributions(
            op, wanted, g, Recorded(numpy_number(y), "{y}", run=run), operands, params
        )[slot]
        shape = np.shape(args[slot])
        if c is None:
            return f"np.zeros({written(shape)})" if summed and shape else "0"
        if not isinstance(c, Recorded):
            c = Recorded(c, written(c), run=run)
        if summed:
            c = matched(c, args[slot])
    if not c.lines:
        return c.text
    return "; ".join(c.lines if c.text == "d" else [*c.lines, f"d = {c.text}"])


def numpy_number(x: Any) -> Any:
    """A Python float as NumPy's: it gives infinity at a pole, where the other one raises."""
    return np.float64(x) if type(x) is float else x


def is_data(x: Any) -> bool:
    """True for numbers and arrays."""
    return isinstance(x, float | int | complex | np.number | np.ndarray) and not isinstance(x, bool)


def matched(c: Recorded, primal: Any) -> Recorded:
    """The contribution in the shape of what it belongs to, as the engine brings it there."""
    shape = np.shape(primal)
    lead = c.ndim - len(shape)
    if lead > 0:
        axes: Any = tuple(range(lead))
        every = not shape
        c = c.sum(axis=None if every else axes[0] if lead == 1 else axes)
    stretched = tuple(i for i, n in enumerate(shape) if lead >= 0 and n == 1 != c.shape[i])
    if stretched:
        c = c.sum(axis=stretched[0] if len(stretched) == 1 else stretched, keepdims=True)
    if c.shape != shape:
        c = np.broadcast_to(c, shape)  # type: ignore[assignment]
    if np.iscomplexobj(c.now) and not np.iscomplexobj(primal):
        c = c.made(np.real(c.now), f"{written(c, 9)}.real")
    return c


HOLE = re.compile(r"\{(\w+)\}")
PLAIN = re.compile(r"[^\W\d][\w.\[\]'#]*(\(\))?|\d[\d.]*(e[+-]?\d+)?|\w*\([^()]*\)")


def filled(template: str, name: Callable[[str], str]) -> str:
    """A template with the holes filled: in parentheses where that is more than a name or a number.

    >>> filled("1 - {y}**2", {"y": "-0.5"}.get)
    '1 - (-0.5)**2'
    """

    def put(found: re.Match[str]) -> str:
        text = name(found[1])
        before, after = template[: found.start()], template[found.end() :]
        alone = before.endswith(("(", ", ")) and after.startswith((")", ","))
        whole = not before and not after
        return text if whole or alone or PLAIN.fullmatch(text) else f"({text})"

    return HOLE.sub(put, template)
