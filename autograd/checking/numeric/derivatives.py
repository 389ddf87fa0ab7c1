"""What the numerical side returns: one slope for every output, or a whole Jacobian of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograd.checking.numeric.probe import Flags, Floats

Rows = NDArray[np.intp]

SMOOTH, EDGE, KINK, UNKNOWN, DOUBT = 0, 1, 2, 3, 4
"""The kinds of a slope: smooth; one-sided, at the edge of the domain; with different slopes on the
two sides; not known; or fine structure that may as well be noise."""


@dataclass
class Slope:
    """The derivative along one line for every output, all of shape (m,).

    `kind` is SMOOTH, EDGE (one-sided, at the edge of the domain), KINK (`left` and `right` differ;
    `value` is their mean), UNKNOWN, or DOUBT (fine structure that has the slope `value`, or noise,
    and then any slope from `left` to `right` is possible). `jump` marks an output that jumps at
    the point; `natural` is how far it moves over the scale of the line, divided by that scale.
    """

    value: Floats
    bar: Floats
    left: Floats
    right: Floats
    kind: NDArray[np.int8]
    jump: Flags
    natural: Floats


@dataclass
class Derivatives:
    """Numerical derivatives of every output to every entry; all arrays have shape (n, m)."""

    value: Floats
    bar: Floats
    left: Floats
    right: Floats
    kind: NDArray[np.int8]
    jump: Flags
    natural: Floats

    @classmethod
    def unknown(cls, n: int, m: int) -> Derivatives:
        """Nothing is known yet."""
        blank = np.full((n, m), np.nan)
        kind = np.full((n, m), UNKNOWN, dtype=np.int8)
        jump = np.zeros((n, m), dtype=bool)
        bar, natural = np.full((n, m), np.inf), np.zeros((n, m))
        return cls(blank.copy(), bar, blank.copy(), blank.copy(), kind, jump, natural)

    def merge(self, other: Derivatives, rows: Rows, where: Flags) -> None:
        """Take the entries `where`, (k, m), of another one that holds these rows only."""
        for mine, new in zip(vars(self).values(), vars(other).values(), strict=True):
            part = mine[rows]
            part[where] = new[where]
            mine[rows] = part

    def put(self, i: int, slope: Slope, where: Flags) -> None:
        """Store what a step sweep found for entry `i` and the outputs `where`."""
        for mine, new in zip(vars(self).values(), vars(slope).values(), strict=True):
            mine[i, where] = new[where]
