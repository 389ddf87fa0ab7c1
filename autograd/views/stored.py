"""Whether the stored gradients are those of the backward that is drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.arrays import can_decide
from autograd.engine.value import Value
from autograd.views.engine_calls import gradients_from
from autograd.views.snapshot import Snapshot
from autograd.views.summary import Datum, Summary, brief, datum, shown

OTHER = "not of this pass"
CHECKED = 20_000  # nodes up to which gradients are compared
MOST_PASSES = 1000  # calls of backward up to which they are counted
ROOTS = 8


def gradient_remarks(snapshot: Snapshot) -> dict[int, str]:
    """What is to be said of stored gradients that one backward from a root would not leave:
    `2 passes of 4: zero_grad?` where they are a multiple of it, else that they are another's.
    """
    stored = [node for node in snapshot.nodes if node.grad is not None]
    if not stored or not can_compare(snapshot) or has_moved(snapshot):
        return {}
    passes = [fresh(snapshot, root) for root in snapshot.roots[:ROOTS]]
    if not all(passes):
        return {}  # a rule raises, and the picture says so elsewhere
    remarks: dict[int, str] = {}
    for node in stored:
        found = [one[node.serial] for one in passes if node.serial in one]
        if len(found) > 1:
            found.append(total(found))
        if not any(equal(node.grad, one) for one in found):
            remarks[node.id] = remark(node.grad, found, node.op == "")
    return remarks


def can_compare(snapshot: Snapshot) -> bool:
    """Whether the graph is small enough to compute again, and of arrays that are computed: nobody
    but the user computes a lazy one."""
    return len(snapshot.nodes) <= CHECKED and all(
        can_decide(part)
        for v in snapshot.values
        for part in (v.data, *(x for x in v.inputs if not isinstance(x, Value)))
    )


CHANGED_TEXT = (
    "a leaf or a constant array was changed after this graph was computed (an optimiser's step?): "
    "the values and gradients of results are those from before"
)


def is_changed(snapshot: Snapshot) -> bool:
    """Whether a result is not what its operation gives for the leaves as the snapshot saw them."""
    for node in snapshot.nodes if can_compare(snapshot) else ():
        edges = [snapshot.edges[e] for e in snapshot.inputs_of[node.id]]
        if not any(not snapshot.nodes[e.source].op for e in edges):
            continue
        made = edges[0].made
        if made.op.custom or isinstance(made.y, tuple):
            continue
        try:
            with np.errstate(all="ignore"):
                again = np.asarray(made.op.compute(*made.args, **made.params))
        except Exception:  # a shape that no longer fits
            return True
        now = np.asarray(made.y)
        if now.shape != again.shape or not close(now, again):
            return True
    return False


def has_moved(snapshot: Snapshot) -> bool:
    """Whether a leaf no longer holds what the snapshot saw, so that nothing can be compared."""
    leaves = [(n, v) for n, v in zip(snapshot.nodes, snapshot.values, strict=True) if not n.op]
    return not all(equal(n.value, v.data) for n, v in leaves)


def fresh(snapshot: Snapshot, root: int) -> dict[int, Any]:
    """The gradients of one backward, by serial; empty where it raises."""
    try:
        with np.errstate(all="ignore"):
            grads = gradients_from(snapshot.values[root], snapshot.values)
    except Exception:
        return {}
    return {v.serial: g.data if isinstance(g, Value) else g for v, g in grads.items()}


def total(found: list[Any]) -> Any:
    """What several passes leave in a leaf."""
    out = found[0]
    for one in found[1:]:
        out = out + one
    return out


def entries(x: Datum | Any) -> Any:
    """The numbers, as an array."""
    if isinstance(x, Summary):
        try:
            return x.array
        except LookupError:
            return np.array([x.low, x.high, x.norm])
    return np.asarray(x)


def both(stored: Datum | None, one: Any) -> tuple[Any, Any]:
    """Stored and fresh numbers that can be compared."""
    a, b = entries(stored), entries(datum(one))
    if a.shape != b.shape and isinstance(stored, Summary):
        now = datum(one)
        if isinstance(now, Summary):
            b = np.array([now.low, now.high, now.norm])
    return a, b


def equal(stored: Datum | None, one: Any) -> bool:
    """True where both are the same numbers, up to rounding."""
    a, b = both(stored, one)
    return a.shape == b.shape and close(a, b)


def close(a: Any, b: Any) -> bool:
    """Equal up to the rounding of sums in another order."""
    if np.array_equal(a, b):
        return True
    if a.dtype.kind not in "fciub" or b.dtype.kind not in "fciub":
        return True  # nothing that could be compared
    single = np.float32 in (a.dtype, b.dtype) or np.float16 in (a.dtype, b.dtype)
    scale = float(np.max(np.abs(b), initial=0.0, where=np.isfinite(b)))
    rtol = 1e-2 if single else 1e-7
    return bool(np.allclose(a, b, rtol=rtol, atol=rtol * scale * 1e-2, equal_nan=True))


def remark(stored: Datum | None, found: list[Any], leaf: bool) -> str:
    """The sentence about one gradient.  Only leaves add up over calls of backward."""
    for one in found if leaf and len(found) == 1 else ():
        a, b = both(stored, one)
        if a.shape != b.shape or not np.isfinite(b).all() or not np.any(b):
            continue
        count = round(float(np.vdot(b, a).real / np.vdot(b, b).real))
        if 2 <= count <= MOST_PASSES and close(a, count * b):
            one_pass = datum(one)
            text = brief(one_pass) if isinstance(one_pass, float) else f"[{shown(one_pass)}]"
            return f"{count} passes of {text}: zero_grad?"
    return OTHER
