"""A GPT on scalar Values: every weight is a number, every product and every exp a node of a graph.

It reads given names, letter by letter, and writes new ones.  `char_gpt.py` is the same network on
arrays: one head of attention, a small feed-forward layer, both beside a residual path.
"""

from __future__ import annotations

import random
from itertools import pairwise
from operator import add
from typing import Any

import numpy as np
from _common import letters, names, quick

from autograd import Value
from nn import Adam, sample

WIDTH = 8
Row, Matrix = list[Any], list[list[Any]]


def network(count: int, length: int, source: random.Random) -> dict[str, Matrix]:
    """The weights, by name: about as large as keeps the size of a vector."""
    square, shapes = (WIDTH, WIDTH), {"letters": (count, WIDTH), "places": (length, WIDTH)}
    shapes |= {"query": square, "key": square, "value": square, "mix": square}
    shapes |= {"wide": (2 * WIDTH, WIDTH), "narrow": (WIDTH, 2 * WIDTH), "out": (count, WIDTH)}
    draw = lambda: Value(source.gauss(0, 0.7 / WIDTH**0.5))
    return {name: [[draw() for _ in range(k)] for _ in range(n)] for name, (n, k) in shapes.items()}


def times(w: Matrix, x: Row) -> Row:
    """The matrix w times the vector x."""
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def norm(x: Row) -> Row:
    """A vector with entries of mean square 1."""
    scale = (sum(a * a for a in x) / len(x) + 1e-5) ** -0.5
    return [a * scale for a in x]


def softmax(x: Row) -> Row:
    """Probabilities from scores; the largest is taken off, so that nothing overflows."""
    top = max(a.data for a in x)
    powers = [(a - top).exp() for a in x]
    total = sum(powers)
    return [p / total for p in powers]


def scores(w: dict[str, Matrix], letter: int, keys: Matrix, values: Matrix) -> Row:
    """The scores of the next letter; `keys` and `values` of the letters before it grow by one."""
    x = norm(list(map(add, w["letters"][letter], w["places"][len(keys)])))
    near = norm(x)
    keys.append(times(w["key"], near))
    values.append(times(w["value"], near))
    look = softmax([s / WIDTH**0.5 for s in times(keys, times(w["query"], near))])
    seen = [sum(p * v[i] for p, v in zip(look, values, strict=True)) for i in range(WIDTH)]
    x = list(map(add, x, times(w["mix"], seen)))
    wide = [a.relu() for a in times(w["wide"], norm(x))]
    return times(w["out"], norm(list(map(add, x, times(w["narrow"], wide)))))


def main() -> None:
    """Train on a few names a step, print the loss, write new names."""
    steps = 8 if quick(__doc__) else 600
    words, (alphabet, codes), source = names(), letters(), random.Random(0)
    length = max(map(len, words)) + 1
    weights = network(len(alphabet), length, source)
    parameters = [p for w in weights.values() for row in w for p in row]
    print(f"{len(parameters)} scalar parameters, {len(words)} names")
    adam, recent, draws = Adam(parameters, lr=0.02), [], np.random.default_rng(0)
    for step in range(steps):
        losses: Row = []
        for word in source.sample(words, 2):
            keys, values = [], []
            for here, after in pairwise(codes(word)):
                losses.append(-softmax(scores(weights, here, keys, values))[after].log())
        loss = sum(losses) / len(losses)
        adam.zero_grad()
        loss.backward()
        adam.lr = 0.02 * (1 - step / steps) + 1e-4
        adam.step()
        recent.append(loss.data)
    print(f"loss: {np.mean(recent[:4]):.2f} -> {np.mean(recent[-100:]):.2f} (guessing: 3.30)")
    written = []
    for _ in range(12):
        letter, word, keys, values = 0, "", [], []
        while len(word) < length - 1 and (letter or not word):
            likely = [s.data for s in scores(weights, letter, keys, values)]
            letter = sample(likely, temperature=0.6, seed=draws)
            word += alphabet[letter]
        written.append(word.strip("."))
    print("new names:", " ".join(written))


if __name__ == "__main__":
    main()
