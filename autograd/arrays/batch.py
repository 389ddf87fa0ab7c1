"""A batch, the examples of one `vmap`; where batchings are looked up; errors and warnings."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Mapping
from threading import local
from typing import Any, Final, final

import numpy as np

Call = Callable[..., Any]
Rule = Callable[..., Any]

BATCHINGS: Final[dict[Any, Rule]] = {}
"""What a function does to all examples: `rule(batch, *args, **kwargs)` gets the arguments of the
function, of which some are arrays of that batch, and returns its result, or NotImplemented."""

KERNELS: Final[dict[str, Rule]] = {}
"""The same for rows of the rule table whose kernels write or index, by their names:
`rule(batch, op, args, params)`."""

COMPOSITIONS: Final[list[Mapping[Any, Call]]] = []
"""Functions that are put together from others: the second thing that is tried."""

running = local()
"""The functions that a thread is putting together: within one, itself is run in a loop."""


class BatchedError(TypeError):
    """Raised for what cannot be done to many examples at once.

    call_each  what the engine calls with a function that raised it, its arguments and its keyword
               arguments: one example after another"""

    call_each: Any = None


class LoopWarning(UserWarning):
    """Warns that a function is called for one example after another, which is right but slow."""


@final
class Batch:
    """One `vmap`: the number of its examples, and whether it is still running.

    serial  the count of nodes when it began: what is older comes from outside
    open    while it runs, a gradient is that of one example; afterwards the gradients of all
            examples are summed where they reach what the examples share
    quiet   whether no warning is given where examples are taken in a loop
    """

    __slots__ = ("open", "quiet", "serial", "size")

    def __init__(self, size: int, serial: int, quiet: bool = False) -> None:
        self.size, self.serial, self.open, self.quiet = size, serial, True, quiet

    def __repr__(self) -> str:
        return f"Batch({self.size} examples{'' if self.open else ', ended'})"


LIBRARIES: Final = (
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep,
    os.path.dirname(os.path.abspath(np.__file__)) + os.sep,
)
"""Files below these folders are not the user's."""


def composed(function: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function put together from others that have one; NotImplemented where it is not, or where
    that way looks at entries."""
    for functions in COMPOSITIONS:
        if function in functions:
            break
    else:
        return NotImplemented
    known = running.__dict__.setdefault("functions", set())
    if function in known:
        return NotImplemented
    known.add(function)
    try:
        return functions[function](*args, **kwargs)
    except BatchedError:
        return NotImplemented
    finally:
        known.discard(function)


def ragged(name: str, batch: Batch) -> BatchedError:
    """The error for results of several shapes."""
    return BatchedError(
        f"np.{name} gives results of several shapes for the {batch.size} examples of vmap, which "
        "cannot be one array: use np.where with a mask of fixed shape, or a loop over examples"
    )


def warn_of_loop(name: str, batch: Batch) -> None:
    """Warn once at each line of the user's."""
    level = 2
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(LIBRARIES):
        frame, level = frame.f_back, level + 1
    warnings.warn(
        f"vmap: {name} is called for one example after another, {batch.size} times, since it has "
        "no form for many; with functions that have one (docs/vmap.md) it is faster",
        LoopWarning,
        stacklevel=level,
    )
