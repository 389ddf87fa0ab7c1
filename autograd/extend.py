"""Functions with derivatives of your own.

`primitive` with `defvjp` (and, where wanted, `defjvp`) gives a function a rule for each argument;
`custom_vjp` takes a pair of functions, forward and backward.  Rules written with NumPy functions
and operators can be differentiated again.  Check them with `autograd.gradcheck`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial, wraps
from typing import Any

import numpy as np

from autograd.engine import value
from autograd.engine.conversion import dtype_kind, holds_value
from autograd.engine.cotangents import unwrap, zero_of
from autograd.engine.primitive import Node, OutputTuple, Primitive, declare
from autograd.engine.value import GET_OUTPUT, Value

Function = Callable[..., Any]


def primitive(f: Function) -> Function:
    """A function that is one node of the graph; `defvjp` gives it its derivatives.

    f takes plain numbers and arrays, and returns one or a tuple of them.  Its positional arguments
    may be Values; keyword arguments are constants.

    >>> @primitive
    ... def cube(x):
    ...     return x**3
    >>> defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    >>> from autograd import grad
    >>> grad(cube)(2.0), grad(grad(cube))(2.0)
    (12.0, 12.0)
    """
    op = Primitive(f)

    @wraps(f)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return apply(op, f, args, kwargs)

    wrapped.primitive = op  # type: ignore[attr-defined]
    return wrapped


def apply(op: Primitive, f: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a custom function: as it is on constants, as one node where an argument is a Value."""
    refuse_hidden(op, args, kwargs)
    if not any(type(x) is Value for x in args):
        return f(*args, **kwargs)
    y = f(*[unwrap(x) for x in args], **kwargs)
    return record_outputs(op, y, args, kwargs)


def record_outputs(op: Primitive, y: Any, inputs: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """A node for the outcome of a custom function, or a tuple of its parts."""
    if not isinstance(y, tuple):
        return value.node(outcome(op, y), op, inputs, params or None)
    whole = value.node(OutputTuple([outcome(op, part) for part in y]), op, inputs, params or None)
    return tuple(GET_OUTPUT(whole, index=i, count=len(y)) for i in range(len(y)))


def outcome(op: Primitive, y: Any) -> Any:
    """The outcome of a custom function as data: floats keep their dtype, the rest is float64."""
    if isinstance(y, Node):
        raise TypeError(
            f"{op.name} is a primitive: it must return plain numbers or arrays, not Values"
        )
    if isinstance(y, bool | int):
        return float(y)
    kind = dtype_kind(y)
    if type(y) in (float, complex) or kind in ("f", "c"):
        return y
    if kind in ("i", "u", "b"):
        return y.astype(np.float64)
    raise TypeError(
        f"{op.name} must return a number, an array or a tuple of these, got {type(y).__name__}"
    )


def refuse_hidden(op: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Values in keywords or inside lists would be seen as constants: TypeError instead."""
    for name, x in kwargs.items():
        if isinstance(x, Node) or holds_value(x):
            raise TypeError(f"{op.name}: pass the Value in {name!r} as a positional argument")
    for i, x in enumerate(args):
        if not isinstance(x, Node) and holds_value(x):
            raise TypeError(
                f"{op.name}: argument {i} is a list that holds Values: pass them one by one, "
                "or join them with np.stack"
            )


def row(f: Function) -> Primitive:
    """The Primitive behind a function: one made by `primitive`, or the row of a NumPy function."""
    op = getattr(f, "primitive", None)
    return op if isinstance(op, Primitive) else declare(f)


def defvjp(f: Function, *makers: Function | None, argnums: Iterable[int] | None = None) -> None:
    """Give f its reverse-mode derivatives: `maker(ans, *args, **kwargs)` returns the function
    g -> g . df/dx for one argument; None is a derivative of zero.

    f        what `primitive` returned, or a NumPy function that has no rule yet
    makers   one for each argument in turn, or for those that `argnums` lists
    """
    op = row(f)
    rules: dict[int, Function] = {}
    for i, maker in zip(range(len(makers)) if argnums is None else argnums, makers, strict=True):
        rules[i] = partial(from_maker, maker)

    def rule_of(position: int) -> Any:
        return rules.get(position)

    op.vjps, op.variadic = (), rule_of


def from_maker(maker: Function | None, g: Any, y: Any, *args: Any, **kwargs: Any) -> Any:
    """A maker as a rule of the table; several outputs come as tuples."""
    if maker is None:
        return None
    return maker(parts_of(y), *args, **kwargs)(cotangent_of(g, y))


def parts_of(y: Any) -> Any:
    """The outcome as the rule's author knows it: a tuple where there are several."""
    data = unwrap(y)
    if not isinstance(data, OutputTuple):
        return y
    if not isinstance(y, Node):
        return tuple(data)
    return tuple(GET_OUTPUT(y, index=i, count=len(data)) for i in range(len(data)))


def cotangent_of(g: Any, y: Any) -> Any:
    """The cotangent likewise, zeros where an output was not used."""
    if not isinstance(g, OutputTuple):
        return g
    return tuple(zero_of(part) if c is None else c for c, part in zip(g, unwrap(y), strict=True))


def defjvp(f: Function, *rules: Function | None, argnums: Iterable[int] | None = None) -> None:
    """Give f its forward-mode derivatives: `rule(t, ans, *args, **kwargs)` returns df/dx . t for
    one argument.  Without it forward mode transposes the reverse rule.

    >>> @primitive
    ... def double(x):
    ...     return 2 * x
    >>> defjvp(double, lambda t, ans, x: 2 * t)
    >>> from autograd import jvp
    >>> jvp(double, (3.0,), (1.0,))
    (6.0, 2.0)
    """
    op = row(f)
    places = list(range(len(rules)) if argnums is None else argnums)
    slots: list[Function | None] = [None] * (max(places, default=-1) + 1)
    for i, rule in zip(places, rules, strict=True):
        slots[i] = rule
    op.jvps = tuple(slots)


class custom_vjp:  # noqa: N801 (used as a function and as a decorator)
    """A function with a derivative of its own, from a pair of functions.

    forward(*args) returns (y, saved); backward(saved, g) returns the gradient of each argument (a
    tuple, or the one gradient; None is zero).  Either `custom_vjp(forward, backward)`, or decorate
    f and hand over the pair with `defvjp`.

    >>> square = custom_vjp(lambda x: (x * x, x), lambda x, g: g * 2 * x)
    >>> from autograd import grad
    >>> grad(square)(3.0), grad(grad(square))(3.0)
    (6.0, 2.0)
    """

    def __init__(self, forward: Function, backward: Function | None = None) -> None:
        self.plain: Function = forward if backward is None else lambda *xs: forward(*xs)[0]
        self.forward: Function | None = None if backward is None else forward
        self.backward: Function | None = backward
        self.op = Primitive(self.recompute, getattr(forward, "__name__", "custom_vjp"))
        self.op.joint = self.contributions
        self.__doc__ = forward.__doc__ or self.__doc__

    def defvjp(self, forward: Function, backward: Function) -> None:
        """The pair, for a function that was decorated."""
        self.forward, self.backward = forward, backward

    def __call__(self, *args: Any) -> Any:
        """y: plain on constants, a node where an argument is a Value."""
        refuse_hidden(self.op, args, {})
        if not any(type(x) is Value for x in args):
            return self.plain(*args)
        if self.forward is None:
            raise TypeError(
                f"{self.op.name} has no derivative yet: call its .defvjp(forward, backward)"
            )
        y, saved = self.forward(*[unwrap(x) for x in args])
        return record_outputs(self.op, y, args, {"saved": saved})

    def recompute(self, *args: Any, saved: Any = None) -> Any:
        """y alone, from plain arguments: what the checker compares the rule with."""
        return self.plain(*args)

    def contributions(self, g: Any, y: Any, *args: Any, saved: Any) -> list[Any]:
        """The gradients of all arguments.  To be differentiated again, `saved` is recomputed from
        the Values, so that it depends on them."""
        assert self.forward is not None and self.backward is not None
        if any(isinstance(x, Node) for x in args):
            _, saved = self.forward(*args)
        grads = self.backward(saved, cotangent_of(g, y))
        grads = list(grads) if isinstance(grads, tuple | list) else [grads]
        if len(grads) != len(args):
            raise ValueError(
                f"the backward of {self.op.name} returned {len(grads)} gradients "
                f"for {len(args)} arguments"
            )
        return grads
