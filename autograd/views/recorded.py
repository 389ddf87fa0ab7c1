"""Numbers and arrays that write down what is done to them.

A rule of the table is run on them as it is, never parsed.  Each carries its data, so that a rule
that asks for a shape, or whether an entry is zero, goes the way that it goes for these numbers; and
the text of a NumPy expression that computes it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine.node import Node
from autograd.engine.primitive import Primitive

ATOM, POWER, UNARY, TIMES, ROUND, PLUS, SHIFT, COMPARE = 9, 6, 5, 4, 3, 2, 1, 0
LISTED = 12  # entries of an array of constants up to which it is written out
NAMED = {
    math.pi: "np.pi",
    180 / math.pi: "180 / np.pi",
    math.pi / 180: "np.pi / 180",
    math.log(2): "np.log(2)",
    math.log(10): "np.log(10)",
    2 / math.sqrt(math.pi): "2 / np.sqrt(np.pi)",
    math.inf: "np.inf",
    -math.inf: "-np.inf",
}
FACTS = (np.shape, np.ndim, np.size, np.iscomplexobj, np.isrealobj, np.result_type)
"""Functions of what an array is, not of its entries."""


class CannotWriteError(TypeError):
    """Something that has no short text: a large array of constants, an unknown object."""


@dataclass(slots=True)
class Recording:
    """One run of a rule.  `decided` where its way depended on the numbers that it was given."""

    decided: bool = False


def plain(x: Any) -> Any:
    """The data of what was recorded, in containers too."""
    if isinstance(x, Recorded):
        return x.now
    if isinstance(x, list | tuple):
        return type(x)([plain(part) for part in x])
    return x


def written(x: Any, rank: int = 0) -> str:
    """The text of an operand; in parentheses where it binds less tightly than `rank`."""
    if isinstance(x, Recorded):
        return x.text if x.rank >= rank else f"({x.text})"
    if isinstance(x, list | tuple):
        inside = ", ".join(written(part) for part in x)
        return f"[{inside}]" if isinstance(x, list) else f"({inside}{',' * (len(x) == 1)})"
    if isinstance(x, bool | np.bool_ | type(None) | str | type(...)):
        return "..." if x is ... else repr(x if isinstance(x, str) else x and True)
    if isinstance(x, np.ndarray):
        if x.size > LISTED:
            raise CannotWriteError("an array of constants")
        return written(x.tolist()) if not x.ndim else f"np.array({x.tolist()!r})"
    if isinstance(x, np.dtype | type):
        return f"np.{np.dtype(x).name}"
    if isinstance(x, slice):
        return slice_text(x)
    if isinstance(x, int | float | complex | np.number):
        return number_text(x.item() if isinstance(x, np.number) else x, rank)
    raise CannotWriteError(type(x).__name__)


def number_text(x: complex, rank: int = 0) -> str:
    """A constant, exactly: by name where it has one, a whole number without decimals."""
    if isinstance(x, float) and x in NAMED:
        text = NAMED[x]
        return f"({text})" if " " in text and rank > TIMES else text
    if isinstance(x, float) and x == x and abs(x) < 1e6 and x == int(x):
        x = int(x)
    text = "np.nan" if x != x else repr(x)
    return f"({text})" if text.startswith("-") and rank > PLUS else text


def slice_text(x: slice) -> str:
    """A slice as one writes it."""
    bounds = ["" if bound is None else str(bound) for bound in (x.start, x.stop, x.step)]
    return ":".join(bounds if bounds[2] else bounds[:2])


def index_text(x: Any) -> str:
    """What stands between the brackets of an index."""
    if isinstance(x, tuple) and x:
        return ", ".join(index_text(part) for part in x)
    return written(x)


class Recorded(Node):
    """Data, and the text that computes it; `rank` is how tightly its last operation binds.

    lines  statements that come before it, where an array was written into
    form   ("column", u), ("row", u) or ("product", a, b): what a vector in a matrix product was
           made of, so that `W @ x` needs no extra axes
    """

    __hash__ = object.__hash__

    def __init__(
        self, now: Any, text: str, rank: int = ATOM, run: Recording | None = None, form: Any = None
    ) -> None:
        self.now, self.text, self.rank = now, text, rank
        self.run = run or Recording()
        self.form = form
        self.lines: tuple[str, ...] = ()

    def made(self, now: Any, text: str, rank: int = ATOM, form: Any = None) -> Recorded:
        """A result of the same run."""
        made = Recorded(now, text, rank, self.run, form)
        made.lines = self.lines
        return made

    # --- what it is ---------------------------------------------------------------------------
    @property
    def data(self) -> Recorded:
        """Itself: it stands for plain data, too."""
        return self

    shape = property(lambda self: np.shape(self.now))
    ndim = property(lambda self: np.ndim(self.now))
    size = property(lambda self: int(np.size(self.now)))
    dtype = property(lambda self: np.asarray(self.now).dtype)

    def __compute_row__(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """Kernels that index are written down as they write; others in their portable form."""
        kernel = op.fn.__wrapped__ if {"index", "indices"} & {*params} else op.portable
        return kernel(*args, **params)

    def __usually__(self) -> bool:
        """A rule decided by these numbers: its text holds for them only."""
        self.run.decided = True
        return bool(self.now)

    @property
    def T(self) -> Recorded:  # noqa: N802 (NumPy's name)
        """The transpose."""
        return self.made(np.asarray(self.now).T, f"{written(self, ATOM)}.T")

    @property
    def mT(self) -> Recorded:  # noqa: N802 (NumPy's name)
        """The transpose of the last two axes."""
        if self.ndim == 2:
            return self.T
        return self.made(np.swapaxes(self.now, -1, -2), f"np.swapaxes({self.text}, -1, -2)")

    def __len__(self) -> int:
        return len(self.now)

    def __bool__(self) -> bool:
        self.run.decided = True
        return bool(self.now)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        self.run.decided = True
        return np.asarray(self.now, dtype)

    # --- operations ---------------------------------------------------------------------------
    def record_call(self, op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """A row of the table: its NumPy function where it is one, or linear; else by its name."""
        own = str(getattr(op.fn, "__module__", "")).startswith("autograd")
        if not own or op.kind in ("linear", "multilinear") or op.fn is not op.key:
            return op.fn(*args, **params)
        now = op.compute(*plain(args), **params)
        return self.made(now, call_text(op.name, args, params))

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if method == "at":
            array, place, added = args
            if not isinstance(array, Recorded):
                raise CannotWriteError("a plain array is written into")
            ufunc.at(array.now, plain(place), plain(added))
            array.note(f"np.{ufunc.__name__}.at(d, np.s_[{index_text(place)}], {written(added)})")
            return None
        now = getattr(ufunc, method)(*plain(args), **kwargs)
        if method == "reduce" and ufunc in REDUCTIONS:
            return self.made(now, call_text(REDUCTIONS[ufunc], args, {"axis": 0, **kwargs}))
        if method == "__call__" and ufunc in INFIX and len(args) == 2:
            return INFIX[ufunc](*args)
        if ufunc is np.negative:
            return -args[0]
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        return self.made(now, call_text(f"np.{name}", args, kwargs))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        now = func(*plain(args), **{name: plain(x) for name, x in kwargs.items()})
        if func in FACTS:
            return now
        kwargs = {k: v for k, v in kwargs.items() if not (k == "optimize" and v is False)}
        if func is np.where and len(args) == 3:
            return self.choice(now, *args)
        if func is np.sum and args:
            text = method_text if np.ndim(plain(args[0])) else call_text
            return self.made(now, text("sum" if text is method_text else "np.sum", args, kwargs))
        if func is np.reshape and "shape" in kwargs and set(kwargs.values()) >= {"C"}:
            return self.made(now, f"np.reshape({written(args[0])}, {written(kwargs['shape'])})")
        if func is np.swapaxes and tuple(args[1:]) == (-1, -2):
            return args[0].mT
        if func is np.broadcast_to:
            shape = kwargs.get("shape", args[-1])
            return self.made(now, f"np.broadcast_to({written(args[0])}, {written(shape)})")
        if func is np.zeros_like and kwargs.get("shape") is not None:
            kind = ", complex" if np.iscomplexobj(now) else ""
            return self.made(now, f"np.zeros({written(tuple(kwargs['shape']))}{kind})")
        if func is np.squeeze and (found := squeezed(args[0], now)) is not None:
            return found
        form = extra_axis(args[0], now) if func is np.expand_dims else None
        module = str(func.__module__).removeprefix("numpy").lstrip(".")
        name = f"np.{module}.{func.__name__}" if module in PARTS else f"np.{func.__name__}"
        return self.made(now, call_text(name, args, kwargs), form=form)

    def choice(self, now: Any, condition: Any, a: Any, b: Any) -> Recorded:
        """`np.where`; the one branch that is taken, where the condition was worked out."""
        if isinstance(condition, Recorded) and " " in condition.text:
            self.run.decided = True
            every, none = bool(np.all(condition.now)), not np.any(condition.now)
            branch = a if every else b
            if every or none:
                return self.made(plain(branch), written(branch), getattr(branch, "rank", ATOM))
        return self.made(now, call_text("np.where", (condition, a, b), {}))

    def __getitem__(self, place: Any) -> Recorded:
        if isinstance(place, tuple) and place == ():
            return self
        return self.made(self.now[plain(place)], f"{written(self, ATOM)}[{index_text(place)}]")

    def __setitem__(self, place: Any, x: Any) -> None:
        before, now = self.now[plain(place)], plain(x)
        self.now = np.array(self.now)
        self.now[plain(place)] = now
        added = getattr(x, "form", None)
        if isinstance(added, tuple) and added[0] == "increment" and added[2] is not None:
            self.note(f"d[{index_text(place)}] += {written(added[2])}")
        elif np.shape(before) == np.shape(now) or np.ndim(now) <= np.ndim(before):
            self.note(f"d[{index_text(place)}] = {written(x)}")

    def note(self, statement: str) -> None:
        """One more statement that writes into this array, which is `d` from now on."""
        if not self.lines:
            self.lines = (f"d = {self.text}",)
            self.text, self.rank = "d", ATOM
        self.lines = (*self.lines, statement)

    def __iadd__(self, x: Any) -> Recorded:
        out = self + x
        return self.made(out.now, out.text, out.rank, ("increment", self, x))

    def __invert__(self) -> Recorded:
        return self.made(~np.asarray(self.now), f"~{written(self, ATOM)}", UNARY)

    def __neg__(self) -> Recorded:
        if self.text == "1":
            return self.made(-self.now, "-1", UNARY)
        if self.text.startswith("-") and self.rank in (TIMES, UNARY):
            return self.made(-self.now, self.text[1:], self.rank)
        return self.made(
            -self.now, f"-{written(self, TIMES)}", UNARY if self.rank >= UNARY else TIMES
        )

    def __pow__(self, other: Any) -> Recorded:
        return power(self, other)

    def __rpow__(self, other: Any) -> Recorded:
        return power(other, self)

    # --- the methods of arrays that rules use ---------------------------------------------------
    def sum(self, axis: Any = None, **options: Any) -> Any:
        """`np.sum`."""
        return np.sum(self, axis=axis, **options)

    def astype(self, dtype: Any, *order: Any, **options: Any) -> Recorded:
        """In another dtype; between floats the text stays."""
        now = np.asarray(self.now).astype(dtype)
        if np.dtype(dtype).kind == "f" and np.asarray(self.now).dtype.kind in "fb":
            return self.made(now, self.text, self.rank)
        return self.made(now, f"{written(self, ATOM)}.astype({written(np.dtype(dtype))})")

    def copy(self, *order: Any) -> Recorded:
        """The same numbers."""
        return self.made(np.array(self.now), self.text, self.rank)


PARTS = ("linalg", "fft")
REDUCTIONS = {np.add: "np.sum", np.maximum: "np.max", np.minimum: "np.min"}


def call_text(name: str, args: tuple[Any, ...], options: dict[str, Any]) -> str:
    """A call of a function."""
    inside = [written(x) for x in args]
    inside += [f"{k}={written(v)}" for k, v in options.items() if v is not None and v is not False]
    return f"{name}({', '.join(inside)})"


def method_text(name: str, args: tuple[Any, ...], options: dict[str, Any]) -> str:
    """A call of a method of the first argument."""
    return f"{written(args[0], ATOM)}.{call_text(name, args[1:], options)}"


# --- vectors in products of matrices --------------------------------------------------------------
def extra_axis(x: Any, now: Any) -> Any:
    """The form of a vector with one more axis: a column, or a row."""
    if np.ndim(plain(x)) != 1:
        return None
    return ("column", x) if now.shape[1] == 1 and now.shape[0] != 1 else ("row", x)


def squeezed(x: Any, now: Any) -> Recorded | None:
    """A product with a column or a row, without its extra axis: `W.T @ g`."""
    form = getattr(x, "form", None)
    if not form or form[0] != "product":
        return None
    _, a, b = form
    ends: list[Any] = [getattr(part, "form", None) or ("",) for part in (a, b)]
    if ends[1][0] in ("column", "row") and np.shape(plain(b))[1] == 1:
        b = ends[1][1]
    elif ends[0][0] in ("column", "row") and np.shape(plain(a))[0] == 1:
        a = ends[0][1]
    else:
        return None
    product = binary(operator.matmul, "@", ROUND, True)(a, b)
    return product if np.shape(product.now) == np.shape(now) else None


def outer(a: Any, b: Any) -> Recorded | None:
    """The product of a column and a row, or of a column and a vector."""
    for first, second in ((a, b), (b, a)):
        form, other = getattr(first, "form", None), getattr(second, "form", None)
        if form and form[0] in ("column", "row") and np.shape(plain(first))[-1] == 1:
            vector = other[1] if other and other[0] in ("row", "column") else second
            row = np.ndim(plain(second)) == 1 or np.shape(plain(second))[0] == 1
            if np.ndim(plain(vector)) == 1 and row:
                text = call_text("np.outer", (form[1], vector), {})
                return first.made(plain(first) * plain(second), text)
    return None


# --- operators ------------------------------------------------------------------------------------
def run_of(*operands: Any) -> Recorded:
    """The first operand that was recorded."""
    return next(x for x in operands if isinstance(x, Recorded))


def power(a: Any, b: Any) -> Recorded:
    """a ** b, which binds to the right."""
    now = plain(a) ** plain(b)
    if not isinstance(b, Recorded) and np.ndim(b) == 0 and b == 1:
        return run_of(a).made(now, written(a), getattr(a, "rank", ATOM))
    return run_of(a, b).made(now, f"{written(a, ATOM)}**{written(b, UNARY)}", POWER)


def binary(
    compute: Callable[[Any, Any], Any], sign: str, rank: int, strict: bool
) -> Callable[[Any, Any], Recorded]:
    """A binary operator; `strict` where a - (b - c) needs its parentheses."""

    def apply(a: Any, b: Any) -> Recorded:
        run = run_of(a, b)
        form = ("product", a, b) if sign == "@" else None
        now = compute(plain(a), plain(b))
        if sign in "*/" and (short := shortened(a, b, sign, now)) is not None:
            return short
        left, right = written(a, rank), written(b, rank + strict)
        if right.startswith("-"):
            right = f"({right})"
        return run.made(now, f"{left} {sign} {right}", rank, form)

    return apply


def shortened(a: Any, b: Any, sign: str, now: Any) -> Recorded | None:
    """A product or quotient without factors of one: x * x as x**2, 1 * x as x, x / 1 as x."""
    run = run_of(a, b)
    if sign == "*":
        if (found := outer(a, b)) is not None:
            return found
        for one, other in ((a, b), (b, a)):
            if is_one(one):
                return run.made(now, written(other), getattr(other, "rank", ATOM))
            if isinstance(one, Recorded) and one.text == "-1" and not is_one(other):
                return run.made(now, f"-{written(other, TIMES)}", TIMES)
        if isinstance(a, Recorded) and isinstance(b, Recorded) and a.text == b.text:
            return run.made(now, f"{written(a, ATOM)}**2", POWER)
    elif not isinstance(b, Recorded) and np.ndim(b) == 0 and b == 1:
        return run.made(now, written(a), getattr(a, "rank", ATOM))
    return None


def is_one(x: Any) -> bool:
    """True for the factor 1, and for a cotangent of ones."""
    if isinstance(x, Recorded):
        return x.text == "1"
    return isinstance(x, int | float) and x == 1


INFIX: dict[Any, Callable[[Any, Any], Recorded]] = {np.power: power}
for method, ufunc, sign, rank, strict in (
    ("add", np.add, "+", PLUS, False),
    ("sub", np.subtract, "-", PLUS, True),
    ("mul", np.multiply, "*", TIMES, False),
    ("truediv", np.divide, "/", TIMES, True),
    ("mod", np.remainder, "%", ROUND, True),
    ("floordiv", np.floor_divide, "//", ROUND, True),
    ("matmul", np.matmul, "@", ROUND, True),
    ("and", np.bitwise_and, "&", SHIFT, True),
    ("or", np.bitwise_or, "|", SHIFT, True),
    ("eq", np.equal, "==", COMPARE, True),
    ("ne", np.not_equal, "!=", COMPARE, True),
    ("lt", np.less, "<", COMPARE, True),
    ("le", np.less_equal, "<=", COMPARE, True),
    ("gt", np.greater, ">", COMPARE, True),
    ("ge", np.greater_equal, ">=", COMPARE, True),
):
    apply = INFIX[ufunc] = binary(
        getattr(operator, f"{method}_" if method in ("and", "or") else method), sign, rank, strict
    )
    setattr(Recorded, f"__{method}__", apply)
    if rank != COMPARE:
        setattr(Recorded, f"__r{method}__", lambda b, a, apply=apply: apply(a, b))
