"""Arguments to try each row of the rule table and each composed NumPy function with.

A row that is elementwise and has a domain for each argument is sampled from these domains.  Any
other row needs an entry in ROWS (its name -> arguments and parameters) of one of the files here,
and so does a row with parameters that deserve a look; `tests/rules/test_table.py` fails where a
row has neither.  Every entry of `COMPOSITES` and `UFUNC_METHODS` in `autograd.engine.dispatch`
needs an entry in CALLS (`tests/rules/test_numpy_calls.py`): "sum" for `np.sum`, "linalg.norm" for
`np.linalg.norm`, "add.reduce" for the method of a ufunc.
"""

from __future__ import annotations

from types import ModuleType

from autograd.engine.primitive import Primitive
from tests.samples import arrays, core_calls, core_rows, fft, linalg, sliding, statistics
from tests.samples.draw import Sample, floats, within

__all__ = ["NOT_ELEMENTWISE", "NUMPY_CALLS", "SAMPLES", "Sample", "floats", "samples_of", "within"]


def joined(name: str, *files: ModuleType) -> dict[str, list[Sample]]:
    """The samples of several files; samples of one function may stand in more than one."""
    found: dict[str, list[Sample]] = {}
    for file in files:
        for key, samples in getattr(file, name).items():
            found.setdefault(key, []).extend(samples)
    return found


SAMPLES = joined("ROWS", core_rows, arrays, statistics, linalg, fft, sliding)
"""Row name -> samples."""

NUMPY_CALLS = joined("CALLS", core_calls, arrays, statistics, linalg, fft, sliding)
"""Name of a NumPy function -> calls of it."""


def samples_of(op: Primitive) -> list[Sample]:
    """All samples of a row; empty where it cannot be sampled."""
    found = list(SAMPLES.get(op.name, []))
    count = len(op.vjps)
    if op.kind == "elementwise" and len(op.domain) == count and op.name not in NOT_ELEMENTWISE:
        for shapes in (((2, 3),) * count, ((),) * count, ((2, 1), (3,), (1,))[:count]):
            args = [
                within(domain, *shape, slot=i, seed=op.name)
                for i, (domain, shape) in enumerate(zip(op.domain, shapes, strict=True))
            ]
            found.append(Sample(tuple(args), {}))
    return found


NOT_ELEMENTWISE = ("where",)
"""Rows whose arguments are not all floats."""
