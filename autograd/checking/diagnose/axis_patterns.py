"""Mistakes along an axis: a term of a mean or a variance, a shift, a triangle, a symmetric part.

Each correction is applied to the claimed Jacobian, and named only where the result is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.diagnose.sample import Finding, JacobianSample
from autograd.checking.numeric.derivatives import Rows
from autograd.checking.numeric.probe import Floats

Axes = tuple[int, ...]


def unfolded(s: JacobianSample, matrix: Floats) -> Floats:
    """A Jacobian with the axes of the user's array, one for the complex parts, one for outputs."""
    return matrix.reshape(*s.array_shape, -1, matrix.shape[1])


def whole(s: JacobianSample) -> bool:
    """Whether the sample holds every entry of an array that has axes."""
    return s.rows is None and bool(s.array_shape)


def axes_text(s: JacobianSample, axes: Axes) -> str:
    """Along which axes, as part of a sentence."""
    if len(s.array_shape) == 1:
        return "over all entries"
    if len(axes) == len(s.array_shape):
        return "over all axes"
    listed = " and ".join(str(k) for k in axes)
    return f"along {'axis' if len(axes) == 1 else 'axes'} {listed}"


def axis_sets(s: JacobianSample) -> Iterator[Axes]:
    """Every set of axes with at least two entries along it, the small sets first."""
    dims = range(len(s.array_shape))
    for count in range(1, len(s.array_shape) + 1):
        for axes in combinations(dims, count):
            if np.prod([s.array_shape[k] for k in axes]) > 1:
                yield axes


# --- terms of means, variances, norms and sums ----------------------------------------------------
def missing_term(s: JacobianSample) -> Finding | None:
    """The part of the gradient that passes through a mean, a variance, a norm or a sum."""
    if not whole(s) or s.right(s.claimed):
        return None
    claimed = unfolded(s, s.claimed)
    for axes in axis_sets(s):
        along = axes_text(s, axes)
        n = float(np.prod([s.array_shape[k] for k in axes]))
        mean = claimed.mean(axis=axes, keepdims=True)
        centred = claimed - mean
        if s.right(folded(s, centred)):
            text = f"every entry is right once the gradient's mean {along} is taken off"
            return Finding("mean term", f"{text}: is the derivative of a mean {along} missing?")
        found = weighted_term(s, claimed, axes, along) or variance_term(
            s, claimed, centred, axes, along, n
        )
        if found is not None:
            return found
    return constant_error(s)


def folded(s: JacobianSample, array: Floats) -> Floats:
    """Back to a matrix of the shape of the Jacobian."""
    return np.asarray(array.reshape(s.true.shape))


def weighted_term(s: JacobianSample, claimed: Floats, axes: Axes, along: str) -> Finding | None:
    """A term -w * sum(claim * v), with w and v made of the outputs."""
    if s.y.size * claimed.shape[-2] != s.x.size or s.out_shape != s.array_shape:
        return None
    y = s.y.reshape(*s.array_shape, 1, 1)
    with np.errstate(all="ignore"):
        terms = (
            ("sum term", "y times its sum", y, np.ones_like(y), "sum"),
            ("sum term", "exp(y) times its sum", np.exp(y), np.ones_like(y), "sum"),
            ("norm term", "y times the sum of y times it", y, y, "norm"),
        )
        for kind, words, w, v, what in terms:
            term = w * np.sum(claimed * v, axis=axes, keepdims=True)
            if s.right(folded(s, claimed - term)):
                text = f"every entry is right once {words} {along} is taken off"
                return Finding(kind, f"{text}: is the derivative of a {what} {along} missing?")
    return None


def variance_term(
    s: JacobianSample, claimed: Floats, centred: Floats, axes: Axes, along: str, n: float
) -> Finding | None:
    """A term d * sum(claim * d) / sum(d * d), d the input about its mean, or as it is.

    A small number that was added to the variance makes the divisor larger; one number is fitted to
    all entries for it.
    """
    if n < limit.VARIANCE_ENTRIES or claimed.shape[-2] != 1:
        return None
    x = s.x.reshape(*s.array_shape, 1, 1)
    about = x - x.mean(axis=axes, keepdims=True)
    for start, d, kind, what in (
        (claimed, about, "variance term", "a variance"),
        (centred, about, "variance term", "a mean and a variance"),
        (claimed, x, "norm term", "a norm"),
    ):
        squares = np.sum(d * d, axis=axes, keepdims=True)
        projected = d * np.sum(start * d, axis=axes, keepdims=True)
        gap = start - unfolded(s, s.true)
        with np.errstate(all="ignore"):
            over = (*axes, gap.ndim - 1)
            divisors = np.sum(projected**2, axis=over) / np.sum(gap * projected, axis=over)
            added = float(np.median(divisors - squares[..., 0].reshape(divisors.shape)))
            small = abs(added) < limit.VARIANCE_SHARE * float(np.median(squares))
            if small and s.right(folded(s, start - projected / (squares + added))):
                return Finding(
                    kind, f"the term is missing that comes through {what} of the input {along}"
                )
    return None


def constant_error(s: JacobianSample) -> Finding | None:
    """The same error for all entries along some axes."""
    gap = unfolded(s, s.claimed - s.true)
    widest = np.max(s.slack)
    for axes in reversed(list(axis_sets(s))):
        if np.prod([s.array_shape[k] for k in axes]) < limit.CONSTANT_ENTRIES:
            continue
        mean = gap.mean(axis=axes, keepdims=True)
        if np.all(np.abs(gap - mean) <= widest) and np.any(np.abs(mean) > widest):
            along = axes_text(s, axes)
            text = f"for each output the error is the same number {along}"
            guess = "is a constant, or a term of a mean or a sum, missing or too many?"
            return Finding("constant term", f"{text}: {guess}")
    return None


# --- the order of entries -------------------------------------------------------------------------
def permuted(s: JacobianSample) -> Finding | None:
    """The entries along one axis in another order: shifted, reversed, or any other."""
    if not whole(s) or s.right(s.claimed):
        return None
    claimed, true = unfolded(s, s.claimed), unfolded(s, s.true)
    slack = unfolded(s, np.broadcast_to(s.widest, s.true.shape))
    for axis, length in enumerate(s.array_shape):
        if not 2 <= length <= limit.PERMUTED_MOST:
            continue
        lines = [np.moveaxis(a, axis, 0).reshape(length, -1) for a in (claimed, true, slack)]
        order = order_of(*lines)
        if order is None:
            continue
        along = f"along axis {axis}"
        steps = (order - np.arange(length)) % length
        if length == 2:
            return Finding("permutation", f"the two entries {along} are exchanged")
        if np.all(steps == steps[0]):
            by = int(steps[0])
            shown = by if by <= length // 2 else by - length
            text = f"entry i {along} holds the gradient of entry i {'+' if shown > 0 else '-'} "
            text += f"{abs(shown)}: is a shift forgotten, or made in the wrong direction?"
            return Finding("shift", text)
        if np.array_equal(order, np.arange(length)[::-1]):
            return Finding("permutation", f"the gradient is reversed {along}: is a flip missing?")
        listed = ", ".join(str(int(k)) for k in order[:8]) + (", ..." if length > 8 else "")
        text = f"entries 0, 1, ... {along} hold the gradients of entries {listed}"
        return Finding("permutation", f"{text}: is the inverse of the permutation needed?")
    return None


def rearranged(s: JacobianSample) -> Finding | None:
    """All entries of an array of several axes in another order."""
    if not whole(s) or len(s.array_shape) < 2 or s.x.size > limit.PERMUTED_MOST:
        return None
    if (
        s.right(s.claimed)
        or order_of(s.claimed, s.true, np.broadcast_to(s.widest, s.true.shape)) is None
    ):
        return None
    text = "each entry holds the gradient of another one: is a .T or a reshape not undone?"
    return Finding("permutation", text)


def order_of(claimed: Floats, true: Floats, slack: Floats) -> Rows | None:
    """The only order with claimed = true[order], by lines; None where there is none."""
    order = np.empty(len(true), dtype=np.intp)
    for i, line in enumerate(claimed):
        fits = np.flatnonzero(np.all(np.abs(true - line) <= slack + slack[i], axis=1))
        if fits.size != 1:
            return None
        order[i] = fits[0]
    return order if np.unique(order).size == order.size else None


# --- square matrices ------------------------------------------------------------------------------
def symmetric(s: JacobianSample) -> Finding | None:
    """Made symmetric where it should not be, or the other way round; or one triangle only."""
    if not whole(s) or len(s.array_shape) != 2 or s.array_shape[0] != s.array_shape[1]:
        return None
    if s.array_shape[0] < 2 or s.right(s.claimed):
        return None
    claimed, true = unfolded(s, s.claimed), unfolded(s, s.true)

    def turned(a: Floats) -> Floats:
        return a.swapaxes(0, 1)

    if s.equal(folded(s, (true + turned(true)) / 2)):
        text = "the gradient is the symmetric part of the true one"
        return Finding("symmetrised", f"{text}: is (c + c.T) / 2 taken where it should not be?")
    if s.equal(folded(s, true + turned(true))):
        text = "the gradient is the true one plus its transpose"
        return Finding("symmetrised", f"{text}: is c + c.T taken where it should not be?")
    for divisor, words in ((2, "(c + c.T) / 2"), (1, "c + c.T")):
        if s.right(folded(s, (claimed + turned(claimed)) / divisor)):
            text = f"with c the gradient, {words} is right"
            return Finding("not symmetrised", f"{text}: is the gradient to be made symmetric?")
    return triangle(s, true)


def triangle(s: JacobianSample, true: Floats) -> Finding | None:
    """One triangle of the gradient of a square matrix."""
    n = s.array_shape[0]
    rows, columns = np.indices((n, n))
    for name, kept in (
        ("lower triangle", rows >= columns),
        ("upper triangle", rows <= columns),
        ("strictly lower triangle", rows > columns),
        ("strictly upper triangle", rows < columns),
    ):
        model = np.where(kept[:, :, None, None], true, 0.0)
        lost = np.abs(true - model)
        if s.equal(folded(s, model)) and np.any(lost > np.max(s.slack)):
            text = f"only the {name} of the gradient is there, the rest is zero"
            return Finding("triangle", f"{text}: is it to be filled by symmetry?")
        doubled = np.where(kept[:, :, None, None], true + true.swapaxes(0, 1), 0.0)
        diagonal = (rows == columns)[:, :, None, None]
        doubled = np.where(diagonal & kept[:, :, None, None], true, doubled)
        if s.equal(folded(s, doubled)) and not s.equal(s.true):
            text = f"the {name} holds what belongs to both triangles, the rest is zero"
            return Finding("triangle", f"{text}: is it to be divided among both?")
    return None
