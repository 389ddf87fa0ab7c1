"""Inverses, linear systems and powers of matrices.

The derivative of the inverse is d(A^-1) = -A^-1 dA A^-1 (Giles 2008, "An extended collection of
matrix derivative results"); everything else follows from it and from products.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from autograd.engine.arrays import usually
from autograd.engine.cotangents import unwrap
from autograd.engine.dispatch import implements
from autograd.engine.primitive import general
from autograd.engine.refusals import refuse_out
from autograd.rules.linalg.matrices import (
    as_column,
    identity_like,
    in_floats,
    rows_and_columns,
)
from autograd.rules.selection import where_row
from autograd.rules.shape import shape_of, transposed

inv_row = general(np.linalg.inv, lambda g, y, x: -(transposed(y) @ g @ transposed(y)), name="inv")


@implements(np.linalg.inv)
def inv(a: Any) -> Any:
    """`np.linalg.inv`."""
    return inv_row(a)


def solve_rule(wanted: Any, g: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """y = a^-1 b: with h = a^-T g, to b goes h, to a goes -h y^T."""
    a = without_lost_matrices(a, g)
    h = solve_row(transposed(a), g)
    return -(h @ transposed(without_lost(y, g))) if wanted[0] else None, h


def without_lost(y: Any, g: Any) -> Any:
    """y with zeros in the columns that are not finite and whose cotangents are all 0: a system of
    which the solution is infinite or NaN adds nothing where it is left out."""
    finite = np.all(np.isfinite(unwrap(y)), axis=-2, keepdims=True)
    lost = ~finite & np.all(unwrap(g) == 0, axis=-2, keepdims=True)
    return y if usually(~np.any(lost), unknown=False) else np.where(lost, 0, y)


def without_lost_matrices(a: Any, g: Any) -> Any:
    """a with the identity in place of the matrices that are not finite and whose solutions have
    cotangents of 0 alone."""
    finite = np.all(np.isfinite(unwrap(a)), axis=(-2, -1), keepdims=True)
    if usually(np.all(finite)):
        return a
    lost = ~finite & np.all(unwrap(g) == 0, axis=(-2, -1), keepdims=True)
    return np.where(lost, identity_like(a, rows_and_columns(a)[0]), a)


solve_row = general(np.linalg.solve, vjp_all=solve_rule, broadcasts=True, name="solve")
"""Right-hand sides are matrices; both arguments are broadcast."""


@implements(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    """`np.linalg.solve`; as in NumPy 2, b is one vector only where it has one axis."""
    a, b = in_floats(a), in_floats(b)
    if len(shape_of(b)) == 1:
        return solve_row(a, as_column(b))[..., 0]
    return solve_row(a, b)


@implements(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    """`np.linalg.tensorinv`: the inverse of the matrix from the later axes to the first `ind`."""
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    shape = shape_of(a)
    size = prod(shape[ind:])
    return np.reshape(np.linalg.inv(np.reshape(a, (size, -1))), (*shape[ind:], *shape[:ind]))


@implements(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """`np.linalg.tensorsolve`: x with tensordot(a, x, x.ndim) = b, the `axes` of a moved last."""
    count = len(shape_of(a))
    order = list(range(count))
    for axis in () if axes is None else axes:
        order.remove(axis)
        order.append(axis)
    a = np.transpose(a, order)
    shape = shape_of(a)[len(shape_of(b)) - count :] if count > len(shape_of(b)) else ()
    size = prod(shape)
    if prod(shape_of(a)) != size**2:
        raise np.linalg.LinAlgError(
            "Input arrays must satisfy the requirement "
            "prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    return np.reshape(np.linalg.solve(np.reshape(a, (size, size)), np.ravel(b)), shape)


@implements(np.linalg.matrix_power)
def matrix_power(a: Any, n: Any) -> Any:
    """`np.linalg.matrix_power`: by squaring, with the products that NumPy makes."""
    rows, columns = shape_of(a)[-2:] if len(shape_of(a)) > 1 else (0, -1)
    if rows != columns:
        np.linalg.matrix_power(np.empty(shape_of(a)), 1)  # NumPy's error
    n = operator.index(n)
    if n == 0:
        return where_row(False, a, identity_like(a, rows))
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 1:
        return np.copy(a)
    if n == 3:
        return (a @ a) @ a
    power, y = a, None
    while n:
        n, odd = divmod(n, 2)
        if odd:
            y = power if y is None else y @ power
        if n:
            power = power @ power
    return y


@implements(np.linalg.multi_dot)
def multi_dot(arrays: Sequence[Any], *, out: None = None) -> Any:
    """`np.linalg.multi_dot`: a product of matrices in the order that costs least; the first and
    the last may be vectors."""
    refuse_out("linalg.multi_dot", out)
    arrays = [in_floats(a) for a in arrays]
    shapes = [shape_of(a) for a in arrays]
    np.linalg.multi_dot([np.empty((1,) * len(s)) for s in shapes])  # NumPy's errors
    first, last = len(shapes[0]) == 1, len(shapes[-1]) == 1
    if first:
        arrays[0] = np.expand_dims(arrays[0], 0)
    if last:
        arrays[-1] = as_column(arrays[-1])
    y = chain(arrays)
    if first and last:
        return y[0, 0]
    return y[0] if first else y[:, 0] if last else y


def chain(arrays: list[Any]) -> Any:
    """A product of matrices: of all ways to set brackets, the cheapest."""
    sizes = [shape_of(arrays[0])[0], *[shape_of(a)[1] for a in arrays]]
    count = len(arrays)
    best: dict[tuple[int, int], tuple[int, int]] = {(i, i): (0, i) for i in range(count)}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            best[i, j] = min(
                (
                    best[i, k][0] + best[k + 1, j][0] + sizes[i] * sizes[k + 1] * sizes[j + 1],
                    k,
                )
                for k in range(i, j)
            )

    def product(i: int, j: int) -> Any:
        cut = best[i, j][1]
        return arrays[i] if i == j else product(i, cut) @ product(cut + 1, j)

    return product(0, count - 1)
