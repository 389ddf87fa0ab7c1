"""Complex gradients that are right once something is conjugated."""

from __future__ import annotations

import numpy as np

from autograd.checking.diagnose.sample import Finding, JacobianSample
from autograd.checking.numeric.probe import Floats


def conjugated(s: JacobianSample) -> Finding | None:
    """A conjugate that is missing or too many: of the gradient, of g, or of both."""
    rows, columns = s.imag_rows, s.imag_columns
    has_rows = rows is not None and bool(rows.any())
    has_columns = columns is not None and bool(columns.any())
    if s.right(s.claimed) or not (has_rows or has_columns):
        return None
    turned_rows = signs(rows, s.true.shape[0])[:, None]
    turned_columns = signs(columns, s.true.shape[1])[None, :]
    if has_rows and s.right(s.claimed * turned_rows):
        text = "the conjugate of the gradient is right: is a np.conj missing, or one too many?"
        return Finding("conjugate", text)
    if has_columns and s.right(s.claimed * turned_columns):
        text = "with the conjugate of g the gradient is right: is a np.conj missing, or too many?"
        return Finding("conjugate", text)
    if has_rows and has_columns and s.right(s.claimed * turned_rows * turned_columns):
        text = "with g and the gradient both conjugated it is right: is the backward written for "
        text += "the complex convention of another library, or is a derivative not conjugated?"
        return Finding("convention", text)
    if has_rows and rows is not None and real_part_only(s, rows):
        text = "only the real part of the gradient is there: is it lost in a cast or by .real?"
        return Finding("real part", text)
    for scale, words in ((2.0, "twice the gradient"), (0.5, "half of the gradient")):
        if has_rows and s.right(scale * s.claimed * turned_rows):
            text = f"{words}, conjugated, is right: is this the Wirtinger derivative?"
            return Finding("convention", text)
    return None


def signs(imaginary: Floats | np.ndarray | None, size: int) -> Floats:
    """-1 for imaginary parts, 1 for the others."""
    if imaginary is None:
        return np.ones(size)
    return np.where(imaginary, -1.0, 1.0)


def real_part_only(s: JacobianSample, rows: np.ndarray) -> bool:
    """Whether the imaginary parts of the gradient are all zero, and the real parts right."""
    model = np.where(rows[:, None], 0.0, s.true)
    return s.equal(model) and bool(np.any(np.abs(s.true - model) > np.max(s.slack)))
