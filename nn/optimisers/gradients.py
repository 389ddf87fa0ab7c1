"""The gradients of all parameters as one vector: its length, its direction, and limits to both."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import pytree
from nn.checks import positive
from nn.norms import cosine_similarity
from nn.optimisers.groups import named_values
from nn.optimisers.leaves import data_of

TINY = 1e-6
"""Added to the norm in `clip_gradient_norm`, as PyTorch does."""


def gradient_norm(parameters: Any) -> float:
    """The L2 norm of the gradients of all parameters, taken as one vector.

    parameters  a Module, or a list of Values

    >>> from autograd import Value
    >>> p = Value([3.0, 4.0])
    >>> (p * p).sum().backward()
    >>> gradient_norm([p])
    10.0
    """
    slopes = [data_of(p.grad) for p in named_values(parameters).values]
    return math.sqrt(sum(float(np.vdot(g, g).real) for g in slopes))


def flat_vector(tree: Any) -> Any:
    """All leaves of a tree as one vector, in the order of the tree: of a gradient, say.

    >>> flat_vector({"w": np.ones((2, 2)), "b": [0.5]})
    array([1. , 1. , 1. , 1. , 0.5])
    """
    leaves, _ = pytree.flatten(tree)
    if not leaves:
        raise ValueError("there is nothing in the tree to make a vector of")
    return np.concatenate([np.reshape(x, (-1,)) for x in leaves])


def flat_gradient(parameters: Any) -> Any:
    """The gradients of all parameters as one vector, zeros where none was computed.

    parameters  a Module, or a list of Values

    >>> from autograd import Value
    >>> p, q = Value(3.0), Value([1.0, 2.0])
    >>> (p * q).sum().backward()
    >>> flat_gradient([p, q])
    array([3., 3., 3.])
    """
    return flat_vector([data_of(p.grad) for p in named_values(parameters).values])


def gradient_cosine(a: Any, b: Any) -> Any:
    """The cosine of the angle between two gradients, trees of one structure: 1 where two losses (or
    batches) pull all parameters the same way, 0 where at right angles, -1 where against each other.

    Raises ValueError where the structures differ.

    >>> a, b = {"w": np.array([1.0, 0.0]), "b": 0.0}, {"w": np.array([1.0, 0.0]), "b": 1.0}
    >>> gradient_cosine(a, b)  # doctest: +ELLIPSIS
    np.float64(0.7071...)
    """
    leaves, structure = pytree.flatten(a)
    return cosine_similarity(flat_vector(leaves), flat_vector(pytree.leaves_like(structure, b)))


# --- limits ---------------------------------------------------------------------------------------
def clip_gradient_norm(parameters: Any, limit: float) -> float:
    """Shorten the gradients of all parameters, taken as one vector, to the length `limit` where
    they are longer, in place; returns the length that they had.

    parameters  a Module, or a list of Values

    Raises ValueError for a limit that is not positive, and where the length is NaN or infinite.

    >>> from autograd import Value
    >>> p = Value([3.0, 4.0])
    >>> (p * p).sum().backward()
    >>> clip_gradient_norm([p], 5.0), np.round(p.grad, 3)
    (10.0, array([3., 4.]))
    """
    positive("limit", limit)
    norm = gradient_norm(parameters)
    if not math.isfinite(norm):
        raise ValueError(
            f"the gradient has the length {norm}: look for the operation that yields it with "
            "autograd.debug()"
        )
    factor = limit / (norm + TINY)
    if factor < 1:
        for p in named_values(parameters).values:
            if p.has_grad:
                p.grad = data_of(p.grad) * factor
    return norm


def clip_gradient_value(parameters: Any, limit: float) -> None:
    """Cut every entry of the gradients of all parameters off at -limit and limit, in place.

    parameters  a Module, or a list of Values

    >>> from autograd import Value
    >>> p = Value([3.0, -0.25])
    >>> (p * p).sum().backward()
    >>> clip_gradient_value([p], 1.0)
    >>> p.grad
    array([ 1. , -0.5])
    """
    positive("limit", limit)
    for p in named_values(parameters).values:
        if p.has_grad:
            p.grad = np.clip(data_of(p.grad), -limit, limit)


def clip_by_norm(gradients: Any, limit: float) -> tuple[Any, Any]:
    """`clip_gradient_norm` as a pure function of a tree: the gradients, and the length they had.

    >>> clip_by_norm({"w": 3.0, "b": 4.0}, 10.0)
    ({'w': 3.0, 'b': 4.0}, np.float64(5.0))
    """
    positive("limit", limit)
    leaves, structure = pytree.flatten(gradients)
    squares = [np.sum(abs(g) ** 2) for g in leaves if g is not None]
    norm = np.sqrt(sum(squares[1:], squares[0]))
    factor = np.minimum(limit / (norm + TINY), 1.0)
    short = [None if g is None else scaled(g, factor) for g in leaves]
    return pytree.unflatten(structure, short), norm


def clip_by_value(gradients: Any, limit: float) -> Any:
    """`clip_gradient_value` as a pure function of a tree.

    >>> clip_by_value({"w": np.array([3.0, -0.5])}, 1.0)
    {'w': array([ 1. , -0.5])}
    """
    positive("limit", limit)
    clipped = lambda g: None if g is None else np.clip(g, -limit, limit)
    return pytree.tree_map(clipped, gradients)


def scaled(g: Any, factor: Any) -> Any:
    """g * factor in the dtype of g."""
    if type(g) is float:
        found = g * factor
        return float(found) if isinstance(found, np.generic) else found
    dtype = np.empty(0, g.dtype).real.dtype
    return g * (factor.astype(dtype) if hasattr(factor, "astype") else factor)
