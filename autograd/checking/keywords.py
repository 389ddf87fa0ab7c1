"""What may be passed by keyword: options of the checker, and arguments of the checked function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from autograd.checking.subjects.user_code import name_of, unwrapped

TOLERANCES = ("atol", "rtol", "tol", "tolerance", "nondet_tol", "max_error", "threshold")
STEPS = ("eps", "epsilon", "step", "step_size", "delta", "h")
NO_TOLERANCE = (
    "there is no tolerance to choose: an entry is wrong where it is further from the measured "
    "slope than three error bars, and the bars are measured from the function"
)
NO_STEP = (
    "there is no step to choose: steps come from the scale of each entry and from the noise of the "
    "function, because every fixed one is wrong somewhere"
)
AS_KEYWORD = "; if {name} is an argument of {f}, pass kwargs={{{name!r}: ...}}"
SETTINGS = "seed, kwargs, order, points, reseed, evaluations, seconds, progress, shrink, vjp"


def refuse_unknown(f: Any, options: Mapping[str, Any]) -> None:
    """Raise TypeError for a keyword that neither the checker nor the checked function takes.

    >>> refuse_unknown(lambda x: x, {"eps": 1e-6})
    Traceback (most recent call last):
    TypeError: gradcheck has no option eps: there is no step to choose: steps come from ...
    """
    known = keywords_of(f)
    for name in options:
        if name in known or ("**" in known and name not in (*STEPS, *TOLERANCES)):
            continue
        if name in STEPS or name in TOLERANCES:
            why = NO_STEP if name in STEPS else NO_TOLERANCE
            text = f"{why}{AS_KEYWORD.format(name=name, f=name_of(f))}"
            raise TypeError(f"gradcheck has no option {name}: {text}")
        if "?" not in known:
            raise TypeError(
                f"gradcheck has no option {name}, and {name_of(f)} takes no argument of this name: "
                f"the options are {SETTINGS}"
            )


def keywords_of(f: Callable[..., Any]) -> set[str]:
    """The names that a function takes by keyword; `**` where it takes any, `?` where that is not
    known."""
    try:
        parameters = inspect.signature(unwrapped(f)).parameters.values()
        outer = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return {"?", "**"}
    found = {p.name for p in (*parameters, *outer) if p.kind is not p.POSITIONAL_ONLY}
    inner_takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    return found | ({"**"} if inner_takes_any else set())
