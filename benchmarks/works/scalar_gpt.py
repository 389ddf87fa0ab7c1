"""The same GPT on numbers: about 60,000 operations a step, as in the program of 200 lines."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from benchmarks.work import (
    COMPILED,
    EAGER,
    HAND,
    HIPS,
    JAX,
    JIT,
    MICROGRAD,
    MYGRAD,
    TORCH,
    Step,
    Work,
)
from benchmarks.works.transformer import EPSILON, by_hand, gpt

SIZES = {"batch": 1, "length": 8, "words": 27, "width": 16, "heads": 4, "layers": 1}


def problem() -> tuple[Any, Any, Any, int]:
    return gpt(**SIZES, dtype="float64")


def nested(flat: list[Any], shapes: list[Any]) -> list[Any]:
    """The numbers as matrices: lists of rows."""
    matrices, place = [], 0
    for rows, columns in shapes:
        matrices.append(
            [flat[place + i * columns : place + (i + 1) * columns] for i in range(rows)]
        )
        place += rows * columns
    return matrices


def product(x: list[Any], w: list[list[Any]]) -> list[Any]:
    """A row times a matrix."""
    return [sum(xi * row[j] for xi, row in zip(x, w, strict=True)) for j in range(len(w[0]))]


def norm(x: list[Any]) -> list[Any]:
    """Divided by the root of the mean square."""
    r = (sum(a * a for a in x) * (1 / len(x)) + EPSILON) ** -0.5
    return [a * r for a in x]


def softmax(exp: Any, z: list[Any]) -> list[Any]:
    """Of numbers near 0, so that nothing needs to be subtracted."""
    powers = [exp(a) for a in z]
    r = sum(powers) ** -1
    return [p * r for p in powers]


def loss_of(functions: Any, flat: Any, shapes: Any, words: Any, following: Any, heads: int) -> Any:
    """The mean of -log p(next word); `functions` are exp, log and relu of the package."""
    exp, log, relu = functions
    embed, places, wq, wk, wv, wo, w1, w2, head = nested(flat, shapes)
    size = len(embed[0]) // heads
    keys: list[Any] = []
    values: list[Any] = []
    total: Any = 0.0
    for place, (word, then) in enumerate(zip(words, following, strict=True)):
        x = [a + b for a, b in zip(embed[word], places[place], strict=True)]
        h = norm(x)
        q = product(h, wq)
        keys.append(product(h, wk))
        values.append(product(h, wv))
        seen: list[Any] = []
        for start in range(0, len(q), size):
            part = range(start, start + size)
            scores = [sum(q[i] * k[i] for i in part) * size**-0.5 for k in keys]
            p = softmax(exp, scores)
            seen += [sum(pt * v[i] for pt, v in zip(p, values, strict=True)) for i in part]
        x = [a + b for a, b in zip(x, product(seen, wo), strict=True)]
        hidden = [relu(a) for a in product(norm(x), w1)]
        x = [a + b for a, b in zip(x, product(hidden, w2), strict=True)]
        total = total - log(softmax(exp, product(x, head))[then])
    return total * (1 / len(words))


def parts(weights: Any, words: Any, following: Any) -> Any:
    """The numbers in one list, the shapes, and the words as Python's."""
    flat = [a for w in weights for a in w.ravel().tolist()]
    return flat, [w.shape for w in weights], words[0].tolist(), following[0].tolist()


def with_values(Value: Any, functions: Any, *numbers: Any) -> Step:
    """Loss and gradients by `backward`, for the packages with a class of numbers."""
    weights, words, following, heads = numbers
    flat, shapes, inputs, targets = parts(weights, words, following)
    values = [Value(a) for a in flat]

    def step() -> Any:
        for v in values:
            v.grad = 0.0
        loss = loss_of(functions, values, shapes, inputs, targets, heads)
        loss.backward()
        return loss, [v.grad for v in values]

    return step


def ours(*numbers: Any) -> Step:
    from autograd import Value

    return with_values(Value, (Value.exp, Value.log, Value.relu), *numbers)


def compiled(weights: Any, words: Any, following: Any, heads: int) -> Step:
    from autograd import compile, relu, value_and_grad

    flat, shapes, inputs, targets = parts(weights, words, following)
    functions = np.exp, np.log, relu
    loss = lambda flat: loss_of(functions, flat, shapes, inputs, targets, heads)
    return partial(compile(value_and_grad(loss)), flat)


def micrograd(*numbers: Any) -> Step:
    """micrograd has neither exp nor log: they are added as its video adds exp."""
    from micrograd.engine import Value

    def exp(x: Any) -> Any:
        out = Value(math.exp(x.data), (x,), "exp")

        def backward() -> None:
            x.grad += out.data * out.grad

        out._backward = backward
        return out

    def log(x: Any) -> Any:
        out = Value(math.log(x.data), (x,), "log")

        def backward() -> None:
            x.grad += out.grad / x.data

        out._backward = backward
        return out

    return with_values(Value, (exp, log, Value.relu), *numbers)


def hips(weights: Any, words: Any, following: Any, heads: int) -> Step:
    import autograd.numpy as anp
    from autograd import value_and_grad

    flat, shapes, inputs, targets = parts(weights, words, following)
    functions = anp.exp, anp.log, lambda a: anp.maximum(a, 0.0)
    loss = lambda flat: loss_of(functions, flat, shapes, inputs, targets, heads)
    return partial(value_and_grad(loss), flat)


def torch_(weights: Any, words: Any, following: Any, heads: int) -> Step:
    import torch

    flat, shapes, inputs, targets = parts(weights, words, following)
    tensors = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in flat]
    functions = torch.exp, torch.log, torch.relu

    def step() -> Any:
        loss = loss_of(functions, tensors, shapes, inputs, targets, heads)
        return loss, torch.autograd.grad(loss, tensors, materialize_grads=True)

    return step


WORKS = (
    Work(
        name="scalar-gpt",
        title="a GPT on numbers: width 16, 4 heads, 8 words of 27 (60,000 nodes)",
        outputs="loss and gradients",
        dtype="float64",
        problem=problem,
        by={
            HAND: by_hand,
            EAGER: ours,
            COMPILED: compiled,
            MICROGRAD: micrograd,
            HIPS: hips,
            TORCH: torch_,
        },
        without={
            MYGRAD: "not asked: its numbers are timed at 100 products",
            JAX: "not asked: ten seconds a step, see 100 products",
            JIT: "not asked: compiling 60,000 operations on numbers takes minutes",
        },
    ),
)
