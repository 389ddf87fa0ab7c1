"""Functions with derivatives of your own.

`primitive` with `defvjp` (and, where wanted, `defjvp`) gives a function a rule for each argument;
`custom_vjp` takes a pair of functions, forward and backward.  Rules written with NumPy functions
and operators can be differentiated again.  Check them with `autograd.gradcheck`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from autograd import pytree
from autograd.engine.ancestry import find_ancestors
from autograd.engine.arrays import can_decide, usually
from autograd.engine.conversion import dtype_kind, freeze
from autograd.engine.cotangents import own_copy, unwrap, zero_of
from autograd.engine.dispatch import COMPOSITES, NONDIFFERENTIABLE
from autograd.engine.node import Node, add_note, is_variable
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import TABLE, Primitive, declare, no_rule
from autograd.engine.value import GET_OUTPUT, Value, record_output

__all__ = [
    "can_decide",
    "custom_vjp",
    "defjvp",
    "defvjp",
    "depends_on_variable",
    "primitive",
    "usually",
]

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
        args = tuple(map(freeze, args))
        refuse_hidden(op, args, kwargs)
        y = freeze(f(*[unwrap(x) for x in args], **kwargs))
        if any(type(x) is Value for x in args):
            return record_output(op, checked_output(op, y), args, kwargs)
        refuse_value(op, y)
        return y

    wrapped.primitive = op  # type: ignore[attr-defined]
    return wrapped


def checked_output(op: Primitive, y: Any) -> Any:
    """What a custom function computed, as data: floats keep their dtype, the rest is float64."""
    if isinstance(y, tuple):
        return tuple(checked_output(op, freeze(part)) for part in y)
    y = freeze(y)
    refuse_value(op, y)
    if isinstance(y, bool | int):
        return float(y)
    kind = dtype_kind(y)
    if type(y) in (float, complex) or kind in ("f", "c"):
        return y
    if kind in ("i", "u", "b"):
        return y.astype(float)
    raise TypeError(
        f"{op.name} must return a number, an array or a tuple of these, got {type(y).__name__}"
    )


def refuse_value(op: Primitive, y: Any) -> None:
    """A Value among the outputs was recorded inside, past the rules that the function was given:
    TypeError."""
    if any(isinstance(leaf, Node) for leaf in (y if isinstance(y, tuple) else (y,))):
        raise TypeError(
            f"{op.name} is a primitive: it must return plain numbers or arrays, not Values; a "
            "Value that it uses must be a positional argument"
        )


def refuse_hidden(op: Primitive, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Values in keywords, or inside lists, dicts, dataclasses and other trees, would be taken for
    constants, or be differentiated past the rules: TypeError instead."""
    for name, x in kwargs.items():
        if holds_value(x):
            raise TypeError(f"{op.name}: pass the Value in {name!r} as a positional argument")
    for i, x in enumerate(args):
        if not isinstance(x, Node) and holds_value(x):
            raise TypeError(
                f"{op.name}: argument {i} is a {type(x).__name__} that holds Values: pass them one "
                "by one, or join them with np.stack"
            )


def holds_value(x: Any) -> bool:
    """Whether x is a Value, or a tree, set or queue with one in it."""
    for leaf in pytree.flatten(x)[0]:
        if isinstance(leaf, Node):
            return True
        if isinstance(leaf, set | frozenset | deque) and any(map(holds_value, leaf)):
            return True
    return False


# --- rules for each argument ----------------------------------------------------------------------
def row_to_define(f: Function, replace: bool) -> Primitive:
    """The Primitive behind a function: one made by `primitive`, or the row of a NumPy function.
    ValueError where NumPy's function has a rule already, unless it is to be replaced; TypeError
    for any other function, whose calls nobody sees."""
    op = getattr(f, "primitive", None)
    if isinstance(op, Primitive):
        return op
    if isinstance(f, custom_vjp):
        raise TypeError(f"{f.op.name} is a custom_vjp: call its .defvjp(forward, backward)")
    if not isinstance(f, np.ufunc | type(np.sum)):
        raise TypeError(
            f"{getattr(f, '__name__', f)} is neither made by autograd.primitive nor a function of "
            "NumPy: decorate its definition with @autograd.primitive first"
        )
    known = f in COMPOSITES or f in NONDIFFERENTIABLE or (f in TABLE and TABLE[f].has_rules)
    if known and not replace:
        raise ValueError(
            f"{getattr(f, '__name__', f)} has a rule already, which everybody in this process "
            "uses: wrap it in a primitive of your own, or say replace=True"
        )
    COMPOSITES.pop(f, None)
    NONDIFFERENTIABLE.discard(f)
    return declare(f)


def defvjp(
    f: Function,
    *makers: Function | None,
    argnums: Iterable[int] | None = None,
    replace: bool = False,
) -> None:
    """Give f its reverse-mode derivatives: `maker(ans, *args, **kwargs)` returns the function
    g -> g . df/dx for one argument; None is a derivative of zero.

    f        what `primitive` returned, or a NumPy function
    makers   one for each argument in turn, or for those that `argnums` lists; to differentiate
             with respect to another one is an error
    replace  put these rules in place of the ones that a NumPy function has; without it that is a
             ValueError
    """
    op = row_to_define(f, replace)
    rules = rules_by_argument(makers, argnums)

    def ask(wanted: Sequence[bool], g: Any, y: Any, *args: Any, **kwargs: Any) -> list[Any]:
        outputs = outputs_of(y)
        found: list[Any] = []
        for i, want in enumerate(wanted):
            if want and i not in rules:
                raise no_rule(op, args[i])
            maker = rules.get(i)
            if want and maker is not None:
                vjp = maker(outputs, *args, **kwargs)
                found.append(pulled_back(op, i, vjp, cotangent_of(g, y)))
            else:
                found.append(None)
        return found

    op.vjps, op.vjp_all, op.kind, op.saves = (), ask, "general", None
    op.unary_vjp, op.binary_vjps = None, (None, None)
    op.add_into = op.sum_into = None
    op.written, op.custom = {i: maker for i, maker in rules.items() if maker}, True


def rules_by_argument(
    rules: Sequence[Function | None], argnums: Iterable[int] | None
) -> dict[int, Function | None]:
    """The rules by the positions that `argnums` lists; ValueError where these do not fit."""
    places = range(len(rules)) if argnums is None else list(argnums)
    if len(places) != len(rules) or any(i < 0 for i in places):
        raise ValueError(
            f"argnums lists a position, counted from 0, for each rule: got {len(rules)} rules and "
            f"argnums={places}"
        )
    return dict(zip(places, rules, strict=True))


def pulled_back(op: Primitive, slot: int, vjp: Any, g: Any) -> Any:
    """What the function that a maker returned gives for a cotangent."""
    if not callable(vjp):
        raise TypeError(
            f"the rule of {op.name} for argument {slot} must return a function of g, as in "
            f"`lambda ans, x: lambda g: g * 2 * x`; got {type(vjp).__name__}"
        )
    return contribution(vjp(g))


def contribution(c: Any) -> Any:
    """What a user's rule returned, as the engine can keep it: a list becomes an array, an array is
    copied."""
    c = freeze(c)
    return np.array(c) if isinstance(c, list) and not holds_value(c) else own_copy(c)


def outputs_of(y: Any) -> Any:
    """The output as the rule's author knows it: a tuple where there are several."""
    data = unwrap(y)
    if not isinstance(data, OutputTuple):
        return y
    if not isinstance(y, Node):
        return tuple(data)
    return tuple(GET_OUTPUT(y, index=i, count=len(data)) for i in range(len(data)))


def cotangent_of(g: Any, y: Any) -> Any:
    """The cotangent likewise, zeros where an output was not used; arrays are copies."""
    if not isinstance(g, OutputTuple):
        return own_copy(g)
    return tuple(
        zero_of(part) if c is None else own_copy(c) for c, part in zip(g, unwrap(y), strict=True)
    )


def defjvp(
    f: Function,
    *rules: Function | None,
    argnums: Iterable[int] | None = None,
    replace: bool = False,
) -> None:
    """Give f its forward-mode derivatives: `rule(t, ans, *args, **kwargs)` returns df/dx . t for
    one argument; None is a derivative of zero.  Without it forward mode transposes the reverse
    rule.  `argnums` and `replace` are as in `defvjp`.

    >>> @primitive
    ... def double(x):
    ...     return 2 * x
    >>> defjvp(double, lambda t, ans, x: 2 * t)
    >>> from autograd import jvp
    >>> jvp(double, (3.0,), (1.0,))
    (6.0, 2.0)
    """
    op = row_to_define(f, replace)
    op.jvps = rules_by_argument(rules, argnums)


# --- a pair of functions --------------------------------------------------------------------------
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
        self.op = Primitive(self.compute, getattr(forward, "__name__", "custom_vjp"))
        self.op.vjp_all = self.contributions
        self.op.saves = self.compute_and_save
        self.op.written = {} if backward is None else {0: backward}
        self.__doc__ = forward.__doc__ or self.__doc__

    def defvjp(self, forward: Function, backward: Function) -> None:
        """The pair, for a function that was decorated."""
        self.forward, self.backward = forward, backward
        self.op.written = {0: backward}

    def __call__(self, *args: Any) -> Any:
        """y: plain on constants, a node where an argument is a Value."""
        args = tuple(map(freeze, args))
        refuse_hidden(self.op, args, {})
        if not any(type(x) is Value for x in args):
            y = self.plain(*args)
            refuse_value(self.op, y)
            return y
        y, saved = self.compute_and_save(*[unwrap(x) for x in args])
        output = record_output(self.op, checked_output(self.op, y), args, {})
        whole = output[0].inputs[0] if isinstance(output, tuple) else output
        add_note(whole, "saved", saved)
        return output

    def compute(self, *args: Any) -> Any:
        """y alone, from plain arguments: what the checker compares the rule with."""
        return self.plain(*args)

    def compute_and_save(self, *args: Any) -> tuple[Any, Any]:
        """y, and what the backward is to get."""
        if self.forward is None:
            raise TypeError(
                f"{self.op.name} has no derivative yet: call its .defvjp(forward, backward)"
            )
        pair = self.forward(*args)
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(
                f"the forward of {self.op.name} must return a pair (y, saved), saved may be None; "
                f"got {type(pair).__name__}"
            )
        return pair

    def contributions(self, wanted: Any, g: Any, y: Any, *args: Any, **kept: Any) -> list[Any]:
        """The gradients of all arguments.  To be differentiated again, what was saved is computed
        anew from the Values, so that it depends on them."""
        assert self.backward is not None
        saved = kept["saved"] if "saved" in kept else self.compute_and_save(*args)[1]
        grads = self.backward(saved, cotangent_of(g, y))
        grads = list(grads) if isinstance(grads, tuple | list) else [grads]
        if len(grads) != len(args):
            raise ValueError(
                f"the backward of {self.op.name} returned {len(grads)} gradients "
                f"for {len(args)} arguments"
            )
        return list(map(contribution, grads))


def depends_on_variable(xs: Iterable[Any]) -> bool:
    """Whether one of several Values was computed from a variable of a transform that is running
    now: only then would a derivative be lost if their data were taken.

    >>> from autograd import grad
    >>> def square(x):
    ...     print(depends_on_variable([2.0 * x]))
    ...     return x * x
    >>> grad(square)(3.0), depends_on_variable([Value(3.0) * 2.0])
    True
    (6.0, False)
    """
    computed, leaves, _ = find_ancestors([x for x in xs if type(x) is Value])
    return any(map(is_variable, computed)) or any(map(is_variable, leaves))
