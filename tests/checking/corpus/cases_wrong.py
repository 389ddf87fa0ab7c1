"""Wrong backwards, and functions that cannot be checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.cases import A, B, S, X, add, softmax


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


def wrong() -> None:
    t = lambda x: 1 - np.tanh(x) ** 2
    add("abs(g)", np.tanh, X, lambda g, x: np.abs(g) * t(x), "FAIL")
    add("relu(g)", np.tanh, X, lambda g, x: np.maximum(g, 0) * t(x), "FAIL")
    add("g * g", np.tanh, X, lambda g, x: g * g * t(x), "FAIL")
    add("ignores g", np.tanh, X, lambda g, x: t(x), "FAIL")
    add("adds 1e-8", np.tanh, X, lambda g, x: g * t(x) + 1e-8, "FAIL")
    add(
        "wrong for x < 0 only",
        np.tanh,
        np.abs(X),
        lambda g, x: g * t(x) * np.where(x < 0, 2, 1),
        "FAIL",
    )
    add("wrong sign", np.tanh, X, lambda g, x: -g * t(x), "FAIL")
    add("transposed", lambda a: a @ a, S, lambda g, a: (g @ a.T + a.T @ g).T, "FAIL")
    add("NaN", np.tanh, X, lambda g, x: g * np.nan, "FAIL")
    add("infinite", np.tanh, X, lambda g, x: g * np.inf, "FAIL")
    add("wrong shape", np.tanh, X, lambda g, x: np.sum(g * t(x)), "FAIL")
    add("unsummed", lambda a, b: a + b, (A, B[:, 0]), lambda g, a, b: (g, g), "FAIL")
    add("one entry", np.exp, X, lambda g, x: g * np.exp(x) * np.array([1, 1, 1.001, 1]), "FAIL")
    add("diagonal", softmax, X, lambda g, x: g * softmax(x) * (1 - softmax(x)), "FAIL")
    add("None for an input", lambda x, y: x * y, (X, X + 1), lambda g, x, y: (g * y, None), "FAIL")
    add(
        "complex not conjugate",
        lambda z: np.abs(z) ** 2,
        np.array([1 + 2j]),
        lambda g, z: g * 2 * z,
        "FAIL",
    )
    add("too few gradients", lambda x, y: x * y, (X, X + 1), lambda g, x, y: (g * y,), "FAIL")
    add("straight through", np.round, X, lambda g, x: g, "FAIL")


def broken() -> None:
    add("mutates g", np.exp, X, mutating_vjp, "FAIL")
    add("mutates x in backward", np.exp, X, input_mutating_vjp, "FAIL")
    add("mutates x in forward", mutating_forward, X, lambda g, x: 2 * g, "FAIL")
    add(
        "random",
        lambda x: x + 1e-3 * np.random.default_rng().normal(),
        X,
        lambda g, x: g,
        "NONDETERMINISTIC",
    )
    add("global random", lambda x: x * np.random.rand(), X, lambda g, x: g, "NONDETERMINISTIC")
    add("counts calls", Counting(), X, lambda g, x: g, "NONDETERMINISTIC")
    add("raises", lambda x: x.nothing, X, lambda g, x: g, "ERROR")
    add("backward raises", np.exp, X, lambda g, x: g.nothing, "ERROR")
    add("no float output", lambda x: np.argmax(x), X, lambda g, x: g, "ERROR")
    add("no float input", lambda n: n * 2.0, np.array([1, 2]), lambda g, n: g, "ERROR")
    add(
        "not finite",
        lambda x: np.log(x - 5),
        X,
        lambda g, x: g / (x - 5),
        "INCONCLUSIVE",
        "ERROR",
        "FAIL",
    )
    add(
        "reseeded",
        Reseeded.f,
        X,
        lambda g, x: g * Reseeded.last,
        "PASS",
        reseed=lambda: Reseeded.seed(),
    )


for group in (
    wrong,
    broken,
):
    group()
