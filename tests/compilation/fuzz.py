"""Random programs, compiled: each gives the same as eager, bit for bit, or raises.

    python -m tests.compilation.fuzz --count 5000 --seed 0

prints what became of them, and every program that gives something else.
"""

from __future__ import annotations

import argparse
import copy
import math
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

import autograd
from autograd import Value, elementwise_grad, grad, jvp, pytree, value_and_grad
from autograd.compilation.compiled import compile as compiled_of
from autograd.compilation.recording import CannotRecord

NAMES: Final[dict[str, Any]] = {
    "np": np,
    "Value": Value,
    "grad": grad,
    "value_and_grad": value_and_grad,
    "jvp": jvp,
    "elementwise_grad": elementwise_grad,
    "autograd": autograd,
}


def lines(text: str) -> list[str]:
    """The lines of a text."""
    return text.strip().split("\n")


# --- programs -------------------------------------------------------------------------------------
@dataclass
class Sample:
    """A random program.

    text      its source: a function `program(args, s, tree, rng)`
    wrt       which positional arguments it is differentiated to; () for none
    captured  arrays that it captures by name, which change between calls
    points    arguments to call it with, of one signature
    """

    text: str
    wrt: tuple[int, ...]
    captured: dict[str, Any]
    points: list[tuple[Any, ...]]

    def function(self) -> Callable[..., Any]:
        """The function."""
        namespace = {**NAMES, **self.captured}
        exec(self.text, namespace)
        f: Callable[..., Any] = namespace["program"]
        return value_and_grad(f, self.wrt) if self.wrt else f

    def __str__(self) -> str:
        shown = [f"{name} = {x!r}" for name, x in self.captured.items()]
        return "\n".join(
            [*shown, self.text, f"differentiated to {self.wrt}", *map(repr, self.points)]
        )


UNARY: Final = lines("""
np.sin({a})
np.tanh({a})
np.exp(np.minimum({a}, 3.0))
np.abs({a})
-{a}
np.sqrt(np.abs({a}))
np.log(np.abs({a}) + 1.0)
np.square({a})
{a} ** 3
np.floor({a})
np.sign({a})
np.round({a})
{a} * 1.0
{a} + 0.0
np.log(np.abs({a}))
np.where({a} > 0, {a}, 0.0)
np.clip({a}, -1.0, 1.0)
np.nan_to_num({a})
1.0 / {a}
np.maximum({a}, 0.0)
np.sqrt({a})
{a}.copy()
({a} > 0.5) * {a}
np.arctan({a})
np.astype({a}, np.float32)
{a}.astype(np.float64)
np.sinc({a})
np.cbrt({a})
elementwise_grad(np.tanh)({a})
np.zeros_like({a}) + 2.0 * {a}
np.isfinite({a}) * {a}
""")
BINARY: Final = lines("""
{a} + {b}
{a} - {b}
{a} * {b}
{a} / {b}
np.maximum({a}, {b})
np.minimum({a}, {b})
np.where({a} > {b}, {a}, {b})
np.where({a} == {b}, {a} * 2.0, {b})
np.arctan2({a}, {b})
np.hypot({a}, {b})
({a} >= {b}) * {a}
np.logaddexp({a}, {b})
np.where(({a} > {b}) | ({b} > 1.0), {b}, {a} * {a})
np.abs({a}) ** {b}
{a} % (np.abs({b}) + 1.0)
grad(lambda t: np.sum(np.tanh(t) * {b}))({a})
jvp(lambda t: np.sin(t) * {b}, ({a},), ({a} * 0.5,))[1]
value_and_grad(lambda t: np.sum(np.where(t > {b}, t * t, {b} * t)))({a})[1]
grad(lambda t: np.sum(grad(lambda u: np.sum(u ** 3 * t))({a}) * t))({b} + 0.0 * {a})
grad(lambda t: np.max(t * {b}))({a})
grad(lambda t: np.sum(np.sort(t * {b}) ** 2))({a})
""")
REDUCED: Final = lines("""
np.sum({a})
np.mean({a})
np.max({a})
np.min({a})
np.std({a})
np.prod({a})
np.sum({a}, axis=0)
np.mean({a}, axis=-1)
np.max({a}, axis=0)
np.sum({a}, axis=-1, keepdims=True)
np.linalg.norm({a})
np.median({a})
np.var({a}, axis=0)
np.argmax({a}) * 1.0
np.sum({a}, where={a} > 0)
np.any({a} > 1.0) * 1.0
np.count_nonzero({a} > 0) * 1.0
{a}.sum()
np.ptp({a})
np.quantile({a}, 0.3)
{a}.max()
np.nansum({a})
""")
MOVED: Final = lines("""
np.sort({a})
{a}[::-1]
np.cumsum({a}, axis=0)
np.flip({a})
np.roll({a}, 1)
np.take_along_axis({a}, np.argsort({a}, axis=-1), axis=-1)
{a}[np.argsort({a})]
{a}.T
np.concatenate([{a}, {a} * 2.0])
np.stack([{a}, -{a}])
{a}[..., None] * {a}[..., :1]
{a}[np.argmax({a}.ravel()) % 1]
{a}[1:] - {a}[:-1]
np.reshape({a}, (-1,))
{a}[{a} > 0]
np.take({a}, np.argsort({a}.ravel())[:2])
{a}[0]
np.diff({a}, axis=0)
{a}[np.array([0, 0, -1])]
np.where(np.arange({a}.shape[0]) == np.argmax({a}.ravel()), 1.0, 0.5) * {a}.T
np.outer({a}, {a})
{a} @ {a}.T
np.einsum('...i,...i->...', {a}, {a})
np.pad({a}, 1)
np.tile({a}, 2)
np.nonzero({a})[0]
np.searchsorted(np.sort({a}.ravel()), {a}) * 0.5
{a}[int(n) - n]
np.cumprod({a}, axis=-1)
""")
NUMBERS: Final = lines("""
{s} * {t} + 1.0
np.tanh({s}) * {t}
{s} / {t}
{s} ** 2 - {t}
np.exp(np.minimum({s}, 2.0))
abs({s}) + {t}
np.where({s} > {t}, {s}, {t})
sum([{s} * k for k in range(n + 2)])
{s} ** {t}
grad(lambda u: np.sin(u) * u * {t})({s})
max(n, 2) * {s}
-{s}
{s} > {t}
{s} % 2.0
float(n) * {t}
grad(grad(lambda u: u ** 4 * {t}))({s})
np.sqrt(np.abs({s}))
{s} // 0.7
np.maximum({s}, 0.0)
Value({s} * 1.0).tanh().data * {t}
(Value(2.0) * {s}).relu().data
math_sin({s})
float({s})
""")
BRANCHES: Final = (
    "if {s} > 0.0:\n        {r} = {t} * 2.0\n    else:\n        {r} = {t} * 3.0",
    "if n > 2:\n        {r} = {t} * 2.0\n    else:\n        {r} = {t} * 3.0",
    "{r} = 0.0\n    for k in range(n):\n        {r} = {r} * 0.5 + {s} * k",
    "{r} = {s}\n    for k in range(40):\n        {r} = 3.7 * {r} * (1.0 - {r}) * {t} + 0.25",
    "{r} = sum([np.tanh({s} * k + {t}) * {s} for k in range(30)])",
    "{r} = sum([(({s} - k) * {t} if k % 3 else {t} * k) for k in range(40)])",
    "v = Value({s}); w = v * v + {t}; w.backward(); {r} = v.grad",
    "{r} = {s}\n    {r} += {t}",
    "xs = [np.sin({s} + k) for k in range(20)]; {r} = sum(x * y for x, y in zip(xs, xs[1:]))",
)
IN_PLACE: Final = (
    "{r} = {a} * 2.0\n    {r} += {b}",
    "{r} = {a} + {b}\n    {r} *= {s}",
    "{r} = {a}\n    {r} = {r} - {b}",
    "{r} = np.zeros({a}.shape)\n    {r} = {r} + {a} * {b}",
    "{r} = np.zeros({a}.shape)\n    {r}[...] = {a}",
    "{r} = rng.normal(size={a}.shape) * {a}",
    "{r} = rng.permutation(np.arange(3.0)) + {s}",
    "{r} = np.random.normal(size={a}.shape) * {a}",
)


@dataclass
class Maker:
    """Makes one program, line by line; each line is tried on the first point."""

    rng: np.random.Generator
    large: bool
    body: list[str] = field(default_factory=list)
    arrays: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    scope: dict[str, Any] = field(default_factory=dict)

    def choose(self, things: Any) -> Any:
        """One of several, with what came last more often."""
        i = max(self.rng.integers(len(things)), self.rng.integers(len(things)))
        return things[int(i)]

    def any_of(self, templates: Sequence[str]) -> str:
        """One template."""
        return templates[int(self.rng.integers(len(templates)))]

    def add(self) -> None:
        """One line more, if it computes something of a reasonable size."""
        r = f"v{len(self.body)}"
        kind = self.rng.random()
        numbers = self.numbers or ["1.5"]
        words = {
            "a": self.choose(self.arrays),
            "b": self.choose(self.arrays),
            "r": r,
            "s": self.choose(numbers),
            "t": self.choose(numbers),
        }
        if self.rng.random() < 0.1:
            words["b"] = self.choose(numbers)
        if kind < 0.22:
            line = f"{r} = {self.any_of(UNARY)}"
        elif kind < 0.45:
            line = f"{r} = {self.any_of(BINARY)}"
        elif kind < 0.58:
            line = f"{r} = {self.any_of(REDUCED)}"
        elif kind < 0.72:
            line = f"{r} = {self.any_of(MOVED)}"
        elif kind < 0.86:
            line = f"{r} = {self.any_of(NUMBERS)}"
        elif kind < 0.94:
            line = self.any_of(BRANCHES)
        else:
            line = self.any_of(IN_PLACE)
        line = line.format(**words)
        scope = dict(self.scope)
        try:
            exec("if True:\n    " + line, scope)
        except Exception:
            return
        y = scope.get(r)
        if type(y) is float or type(y) is bool:
            self.numbers.append(r)
        elif isinstance(y, np.ndarray | np.generic) and y.size <= (2**17 if self.large else 200):
            if y.size and y.dtype.kind in "fiub":
                self.arrays.append(r)
        else:
            return
        self.scope = scope
        self.body.append(line)


def sample(seed: int, large: bool | None = None) -> Sample:
    """The program of a seed; `large` says whether its arrays are."""
    rng = np.random.default_rng(seed)
    drawn = bool(rng.random() < 0.04)
    large = drawn if large is None else large
    shape = draw_shape(seed, large)
    points = [draw_point(np.random.default_rng([seed, i]), shape, i) for i in range(4)]
    captured = {"c0": np.random.default_rng([seed, 9]).normal(size=shape[-1:])}
    maker = Maker(rng, large)
    x, s, tree, generator = copy.deepcopy(points[0][:4])
    maker.scope = {**NAMES, **captured, "x": x, "s": s, "tree": tree, "rng": generator, "n": 3}
    maker.arrays = ["c0", "tree['w']", "x", "x"]
    maker.numbers = ["tree['b'][0]", "s", "s"]
    wanted = int(rng.integers(3, 14))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(60):
            if len(maker.body) >= wanted:
                break
            maker.add()
    wrt: tuple[int, ...] = ()
    if rng.random() < 0.55:
        wrt = ((0,), (1,), (2,), (0, 1), (0, 1, 2))[int(rng.integers(5))]
        terms = [f"np.sum({name})" for name in maker.arrays[-2:]] + maker.numbers[-1:]
        result = " + ".join(terms)
    else:
        chosen = [maker.choose(maker.arrays + maker.numbers) for _ in range(3)]
        result = ("[{0}, {{'y': {1}}}]", "{0}", "({0}, {1}, {2})")[int(rng.integers(3))].format(
            *chosen
        )
    head = "def program(x, s, tree, rng, n=3):"
    body = [f"    {line}" for line in used(maker.body, result)]
    text = "\n".join([head, *body, f"    return {result}", ""])
    return Sample(text, wrt, captured, points)


def used(body: list[str], result: str) -> list[str]:
    """The lines that the result needs: what is not used is not compiled, and so raises nothing."""
    kept, words = [], set(re.findall(r"v\d+", result))
    for line in reversed(body):
        found = re.findall(r"v\d+", line)
        if found and words.intersection(re.findall(r"\b(v\d+)(?: \S?=)", line)):
            kept.append(line)
            words |= set(found)
    return kept[::-1]


def draw_shape(seed: int, large: bool) -> tuple[int, ...]:
    """The shape of the arrays of a program."""
    rng = np.random.default_rng([seed, 7])
    if large:
        return ((20_000,), (150, 140))[int(rng.integers(2))]
    return ((3,), (4,), (2, 3), (3, 3), (1,))[int(rng.integers(5))]


def draw_point(rng: np.random.Generator, shape: tuple[int, ...], i: int) -> tuple[Any, ...]:
    """Arguments; those of the later points have ties, zeros and what is not finite."""
    seed = int(rng.integers(1000))

    def array() -> Any:
        y = rng.normal(size=shape)
        if i == 2:
            y = np.round(y)
        if i == 3:
            y.ravel()[:: max(1, y.size // 2)] = rng.choice([0.0, np.inf, np.nan, -0.0, 1e308])
        return y

    number: Any = [0.7, -1.3, 0.0, math.nan][i] if i else float(rng.normal())
    tree = {"w": array(), "b": [float(rng.normal()) if i != 2 else 0.0, array()]}
    return array(), number, tree, np.random.default_rng(seed)


# --- what becomes of them -------------------------------------------------------------------------
def outcome(f: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """What a function gives, or the exception that it raises."""
    args = copy.deepcopy(args)
    np.random.seed(0)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return f(*args)
        except Exception as error:
            return error


def difference(found: Any, expected: Any) -> str:
    """How two outcomes differ; "" where they are the same, bit for bit."""
    if isinstance(expected, Exception):
        if isinstance(found, Exception):
            return ""  # it raises, whatever it says
        if isinstance(expected, ZeroDivisionError):
            return ""  # by work that nothing uses, which a program leaves out
        return f"no {type(expected).__name__}: {expected}"
    if isinstance(found, Exception):
        return f"{type(found).__name__}: {found}"
    (xs, one), (ys, other) = pytree.flatten(found), pytree.flatten(expected)
    if len(xs) != len(ys) or not pytree.same_structure(one, other):
        return "another structure"
    return next((d for x, y in zip(xs, ys, strict=True) if (d := differs(x, y))), "")


def differs(x: Any, y: Any) -> str:
    """How two leaves differ."""
    if {type(x), type(y)} == {float, np.float64}:  # a number of Python's or NumPy's
        return "" if x == y or (x != x and y != y) else f"{x!r} in place of {y!r}"
    if type(x) is not type(y):
        return f"{type(x).__name__} in place of {type(y).__name__}"
    a, b = np.asarray(x), np.asarray(y)
    if a.dtype != b.dtype or a.shape != b.shape:
        return f"{a.dtype} {a.shape} in place of {b.dtype} {b.shape}"
    same = a == b
    if a.dtype.kind == "f":
        if type(y) is not float:  # the walk over Python numbers skips what is multiplied by 0.0
            same = same & (np.signbit(a) == np.signbit(b))
        same = same | (np.isnan(a) & np.isnan(b))
    return "" if np.all(same) else f"{a!r} in place of {b!r}"


def check(seed: int, large: bool | None = None) -> tuple[str, str]:
    """What became of the program of a seed: "same", "refused", "raises" or "WRONG"; and how."""
    made = sample(seed, large)
    f = made.function()
    compiled = compiled_of(f)
    refused = raised = 0
    for i, args in enumerate([*made.points, made.points[0]]):
        if i == 2:  # what is captured may change between calls
            for array in made.captured.values():
                array *= -0.5
        expected = outcome(f, args)
        found = outcome(compiled, args)
        if isinstance(found, CannotRecord):
            refused += 1
            continue
        raised += isinstance(expected, Exception)
        how = difference(found, expected)
        if how:
            return "WRONG", f"point {i}: {how}"
    if compiled.eager > 4:
        return "eager", ""
    return ("refused" if refused else "raises" if raised else "same"), ""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found: Counter[str] = Counter()
    start = time.perf_counter()
    for seed in range(options.seed, options.seed + options.count):
        result, how = check(seed)
        found[result] += 1
        if result == "WRONG":
            print(f"\nseed {seed}: {how[:1500]}\n{str(sample(seed))[:3000]}", flush=True)
        if seed % 500 == 499:
            print(f"{seed + 1}: {dict(found)}, {time.perf_counter() - start:.0f} s", flush=True)
    print(f"{options.count} programs: {dict(found)}")
    raise SystemExit(1 if found["WRONG"] else 0)


if __name__ == "__main__":
    main()
