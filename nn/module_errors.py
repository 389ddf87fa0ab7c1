"""Errors of a layer, which say where in the model it stands."""

from __future__ import annotations

import sys
from typing import TypeVar

from autograd import pytree
from nn.finding import Searched, named_modules

E = TypeVar("E", bound=Exception)


def path_of(module: Searched) -> str:
    """The path of a module in the outermost model that is being called; empty where the module
    itself was called.  Read off the frames, so that a model that works pays nothing for it."""
    frame = sys._getframe(1)
    path = ""
    while frame is not None:
        owner = frame.f_locals.get("self")
        if isinstance(owner, Searched) and owner is not module:
            for way, part in named_modules(owner):
                if part is module:
                    path = pytree.dotted(way)
        frame = frame.f_back  # type: ignore[assignment]
    return path


def located(module: Searched, error: E) -> E:
    """The error with the path of the layer in front of its message: raise what this returns."""
    path = path_of(module)
    if path:
        error.args = (f"{path}: {error}", *error.args[1:])
    return error
