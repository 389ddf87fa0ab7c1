"""The works: one file for each family, every contestant's source beside the others'.

The files import nothing but NumPy at the top, since the peers' environments import them too.
"""

from __future__ import annotations

from benchmarks.work import Work
from benchmarks.works import (
    checker,
    classifier,
    convolution,
    examples,
    expression,
    importing,
    indexing,
    matrices,
    optimisers,
    recurrence,
    scalar_gpt,
    scalars,
    transformer,
    writing,
)

FAMILIES = (
    *(scalars, scalar_gpt, classifier, expression, matrices, examples, convolution, transformer),
    *(recurrence, indexing, writing, optimisers, checker, importing),
)
EVERY: tuple[Work, ...] = tuple(work for family in FAMILIES for work in family.WORKS)


def find(name: str) -> Work:
    """The work of a name."""
    for work in EVERY:
        if work.name == name:
            return work
    raise KeyError(f"no work is named {name!r}: `python -m benchmarks --list` shows them")
