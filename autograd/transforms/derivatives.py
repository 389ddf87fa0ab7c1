"""Derivatives of functions: each transform takes a function and returns one.

Arguments may be numbers, arrays, Values, and trees of these (tuples, lists, dicts, named tuples,
dataclasses); derivatives have the structure of the arguments that they belong to.  All nest in
every order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from autograd import pytree
from autograd.engine.arrays import shape_of, size_of
from autograd.engine.conversion import freeze
from autograd.engine.cotangents import dtype_of, one_of, unwrap
from autograd.transforms.trace import Function, Trace, seeds_like, trace

Argnum = int | tuple[int, ...]


def value_and_grad(f: Function, argnum: Argnum = 0) -> Callable[..., tuple[Any, Any]]:
    """A function that returns (f(x), the gradient of f at x); f must return one real number.

    >>> value_and_grad(lambda x: x * x * x)(2.0)
    (8.0, 12.0)
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run, structure = trace(f, args, kwargs, argnum)
        numbers = run.pull_numbers([1.0])
        if numbers is not None:  # so no older Value is involved, and the value is plain
            return run.outputs[0].data, pytree.unflatten(structure, numbers)
        seed = scalar_seed(run, "grad")
        return run.value, pytree.unflatten(structure, run.pull([seed]))

    return wrapped


def grad(f: Function, argnum: Argnum = 0) -> Function:
    """The gradient of a function that returns one real number.

    f       a function of numbers, arrays, Values or trees of these
    argnum  which positional argument to differentiate; a tuple for several

    Raises ValueError where f returns an array (use `jacobian` or `elementwise_grad`) or a complex
    number.

    >>> grad(lambda x, y: x * y, argnum=(0, 1))(2.0, 5.0)
    (5.0, 2.0)
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    """
    both = value_and_grad(f, argnum)

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return wrapped


def scalar_seed(run: Trace, name: str) -> Any:
    """The cotangent 1 for a function of one real number."""
    if len(run.outputs) != 1:
        raise ValueError(
            f"{name} needs a function of one output, this one returns {len(run.outputs)}"
        )
    y = unwrap(run.outputs[0])
    if type(y) is np.float64 or type(y) is np.float32:
        return type(y)(1)
    if not isinstance(y, int | float | complex | np.generic) and not hasattr(y, "dtype"):
        raise TypeError(f"{name} needs a function that returns a number, this one returns {y!r}")
    if size_of(y) != 1:
        raise ValueError(
            f"{name} needs a scalar output, this function returns shape {shape_of(y)}: "
            "for arrays use jacobian or elementwise_grad"
        )
    if np.iscomplexobj(y):
        raise ValueError(
            f"{name} needs a real output, this function returns a complex number: differentiate "
            "its np.real and np.imag, or use vjp"
        )
    return one_of(y if dtype_of(y).kind == "f" else float(np.asarray(y).item()))


def elementwise_grad(f: Function, argnum: Argnum = 0) -> Function:
    """The derivative of each output entry, for f that acts on each entry of x alone:
    the gradient of sum(f(x)).

    >>> elementwise_grad(np.sin)(np.zeros(2))
    array([1., 1.])
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        run, structure = trace(f, args, kwargs, argnum)
        if len(run.outputs) != 1:
            raise ValueError("elementwise_grad needs a function of one output")
        ones = np.ones_like(unwrap(run.outputs[0]))[()]
        return pytree.unflatten(
            structure, run.pull(seeds_like(run.outputs, pytree.LEAF, ones, "seed"))
        )

    return wrapped


def vjp(f: Function, *xs: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """f(*xs), and the function g -> (g . df/dx, one for each x): vector-Jacobian products.

    `g` has the structure and shapes of the output.  The second function can be called again.

    >>> y, pull = vjp(lambda x, w: x @ w, np.array([1.0, 2.0]), np.eye(2))
    >>> pull(np.array([1.0, 0.0]))[0]
    array([1., 0.])
    """
    run, structure = trace(f, xs, {}, tuple(range(len(xs))))

    def pull(g: Any) -> tuple[Any, ...]:
        cotangents = seeds_like(run.outputs, run.out_structure, g, "the cotangent")
        return pytree.unflatten(structure, run.pull(cotangents))

    return run.value, pull


def jvp(f: Function, xs: tuple[Any, ...], ts: tuple[Any, ...]) -> tuple[Any, Any]:
    """f(*xs), and its derivative along ts: the Jacobian-vector product sum of df/dx . t.

    >>> jvp(lambda x: x * x, (3.0,), (1.0,))
    (9.0, 6.0)
    """
    if not isinstance(xs, tuple | list) or not isinstance(ts, tuple | list):
        raise TypeError(
            "jvp takes the arguments and their tangents as two tuples: jvp(f, (x,), (t,))"
        )
    if len(xs) != len(ts):
        raise ValueError(
            f"jvp needs a tangent for each argument: {len(xs)} and {len(ts)} were given"
        )
    run, structure = trace(f, tuple(xs), {}, tuple(range(len(xs))))
    tangents = seeds_like(run.variables, structure, tuple(ts), "the tangent")
    return run.value, pytree.unflatten(run.out_structure, run.push(tangents))


def make_vjp(f: Function, argnum: Argnum = 0) -> Callable[..., tuple[Function, Any]]:
    """A function of x that returns (g -> g . df/dx, f(x)).

    >>> pull, y = make_vjp(lambda x: x * x)(3.0)
    >>> y, pull(1.0)
    (9.0, 6.0)
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> tuple[Function, Any]:
        run, structure = trace(f, args, kwargs, argnum)

        def pull(g: Any) -> Any:
            cotangents = seeds_like(run.outputs, run.out_structure, g, "the cotangent")
            return pytree.unflatten(structure, run.pull(cotangents))

        return pull, run.value

    return wrapped


def make_jvp(f: Function, argnum: Argnum = 0) -> Callable[..., Callable[[Any], tuple[Any, Any]]]:
    """A function of x that returns t -> (f(x), df/dx . t).

    >>> make_jvp(lambda x: x * x)(3.0)(1.0)
    (9.0, 6.0)
    """

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Callable[[Any], tuple[Any, Any]]:
        run, structure = trace(f, args, kwargs, argnum)

        def push(t: Any) -> tuple[Any, Any]:
            tangents = seeds_like(run.variables, structure, t, "the tangent")
            return run.value, pytree.unflatten(run.out_structure, run.push(tangents))

        return push

    return wrapped


def stop_gradient(tree: Any) -> Any:
    """The same numbers as constants, to every transform: derivatives do not pass.

    >>> grad(lambda x: x * stop_gradient(x))(3.0)
    3.0
    """
    return pytree.tree_map(lambda x: unwrap(freeze(x)), tree)
