"""The corpus: functions with right and wrong backwards, and the verdict that each must get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Function = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """One case; ``verdicts`` lists what may come out, ``truthy`` what the report must be."""

    name: str
    f: Function
    inputs: tuple[Any, ...]
    vjp: Function | None
    verdicts: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        return self.verdicts[0] == "PASS"


RNG = np.random.default_rng(20261120)
X = np.array([0.3, -0.7, 1.1, 0.9])
A = RNG.normal(size=(3, 4))
B = RNG.normal(size=(4, 2))
S = RNG.normal(size=(3, 3))
CASES: list[Case] = []


def add(name: str, f: Function, x: Any, vjp: Function | None, *verdicts: str, **options: Any) -> None:
    inputs = x if isinstance(x, tuple) else (x,)
    CASES.append(Case(name, f, inputs, vjp, verdicts, options))


def single(x: Any) -> Any:
    return np.asarray(x, dtype=np.float32)


def double(x: Any) -> Any:
    return np.asarray(x, dtype=np.float64)


def softmax(x: Any) -> Any:
    e = np.exp(x - np.max(x))
    return e / np.sum(e)


def softmax_vjp(g: Any, x: Any) -> Any:
    y = softmax(x)
    return y * (g - np.sum(g * y))


def kepler(x: Any, tolerance: float = 1e-13) -> Any:
    """Solve u - 0.5 sin(u) = x by Newton steps: noise of the size of the tolerance."""
    u = np.array(x, dtype=float)
    for _ in range(50):
        step = (u - 0.5 * np.sin(u) - x) / (1 - 0.5 * np.cos(u))
        u = u - step
        if np.max(np.abs(step)) < tolerance:
            break
    return u


def hashed_noise(x: Any, size: float) -> Any:
    """Deterministic noise that no step resolves."""
    return size * (np.mod(np.sin(x * 1.234e9) * 43758.5453, 1.0) - 0.5)


def right() -> None:
    add("tanh", np.tanh, X, lambda g, x: g * (1 - np.tanh(x) ** 2), "PASS")
    add("value tanh", lambda x: np.tanh(x), X, None, "PASS")
    add("value scalar", lambda x: x**3 - 2 * x, 1.7, None, "PASS")
    add("matmul", lambda a, b: a @ b, (A, B), lambda g, a, b: (g @ b.T, a.T @ g), "PASS")
    add("value matmul", lambda a, b: np.tanh(a @ b), (A, B), None, "PASS")
    add("broadcast add", lambda a, b: a + b, (A, B[:, 0]), lambda g, a, b: (g, g.sum(0)), "PASS")
    add("softmax", softmax, X, softmax_vjp, "PASS")
    add("sum", np.sum, A, lambda g, a: g * np.ones_like(a), "PASS")
    add("mean of squares", lambda a: np.mean(a * a), A, lambda g, a: g * 2 * a / a.size, "PASS")
    add("cumsum", np.cumsum, X, lambda g, x: np.cumsum(g[::-1])[::-1], "PASS")
    add("inverse", np.linalg.inv, S, lambda g, s: -(np.linalg.inv(s).T @ g @ np.linalg.inv(s).T), "PASS")
    add("identity", lambda x: x, X, lambda g, x: g, "PASS")
    add("constant", lambda x: 0 * x + 5.0, X, lambda g, x: 0 * g, "PASS")
    add("two outputs", lambda x: (np.sin(x), np.sum(x)), X, lambda g, x: g[0] * np.cos(x) + g[1], "PASS")
    add("tree", lambda p: p["w"] * p["b"], {"w": X, "b": 2.0}, None, "PASS")
    add("keyword", lambda x, p=2: x**p, X, lambda g, x, p=2: g * p * x ** (p - 1), "PASS", kwargs={"p": 3})
    add("complex square", lambda z: z * z, np.array([1 + 2j, -0.5j]), lambda g, z: g * 2 * z, "PASS")
    add("value complex", lambda z: np.exp(z), np.array([0.3 + 1j, -1j]), None, "PASS")
    add("complex to real", lambda z: np.abs(z) ** 2, np.array([1 + 2j]), lambda g, z: g * 2 * np.conj(z), "PASS")
    add("same input twice", lambda x, y: x * y, (X, X), lambda g, x, y: (g * y, g * x), "PASS")
    add("integer exponent argument", lambda x, n: x**n, (X, 3), lambda g, x, n: (g * n * x ** (n - 1), None), "PASS")
    add("empty", lambda x: x * 2, np.zeros((0, 3)), lambda g, x: g * 2, "PASS", "INCONCLUSIVE", "ERROR")
    add("large constant", lambda x: 1e6 + x * x, X, lambda g, x: g * 2 * x, "PASS")
    add("round", np.round, X, lambda g, x: 0 * g, "PASS")
    add("floor", lambda x: np.floor(10 * x), np.array([0.55, -1.23]), lambda g, x: 0 * g, "PASS")


def scales() -> None:
    add("log near 0", np.log, np.array([1e-8, 1e-5]), lambda g, x: g / x, "PASS")
    add("reciprocal near 0", lambda x: 1 / x, np.array([1e-6, -1e-3]), lambda g, x: -g / x**2, "PASS")
    add("fast sine", lambda x: np.sin(1e5 * x), np.array([0.7]), lambda g, x: g * 1e5 * np.cos(1e5 * x), "PASS")
    add("sine far out", np.sin, np.array([1e5, -1e7]), lambda g, x: g * np.cos(x), "PASS")
    add("exp of tiny", np.exp, np.array([1e-9]), lambda g, x: g * np.exp(x), "PASS")
    add("huge square", lambda x: x * x, np.array([1e150]), lambda g, x: g * 2 * x, "PASS")
    add("tiny linear", lambda x: 3 * x, np.array([1e-200]), lambda g, x: 3 * g, "PASS")
    add("tiny gradient", lambda x: 1e-9 * np.sin(x), X, lambda g, x: g * 1e-9 * np.cos(x), "PASS")
    add("tiny gradient as zero", lambda x: 1e-9 * np.sin(x), X, lambda g, x: 0 * g, "FAIL")
    add("small term as zero", lambda x, y: np.sum(np.sin(x)) + 1e-9 * y, (X, 2.0), lambda g, x, y: (g * np.cos(x), 0.0), "FAIL")
    add("mixed scales", lambda x: np.sum(x**2), np.array([1e-6, 1.0, 1e6]), lambda g, x: g * 2 * x, "PASS")
    add("smooth corner", lambda x: np.sqrt(x * x + 1e-16), np.array([1e-8]), lambda g, x: g * x / np.sqrt(x * x + 1e-16), "PASS")
    add("smooth corner as sign", lambda x: np.sqrt(x * x + 1e-16), np.array([1e-8]), lambda g, x: g * np.sign(x), "FAIL")
    add("saturated tanh", np.tanh, np.array([25.0, -30.0]), lambda g, x: g * (1 - np.tanh(x) ** 2), "PASS")
    add("saturated sigmoid", lambda x: 1 / (1 + np.exp(-x)), np.array([30.0, -30.0]), lambda g, x: g * np.exp(-x) / (1 + np.exp(-x)) ** 2, "PASS")
    add("steep tan", np.tan, np.array([1.5707]), lambda g, x: g * (1 + np.tan(x) ** 2), "PASS")
    add("near a pole", lambda x: 1 / (x - 1), np.array([1.0001]), lambda g, x: -g / (x - 1) ** 2, "PASS")
    add("huge input linear", lambda x: 1e-100 * x, np.array([1e200]), lambda g, x: 1e-100 * g, "PASS")
    add("scale error 5e-4", np.exp, X, lambda g, x: g * np.exp(x) * 1.0005, "FAIL")
    add("scale error 1e-7", np.exp, X, lambda g, x: g * np.exp(x) * (1 + 1e-7), "FAIL")


def edges() -> None:
    add("x ** 1.5 at 0", lambda x: x**1.5, np.array([0.0, 1.0]), lambda g, x: g * 1.5 * np.sqrt(x), "PASS")
    add("square root near 0", np.sqrt, np.array([1e-12]), lambda g, x: g / (2 * np.sqrt(x)), "PASS")
    add("square root at 0", np.sqrt, np.array([0.0]), lambda g, x: g / (2 * np.sqrt(x)), "PASS")
    add("arcsin near 1", np.arcsin, np.array([1 - 1e-9]), lambda g, x: g / np.sqrt(1 - x * x), "PASS", "INCONCLUSIVE")
    add("log1p near -1", np.log1p, np.array([-1 + 1e-9]), lambda g, x: g / (1 + x), "PASS")
    add("raises outside", raises_below_zero, np.array([0.0, 2.0]), lambda g, x: g * 2 * x, "PASS")
    add("raises outside, wrong", raises_below_zero, np.array([0.0, 2.0]), lambda g, x: g * x, "FAIL")
    add("clip inside", lambda x: np.clip(x, 0, 1), np.array([0.5, 2.0]), lambda g, x: g * ((x > 0) & (x < 1)), "PASS")
    add("entropy", lambda p: -np.sum(p * np.log(p)), np.array([0.2, 1e-7, 0.8]), lambda g, p: -g * (np.log(p) + 1), "PASS")


def raises_below_zero(x: Any) -> Any:
    if np.any(x < 0):
        raise ValueError("only for x >= 0")
    return x * x


def kinks() -> None:
    add("abs at 0", np.abs, np.array([0.0, 1.0]), lambda g, x: g * np.sign(x), "KINK")
    add("value relu at 0", lambda x: np.maximum(x, 0.0), np.array([0.0, -1.0, 2.0]), None, "KINK")
    add("relu near 0", lambda x: np.maximum(x, 0), np.array([1e-7, -1e-9]), lambda g, x: g * (x > 0), "PASS")
    add("relu beside 1", lambda x: np.maximum(x - 1, 0), np.array([1 + 1e-9]), lambda g, x: g * (x > 1), "PASS")
    add("relu wrong elsewhere", lambda x: np.maximum(x, 0), np.array([0.0, 2.0]), lambda g, x: g * (x > 0) * 2, "FAIL")
    add("max with a tie", np.max, np.array([1.0, 3.0, 3.0]), lambda g, x: g * (x == np.max(x)) / 2, "KINK")
    add("norm at 0", lambda x: np.sqrt(np.sum(x * x)), np.zeros(2), lambda g, x: g * 0 * x, "KINK")
    add("cusp", lambda x: np.abs(x) ** (2 / 3), np.array([1e-6]), lambda g, x: g * 2 / 3 * np.sign(x) * np.abs(x) ** (-1 / 3), "PASS")
    add("x |x|", lambda x: x * np.abs(x), np.array([0.0, 2.0]), lambda g, x: g * 2 * np.abs(x), "PASS")
    add("relu squared", lambda x: np.maximum(x, 0) ** 2, np.array([0.0, -1.0]), lambda g, x: g * 2 * np.maximum(x, 0), "PASS")
    add("median away from ties", np.median, np.array([1.0, 5.0, 2.0]), lambda g, x: g * (x == np.median(x)), "PASS")


def invalid_kinks() -> None:
    add("abs at 0 with 5", np.abs, np.array([0.0]), lambda g, x: 5 * g, "KINK")
    add("relu at 0 with -1", lambda x: np.maximum(x, 0), np.array([0.0]), lambda g, x: -g, "KINK")


def noisy() -> None:
    add("newton", lambda x: kepler(x), X, lambda g, x: g / (1 - 0.5 * np.cos(kepler(x))), "PASS")
    add("hashed noise 1e-8", lambda x: x * x + hashed_noise(x, 1e-8), X, lambda g, x: g * 2 * x, "PASS")
    add("hashed noise, wrong", lambda x: x * x + hashed_noise(x, 1e-8), X, lambda g, x: g * 2.1 * x, "FAIL")
    add("rounded to 6 decimals", lambda x: np.round(np.sin(x), 6), X, lambda g, x: g * np.cos(x), "PASS")
    add("rounded, wrong", lambda x: np.round(np.sin(x), 6), X, lambda g, x: g * np.cos(x) * 1.05, "FAIL")
    add("noise 1e-2", lambda x: x * x + hashed_noise(x, 1e-1), X, lambda g, x: g * 2 * x, "INCONCLUSIVE", "PASS")
    add("cancellation", lambda x: (1e8 + np.sin(x)) - 1e8, X, lambda g, x: g * np.cos(x), "PASS")


def float32() -> None:
    add("f32 sine", lambda x: np.sin(single(x)), X, lambda g, x: g * np.cos(x), "PASS")
    add("f32 inside", lambda x: 1.1 * double(np.exp(single(x))), X, lambda g, x: g * 1.1 * np.exp(x), "PASS")
    add("f32 sum", lambda x: np.sum(single(x) ** 2), np.linspace(-1, 1, 30), lambda g, x: g * 2 * x, "PASS")
    add("f32 wrong 1%", lambda x: np.sin(single(x)), X, lambda g, x: g * np.cos(x) * 1.01, "FAIL")
    add("f32 wrong zero", lambda x: double(np.sin(single(x))), X, lambda g, x: 0 * g, "FAIL")
    add("f32 wrong sign", lambda x: np.tanh(single(x)), X, lambda g, x: -g * (1 - np.tanh(x) ** 2), "FAIL")
    add("f32 saturated", lambda x: double(np.tanh(single(x))), np.array([10.0]), lambda g, x: g * (1 - np.tanh(x) ** 2), "PASS")
    add("f32 input", np.tanh, single(X), lambda g, x: g * (1 - np.tanh(x) ** 2), "PASS")
    add("f32 value input", lambda x: np.sum(np.exp(x) * x), single(X), None, "PASS")
    add("f32 input wrong", np.tanh, single(X), lambda g, x: g * (1 - np.tanh(x)), "FAIL")
    add("rounded to f32", np.exp, X, lambda g, x: double(single(g * np.exp(x))), "FAIL")
    add("f32 matmul", lambda a, b: single(a) @ single(b), (A, B), lambda g, a, b: (g @ b.T, a.T @ g), "PASS")
    add("f16 inside", lambda x: double(np.sin(np.asarray(x).astype(np.float16))), X, lambda g, x: g * np.cos(x), "INCONCLUSIVE", "PASS")


def wrong() -> None:
    t = lambda x: 1 - np.tanh(x) ** 2
    add("abs(g)", np.tanh, X, lambda g, x: np.abs(g) * t(x), "FAIL")
    add("relu(g)", np.tanh, X, lambda g, x: np.maximum(g, 0) * t(x), "FAIL")
    add("g * g", np.tanh, X, lambda g, x: g * g * t(x), "FAIL")
    add("ignores g", np.tanh, X, lambda g, x: t(x), "FAIL")
    add("adds 1e-8", np.tanh, X, lambda g, x: g * t(x) + 1e-8, "FAIL")
    add("wrong for x < 0 only", np.tanh, np.abs(X), lambda g, x: g * t(x) * np.where(x < 0, 2, 1), "FAIL")
    add("wrong sign", np.tanh, X, lambda g, x: -g * t(x), "FAIL")
    add("transposed", lambda a: a @ a, S, lambda g, a: (g @ a.T + a.T @ g).T, "FAIL")
    add("NaN", np.tanh, X, lambda g, x: g * np.nan, "FAIL")
    add("infinite", np.tanh, X, lambda g, x: g * np.inf, "FAIL")
    add("wrong shape", np.tanh, X, lambda g, x: np.sum(g * t(x)), "FAIL")
    add("unsummed", lambda a, b: a + b, (A, B[:, 0]), lambda g, a, b: (g, g), "FAIL")
    add("one entry", np.exp, X, lambda g, x: g * np.exp(x) * np.array([1, 1, 1.001, 1]), "FAIL")
    add("diagonal", softmax, X, lambda g, x: g * softmax(x) * (1 - softmax(x)), "FAIL")
    add("None for an input", lambda x, y: x * y, (X, X + 1), lambda g, x, y: (g * y, None), "FAIL")
    add("complex not conjugate", lambda z: np.abs(z) ** 2, np.array([1 + 2j]), lambda g, z: g * 2 * z, "FAIL")
    add("too few gradients", lambda x, y: x * y, (X, X + 1), lambda g, x, y: (g * y,), "FAIL")
    add("straight through", np.round, X, lambda g, x: g, "FAIL")


def broken() -> None:
    add("mutates g", np.exp, X, mutating_vjp, "FAIL")
    add("mutates x in backward", np.exp, X, input_mutating_vjp, "FAIL")
    add("mutates x in forward", mutating_forward, X, lambda g, x: 2 * g, "FAIL")
    add("random", lambda x: x + 1e-3 * np.random.default_rng().normal(), X, lambda g, x: g, "NONDETERMINISTIC")
    add("global random", lambda x: x * np.random.rand(), X, lambda g, x: g, "NONDETERMINISTIC")
    add("counts calls", Counting(), X, lambda g, x: g, "NONDETERMINISTIC")
    add("raises", lambda x: x.nothing, X, lambda g, x: g, "ERROR")
    add("backward raises", np.exp, X, lambda g, x: g.nothing, "ERROR")
    add("no float output", lambda x: np.argmax(x), X, lambda g, x: g, "ERROR")
    add("no float input", lambda n: n * 2.0, np.array([1, 2]), lambda g, n: g, "ERROR")
    add("not finite", lambda x: np.log(x - 5), X, lambda g, x: g / (x - 5), "INCONCLUSIVE", "ERROR", "FAIL")
    add("reseeded", Reseeded.f, X, lambda g, x: g * Reseeded.last, "PASS", reseed=lambda: Reseeded.seed())


def mutating_vjp(g: Any, x: Any) -> Any:
    g *= np.exp(x)
    return g


def input_mutating_vjp(g: Any, x: Any) -> Any:
    c = g * np.exp(x)
    x += 1e-9
    return c


def mutating_forward(x: Any) -> Any:
    x *= 2
    return x.copy()


class Counting:
    calls = 0

    def __call__(self, x: Any) -> Any:
        self.calls += 1
        return x + 1e-9 * self.calls


class Reseeded:
    """A function with randomness that `reseed` resets."""

    rng = np.random.default_rng(0)
    last = 1.0

    @classmethod
    def seed(cls) -> None:
        cls.rng = np.random.default_rng(0)

    @classmethod
    def f(cls, x: Any) -> Any:
        cls.last = float(cls.rng.uniform(0.5, 2))
        return x * cls.last


for group in (right, scales, edges, kinks, invalid_kinks, noisy, float32, wrong, broken):
    group()
