"""Random arguments for samples: numbers at a distance from kinks, poles and each other."""

from __future__ import annotations

import math
import zlib
from typing import Any, NamedTuple

import numpy as np

from autograd.engine.indexing import split_index

rng = np.random.default_rng()


def start(name: str) -> None:
    """Each file of samples calls this first, so that what it draws depends on no other file."""
    rng.bit_generator.state = np.random.default_rng(zlib.crc32(name.encode())).bit_generator.state


class Sample(NamedTuple):
    """The arguments and keyword parameters of one call."""

    args: tuple[Any, ...]
    params: dict[str, Any]


def call(*args: Any, **params: Any) -> Sample:
    """A sample, written as the call that it stands for."""
    return Sample(args, params)


def at(x: Any, index: Any, **params: Any) -> Sample:
    """A sample of a row that takes an index: a template as parameter, its arrays as arguments."""
    template, arrays, unique = split_index(index)
    return Sample((x, *arrays), {"index": template, "unique": unique, **params})


def floats(*shape: int, low: float = -2.0, high: float = 2.0) -> Any:
    """Random numbers that keep away from each other, where max has a kink, and from the multiples
    of 1/2, where step functions step."""
    count = max(1, int(np.prod(shape)))
    place = (rng.permutation(count) + rng.uniform(0.25, 0.75, count)) / count
    halves = np.floor(2 * rng.uniform(low, high, count)) + 0.1 + 0.8 * place
    return (halves[: int(np.prod(shape))] / 2).reshape(shape)[()]


def positive(*shape: int) -> Any:
    """Random numbers between 0.5 and 2.5, away from the multiples of 1/2."""
    return floats(*shape, low=0.5, high=2.5)


def complexes(*shape: int) -> Any:
    """Random complex numbers at a distance from 0, 1, -1, i and -i, where functions branch."""
    sign = [rng.choice([-1.0, 1.0], shape) for _ in range(2)]
    return sign[0] * positive(*shape) + 1j * sign[1] * positive(*shape)


def holed(*shape: int) -> Any:
    """Random numbers with zeros among them."""
    x = np.asarray(floats(*shape))
    x.flat[:: max(2, x.size // 2)] = 0.0
    return x


def mask(*shape: int) -> Any:
    """A mask with both values in it."""
    found = rng.uniform(0, 1, shape) < 0.6
    found.flat[0], found.flat[-1] = True, False
    return found


def within(domain: tuple[float, float], *shape: int, slot: int = 0, seed: str = "") -> Any:
    """Random numbers inside an interval, at a distance from its ends, from the multiples of 1/2,
    and from the numbers of another slot (0, 1 or 2): minimum(a, b) has a kink at a = b."""
    low, high = domain
    draw = np.random.default_rng(zlib.crc32(f"{seed}{slot}".encode())).uniform
    if not math.isinf(high):
        return low + (high - low) * draw(0.1, 0.9, shape)
    bottom = -4 if math.isinf(low) else 1
    halves = np.floor(draw(bottom, 5, shape)) + 0.1 + 0.3 * slot + 0.2 * draw(0, 1, shape)
    return halves / 2 + (0 if math.isinf(low) else low)
