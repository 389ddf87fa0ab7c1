"""What a mistake is named from: the claimed and the true Jacobian of one input at one point."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.numeric.derivatives import Rows
from autograd.checking.numeric.probe import Flags, Floats


@dataclass(frozen=True)
class JacobianSample:
    """One input's claimed and true Jacobian at one point, (k, m), with everything around it.

    `x` is the input (flat) of `shape`, `y` the outputs (flat) of `out_shape`; `others`
    maps the name of every other input to its values and its own true Jacobian. Of a complex input
    or output, `shape` or `out_shape` counts real and imaginary parts along one axis; `array_shape`
    is that of the user's array, and `imag_rows` and `imag_columns` mark imaginary parts. `rows` are
    the flat indices of the entries in the user's array where only some are looked at; `lengths` are
    the sizes by which a mean differs from a sum. Entries that are not `known`, at a kink for one,
    are left out of every comparison.
    """

    claimed: Floats
    true: Floats
    bar: Floats
    x: Floats
    shape: tuple[int, ...]
    y: Floats
    out_shape: tuple[int, ...]
    others: dict[str, tuple[Floats, tuple[int, ...], Floats]]
    array_shape: tuple[int, ...] = ()
    imag_rows: Flags | None = None
    imag_columns: Flags | None = None
    rows: Rows | None = None
    lengths: dict[str, float] = field(default_factory=dict)
    known: Flags | None = None

    @property
    def slack(self) -> Floats:
        """How far two equal entries may be apart, (k, m)."""
        size = float(np.max(np.abs(self.true), initial=0.0))
        granted = limit.PATTERN_BARS * self.bar + limit.PATTERN_SHARE * np.abs(self.true)
        return granted + limit.PATTERN_SIZE * size

    def equal(self, model: Floats) -> bool:
        """Whether a model of the claimed Jacobian explains all of it."""
        with np.errstate(invalid="ignore"):
            fits = np.abs(self.claimed - model) <= self.slack * stretch(model, self.true)
        return bool(np.all(fits if self.known is None else fits | ~self.known))

    def right(self, corrected: Floats) -> bool:
        """Whether a corrected claim is the true Jacobian."""
        with np.errstate(invalid="ignore"):
            fits = np.abs(corrected - self.true) <= self.widest
        return bool(np.all(fits if self.known is None else fits | ~self.known))

    @property
    def widest(self) -> Floats:
        """The slack of every column, (1, m): a correction mixes the entries of a column."""
        return np.asarray(np.max(self.slack, axis=0, keepdims=True))

    def place(self, row: int) -> str:
        """The index of an entry in the user's array, as Python writes it: `[2, 0]`."""
        flat = row if self.rows is None else int(self.rows[row])
        if self.imag_rows is not None and self.imag_rows.any():
            flat //= 2
        where = np.unravel_index(flat, self.array_shape) if self.array_shape else ()
        return f"[{', '.join(str(int(k)) for k in where)}]"

    @property
    def wrong(self) -> Flags:
        """The entries that differ from the true ones."""
        off = ~(np.abs(self.claimed - self.true) <= self.slack)
        return np.asarray(off if self.known is None else off & self.known)

    @property
    def moving(self) -> Flags:
        """The entries whose true derivative is known not to be 0."""
        far = np.abs(self.true) > self.slack
        return np.asarray(far if self.known is None else far & self.known)


def stretch(model: Floats, true: Floats) -> Floats:
    """By how much a factor in a model scales the bars of the true entries."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(model / true)
    return np.where(np.isfinite(ratio), np.fmax(ratio, 1.0), 1.0)


@dataclass(frozen=True)
class Finding:
    """A named mistake: its kind (one of a few words) and the sentence of the report.

    `key` is what two points must have in common beside the kind, a factor for one.
    """

    kind: str
    text: str
    key: str = ""
