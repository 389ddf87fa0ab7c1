"""A backward that is right once it is called with its arguments in another order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.checking.diagnose.sample import Finding

Function = Callable[..., Any]
Passes = Callable[[Function], bool]


def exchanged_arguments(vjp: Function, names: list[str], passes: Passes) -> Finding | None:
    """Call the backward as vjp(*inputs, g), and say so where that passes the check.

    `passes` checks the function with another backward.
    """

    def last(g: Any, *inputs: Any, **kwargs: Any) -> Any:
        return vjp(*inputs, g, **kwargs)

    listed = ", ".join(names)
    if passes(last):
        text = f"called as vjp({listed}, g) it is right: are its arguments exchanged? The checker "
        return Finding("exchanged", f"{text}calls vjp(g, {listed})")
    return None
