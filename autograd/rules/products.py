"""Products of arrays.  matmul and einsum are rows; the others are put together from them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from autograd.engine.conversion import join_values
from autograd.engine.cotangents import stand_in, unwrap
from autograd.engine.dispatch import implements, plain
from autograd.engine.indexing import ARRAY
from autograd.engine.primitive import multilinear
from autograd.engine.refusals import refuse_out
from autograd.rules.indexing import scatter
from autograd.rules.operands import operand
from autograd.rules.shape import place_of, reshape_row, shape_of, transposed


def matmul_left(g: Any, y: Any, a: Any, b: Any) -> Any:
    """d(a @ b) with respect to a is g @ b^T, with vectors as one row or one column."""
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b if a.ndim > 1 else g * b
    if a.ndim == 1:
        return np.squeeze(np.expand_dims(g, -2) @ transposed(b), -2)
    return g @ transposed(b)


def matmul_right(g: Any, y: Any, a: Any, b: Any) -> Any:
    """d(a @ b) with respect to b is a^T @ g."""
    if a.ndim == 1:
        return np.expand_dims(g, -2) * np.expand_dims(a, -1) if b.ndim > 1 else g * a
    if b.ndim == 1:
        return np.squeeze(transposed(a) @ np.expand_dims(g, -1), -1)
    return transposed(a) @ g


matmul = multilinear(
    np.matmul, matmul_left, matmul_right, symbol="@", broadcasts=True, role="matrix product"
)


@implements(np.dot)
def dot(a: Any, b: Any, out: None = None) -> Any:
    """`np.dot`."""
    refuse_out("dot", out)
    a, b = join_values(a), join_values(b)
    if not shape_of(a) or not shape_of(b):
        return a * b
    if len(shape_of(b)) <= 2:
        return matmul(a, b)
    return tensordot(a, b, ((-1,), (-2,)))


@implements(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    """`np.vdot`: the sum of conj(a) * b over all entries."""
    a = np.ravel(a)
    return matmul(np.conjugate(a) if np.iscomplexobj(unwrap(a)) else a, np.ravel(b))


@implements(np.vecdot)
def vecdot(a: Any, b: Any, /) -> Any:
    """`np.vecdot`: the sum of conj(a) * b over the last axis."""
    a, b = join_values(a), join_values(b)
    need_core("vecdot", shape_of(a)[-1:], shape_of(b)[-1:], 1)
    return np.sum(np.conjugate(a) * b, axis=-1)


def need_core(name: str, of_matrix: tuple[int, ...], of_vector: tuple[int, ...], ndim: int) -> None:
    """ValueError where the last axes of operands are too few, or have lengths that differ: they are
    not broadcast."""
    if len(of_matrix) < ndim or of_matrix[-1:] != of_vector or not of_vector:
        raise ValueError(f"np.{name}: the operands' last axes {of_matrix} and {of_vector} differ")


def matvec(a: Any, b: Any, /) -> Any:
    """`np.matvec`: matrices by vectors, both broadcast."""
    a, b = join_values(a), join_values(b)
    need_core("matvec", shape_of(a)[-2:], shape_of(b)[-1:], 2)
    return np.squeeze(matmul(a, np.expand_dims(b, -1)), -1)


def vecmat(a: Any, b: Any, /) -> Any:
    """`np.vecmat`: conj(vectors) by matrices, both broadcast."""
    a, b = join_values(a), join_values(b)
    need_core("vecmat", shape_of(b)[:-3:-1], shape_of(a)[-1:], 2)
    return np.squeeze(matmul(np.expand_dims(np.conjugate(a), -2), b), -2)


for twin in (matvec, vecmat):  # NumPy 2.2 brought them
    if hasattr(np, twin.__name__):
        implements(getattr(np, twin.__name__))(twin)


@implements(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    """`np.inner`: over the last axis of both."""
    if not shape_of(a) or not shape_of(b):
        return a * b
    return tensordot(a, b, ((-1,), (-1,)))


@implements(np.outer)
def outer(a: Any, b: Any, out: None = None) -> Any:
    """`np.outer`."""
    refuse_out("outer", out)
    return reshape_row(a, shape=(-1, 1)) * reshape_row(b, shape=(1, -1))


@implements(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """`np.tensordot`: one matrix product of both, their axes sorted into kept and summed."""
    shape_a, shape_b = shape_of(a), shape_of(b)
    if np.ndim(axes) == 0:
        axes = (range(len(shape_a) - axes, len(shape_a)), range(axes))
    summed_a = [place_of(i, len(shape_a)) for i in np.atleast_1d(list_of(axes[0]))]
    summed_b = [place_of(i, len(shape_b)) for i in np.atleast_1d(list_of(axes[1]))]
    if [shape_a[i] for i in summed_a] != [shape_b[i] for i in summed_b]:
        raise ValueError(
            f"tensordot: shapes {shape_a} and {shape_b} do not match along axes {axes}"
        )
    kept_a = [i for i in range(len(shape_a)) if i not in summed_a]
    kept_b = [i for i in range(len(shape_b)) if i not in summed_b]
    length = int(np.prod([shape_a[i] for i in summed_a], dtype=int))
    size_a = int(np.prod([shape_a[i] for i in kept_a], dtype=int))
    size_b = int(np.prod([shape_b[i] for i in kept_b], dtype=int))
    left = np.reshape(np.transpose(a, [*kept_a, *summed_a]), (size_a, length))
    right = np.reshape(np.transpose(b, [*summed_b, *kept_b]), (length, size_b))
    return np.reshape(left @ right, (*[shape_a[i] for i in kept_a], *[shape_b[i] for i in kept_b]))


def list_of(axes: Any) -> Any:
    """Axes given as a range, a list or a number, as NumPy takes them."""
    return list(axes) if np.ndim(axes) or isinstance(axes, range) else axes


@implements(np.kron)
def kron(a: Any, b: Any) -> Any:
    """`np.kron`: b in blocks, multiplied by each entry of a."""
    a, b = operand(a), operand(b)
    ndim = max(a.ndim, b.ndim)
    shape_a, shape_b = ((1,) * (ndim - x.ndim) + shape_of(x) for x in (a, b))
    left = reshape_row(a, shape=tuple(n for size in shape_a for n in (size, 1)))
    right = reshape_row(b, shape=tuple(n for size in shape_b for n in (1, size)))
    merged = tuple(n * m for n, m in zip(shape_a, shape_b, strict=True))
    return reshape_row(left * right, shape=merged)


@implements(np.cross)
def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """`np.cross`: of vectors of two or three components, the third of two being 0."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = operand(a), operand(b)
    if not a.ndim or not b.ndim:
        raise ValueError("np.cross takes arrays of one dimension at least")
    a = np.moveaxis(a, place_of(axisa, a.ndim), -1)
    b = np.moveaxis(b, place_of(axisb, b.ndim), -1)
    lengths = {shape_of(a)[-1], shape_of(b)[-1]}
    if not lengths <= {2, 3}:
        raise ValueError(f"np.cross takes vectors of two or three components, got {lengths}")
    if 2 in lengths:
        text = "np.cross of vectors of two components is deprecated in NumPy 2.0"
        warnings.warn(text, DeprecationWarning, stacklevel=5)
    left, right = ([x[..., i] for i in range(shape_of(x)[-1])] for x in (a, b))
    last = left[0] * right[1] - left[1] * right[0]
    if lengths == {2}:
        return last
    ndim = max(a.ndim, b.ndim)
    y = np.stack([turned(left, right, 1, 2), turned(left, right, 2, 0), last], axis=-1)
    return np.moveaxis(y, -1, place_of(axisc, ndim))


def turned(a: list[Any], b: list[Any], i: int, j: int) -> Any:
    """a[i] * b[j] - a[j] * b[i], of which a product with a third component that is not there
    is left out."""
    if max(i, j) >= len(a):
        return a[i] * b[j] if i < len(a) else -(a[j] * b[i])
    if max(i, j) >= len(b):
        return -(a[j] * b[i]) if i < len(b) else a[i] * b[j]
    return a[i] * b[j] - a[j] * b[i]


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


# --- einsum ---------------------------------------------------------------------------------------
def einsum_arrays(*operands: Any, subscripts: str) -> Any:
    """`np.einsum` with the operands first, in the order that costs least."""
    return np.einsum(subscripts, *operands, optimize=len(operands) > 2)


def einsum_rule(wanted: Any, g: Any, y: Any, *operands: Any, subscripts: str) -> list[Any]:
    """The vjp of einsum."""
    return [
        operand_rule(i, g, *operands, subscripts=subscripts) if want else None
        for i, want in enumerate(wanted)
    ]


def operand_rule(position: int, g: Any, *operands: Any, subscripts: str) -> Any:
    """The vjp for one operand: the einsum of g with all others, into its own letters."""
    inputs, output = subscripts.split("->")
    letters = inputs.split(",")
    own, others = letters[position], letters[:position] + letters[position + 1 :]
    arrays = [*operands[:position], *operands[position + 1 :]]
    shape = shape_of(operands[position])
    sizes = dict(zip(own, shape, strict=True))
    target = "".join(dict.fromkeys(own))
    for letter in target:  # a letter summed in this operand alone: g is broadcast along it
        if letter not in output and not any(letter in other for other in others):
            others, arrays = [*others, letter], [*arrays, np.ones(sizes[letter], g.dtype)]
    product = einsum_row(g, *arrays, subscripts=",".join([output, *others]) + "->" + target)
    return product if target == own else on_diagonal(product, target, own, shape)


def on_diagonal(product: Any, target: str, own: str, shape: tuple[int, ...]) -> Any:
    """The entries placed where repeated letters of an operand ("ii") agree, zeros elsewhere."""
    grid = np.ogrid[tuple(slice(n) for n in shape_of(product))]
    places = dict(zip(target, grid, strict=True))
    arrays = [places[letter] for letter in own]
    return scatter(product, *arrays, index=(ARRAY,) * len(own), shape=shape, unique=True)


einsum_row = multilinear(
    np.einsum,
    vjp_all=einsum_rule,
    computed_by=einsum_arrays,
    name="einsum",
    broadcasts=True,
)


@implements(np.einsum)
def einsum(*operands: Any, out: None = None, optimize: Any = False, **options: Any) -> Any:
    """`np.einsum`, with a string of subscripts or with lists of integers."""
    refuse_out("einsum", out)
    if options or optimize not in (False, True):
        zeros = [x if x is unwrap(x) else stand_in(x) for x in operands]
        np.einsum(*plain(zeros), optimize=optimize, **options)  # NumPy's errors
    if not isinstance(operands[0], str):
        operands = from_lists(operands)
    subscripts, *arrays = operands
    arrays = [join_values(a) for a in arrays]
    if options.get("dtype") is not None:
        arrays = [np.asarray(a) if isinstance(a, list) else a for a in arrays]
        arrays = [a.astype(options["dtype"]) for a in arrays]
    y = einsum_row(
        *arrays, subscripts=explicit_subscripts(subscripts, [len(shape_of(a)) for a in arrays])
    )
    order = options.get("order", "K")
    return y if order == "K" else np.copy(y, order)


def from_lists(operands: tuple[Any, ...]) -> tuple[Any, ...]:
    """einsum(a, [0, 1], b, [1, 2], [0, 2]) as subscripts in letters, which sort as the numbers do:
    the order of the output where none is given."""
    sorted_letters = sorted(LETTERS)
    lists = [*operands[1::2]] if len(operands) % 2 == 0 else [*operands[1::2], operands[-1]]
    texts = ["".join("..." if i is Ellipsis else sorted_letters[i] for i in part) for part in lists]
    count = len(operands) // 2
    output = "->" + texts[count] if len(operands) % 2 else ""
    return (",".join(texts[:count]) + output, *operands[: 2 * count : 2])


def explicit_subscripts(subscripts: str, dims: list[int]) -> str:
    """Subscripts with a letter for every axis, "..." included, and an explicit output."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    terms = inputs.split(",")
    if len(terms) != len(dims):
        raise ValueError(f"einsum: {len(terms)} operands in {subscripts!r}, {len(dims)} given")
    free = [letter for letter in LETTERS if letter not in subscripts]
    extra = [
        n - len(t.replace("...", "")) if "..." in t else 0 for t, n in zip(terms, dims, strict=True)
    ]
    dots = "".join(free[: max(extra)])
    terms = [t.replace("...", dots[len(dots) - n :]) for t, n in zip(terms, extra, strict=True)]
    for term, n in zip(terms, dims, strict=True):
        if len(term) != n:
            raise ValueError(f"einsum: {term!r} in {subscripts!r} names {len(term)} axes of {n}")
    if not arrow:
        joined = "".join(terms)
        once = sorted(c for c in set(joined) - set(dots) if joined.count(c) == 1)
        output = "..." + "".join(once)
    return ",".join(terms) + "->" + output.replace("...", dots)
