"""Why a gradient is wrong: patterns that a wrong Jacobian is compared with, numbers first.

A pattern is named only if it explains every entry that matters at two points; everything else is
left to the numbers.
"""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.diagnose.sample import Finding, JacobianSample
from autograd.checking.subjects.flat_trees import Place
from autograd.checking.subjects.subject import Subject


def ratio_of(s: JacobianSample) -> float | None:
    """The one number c with claimed = c * true, or None."""
    size = float(np.max(np.abs(s.true), initial=0.0))
    if size == 0.0 or not np.isfinite(size):
        return None
    unit = np.where(s.moving, s.true, 0.0) / size
    if not np.any(unit):
        return None
    c = float(np.sum(s.claimed / size * unit)) / float(np.sum(unit * unit))
    return c if s.equal(c * s.true) else None


def lengths_of(subject: Subject, place: Place) -> dict[str, float]:
    """The sizes that a mean or a sum could have put in, by what they are sizes of."""
    outputs = subject.outputs.places
    arrays = [("the input", place.shape)]
    arrays += [("the output" if len(outputs) == 1 else p.name, p.shape) for p in outputs]
    arrays += [(p.name, p.shape) for p in subject.inputs.places if p is not place]
    found: dict[str, float] = {}
    for name, shape in arrays:
        size = int(np.prod(shape))
        if size > 1 and size not in found.values():
            found[f"n = {size} entries in {name}"] = size
        for axis, length in enumerate(shape):
            if length > 1 and length not in found.values():
                found[f"n = {length} along axis {axis} of {name}"] = length
    return found


def constant(s: JacobianSample) -> Finding | None:
    """A constant factor: sign, 2, 1/2, n, 1/n or another number."""
    c = ratio_of(s)
    if c is None or c == 0.0 or abs(c - 1.0) < limit.SAME_FACTOR:
        return None
    size = int(np.sum(s.moving))
    if not size:
        return None
    count, verb = (
        ("the nonzero entry", "has") if size == 1 else (f"all {size} nonzero entries", "have")
    )
    c = rounded(s, c)
    if abs(c + 1) < limit.SAME_FACTOR:
        return Finding("sign", f"{count} {verb} the wrong sign: is a minus missing or too many?")
    shown = f"{count} {'is' if size == 1 else 'are'} {c:.6g} times the true gradient"
    if abs(c) > 1:
        guess = f"is a factor {c:.6g} too many"
        sizes = [text for text, n in s.lengths.items() if abs(abs(c) - n) < limit.SAME_FACTOR * n]
        reason = f", or a sum taken where a mean is meant ({sizes[0]})" if sizes else ""
    else:
        guess = f"is a factor {1 / c:.6g} missing"
        sizes = [text for text, n in s.lengths.items() if abs(abs(c) * n - 1) < limit.SAME_FACTOR]
        reason = f", or a mean taken where a sum is meant ({sizes[0]})" if sizes else ""
    return Finding("factor", f"{shown}: {guess}{reason}?", f"{c:.6g}")


def rounded(s: JacobianSample, c: float) -> float:
    """A factor, as the round number that it may be within the bars of the entries."""
    with np.errstate(divide="ignore", invalid="ignore"):
        unsure = float(np.min((s.slack / np.abs(s.true))[s.moving], initial=np.inf))
    unsure = max(unsure, limit.SAME_FACTOR) * abs(c)
    for digits in range(1, 7):
        for near in (float(f"{c:.{digits}g}"), 1.0 / float(f"{1 / c:.{digits}g}")):
            if abs(near - c) <= unsure:
                return near
    return c


def absent(s: JacobianSample) -> Finding | None:
    """No gradient where there should be one."""
    if not np.any(s.claimed) and np.any(s.wrong):
        return Finding("not propagated", "the gradient is zero everywhere: is it not propagated?")
    return None


def diagonal(s: JacobianSample) -> Finding | None:
    """Only the diagonal of a full Jacobian."""
    k, m = s.true.shape
    if k != m or k < 2 or s.rows is not None:
        return None
    kept = np.diag(np.diag(s.true))
    if s.equal(kept) and not s.equal(s.true):
        text = f"only the diagonal of the {k} x {k} Jacobian is there: are other entries left out?"
        return Finding("diagonal", text)
    return None


def transposed(s: JacobianSample) -> Finding | None:
    """The gradient of a matrix is transposed, or J is used where its transpose belongs."""
    k, m = s.true.shape
    if s.rows is not None:
        return None
    if len(s.shape) == 2:
        rows, columns = s.shape
        turned = s.true.reshape(rows, columns, m)
        if rows == columns and s.equal(turned.swapaxes(0, 1).reshape(k, m)):
            return Finding(
                "transposed", "every gradient equals the true one transposed: is a .T missing?"
            )
        mixed = turned.swapaxes(0, 1).reshape(k, m)
        if rows != columns and s.equal(mixed):
            return Finding(
                "transposed",
                "the entries are those of the transposed gradient, reshaped: is a .T missing?",
            )
    if k == m and k > 1 and s.equal(s.true.T) and not s.equal(s.true):
        text = "the Jacobian is transposed (J g in place of J.T g): is a .T missing?"
        return Finding("transposed", text)
    return None


def swapped(s: JacobianSample) -> Finding | None:
    """The gradient of another input."""
    for name, (_, shape, true) in s.others.items():
        if (
            shape == s.shape
            and true.shape == s.true.shape
            and s.equal(true)
            and not s.equal(s.true)
        ):
            return Finding("swapped", f"this is the gradient of {name}: are the two swapped?")
    return None


def unsummed(s: JacobianSample) -> Finding | None:
    """A broadcast input whose gradient misses some of its copies."""
    k, m = s.true.shape
    if s.rows is not None or k >= m or not broadcasts(s.shape, s.out_shape):
        return None
    present = np.abs(s.claimed) > s.slack
    model = np.where(present, s.true, 0.0)
    if not s.equal(model):
        return None
    copies, kept = np.sum(np.abs(s.true) > s.slack, axis=1), np.sum(present, axis=1)
    if np.all(kept < copies) and np.all(kept > 0):
        return Finding(
            "broadcast",
            f"{int(kept[0])} of {int(copies[0])} broadcast copies of the input reach the gradient: "
            "is the sum over a broadcast axis missing?",
        )
    return None


def broadcasts(shape: tuple[int, ...], out_shape: tuple[int, ...]) -> bool:
    """Whether an array of this shape broadcasts to the other."""
    try:
        return np.broadcast_shapes(shape, out_shape) == out_shape
    except ValueError:
        return False


def overwritten(s: JacobianSample) -> Finding | None:
    """Of the outputs that an entry reaches, one gives its gradient: `=` where `+=` is needed."""
    present = np.abs(s.claimed) > s.slack
    moving = np.abs(s.true) > s.slack
    copies, kept = np.sum(moving, axis=1), np.sum(present, axis=1)
    several = copies > 1
    if s.rows is not None or not several.any() or not s.equal(np.where(present, s.true, 0.0)):
        return None
    if np.all(kept[several] == 1) and np.array_equal(kept[~several], copies[~several]):
        first = int(np.flatnonzero(several)[0])
        text = f"entry {s.place(first)} reaches {int(copies[first])} outputs, and the gradient of "
        text += "one of them arrives: is = (or x[i] += c) used where np.add.at is needed?"
        return Finding("copies", text)
    return None
