"""Write docs/rules.md from the rule table: every rule as mathematics.

    python -m docs.make_rules            write the page
    python -m docs.make_rules --check    fail where the page is out of date

The mathematics is read off the rules themselves: they are called with symbols, which print what is
done to them.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import autograd  # noqa: F401 (fills the table)
from autograd.engine.dispatch import COMPOSITES, NONDIFFERENTIABLE, UFUNC_METHODS, name_of
from autograd.engine.node import Node
from autograd.engine.primitive import ANYWHERE, TABLE, Primitive, zero_vjp

PAGE = Path(__file__).with_name("rules.md")
ATOM, POWER, UNARY, TIMES, PLUS, COMPARE = 6, 5, 4, 3, 2, 1


class Symbol(Node):
    """An expression that writes itself down; `rank` is how tightly its last operation binds."""

    def __init__(self, text: str, rank: int = ATOM) -> None:
        self.text, self.rank = text, rank

    def at(self, rank: int) -> str:
        """The text, in brackets where it binds less tightly than asked for."""
        return self.text if self.rank >= rank else f"({self.text})"

    def record_call(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Symbol:
        """A call of an operation of the table, written down."""
        inside = [written(x) for x in args] + [f"{k}={written(v)}" for k, v in params.items()]
        return Symbol(f"{op.name}({', '.join(inside)})")

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Symbol:
        return Symbol(f"{ufunc.__name__}({', '.join(written(x) for x in args)})")

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func is np.iscomplexobj:
            return False
        inside = [written(x) for x in args] + [f"{k}={written(v)}" for k, v in kwargs.items()]
        return Symbol(f"{func.__name__}({', '.join(inside)})")

    def __bool__(self) -> bool:
        raise TypeError("a rule that branches on its arguments is told by its docstring")

    def __iter__(self) -> Any:
        raise TypeError("a symbol is no sequence")

    @property
    def data(self) -> Symbol:  # type: ignore[override]
        """Itself: a symbol stands for raw data too."""
        return self

    @property
    def ndim(self) -> Symbol:
        """The number of axes."""
        return Symbol(f"ndim({self.text})")

    @property
    def mT(self) -> Symbol:  # noqa: N802 (NumPy's name)
        """The matrix transpose."""
        return Symbol(f"{self.at(ATOM)}^T")

    @property
    def shape(self) -> Symbol:
        """The shape."""
        return Symbol(f"shape({self.text})")

    def __invert__(self) -> Symbol:
        return Symbol(f"not {self.at(ATOM)}", UNARY)

    def __neg__(self) -> Symbol:
        return Symbol(f"-{self.at(TIMES)}", UNARY if self.rank >= UNARY else TIMES)


def written(x: Any, rank: int = 0) -> str:
    """The text of a symbol or of a constant."""
    if isinstance(x, Symbol):
        return x.at(rank)
    if isinstance(x, float):
        named = {np.pi: "pi", 180 / np.pi: "180 / pi", np.pi / 180: "pi / 180", np.log(2): "log(2)"}
        named |= {2 / np.sqrt(np.pi): "2 / sqrt(pi)", float(np.log(10)): "log(10)", -np.inf: "-inf"}
        return named.get(x, f"{x:g}")
    if isinstance(x, complex):
        return {1j: "i", -1j: "-i"}.get(x, str(x))
    return str(x)


def infix(
    sign: str, rank: int, strict: bool
) -> tuple[Callable[..., Symbol], Callable[..., Symbol]]:
    """The two methods of a binary operator; `strict` where a - (b - c) needs its brackets."""

    def left(a: Any, b: Any) -> Symbol:
        return Symbol(f"{written(a, rank)} {sign} {written(b, rank + strict)}", rank)

    return left, lambda a, b: left(b, a)


for name, sign, rank, strict in (
    *(("add", "+", PLUS, False), ("sub", "-", PLUS, True)),
    *(("mul", "*", TIMES, False), ("truediv", "/", TIMES, True)),
    *(("pow", "**", POWER, True), ("matmul", "@", TIMES, True)),
    *(("and", "and", COMPARE, True), ("or", "or", COMPARE, True)),
):
    forward, backward = infix(sign, rank, strict)
    setattr(Symbol, f"__{name}__", forward)
    setattr(Symbol, f"__r{name}__", backward)
for name, sign in (("eq", "="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")):
    setattr(Symbol, f"__{name}__", infix(sign, COMPARE, True)[0])


def formula(rule: Any, letters: list[str]) -> str:
    """One vjp as mathematics; where a rule depends on shapes, the first line of its docstring."""
    if rule is zero_vjp:
        return "0"
    try:
        output = rule(
            Symbol("g"),
            Symbol("y"),
            *[Symbol(letter) for letter in letters],
            **{name: Symbol(name) for name in required(rule)[2 + len(letters) :]},
        )
        if isinstance(output, Symbol):
            return f"`{output.text}`"
    except Exception:
        pass
    text = (getattr(rule, "__doc__", None) or "by shape").strip().split("\n\n")[0]
    return " ".join(text.split())


def required(rule: Any) -> list[str]:
    """The parameters of a rule that have no default."""
    parameters = inspect.signature(rule).parameters.values()
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [p.name for p in parameters if p.default is p.empty and p.kind not in kinds]


def letters_of(op: Primitive) -> list[str]:
    """Names for the arguments: x alone, else as the rule's author calls them."""
    for rule in op.vjps:
        code = getattr(rule, "__code__", None)
        if code is not None and code.co_argcount - 2 >= len(op.vjps):
            return list(code.co_varnames[2 : 2 + len(op.vjps)])
    return (
        ["x", "a", "b", "c"][: len(op.vjps)] if len(op.vjps) == 1 else list("abcd"[: len(op.vjps)])
    )


def module_of(op: Primitive) -> str:
    """The module that the row stands in, below `autograd.rules`."""
    places = [str(getattr(r, "__module__", "")) for r in (*op.vjps, op.vjp_all)]
    places += [name for name, module in sys.modules.items() if op in vars(module).values()]
    prefix = "autograd.rules."
    return next(p for p in places if p.startswith(prefix)).removeprefix(prefix)


def public_name(op: Primitive) -> str:
    """The function that a reader would call."""
    module = getattr(op.key, "__module__", None) or ""
    return f"`{op.name}`" if module.startswith("autograd") else f"`{name_of(op.key)}`"


def domain_of(op: Primitive) -> str:
    """Where an elementwise row is differentiable, if not everywhere."""
    parts = [d for d in op.domain if d != ANYWHERE]
    return ", ".join(f"({a:g}, {b:g})" for a, b in parts) if op.kind == "elementwise" else ""


def row(op: Primitive) -> str:
    """A line of the page's table."""
    letters = letters_of(op)
    if op.vjps:
        rules = [formula(rule, letters) for rule in op.vjps]
        names = letters if len(rules) > 1 else [""]
        text = "; ".join(f"{n}: {r}" if n else r for n, r in zip(names, rules, strict=True))
    else:
        text = formula(op.vjp_all, [])
    return f"| {public_name(op)} | {op.kind} | {text.replace('|', 'or')} | {domain_of(op)} |"


def page() -> str:
    """The whole page."""
    lines = [
        "# The rule table",
        "",
        "Made by `python -m docs.make_rules`; do not edit.",
        "",
        "`g` is the cotangent of the output `y`, each rule the vector-Jacobian product with",
        "respect to an argument. The kind gives forward mode: an *elementwise* row pushes tangents",
        "with its own rule, a *linear* or *multilinear* one applies the function to the tangent,",
        "and the vjp of any other is transposed. Sums over broadcast axes are left to the engine.",
        "The last column is where the row is differentiable, or where the tests sample it, if that",
        "is not everywhere.",
    ]
    modules: dict[str, list[Primitive]] = {}
    for op in TABLE.values():
        modules.setdefault(module_of(op), []).append(op)
    for module in sorted(modules):
        document = sys.modules[f"autograd.rules.{module}"].__doc__ or ""
        lines += ["", f"## {module}", "", document.strip(), ""]
        lines += ["| function | kind | vjp | domain |", "|---|---|---|---|"]
        lines += sorted(row(op) for op in modules[module])
    lines += ["", "## Put together from these", ""]
    composed = {name_of(f) for f in COMPOSITES if f not in TABLE}
    composed |= {f"np.{ufunc.__name__}.{method}" for ufunc, method in UFUNC_METHODS}
    lines += [", ".join(f"`{name}`" for name in sorted(composed))]
    lines += ["", "## Without a derivative: run on the plain data", ""]
    lines += [", ".join(f"`{name}`" for name in sorted(map(name_of, NONDIFFERENTIABLE)))]
    return "\n".join(lines) + "\n"


def write_or_check(path: Path, text: str, module: str) -> int:
    """Write a page, or with --check compare it; the exit status."""
    if "--check" not in sys.argv:
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        print(f"{path.name} is up to date")
        return 0
    print(f"{path.name} is out of date: run python -m {module}")
    return 1


def main() -> int:
    """Write the page, or compare it."""
    return write_or_check(PAGE, page(), "docs.make_rules")


if __name__ == "__main__":
    sys.exit(main())
