"""The rules of operations on numbers as JavaScript, so that a page can compute them again.

Each row is run on numbers that write down what is done to them; no source is parsed.  What such a
number meets in the end are functions of NumPy and kernels of our own, which `FUNCTIONS` spells in
JavaScript.  A row that meets another function has no program, and a graph with it none either.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.engine.node import Node
from autograd.engine.primitive import Primitive
from autograd.views.engine_calls import contributions
from autograd.views.snapshot import Snapshot

LETTERS = "abc"
FUNCTIONS = {
    **{
        name: f"Math.{name}({{0}})"
        for name in (
            *("exp", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan"),
            *("sinh", "cosh", "tanh", "sign", "floor", "ceil", "trunc"),
        )
    },
    **{f"arc{name}": f"Math.a{name}({{0}})" for name in ("sin", "cos", "tan", "sinh", "cosh")},
    "arctanh": "Math.atanh({0})",
    "arctan2": "Math.atan2({0},{1})",
    "hypot": "Math.hypot({0},{1})",
    "absolute": "Math.abs({0})",
    "fabs": "Math.abs({0})",
    "fix": "Math.trunc({0})",
    "exp2": "Math.pow(2,{0})",
    "power": "Math.pow({0},{1})",
    "maximum": "Math.max({0},{1})",
    "minimum": "Math.min({0},{1})",
    "add": "({0}+{1})",
    "subtract": "({0}-{1})",
    "multiply": "({0}*{1})",
    "divide": "({0}/{1})",
    "negative": "(-{0})",
    "positive": "{0}",
    "reciprocal": "(1/{0})",
    "square": "({0}*{0})",
    "degrees": "({0}*180/Math.PI)",
    "rad2deg": "({0}*180/Math.PI)",
    "radians": "({0}*Math.PI/180)",
    "deg2rad": "({0}*Math.PI/180)",
    "fmod": "({0}%{1})",
    "floor_divide": "floorDivide({0},{1})",
    "remainder": "remainder({0},{1})",
    "rint": "rint({0})",
    "fmax": "fmax({0},{1})",
    "fmin": "(-fmax(-{0},-{1}))",
    "copysign": "copysign({0},{1})",
    "heaviside": "({0}===0?{1}:Math.max(Math.sign({0}),0))",
    "ldexp": "({0}*Math.pow(2,{1}))",
    "logaddexp": "logaddexp({0},{1})",
    "logaddexp2": "(logaddexp({0}*Math.LN2,{1}*Math.LN2)/Math.LN2)",
    "conjugate": "{0}",
    "real": "{0}",
    "isfinite": "+Number.isFinite({0})",
    "isnan": "+Number.isNaN({0})",
    "clip": "Math.min(Math.max({0},{1}),{2})",
    "where": "({0}?{1}:{2})",
    "relu": "Math.max({0},0)",
    "sigmoid": "sigmoid({0})",
    "softplus": "(Math.max({0},0)+Math.log1p(Math.exp(-Math.abs({0}))))",
    "sinc": "sinc({0})",
    "erf": "erf({0})",
    "astype": "{0}",
    "copy": "{0}",
}
"""JavaScript of the functions that rules call, by name."""

PRELUDE = """
const floorDivide=(a,b)=>b===0?a/b:Math.floor((a-remainder(a,b))/b+.5);
function remainder(a,b){const r=a%b;return r!==0&&(r<0)!==(b<0)?r+b:r===0?copysign(0,b):r}
function rint(x){const r=Math.round(x);return Math.abs(x%1)===.5&&r%2!==0?r-1:r}
const fmax=(a,b)=>Number.isNaN(a)?b:Number.isNaN(b)?a:Math.max(a,b);
const copysign=(a,b)=>Math.abs(a)*(b<0||Object.is(b,-0)?-1:1);
function logaddexp(a,b){return a===b?a+Math.LN2:Math.max(a,b)+Math.log1p(Math.exp(-Math.abs(a-b)))}
function sigmoid(x){const e=Math.exp(-Math.abs(x));return(x>=0?1:e)/(1+e)}
const sinc=x=>x===0?1:Math.sin(Math.PI*x)/(Math.PI*x);
function erf(x){const a=Math.abs(x);if(a>6)return Math.sign(x);let s=x,t=x;
if(a<3){for(let k=1;k<200;k++){t*=-x*x/k;s+=t/(2*k+1)}return s*2/Math.sqrt(Math.PI)}
let f=0;for(let k=80;k>0;k--)f=k/2/(a+f);
return Math.sign(x)*(1-Math.exp(-x*x)/Math.sqrt(Math.PI)/(a+f))}
""".strip()
"""The functions that JavaScript's `Math` lacks."""


class NoScriptError(TypeError):
    """Something that has no JavaScript here."""


class Script(Node):
    """A number as an expression in JavaScript."""

    __hash__ = object.__hash__
    shape, ndim, size = (), 0, 1

    def __init__(self, text: str) -> None:
        self.text = text

    @property
    def data(self) -> Script:
        """Itself: it stands for plain data, too."""
        return self

    def record_call(self, op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """An operation of the table."""
        return applied(op, args, params)

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Script:
        if method != "__call__" or kwargs:
            raise NoScriptError(ufunc.__name__)
        return called(ufunc.__name__, args)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func is np.iscomplexobj:
            return False
        if func in (np.shape, np.ndim):
            return () if func is np.shape else 0
        return called(func.__name__, args)

    def __bool__(self) -> bool:
        raise NoScriptError("a rule that branches")

    def __getitem__(self, place: Any) -> Script:
        if place != ():
            raise NoScriptError("an index")
        return self

    def __invert__(self) -> Script:
        return Script(f"+!{self.text}")

    def __neg__(self) -> Script:
        return Script(f"(-{self.text})")

    def __pow__(self, other: Any) -> Script:
        return called("power", (self, other))

    def __rpow__(self, other: Any) -> Script:
        return called("power", (other, self))


for method, sign in (
    *(("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/"), ("and", "&"), ("or", "|")),
    *(("eq", "==="), ("ne", "!=="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")),
):
    number = "" if method in ("add", "sub", "mul", "truediv", "and", "or") else "+"

    def apply(a: Any, b: Any, sign: str = sign, number: str = number) -> Script:
        """The operator."""
        return Script(f"{number}({script(a)}{sign}{script(b)})")

    setattr(Script, f"__{method}__", apply)
    if not number:
        setattr(Script, f"__r{method}__", lambda b, a, apply=apply: apply(a, b))


def script(x: Any) -> str:
    """An operand as JavaScript."""
    if isinstance(x, Script):
        return x.text
    if isinstance(x, bool | np.bool_):
        return str(int(x))
    if isinstance(x, int | float | np.integer | np.floating):
        x = float(x)
        if not math.isfinite(x):
            return "NaN" if x != x else "Infinity" if x > 0 else "(-Infinity)"
        text = str(int(x)) if x == int(x) and abs(x) < 1e15 and x else repr(x)
        return f"({text})" if text.startswith("-") else text
    raise NoScriptError(type(x).__name__)


def called(name: str, args: tuple[Any, ...]) -> Script:
    """A call of a function that JavaScript has, or the prelude."""
    if name not in FUNCTIONS:
        raise NoScriptError(name)
    return Script(FUNCTIONS[name].format(*map(script, args)))


def applied(op: Primitive, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
    """The result of an operation, as JavaScript."""
    name = getattr(op.key, "__name__", "")
    if name in FUNCTIONS and not params:
        return called(name, args)
    if op.custom:
        raise NoScriptError(op.name)  # what a user's function does is not asked for
    return op.fn(*args, **params)


def operation_script(
    op: Primitive, count: int, params: dict[str, Any]
) -> tuple[str, list[str]] | None:
    """The value of an operation in `a b c`, and the contribution to each argument in `g y a b c`;
    None where there is no JavaScript for it.

    >>> from autograd.engine.primitive import TABLE
    >>> operation_script(TABLE[np.tanh], 1, {})
    ('Math.tanh(a)', ['(g*(1-(y*y)))'])
    """
    args = tuple(Script(letter) for letter in LETTERS[:count])
    try:
        if count > len(LETTERS) or op.custom:
            raise NoScriptError(op.name)
        value = script(applied(op, args, params))
        found = contributions(op, [True] * count, Script("g"), Script("y"), args, params)
        return value, ["0" if c is None else script(c) for c in found]
    except Exception:  # a page without sliders is better than none
        return None


def scalar_program(snapshot: Snapshot) -> dict[str, Any] | None:
    """The program of a graph of real numbers, as README.md says; None where a node is no number, an
    operand is no constant number, or an operation has no JavaScript."""
    nodes = snapshot.nodes
    if any(type(n.value) is not float or n.dtype not in ("float", "float64") for n in nodes):
        return None
    known: dict[object, int] = {}
    operations: list[tuple[str, list[str]]] = []
    of: list[int] = []
    for node, v in zip(nodes, snapshot.values, strict=True):
        if v.op is None:
            of.append(-1)
            continue
        params = v.params or {}
        if len(node.numbers) < len(node.constants):
            return None
        key = (v.op, tuple(params.items()))
        if key not in known:
            found = operation_script(v.op, len(v.inputs), params)
            if found is None:
                return None
            known[key] = len(operations)
            operations.append(found)
        of.append(known[key])
    return {"prelude": PRELUDE, "operations": operations, "of": of}
