"""`with autograd.debug():` the first operation that goes wrong, with the user's own source line.

Off, it costs next to nothing: inside the block an observer (`engine.node`) sees every node that is
recorded and every contribution of the reverse walk.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, final

import numpy as np

from autograd.engine.cotangents import unwrap
from autograd.engine.node import Observer, add_note, observe
from autograd.engine.outputs import OutputTuple
from autograd.engine.strong_zero import is_finite
from autograd.engine.value import Value
from autograd.user_frame import calling_line, with_text


class NonFiniteError(FloatingPointError):
    """An operation yielded NaN or infinity; `node` is the Value (None in a plain call)."""

    node: Value | None = None


class ChangedArrayError(RuntimeError):
    """An array was changed between forward and backward; `node` is the Value that used it."""

    node: Value | None = None


@contextmanager
def debug() -> Iterator[None]:
    """Check every operation of this thread for a `with` block.

    Raises `NonFiniteError` at the first operation, forward or backward, that yields NaN or
    infinity, and `ChangedArrayError` where an array was changed between forward and backward; both
    name the operation, its inputs and the line of the user's program.  Nodes made inside know their
    source line (`v.source`).

    >>> from autograd import Value, debug
    >>> with debug():
    ...     Value(0.0, label="p").log()  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    autograd.debugging.NonFiniteError: log yields -inf (forward)
      input 0  p = 0.0
      at ...
    """
    with observe(Debugger()):
        yield


@final
class Debugger(Observer):
    """The checks of `debug`."""

    def on_record(self, v: Value) -> None:
        """Look at what was computed, and remember the arrays that it was computed from."""
        if v.op is None:
            return
        add_note(v, "source", calling_line())
        add_note(v, "prints", [fingerprint(unwrap(x)) for x in (v, *v.inputs)])
        if not is_finite(v.data):
            if not infinity_is_given(v):
                report(v, f"{v.op.name} yields {first_bad(v.data)} (forward)", None)
            add_note(v, "given", True)

    def on_contribution(self, v: Value, x: Value, c: Any, g: Any) -> None:
        """Look at a contribution, and at whether the arrays behind it are what they were."""
        assert v.op is not None
        prints = (v._notes or {}).get("prints")
        if prints:
            for slot, (before, item) in enumerate(zip(prints, (v, *v.inputs), strict=True)):
                if fingerprint(unwrap(item)) != before:
                    what = "the output" if slot == 0 else f"input {slot - 1}"
                    raise_for(
                        ChangedArrayError,
                        v,
                        f"{what} of {v.op.name} was changed between forward and backward: "
                        "the gradient would be wrong. Change it after backward, or give a copy",
                        None,
                    )
        if not is_finite(unwrap(c)):
            report(v, f"the derivative of {v.op.name} yields {first_bad(unwrap(c))} (backward)", g)


def infinity_is_given(v: Value) -> bool:
    """True where an operation only passes on infinities that the program itself gave as constants:
    a mask of -inf, the neutral element of a maximum.

    A reduction passes on its neutral element only, an operation that moves entries any of them, and
    another one an infinity at its own place, where its slope is finite."""
    op, data = v.op, v.data
    assert op is not None
    if isinstance(data, OutputTuple) or np.any(np.isnan(data)):
        return False
    params = v.params or {}
    for x in v.inputs:
        if type(x) is Value and not is_finite(x.data) and "given" not in (x._notes or {}):
            return False
    if op.role == "reduction":
        neutral = [x for x in params.values() if type(x) is float and np.isinf(x)]
        return any(np.all(np.isfinite(data) | (data == x)) for x in neutral)
    plain = [unwrap(x) for x in v.inputs]
    if op.role == "shape":
        return any(np.any(np.isinf(x)) for x in plain)
    places = [np.isinf(x) for x in plain]
    try:
        given = np.broadcast_to(np.any(np.broadcast_arrays(*places), axis=0), np.shape(data))
    except ValueError:  # a matrix product, say: no entry has its place in the output
        return False
    return bool(np.all(given | np.isfinite(data))) and slopes_are_finite(v, plain, params)


def slopes_are_finite(v: Value, plain: list[Any], params: dict[str, Any]) -> bool:
    """Whether an elementwise operation has finite derivatives: of x * inf that is not so."""
    op = v.op
    assert op is not None
    if op.kind != "elementwise":
        return True
    with np.errstate(all="ignore"):
        return all(
            is_finite(op.vjp_at(i, np.ones_like(v.data), v.data, *plain, **params))
            for i, x in enumerate(v.inputs)
            if type(x) is Value
        )


def report(v: Value, headline: str, g: Any) -> None:
    """Raise NonFiniteError for a node."""
    raise_for(NonFiniteError, v, headline, g)


def raise_for(
    kind: type[NonFiniteError] | type[ChangedArrayError], v: Value, headline: str, g: Any
) -> None:
    """An error about a node: what happened, its inputs, the user's line."""
    lines = [headline]
    lines += [f"  input {i}  {described(x)}" for i, x in enumerate(v.inputs)]
    if g is not None:
        lines.append(f"  incoming gradient  {described(g)}")
    lines.append(f"  at {with_text(v.source) if v.source else 'a line outside debug()'}")
    error = kind("\n".join(lines))
    error.node = v
    raise error


def described(x: Any) -> str:
    """One line on an input: its name, and its value or a summary."""
    name = f"{x.label or 'Value'} = " if type(x) is Value else ""
    data = unwrap(x)
    if isinstance(data, OutputTuple) or np.ndim(data) == 0:
        return f"{name}{data!r}"
    bad = int(np.size(data) - np.count_nonzero(np.isfinite(data)))
    text = f"{name}array of shape {np.shape(data)}, {np.asarray(data).dtype}"
    if np.size(data) and not np.iscomplexobj(data):
        text += f", min {np.min(data):.6g}, max {np.max(data):.6g}"
    return text + (f", {bad} not finite" if bad else "")


def first_bad(data: Any) -> str:
    """The first entry that is not finite, and where it stands."""
    parts = data if isinstance(data, OutputTuple) else (data,)
    for part in parts:
        array = np.asarray(part)
        bad = np.argwhere(~np.isfinite(array))
        if len(bad):
            place = tuple(int(i) for i in bad[0])
            where = (
                f" at {list(place)} and {len(bad) - 1} more"
                if len(bad) > 1
                else f" at {list(place)}"
            )
            return f"{array[place]}{where if place else ''}"
    return "a finite value"


def fingerprint(data: Any) -> int | None:
    """A checksum of an array; None for numbers, which nobody can change."""
    if not isinstance(data, np.ndarray):
        return None
    return zlib.crc32(np.ascontiguousarray(data).tobytes())
