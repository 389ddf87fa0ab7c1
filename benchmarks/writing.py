"""What it costs to write numbers into an array, beside a list and one row that stacks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

import autograd.numpy as np
from autograd import Value, grad
from benchmarks.sidebyside import header, line, machine, ratio

COUNT = 10_000
ROWS = 500
TARGET = 2.0


def by_writing(a: Any, count: int = COUNT) -> Any:
    u = np.zeros(count)
    u[0] = a
    for i in range(1, count):
        u[i] = u[i - 1] * 0.999 + a
    return np.sum(u * u)


def by_listing(a: Any, count: int = COUNT) -> Any:
    u = [a]
    for _ in range(1, count):
        u.append(u[-1] * 0.999 + a)
    s = numpy.stack(u)
    return numpy.sum(s * s)


def rows_by_writing(x: Any, count: int = ROWS) -> Any:
    h = np.zeros((count, 50))
    h[0] = x
    for t in range(1, count):
        h[t] = np.tanh(h[t - 1] * 0.9 + x)
    return np.sum(h)


def rows_by_listing(x: Any, count: int = ROWS) -> Any:
    h = [x]
    for _ in range(1, count):
        h.append(numpy.tanh(h[-1] * 0.9 + x))
    return numpy.sum(numpy.stack(h))


def forward(f: Callable[..., Any], count: int = COUNT) -> Callable[[], object]:
    return lambda: f(Value(0.5), count)


def second_order(f: Callable[..., Any], count: int = COUNT) -> Callable[[], object]:
    g = grad(grad(f))
    return lambda: g(0.5, count)


def main() -> None:
    print(machine())
    print(header(f"{COUNT:,} writes of a number", "a list"))
    for name, step in (
        ("forward", forward),
        ("forward and backward", lambda f: lambda: grad(f)(0.5)),
        ("second order", second_order),
    ):
        print(line(name, *ratio(step(by_writing), step(by_listing)), TARGET, "ms"))
    print(header(f"{ROWS:,} writes of a row of 50", "a list"))
    x = numpy.full(50, 0.5)
    steps = [lambda f=f: grad(f)(x) for f in (rows_by_writing, rows_by_listing)]
    print(line("forward and backward", *ratio(*steps), None, "ms"))
    print(header("numbers, by count", f"{COUNT // 4:,}"))
    many = lambda: grad(by_writing)(0.5, COUNT)
    few = lambda: grad(by_writing)(0.5, COUNT // 4)
    print(line("forward and backward", *ratio(many, few), 4.4, "ms"))
    many, few = second_order(by_writing), second_order(by_writing, COUNT // 4)
    print(line("second order", *ratio(many, few), 4.4, "ms"))


if __name__ == "__main__":
    main()
