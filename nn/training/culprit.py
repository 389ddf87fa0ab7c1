"""What a loss that is NaN or infinite comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import NonFiniteError, Value, debug
from nn.checks import array_of

Loss = Callable[[Any, Any], Any]


def finite_entries(x: Any) -> bool:
    """Whether all entries are finite; True for what has no numbers."""
    x = x.data if isinstance(x, Value) else x
    kind = getattr(getattr(x, "dtype", None), "kind", "f")
    return kind not in "fc" or bool(np.all(np.isfinite(x)))


def culprit(model: Any, x: Any, y: Any, loss: Loss) -> str:
    """A sentence about the first thing that is not finite: the samples, a parameter, or the
    operation (with its line and the nearest parameter) that yields it."""
    for name, part in (("the samples", x), ("the targets", y)):
        if not finite_entries(array_of(part)):
            return f"{name} of this batch hold a number that is not finite"
    parameters = model.named_parameters() if hasattr(model, "named_parameters") else []
    for path, p in parameters:
        if not finite_entries(p):
            return f"{path} is not finite since the last update"
    try:
        with debug(), np.errstate(all="ignore"):
            cost = loss(model(x), y)
            if isinstance(cost, Value):
                cost.backward()
    except NonFiniteError as error:
        after = nearest_label(error.node)
        return f"{error}" + (f"\n  the nearest parameter is {after}" if after else "")
    except Exception as error:  # what went wrong is reported without the name of the operation
        return f"looking for the operation failed: {error}"
    return "no single operation yields it"


def nearest_label(node: Value | None) -> str:
    """The label of the newest parameter that a node was computed from; empty where none has one."""
    if node is None:
        return ""
    seen: set[int] = set()
    found: list[Value] = []
    stack: list[Any] = [node]
    while stack:
        v = stack.pop()
        if not isinstance(v, Value) or id(v) in seen:
            continue
        seen.add(id(v))
        if v.op is None:
            continue
        labelled = [x for x in v.inputs if isinstance(x, Value) and x.op is None and x.label]
        if labelled:
            found.append(v)
        stack.extend(v.inputs)
    if not found:
        return ""
    latest = max(found, key=lambda v: v.serial)
    return next(x.label for x in latest.inputs if isinstance(x, Value) and x.op is None and x.label)
