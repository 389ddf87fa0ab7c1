"""Whole matrices of derivatives, a row or a column for each walk over one trace."""

from __future__ import annotations

from functools import wraps
from typing import Any

import numpy as np

from autograd import pytree
from autograd.engine.arrays import shape_of, size_of
from autograd.engine.cotangents import seed_of, unwrap, zero_of
from autograd.engine.value import Value
from autograd.transforms.derivatives import Argnum, grad
from autograd.transforms.trace import Function, Trace, inexact, seeds_like, trace


def jacobian(f: Function, argnum: Argnum = 0) -> Function:
    """The Jacobian J[i, j] = d f(x)[i] / d x[j], of shape f(x).shape + x.shape.

    Where f or the argument is a tree, so is the result: for each output leaf a tree of Jacobians,
    one for each leaf of the argument.  Runs forward where x has fewer entries than f(x), else in
    reverse.

    >>> jacobian(lambda x: x * x)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        run, structure = trace(f, args, kwargs, argnum)
        for y in run.outputs:
            if np.asarray(unwrap(y)).dtype.kind not in "fciub":
                raise TypeError(
                    f"jacobian needs a function that returns numbers, got {unwrap(y)!r}"
                )
        blocks = blocks_of(run)
        trees = [pytree.unflatten(structure, row) for row in blocks]
        return pytree.unflatten(run.out_structure, trees)

    return wrapped


def blocks_of(run: Trace) -> list[list[Any]]:
    """For each output the Jacobian with respect to each variable, by rows or by columns: what takes
    fewer walks; but a row of a complex output loses the imaginary part of what belongs to a real
    variable, and a column of a real output that of a complex variable."""
    outputs = [np.iscomplexobj(unwrap(y)) for y in run.outputs]
    variables = [np.iscomplexobj(v.data) for v in run.variables]
    by_columns = [[y and not v for v in variables] for y in outputs]
    by_rows = [[v and not y for v in variables] for y in outputs]
    if any(map(any, by_columns)) and any(map(any, by_rows)):
        pairs = zip(rows(run), columns(run), by_columns, strict=True)
        return [
            [c if choose else r for r, c, choose in zip(row, column, choice, strict=True)]
            for row, column, choice in pairs
        ]
    wide = sum(v.size for v in run.variables) >= sum(size_of(unwrap(y)) for y in run.outputs)
    if any(map(any, by_columns)) or not (wide or any(map(any, by_rows))):
        return columns(run)
    return rows(run)


def basis(leaf: Any) -> list[Any]:
    """The unit vectors of the space that a leaf lives in."""
    data = unwrap(leaf)
    shape, size = shape_of(data), int(size_of(data))
    dtype = np.asarray(data).dtype if np.asarray(data).dtype.kind in "fc" else np.float64
    if not shape:
        return [np.ones((), dtype)[()]]
    return list(np.eye(size, dtype=dtype).reshape(size, *shape))


def seeds_at(leaves: list[Any], place: int, unit: Any) -> list[Any]:
    """Cotangents or tangents for all leaves: a unit vector for one of them, zero for the others."""
    data = [inexact(unwrap(leaf)) for leaf in leaves]
    return [seed_of(unit, x, "the seed") if i == place else zero_of(x) for i, x in enumerate(data)]


def rows(run: Trace) -> list[list[Any]]:
    """The Jacobian block of each output and variable, a pullback for each output entry."""
    blocks = []
    for k, y in enumerate(run.outputs):
        pulled = []
        for unit in basis(y):
            pulled.append(run.pull(seeds_at(run.outputs, k, unit)))
        blocks.append(
            [
                stacked([row[i] for row in pulled], shape_of(unwrap(y)) + v.shape)
                for i, v in enumerate(run.variables)
            ]
        )
    return blocks


def columns(run: Trace) -> list[list[Any]]:
    """The same blocks, a pushforward for each entry of the variables."""
    blocks: list[list[Any]] = [[] for _ in run.outputs]
    for k, v in enumerate(run.variables):
        pushed = []
        for unit in basis(v):
            pushed.append(run.push(seeds_at(run.variables, k, unit)))
        for i, y in enumerate(run.outputs):
            shape = shape_of(unwrap(y))
            block = stacked([column[i] for column in pushed], (v.size, *shape))
            flat = np.moveaxis(block, 0, -1)
            blocks[i].append(np.reshape(flat, shape + v.shape) if shape + v.shape else flat[0])
    return blocks


def stacked(parts: list[Any], shape: tuple[int, ...]) -> Any:
    """Derivatives of equal shape as one array (or Value) of the shape given."""
    if not shape:
        return parts[0]
    if any(type(p) is Value for p in parts):
        return np.reshape(np.stack(parts), shape)
    return np.array(parts).reshape(shape)


def hessian(f: Function, argnum: Argnum = 0) -> Function:
    """The Hessian H[i, j] = d2 f(x) / d x[i] d x[j] of a function of one real number.

    >>> hessian(lambda x: x[0] * x[0] * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnum), argnum)


def hessian_vector_product(f: Function, argnum: Argnum = 0) -> Function:
    """The function (x, v) -> H(x) v, without forming H: v comes after the arguments of f.

    >>> product = hessian_vector_product(lambda x: (x**3).sum())
    >>> product(np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([6., 0.])
    """
    gradient = grad(f, argnum)

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        *xs, vector = args
        run, structure = trace(gradient, tuple(xs), kwargs, argnum)
        tangents = seeds_like(run.variables, structure, vector, "the vector")
        return pytree.unflatten(run.out_structure, run.push(tangents))

    return wrapped
