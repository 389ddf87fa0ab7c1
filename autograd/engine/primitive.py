"""The rule table: one row, a `Primitive`, for every operation that has a derivative.

A row holds a NumPy function, its vector-Jacobian products (one line of mathematics for each
argument), and a kind from which forward mode is derived.  It knows no graph: `engine.value` records
nodes and `engine.reverse` walks them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final, Literal, TypedDict, Unpack, final

import numpy as np

from autograd.engine.arrays import any_foreign, is_foreign
from autograd.engine.node import Recorder

Kind = Literal["elementwise", "linear", "multilinear", "general"]
Rule = Callable[..., Any]
Domain = tuple[float, float]

ndarray: Final = np.ndarray
NUMBERS: Final = frozenset((float, int))
RECORDED_NUMBERS: Final[set[type]] = set()
"""Classes of numbers that write down what is done to them (`autograd.compilation`), with methods
`compute_row(op, args, params)` and `to_numpy()` and the `kind` of number that each is; none until a
function is compiled."""
ANYWHERE: Final[Domain] = (-math.inf, math.inf)


class Columns(TypedDict, total=False):
    """The columns of a row that have a default; `Primitive` says what each one is."""

    name: str
    symbol: str
    computed_by: Callable[..., Any]
    portable: Callable[..., Any]
    vjp_all: Rule
    domain: Domain | tuple[Domain, ...]
    scalar: Callable[..., Any]
    saves: Callable[..., Any]
    add_into: Callable[..., Any]
    sum_into: Callable[..., Any]
    broadcasts: bool
    products: bool
    may_discard_nan: bool
    role: str


@final
class Primitive:
    """One row of the rule table.

    fn       computes y = fn(*args, **params) on plain numbers and arrays.  Arrays are arguments;
             parameters are static and hashable
    portable computes the same on arrays that are not NumPy's, where fn is a kernel of our own that
             writes or indexes; None where fn itself calls only NumPy functions, which dispatch
    key      the NumPy function that the row stands for; nearly always fn itself
    vjp_all  the one question that the engine asks:
             `vjp_all(wanted, g, y, *args, **params)` returns the contribution to each argument,
             None where it is zero or not wanted (`wanted` has a bool for each argument)
    vjps     the one-line rules `vjp(g, y, *args, **params)`, one for each argument, from which
             `vjp_all` is derived; () in a row that gives `vjp_all` itself
    unary_vjp, binary_vjps  the same rules of a row with one or two arguments, for the walk over
             numbers; None and (None, None) for another row
    jvps     forward rules `jvp(t, y, *args, **params)` by argument; only custom functions have them
    kind     what forward mode does:
             elementwise   y[i] depends on x[i] alone: the vjp is its own transpose
             linear        y is linear in all arguments together: fn is its own forward rule
             multilinear   y is linear in each argument: fn with that argument replaced
             general       anything else: forward mode transposes the vjp
    domain   for each argument of an elementwise row, the interval in which it is differentiable
    scalar   the function of module `math` that computes fn for Python floats
    saves    computes (y, saved): the rules then get `saved` as a keyword, except where they run on
             Values, which must compute it again to be differentiated
    add_into    for a row that takes a part of its input: adds g at that part of a buffer in place
    sum_into    the same for many nodes with one input, recorded: their contributions as one Value
    broadcasts  whether arguments are broadcast, so that contributions are summed back
    products    whether each contribution is a sum of products of g with the other arguments
    may_discard_nan  whether the vjp leaves out entries of g, so that a NaN there would go unnoticed
    custom   whether a user defined its rules
    written  the functions that a user wrote for it, by argument: what reports and drawings name
    role     what views and modules know of it: "activation", "rectifier", "reduction", "shape",
             "matrix product", or ""

    >>> import numpy as np
    >>> from autograd.engine.primitive import TABLE
    >>> TABLE[np.tanh].name, TABLE[np.tanh].kind
    ('tanh', 'elementwise')
    """

    __slots__ = (
        *(
            "fn",
            "portable",
            "key",
            "name",
            "symbol",
            "kind",
            "vjps",
            "vjp_all",
            "jvps",
            "domain",
            "scalar",
        ),
        *("saves", "add_into", "sum_into", "broadcasts", "products", "may_discard_nan", "role"),
        *("custom", "written", "unary_vjp", "binary_vjps"),
    )

    def __init__(self, fn: Callable[..., Any], name: str = "", symbol: str = "") -> None:
        self.fn = self.key = fn
        self.name: str = name or getattr(fn, "__name__", type(fn).__name__)
        self.symbol = symbol or self.name
        self.kind: Kind = "general"
        self.vjps: tuple[Rule, ...] = ()
        self.vjp_all: Rule = self.raise_no_rule
        self.unary_vjp: Rule | None = None
        self.binary_vjps: tuple[Rule | None, Rule | None] = (None, None)
        self.jvps: dict[int, Rule | None] = {}
        self.domain: tuple[Domain, ...] = (ANYWHERE,)
        self.scalar: Any = None
        self.portable: Callable[..., Any] | None = None
        self.saves: Callable[..., Any] | None = None
        self.add_into: Callable[..., Any] | None = None
        self.sum_into: Callable[..., Any] | None = None
        self.broadcasts = self.products = self.may_discard_nan = False
        self.custom = True
        self.written: dict[int, Callable[..., Any]] = {}
        self.role = ""

    def __call__(self, *args: Any, **params: Any) -> Any:
        """y = fn(*args, **params); recorded when an argument is a Value."""
        for x in args:
            if isinstance(x, Recorder):
                return x.record_call(self, args, params)
        return self.compute(*args, **params)

    def compute(self, *args: Any, **params: Any) -> Any:
        """y on plain data.  Python numbers stay Python numbers, whose products are four times
        faster than NumPy's scalars': they take the `math` twin where the row has one, and where
        that one raises (log of 0), NumPy's answer is used."""
        if type(args[0]) not in NUMBERS or type(args[-1]) not in NUMBERS:
            if RECORDED_NUMBERS:
                for x in args:
                    if type(x) in RECORDED_NUMBERS:
                        return x.compute_row(self, args, params)
            return self.fn(*args, **params)
        if self.scalar is not None:
            try:
                return self.scalar(*args, **params)
            except (ArithmeticError, ValueError):
                args = tuple(map(float, args))
        y = self.fn(*args, **params)
        return float(y) if type(y) is np.float64 else y

    def compute_foreign(self, *args: Any, **params: Any) -> Any:
        """y where an argument is an array of another library: an array that has the method
        `__compute_row__` computes the row in its own way, any other takes the portable form."""
        computes = first_with("__compute_row__", args)
        if computes is not None:
            return computes(self, args, params)
        assert self.portable is not None
        return self.portable(*args, **params)

    def compute_saving(self, *args: Any, **params: Any) -> Any:
        """(y, saved) of a row that saves something for its rules.  Of arrays of another library,
        one that has the method `__compute_saving__` computes them in its own way; None where there
        is none."""
        assert self.saves is not None
        if not any_foreign(args):
            return self.saves(*args, **params)
        computes = first_with("__compute_saving__", args)
        return None if computes is None else computes(self, args, params)

    def vjp_at(self, slot: int, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        """The contribution to one argument."""
        wanted = [i == slot for i in range(len(args))]
        return self.vjp_all(wanted, g, y, *args, **params)[slot]

    def raise_no_rule(self, wanted: Any, g: Any, y: Any, *args: Any, **params: Any) -> Any:
        """The `vjp_all` of a row without rules."""
        raise no_rule(self, args[list(wanted).index(True)])

    @property
    def has_rules(self) -> bool:
        """Whether the row has derivatives."""
        return self.vjp_all != self.raise_no_rule

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


def first_with(name: str, args: Sequence[Any]) -> Any:
    """The method of a name of the argument that has it and that comes first, as NumPy asks arrays:
    by their `__array_priority__`; None where no argument has it."""
    found = [x for x in args if hasattr(x, name)]
    if not found:
        return None
    return getattr(max(found, key=lambda x: getattr(x, "__array_priority__", 0.0)), name)


def no_rule(op: Primitive, x: Any) -> NotImplementedError:
    """The error for an argument without a derivative."""
    return NotImplementedError(
        f"{op.name} has no derivative with respect to its argument {x!r}: pass its .data (a "
        "constant), or give the operation a rule with autograd.extend.defvjp"
    )


# --- rules ----------------------------------------------------------------------------------------
def identity_vjp(g: Any, y: Any, *args: Any, **params: Any) -> Any:
    """The vjp of an argument that y moves along with, one to one: the cotangent itself."""
    return g


def zero_vjp(g: Any, y: Any, *args: Any, **params: Any) -> None:
    """The vjp of an argument on which y does not depend, or only in steps: zero."""


def ask_each(op: Primitive, vjps: tuple[Rule, ...]) -> Rule:
    """`vjp_all` from one rule for each argument."""
    # Calls without `**params` are three times faster, and most rows have none.
    if len(vjps) == 1:
        (rule,) = vjps

        def ask_one(wanted: Sequence[bool], g: Any, y: Any, *args: Any, **params: Any) -> Any:
            return (rule(g, y, *args, **params) if params else rule(g, y, *args),)

        return ask_one

    if len(vjps) == 2:
        one, two = vjps

        def ask_two(
            wanted: Sequence[bool], g: Any, y: Any, a: Any, b: Any, **params: Any
        ) -> tuple[Any, Any]:
            if params:
                return (
                    one(g, y, a, b, **params) if wanted[0] else None,
                    two(g, y, a, b, **params) if wanted[1] else None,
                )
            return (
                one(g, y, a, b) if wanted[0] else None,
                two(g, y, a, b) if wanted[1] else None,
            )

        return ask_two

    if len(vjps) == 3:
        first, second, third = vjps

        def ask_three(
            wanted: Sequence[bool], g: Any, y: Any, a: Any, b: Any, c: Any, **params: Any
        ) -> tuple[Any, Any, Any]:
            if params:
                return (
                    first(g, y, a, b, c, **params) if wanted[0] else None,
                    second(g, y, a, b, c, **params) if wanted[1] else None,
                    third(g, y, a, b, c, **params) if wanted[2] else None,
                )
            return (
                first(g, y, a, b, c) if wanted[0] else None,
                second(g, y, a, b, c) if wanted[1] else None,
                third(g, y, a, b, c) if wanted[2] else None,
            )

        return ask_three

    raise TypeError(f"{op.name}: a row of {len(vjps)} arguments gives its own vjp_all")


# --- the table ------------------------------------------------------------------------------------
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


def fill(
    kind: Kind, fn: Callable[..., Any], vjps: tuple[Rule | None, ...], columns: Columns
) -> Primitive:
    """Fill the row of `fn`.  A rule given as None is a derivative of zero."""
    op = declare(fn)
    op.kind, op.custom = kind, False
    op.fn = columns.get("computed_by", fn)
    op.portable = columns.get("portable")
    if op.portable is not None:
        op.fn = choosing(op, op.fn)
    op.name = columns.get("name", op.name)
    op.symbol = columns.get("symbol", op.name)
    op.vjps = tuple(zero_vjp if rule is None else rule for rule in vjps)
    op.vjp_all = columns.get("vjp_all") or ask_each(op, op.vjps)
    op.unary_vjp = op.vjps[0] if len(op.vjps) == 1 else None
    op.binary_vjps = (op.vjps[0], op.vjps[1]) if len(op.vjps) == 2 else (None, None)
    domain: Any = columns.get("domain", ANYWHERE)
    op.domain = domain if isinstance(domain[0], tuple) else (domain,) * len(vjps)
    op.scalar = columns.get("scalar")
    op.saves = columns.get("saves")
    op.add_into = columns.get("add_into")
    op.sum_into = columns.get("sum_into")
    op.broadcasts = columns.get("broadcasts", kind == "elementwise")
    op.products = columns.get("products", kind == "multilinear")
    op.may_discard_nan = columns.get("may_discard_nan", zero_vjp in op.vjps)
    op.role = columns.get("role", "")
    return op


def choosing(op: Primitive, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel for NumPy's arrays, which leaves those of other libraries to the portable form."""

    @wraps(kernel)
    def fn(*args: Any, **params: Any) -> Any:
        for x in args:
            if type(x) is not ndarray and is_foreign(x):
                return op.compute_foreign(*args, **params)
        return kernel(*args, **params)

    return fn


def elementwise(
    fn: Callable[..., Any], *vjps: Rule | None, **columns: Unpack[Columns]
) -> Primitive:
    """Add a row whose y[i] depends on the (broadcast) x[i] alone."""
    return fill("elementwise", fn, vjps, columns)


def linear(fn: Callable[..., Any], *vjps: Rule | None, **columns: Unpack[Columns]) -> Primitive:
    """Add a row that is linear in all its arguments together."""
    return fill("linear", fn, vjps, columns)


def multilinear(
    fn: Callable[..., Any], *vjps: Rule | None, **columns: Unpack[Columns]
) -> Primitive:
    """Add a row that is linear in each of its arguments."""
    return fill("multilinear", fn, vjps, columns)


def general(fn: Callable[..., Any], *vjps: Rule | None, **columns: Unpack[Columns]) -> Primitive:
    """Add a row of any other kind."""
    return fill("general", fn, vjps, columns)
