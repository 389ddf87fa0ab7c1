"""The rule table: one row, a `Primitive`, for every operation that has a derivative.

A row holds a NumPy function, one vector-Jacobian product for each argument, and a kind from which
forward mode is derived.  It knows nothing of graphs; `autograd.engine.value` records them and
`autograd.engine.reverse` traverses them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Literal, final

import numpy as np

Kind = Literal["elementwise", "linear", "multilinear", "reduction", "general"]
Rule = Callable[..., Any]
Domain = tuple[float, float]

NUMBERS: Final = frozenset((float, int))
ANYWHERE: Final[Domain] = (-math.inf, math.inf)


@final
class Mark:
    """Stands in a slot where no input does."""

    __slots__ = ()


ABSENT: Final = Mark()
MANY: Final = Mark()
"""In the slots of a Value's inputs: none here; and, in the second, a tuple of all in the first."""


class Node:
    """What a primitive does not compute itself but hands over: the base of `Value`."""

    __slots__ = ()

    data: Any
    op: Primitive | None
    serial: int

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The Values and constants that the operation took."""
        raise NotImplementedError

    def __record__(self, op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        raise NotImplementedError

    def __apply__(self, op: Primitive) -> Any:
        """`op(self)`, by a shorter way."""
        return op(self)


@final
class Primitive:
    """One row of the rule table.

    fn      computes y = fn(*args, **params) on raw numbers and arrays
    key     the NumPy function that the row stands for; nearly always fn itself
    vjps    for each argument `vjp(g, y, *args, **params)`, or None where there is no derivative;
            for a row with any number of arguments, one function of the argument's position
    joint   instead of vjps, one function that returns the contributions to all arguments
    jvps    forward rules `jvp(t, y, *args, **params)`; only custom functions need them
    kind    elementwise   y[i] depends on x[i] alone: the vjp is its own transpose
            linear        y is linear in all arguments together: fn is its own forward rule
            multilinear   y is linear in each argument: fn with that argument replaced
            reduction     y sums up axes of x: forward mode transposes the vjp
            general       anything else: forward mode transposes the vjp
    domain  for each argument of an elementwise row, the interval in which it is differentiable
    role    what views know of it: "activation", "rectifier", "extremum", "reduction", "shape",
            "matrix product", or ""
    selects y may leave out entries of x, whatever they are (so a NaN in x need not reach y)

    >>> import numpy as np
    >>> from autograd.engine.primitive import TABLE
    >>> TABLE[np.tanh].name, TABLE[np.tanh].kind
    ('tanh', 'elementwise')
    """

    __slots__ = (
        "fn",
        "key",
        "name",
        "symbol",
        "kind",
        "vjps",
        "variadic",
        "joint",
        "jvps",
        "domain",
        "selects",
        "scalar",
        "broadcasts",
        "role",
    )

    def __init__(self, fn: Callable[..., Any], name: str = "", symbol: str = "") -> None:
        self.fn = self.key = fn
        self.name: str = name or getattr(fn, "__name__", type(fn).__name__)
        self.symbol = symbol or self.name
        self.kind: Kind = "general"
        self.vjps: tuple[Rule | None, ...] = ()
        self.variadic: Callable[[int], Rule] | None = None
        self.joint: Rule | None = None
        self.jvps: tuple[Rule | None, ...] = ()
        self.domain: tuple[Domain, ...] = (ANYWHERE,)
        self.selects = False
        self.scalar: Any = None
        self.broadcasts = False
        self.role = ""

    def __call__(self, *args: Any, **params: Any) -> Any:
        """y = fn(*args, **params); recorded when an argument is a Value."""
        for x in args:
            if isinstance(x, Node):
                return x.__record__(self, args, params)
        return self.compute(*args, **params)

    def compute(self, *args: Any, **params: Any) -> Any:
        """y on raw data.  Python numbers stay Python numbers, whose products are four times faster
        than NumPy's scalars': they take the `math` twin where the row has one, and where that one
        raises (log of 0), NumPy's answer."""
        if type(args[0]) not in NUMBERS or type(args[-1]) not in NUMBERS:
            return self.fn(*args, **params)
        if self.scalar is not None:
            try:
                return self.scalar(*args, **params)
            except (ArithmeticError, ValueError):
                args = tuple(map(float, args))
        y = self.fn(*args, **params)
        return float(y) if type(y) is np.float64 else y

    def rules(self, count: int) -> Sequence[Rule | None]:
        """The vjp of each of `count` arguments."""
        if self.variadic is not None:
            return [self.variadic(i) for i in range(count)]
        if self.joint is not None:
            return [partial(nth_of, self.joint, i) for i in range(count)]
        return self.vjps or [None] * count

    def __repr__(self) -> str:
        return f"Primitive({self.name!r}, {self.kind})"

    def __reduce__(self) -> Any:
        """A row of the table pickles as a reference to it."""
        if self.key not in TABLE:
            raise TypeError(
                f"a graph with the custom operation {self.name!r} cannot be pickled: pickle its "
                "leaves (or their .data) and build it again"
            )
        return (row_of, (self.key, self.name))


def identity_vjp(g: Any, y: Any, *args: Any, **params: Any) -> Any:
    """The vjp of an argument that y moves along with, one to one: the cotangent itself."""
    return g


def nth_of(joint: Rule, position: int, *args: Any, **params: Any) -> Any:
    """The contribution to one argument, of a rule that returns those to all."""
    return joint(*args, **params)[position]


TABLE: Final[dict[Callable[..., Any], Primitive]] = {}


def declare(fn: Callable[..., Any]) -> Primitive:
    """The row of `fn`, made empty where the table has none yet."""
    if fn not in TABLE:
        TABLE[fn] = Primitive(fn)
    return TABLE[fn]


def row_of(fn: Callable[..., Any], name: str) -> Primitive:
    """What a pickled Primitive is loaded as."""
    if fn not in TABLE:
        raise LookupError(f"the primitive {name!r} is not registered here: import its module first")
    return TABLE[fn]


def elementwise(
    fn: Callable[..., Any],
    *vjps: Rule | None,
    domain: Domain | tuple[Domain, ...] = ANYWHERE,
    scalar: Callable[..., Any] | None = None,
    name: str = "",
    symbol: str = "",
    selects: bool = False,
    computed_by: Callable[..., Any] | None = None,
) -> Primitive:
    """Add a row whose y[i] depends on the (broadcast) x[i] alone."""
    op = declare(fn)
    op.fn, op.name, op.symbol = computed_by or fn, name or op.name, symbol or op.symbol
    op.kind = "elementwise"
    op.vjps = vjps
    op.scalar = scalar
    op.selects = selects
    op.broadcasts = True
    domains: Any = domain if isinstance(domain[0], tuple) else (domain,) * len(vjps)
    op.domain = domains
    return op


def array_op(
    kind: Kind,
    fn: Callable[..., Any],
    *vjps: Rule | None,
    variadic: Callable[[int], Rule] | None = None,
    joint: Rule | None = None,
    name: str = "",
    symbol: str = "",
    selects: bool = False,
    broadcasts: bool = False,
    computed_by: Callable[..., Any] | None = None,
) -> Primitive:
    """Add a row that is not elementwise."""
    op = declare(fn)
    op.fn, op.name, op.symbol = computed_by or fn, name or op.name, symbol or op.symbol
    op.kind = kind
    op.vjps = vjps
    op.variadic = variadic
    op.joint = joint
    op.selects = selects
    op.broadcasts = broadcasts
    return op


@final
class OutputTuple(tuple[Any, ...]):
    """The cotangents (or tangents) of an operation with several outputs; None stands for zero.

    >>> OutputTuple((1.0, None)) + OutputTuple((2.0, 3.0))
    (3.0, 3.0)
    """

    __slots__ = ()

    def __add__(self, other: object) -> OutputTuple:
        assert isinstance(other, OutputTuple)
        return OutputTuple(
            b if a is None else a if b is None else a + b for a, b in zip(self, other, strict=True)
        )
