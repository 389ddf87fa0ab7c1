"""A program that type checkers accept, and that runs: `main` is what test_typed.py calls."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, assert_type

import numpy as np
from numpy.typing import NDArray

import autograd
import autograd.numpy as anp
import nn
from autograd import Value, grad, jvp, stop_gradient, value_and_grad, vjp

Array = NDArray[np.float64]


def numbers() -> None:
    """`data` and `grad` of one number are used as a float."""
    v = Value(2.0, label="v")
    (v * v).backward()
    rate: float = v.data
    slope: float = v.grad
    losses: list[float] = [v.data, v.data + 1, 1 - v.data, float(v.data), v.data**2]
    text: str = f"{v.data:.3f} {round(v.grad, 3)} {v:.2f}"
    close: bool = v.data < 3 and v.grad == 4 and bool(v.data)
    print(rate, slope, losses, text, close, math.sqrt(v.data), -v.data, abs(v.grad), int(v.data))
    v.data = 3
    v.data = 3.0
    v.data -= 0.1 * v.grad
    assert math.isclose(v.data, 2.6)
    v.grad = None
    v.grad = 1.0
    v.zero_grad()
    assert v.grad == 0 and not v.has_grad


def arrays(x: Array) -> None:
    """`data` and `grad` of an array are used as an array."""
    v = Value(x)
    (v * v).sum().backward()
    weights: Array = v.data
    step: Array = x - 0.1 * v.grad
    shape: tuple[int, ...] = v.data.shape
    first: float = v.data[0]
    print(weights, step, shape, first, np.sum(v.data), np.exp(v.grad), v.data.T, v.data @ x)
    print(v.data.sum(axis=0), v.data.astype(int), v.data.tolist(), v.data[v.data > 1], x * v.data)
    v.data = x + 1
    v.data -= 0.1 * v.grad
    v.data[0] = 5.0
    v.data[1:] += v.grad[1:]
    np.testing.assert_allclose(v.grad, 2 * x)
    for entry in v.data:
        print(entry)


def gradients_that_are_values() -> None:
    """With create_graph the gradient is a Value."""
    x = Value(2.0)
    (x**3).backward(create_graph=True)
    slope = x.grad
    assert isinstance(slope, Value)
    x.zero_grad()
    (slope**2).backward()
    assert x.grad == 2 * 12 * 12
    (x**3).backward(create_graph=True)
    assert_type(x * x.grad, Value)
    x.grad.backward()


def operators(x: Array) -> None:
    """What is computed with a Value is a Value."""
    v, w = Value(x), Value(x + 1)
    assert_type(v + w, Value)
    assert_type(2 * v, Value)
    assert_type(2.0**v, Value)
    assert_type(v**2, Value)
    assert_type(-v, Value)
    assert_type(abs(v), Value)
    assert_type(round(v, 1), Value)
    assert_type(v @ w, Value)
    assert_type(x + v, Value)
    assert_type(x @ v, Value)
    assert_type(v - x, Value)
    assert_type(v.data * w, Value)
    assert_type(v[0], Value)
    assert_type(v[x > 0], Value)
    assert_type(v.T, Value)
    assert_type(v.sum(axis=0, keepdims=True), Value)
    assert_type(v.mean(), Value)
    assert_type(v.reshape(1, -1).max(axis=1), Value)
    assert_type(v.exp().tanh().relu(), Value)
    assert_type(v.clip(0, 1).astype(np.float32), Value)
    assert_type(list(v), list[Value])
    assert_type(sum(v, Value(0.0)), Value)
    assert_type(max(v), Value)
    v += 1
    assert_type(v, Value)
    if v[0] > w[0]:
        print(len(v), v.shape, v.ndim, v.dtype, v.item(0))


def functions(x: Array) -> None:
    """The functions of `autograd` that NumPy does not have."""
    v, w, b = Value(x), Value(np.eye(len(x))), Value(x)
    assert_type(autograd.relu(v), Value)
    assert_type(autograd.sigmoid(v), Value)
    assert_type(autograd.softplus(v), Value)
    assert_type(autograd.erf(v), Value)
    assert_type(autograd.softmax(v, axis=0), Value)
    assert_type(autograd.log_softmax(x=v), Value)
    assert_type(autograd.logsumexp(v, keepdims=True), Value)
    assert_type(autograd.affine(x[None], w, b), Value)
    assert_type(autograd.softmax_cross_entropy(v[None], np.eye(len(x))[:1]), Value)
    plain: Array = autograd.relu(x)
    half: float = autograd.sigmoid(0.0)
    print(plain, half, np.tanh(v))


def loss(w: Value, x: Array) -> Value:
    return (x * w).mean()


@autograd.primitive
def cube(x: Any) -> Any:
    return x**3


@autograd.checkpoint
def deep(v: Value, times: int = 2) -> Value:
    return v.tanh() * times


def transforms(x: Array) -> None:
    """A function of Values is differentiated at plain arrays."""
    g: Array = grad(loss)(x, x)
    y, dw = value_and_grad(loss)(x, x)
    both = grad(loss, argnum=(0, 1))(x, x)
    out, pull = vjp(lambda w: loss(w, x), x)
    primal, tangent = jvp(lambda w: loss(w, x), (x,), (x,))
    pulled: tuple[Any, ...] = pull(1.0)
    print(g, y, dw, both, out, primal, tangent, pulled, autograd.jacobian(np.sin)(x))
    assert_type(deep(Value(x), times=3), Value)
    autograd.defvjp(cube, lambda ans, x: lambda g: g * 3 * x**2)
    square = autograd.custom_vjp(lambda x: (x * x, x), lambda x, g: g * 2 * x)
    frozen: Array = stop_gradient(Value(x))
    print(cube(Value(2.0)), square(Value(2.0)), frozen)


class Line(nn.Module):
    """A module of one's own."""

    def __init__(self) -> None:
        self.slope = Value(1.0)

    def __call__(self, x: Array) -> Value:
        return self.slope * x


def networks(x: Array) -> None:
    """Losses, layers and training."""
    model = nn.Sequential(nn.Linear(1, 4, seed=0), nn.tanh, nn.Linear(4, 1, seed=1)).named("model")
    column = x[:, None]
    out = model(column)
    assert_type(out, Value)
    assert_type(nn.mse(out, column), Value)
    assert_type(nn.mae(prediction=out, target=column), Value)
    assert_type(nn.tanh(out), Value)
    assert_type(nn.relu(out), Value)
    assert_type(nn.leaky_relu(out, slope=0.1), Value)
    assert_type(nn.softmax(out), Value)
    assert_type(nn.l2_norm(out, axis=0), Value)
    assert_type(nn.cosine_similarity(column, out), Value)
    assert_type(nn.cross_entropy_with_logits(out, np.zeros(len(x), dtype=int)), Value)
    assert_type(nn.binary_cross_entropy_with_logits(logits=out, labels=column > 0), Value)
    optimiser = nn.SGD(model.parameters(), lr=0.1, momentum=0.5)
    optimiser.zero_grad()
    nn.mse(out, column).backward()
    optimiser.step()
    history = nn.fit(model, column, column, nn.mse, optimiser, epochs=2, progress=False)
    train: list[float] = history.train
    line = Line()
    assert_type(line(x), Value)
    modules: list[nn.Module] = [model, line]
    print([module(column) for module in modules])
    steps = nn.fit(line, x, x, nn.mse, nn.Adam(line), epochs=1, progress=False).epochs
    assert_type(grad(lambda m: nn.mse(m(x), x))(line).slope.data > 0, Any)
    for name, p in model.named_parameters():
        size: int = p.data.size
        print(name, size, p.label, train, steps)


def namespace(x: Array) -> None:
    """`autograd.numpy` has NumPy's names, with NumPy's types."""
    v = Value(2.0)
    m = anp.array([[v, 1.0], [0.0, v]])
    m[0, 1] = v * 2
    print(anp.full(3, v), anp.linspace(v, 4.0, 3), anp.r_[v, x], anp.linalg.norm(anp.ones(2)))
    assert_type(anp.float64(1.0), np.float64)
    assert_type(anp.pi, float)
    assert_type(anp.newaxis, None)
    draw: np.random.Generator = anp.random.default_rng(0)
    print(anp.sin(draw.normal(size=2)), anp.sum(m * m))


def pictures(folder: Path) -> None:
    """The graph of a Value."""
    x = Value(3.0, label="x")
    picture = (x * x).graph(names={"x": x}, mark={x: "here"}, direction="LR", fold=False, title="t")
    assert_type(picture.text(limit=None), str)
    assert_type(picture.focus("x").explain("x"), str)
    saved: Path = picture.save(folder / "graph.txt")
    print(saved, autograd.graph(x * x).json())


def main(folder: Path) -> None:
    x = np.array([1.0, 2.0, 3.0])
    numbers()
    arrays(x)
    gradients_that_are_values()
    operators(x)
    functions(x)
    transforms(x)
    networks(x)
    namespace(x)
    pictures(folder)
