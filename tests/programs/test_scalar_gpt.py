"""A small GPT on scalar Values: attention, RMS norm, softmax and Adam in plain Python loops."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from autograd import Value

WORDS = ["abba", "baba", "abab", "bab", "abc", "cab"]
CHARS = sorted(set("".join(WORDS)))
END = len(CHARS)
WIDTH, HEADS, LENGTH = 8, 2, 6

Row = list[Any]
Matrix = list[Row]


def matrix(rows: int, columns: int, source: random.Random, spread: float = 0.3) -> Matrix:
    return [[Value(source.gauss(0, spread)) for _ in range(columns)] for _ in range(rows)]


def network(source: random.Random) -> dict[str, Matrix]:
    shapes = {
        "tokens": (END + 1, WIDTH),
        "places": (LENGTH, WIDTH),
        "query": (WIDTH, WIDTH),
        "key": (WIDTH, WIDTH),
        "value": (WIDTH, WIDTH),
        "mix": (WIDTH, WIDTH),
        "wide": (2 * WIDTH, WIDTH),
        "narrow": (WIDTH, 2 * WIDTH),
        "out": (END + 1, WIDTH),
    }
    return {name: matrix(*shape, source) for name, shape in shapes.items()}


def linear(w: Matrix, x: Row) -> Row:
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def rms_norm(x: Row) -> Row:
    scale = (sum(a * a for a in x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def softmax(x: Row) -> Row:
    top = max(a.data for a in x)
    powers = [(a - top).exp() for a in x]
    total = sum(powers)
    return [p / total for p in powers]


def add(x: Row, y: Row) -> Row:
    return [a + b for a, b in zip(x, y, strict=True)]


def attend(net: dict[str, Matrix], x: Row, keys: Matrix, values: Matrix) -> Row:
    """Every head looks back at all places so far; this place's key and value are appended."""
    query = linear(net["query"], x)
    keys.append(linear(net["key"], x))
    values.append(linear(net["value"], x))
    size, joined = WIDTH // HEADS, []
    for start in range(0, WIDTH, size):
        part = slice(start, start + size)
        scores = [
            sum(q * k for q, k in zip(query[part], key[part], strict=True)) / math.sqrt(size)
            for key in keys
        ]
        weights = softmax(scores)
        joined += [
            sum(w * v[i] for w, v in zip(weights, values, strict=True))
            for i in range(start, start + size)
        ]
    return linear(net["mix"], joined)


def forward(net: dict[str, Matrix], tokens: list[int]) -> list[Row]:
    """The probabilities of what comes next, after each token."""
    keys: Matrix = []
    values: Matrix = []
    out = []
    for place, token in enumerate(tokens):
        x = rms_norm(add(net["tokens"][token], net["places"][place]))
        x = add(x, attend(net, rms_norm(x), keys, values))
        hidden = [h.relu() for h in linear(net["wide"], rms_norm(x))]
        x = add(x, linear(net["narrow"], hidden))
        out.append(softmax(linear(net["out"], x)))
    return out


def loss_of(net: dict[str, Matrix], word: str) -> Value:
    tokens = [END, *(CHARS.index(c) for c in word), END]
    rows = forward(net, tokens[:-1])
    losses = [-row[wanted].log() for row, wanted in zip(rows, tokens[1:], strict=True)]
    return sum(losses) * (1 / len(losses))


class Adam:
    """Adam over a flat list, with lists of floats beside it."""

    def __init__(self, parameters: list[Value], rate: float) -> None:
        self.parameters, self.rate, self.count = parameters, rate, 0
        self.m = [0.0] * len(parameters)
        self.s = [0.0] * len(parameters)

    def step(self) -> None:
        self.count += 1
        for i, p in enumerate(self.parameters):
            self.m[i] = 0.85 * self.m[i] + 0.15 * p.grad
            self.s[i] = 0.99 * self.s[i] + 0.01 * p.grad**2
            m = self.m[i] / (1 - 0.85**self.count)
            s = self.s[i] / (1 - 0.99**self.count)
            p.data -= self.rate * m / (s**0.5 + 1e-8)
            p.grad = 0


def test_loss_goes_down() -> None:
    net = network(random.Random(42))
    parameters = [p for w in net.values() for row in w for p in row]
    adam = Adam(parameters, 0.02)
    losses = []
    for step in range(36):
        loss = loss_of(net, WORDS[step % len(WORDS)])
        loss.backward()
        adam.step()
        losses.append(loss.data)
    first, last = sum(losses[:6]) / 6, sum(losses[-6:]) / 6
    assert first == pytest.approx(math.log(END + 1), rel=0.3)
    assert last < 0.75 * first
    assert all(type(p.data) is float for p in parameters)


def test_parameters_that_a_step_does_not_use_have_gradient_zero() -> None:
    net = network(random.Random(0))
    loss_of(net, "ab").backward()
    unused = net["tokens"][CHARS.index("c")] + [p for row in net["places"][3:] for p in row]
    assert [p.grad for p in unused] == [0.0] * len(unused)
    used = net["tokens"][CHARS.index("a")] + net["places"][0] + net["out"][END]
    assert all(p.grad != 0.0 for p in used)


def test_gradients_against_differences() -> None:
    net = network(random.Random(7))
    loss_of(net, "cab").backward()
    source = random.Random(8)
    for w in net.values():
        p = source.choice(source.choice(w[:4]))
        start, step = p.data, 1e-6
        p.data = start + step
        up = loss_of(net, "cab").data
        p.data = start - step
        down = loss_of(net, "cab").data
        p.data = start
        assert p.grad == pytest.approx((up - down) / (2 * step), abs=1e-8)


def test_probabilities_sum_to_one_and_do_not_look_ahead() -> None:
    net = network(random.Random(3))
    long, short = forward(net, [END, 0, 1, 2]), forward(net, [END, 0])
    for row in long:
        assert sum(p.data for p in row) == pytest.approx(1)
    assert [[p.data for p in row] for row in long[:2]] == [[p.data for p in row] for row in short]
