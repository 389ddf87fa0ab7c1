"""Whole matrices of derivatives: many rows or columns for each walk over one trace."""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import Any, Final, NamedTuple

import numpy as np

from autograd import pytree
from autograd.arrays.batch import Batch, BatchedError
from autograd.arrays.batched import BatchedArray
from autograd.engine.arrays import is_foreign, shape_of, size_of
from autograd.engine.cotangents import dtype_of, seed_of, unwrap, zero_of
from autograd.engine.node import next_serial
from autograd.engine.value import Value
from autograd.transforms.derivatives import Argnum, grad
from autograd.transforms.hidden_axes import UNBATCH
from autograd.transforms.trace import Function, Trace, inexact, seeds_like, trace
from autograd.transforms.vmap import owned

ENTRIES: Final = 1 << 18
"""So many entries of the largest array of a graph a walk takes at once.  With fewer, they would
stay in a smaller cache, and a compiled program would have more steps; but both take as many, since
a product of matrices may round otherwise where it has other rows beside it."""

LEAST: Final = 8
"""So many unit vectors a walk takes at least, however large the arrays are."""


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
            if dtype_of(unwrap(y)).kind not in "fciub":
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


def rows(run: Trace) -> list[list[Any]]:
    """The Jacobian block of each output and variable: one pullback for many output entries."""
    blocks = []
    for k, y in enumerate(run.outputs):
        found = walk_units(run, Pull(run, k), y, [v.shape for v in run.variables])
        shapes = [shape_of(unwrap(y)) + v.shape for v in run.variables]
        blocks.append(list(map(reshaped, found, shapes)))
    return blocks


def columns(run: Trace) -> list[list[Any]]:
    """The same blocks: one pushforward for many entries of a variable."""
    blocks: list[list[Any]] = [[] for _ in run.outputs]
    shapes = [shape_of(unwrap(y)) for y in run.outputs]
    for k, v in enumerate(run.variables):
        found = walk_units(run, Push(run, k), v, shapes)
        for block, part, shape in zip(blocks, found, shapes, strict=True):
            turned = np.moveaxis(part, 0, -1) if shape else part
            block.append(reshaped(turned, shape + v.shape))
    return blocks


def reshaped(block: Any, shape: tuple[int, ...]) -> Any:
    """A block in its shape; that of a number with respect to a number is a number."""
    return np.reshape(block, shape) if shape else block[0]


# --- many unit vectors at once --------------------------------------------------------------------
class Pull(NamedTuple):
    """The pullbacks of a trace from one of its outputs."""

    run: Trace
    place: int

    def __call__(self, seed: Any) -> list[Any]:
        """The cotangents of the variables from that of the output."""
        return self.run.pull(seeds_at(self.run.outputs, self.place, seed))


class Push(NamedTuple):
    """The pushforwards of a trace from one of its variables."""

    run: Trace
    place: int

    def __call__(self, seed: Any) -> list[Any]:
        """The tangents of the outputs from that of the variable."""
        return self.run.push(seeds_at(self.run.variables, self.place, seed))


def walk_units(
    run: Trace, walk: Pull | Push, leaf: Any, shapes: Sequence[tuple[int, ...]]
) -> list[Any]:
    """What a walk finds for the unit vectors of the space that a leaf lives in, stacked: arrays of
    shape (number of unit vectors, *shape), one for each of `shapes`.

    The unit vectors are a batch, with as many in one walk as fit into the memory that is next to
    the processor.  One after another go those of numbers, and where a rule cannot take many: a rule
    that a user wrote, a rule that looks at entries."""
    data = unwrap(leaf)
    size = int(size_of(data))
    if size > 1 and can_batch(run):
        try:
            return walk_batches(run, walk, data)
        except BatchedError:
            pass
    found = [walk(unit) for unit in basis(data)]
    return [stacked([row[i] for row in found], (size, *shape)) for i, shape in enumerate(shapes)]


def can_batch(run: Trace) -> bool:
    """Whether rules may meet arrays with a hidden axis: not those that a user wrote, for arrays of
    NumPy, nor arrays of a library that nobody computes."""
    nodes = [*run.variables, *run.reach.inner]
    for v in nodes:
        if v.op is not None and v.op.custom:
            return False
        data = v.data
        if type(data) is not np.ndarray and is_foreign(data) and not hasattr(data, "__usually__"):
            return False
    return True


def walk_batches(run: Trace, walk: Pull | Push, data: Any) -> list[Any]:
    """`walk_units`, many unit vectors at once."""
    size = int(size_of(data))
    largest = max((size_of_node(v) for v in (*run.variables, *run.reach.inner)), default=1)
    count = min(size, max(LEAST, ENTRIES // max(1, largest)))
    parts = []
    for start in range(0, size, count):
        number = min(count, size - start)
        batch = Batch(number, next_serial(), quiet=True)
        units = np.zeros((number, size), inexact_dtype(data))
        units[np.arange(number), start + np.arange(number)] = 1
        seeds = BatchedArray(units.reshape(number, *shape_of(data)), batch)
        try:
            found = walk(seeds)
        finally:
            batch.open = False
        parts.append([UNBATCH(y, axis=0, batch=batch) for y in found])
    if len(parts) > 1:
        return [np.concatenate(column) for column in zip(*parts, strict=True)]
    taken: set[int] = set()
    return [owned(y, taken) for y in parts[0]]


def size_of_node(v: Any) -> int:
    """How many entries a node has; of several outputs the sum."""
    data = v.data
    return sum(map(size_of, data)) if isinstance(data, tuple) else size_of(data)


def inexact_dtype(data: Any) -> Any:
    """The dtype of derivatives with respect to some data."""
    dtype = dtype_of(data)
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


# --- one unit vector after another ----------------------------------------------------------------
def basis(data: Any) -> list[Any]:
    """The unit vectors of the space that some data live in."""
    shape, size = shape_of(data), int(size_of(data))
    if not shape:
        return [np.ones((), inexact_dtype(data))[()]]
    return list(np.eye(size, dtype=inexact_dtype(data)).reshape(size, *shape))


def seeds_at(leaves: list[Any], place: int, unit: Any) -> list[Any]:
    """Cotangents or tangents for all leaves: a unit vector for one of them, zero for the others."""
    data = [inexact(unwrap(leaf)) for leaf in leaves]
    return [seed_of(unit, x, "the seed") if i == place else zero_of(x) for i, x in enumerate(data)]


def stacked(parts: list[Any], shape: tuple[int, ...]) -> Any:
    """Derivatives of equal shape as one array (or Value) of the shape given; one number as it is,
    in a list."""
    if shape == (1,):
        return parts
    if any(type(p) is Value or is_foreign(p) for p in parts):
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
