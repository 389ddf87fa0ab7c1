"""The GPT of `char_gpt.py` on scalar Values: every weight is a number, every product a node.  First
both read a name and agree on all derivatives; then the one on numbers learns, and writes names.
"""

from __future__ import annotations

from operator import add
from typing import Any

import numpy as np
from _common import names, quick
from char_gpt import CODES, CharGPT, loss, spell, table

from autograd import Value
from autograd.pytree import flatten, tree_map
from nn import Adam, LinearDecay

WIDTH, HEADS, SIZE = 8, 2, 4


def lists_of(model: CharGPT, what: str) -> dict[str, Any]:
    """Its "data" or "grad" as lists; a `Linear` has a column for each output, here it is a row."""
    short = {k.removeprefix("blocks.0."): getattr(p, what) for k, p in model.named_parameters()}
    return {name: (x.T if name.endswith(".w") else x).tolist() for name, x in short.items()}


def times(w: Any, x: list[Any]) -> list[Any]:
    """The matrix w times the vector x."""
    return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]


def norm(weight: list[Any], x: list[Any]) -> list[Any]:
    """x with mean 0 and variance 1, times weights."""
    mean = sum(x) / len(x)
    centred = [a - mean for a in x]
    scale = (sum(a * a for a in centred) / len(x) + 1e-5) ** -0.5
    return [w * a * scale for w, a in zip(weight, centred, strict=True)]


def softmax(x: list[Any]) -> list[Any]:
    """Probabilities from scores; the largest is taken off, so that nothing overflows."""
    top = max(a.data for a in x)
    powers = [(a - top).exp() for a in x]
    total = sum(powers)
    return [p / total for p in powers]


def scores(w: dict[str, Any], letters: list[int]) -> list[Any]:
    """After each letter the scores of the next one; it sees keys and values of those before it."""
    rows, seen = [], []
    for place, letter in enumerate(letters):
        x = list(map(add, w["letters.weight"][letter], w["places.weight"][place]))
        mixed = times(w["self_attn.in_proj_weight"], norm(w["norm1.weight"], x))
        seen.append(mixed[WIDTH:])
        heads = []
        for i in range(0, WIDTH, SIZE):
            look = times([past[i : i + SIZE] for past in seen], mixed[i : i + SIZE])
            share = softmax([score / SIZE**0.5 for score in look])
            values = (past[WIDTH + i : WIDTH + i + SIZE] for past in seen)
            heads += times(list(zip(*values, strict=True)), share)
        x = list(map(add, x, times(w["self_attn.out_proj.w"], heads)))
        wide = [a.relu() for a in times(w["linear1.w"], norm(w["norm2.weight"], x))]
        x = list(map(add, x, times(w["linear2.w"], wide)))
        rows.append(times(w["out.w"], norm(w["norm.weight"], x)))
    return rows


def loss_of(w: dict[str, Any], word: str) -> Value:
    """The mean of -log(probability) over the letters of a word and the dot at its end."""
    _, *after = code = CODES(word)
    rows = scores(w, code[:-1])
    return -sum(softmax(row)[i].log() for row, i in zip(rows, after, strict=True)) / len(rows)


def main() -> None:
    """Compare with the network on arrays, train on numbers, write names."""
    steps, rng = 4 if quick(__doc__) else 600, np.random.default_rng(0)
    model = CharGPT(WIDTH, HEADS, 1, dropout=0.0, dtype=np.float64, seed=0)
    w = tree_map(Value, lists_of(model, "data"))
    x, y = table(["ada"])
    loss(model(x), y).backward()
    loss_of(w, "ada").backward()
    gaps, _ = flatten(tree_map(lambda v, g: abs(v.grad - g), w, lists_of(model, "grad")))
    print(f"{len(gaps)} numbers; their derivatives on arrays differ by at most {max(gaps):.0e}")

    adam, losses = Adam(flatten(w)[0], lr=LinearDecay(0.02, steps=steps)), []
    for _ in range(steps):
        adam.zero_grad()
        costs = [loss_of(w, word) for word in rng.choice(names(), 2).tolist()]
        sum(costs).backward()
        losses += [cost.data for cost in costs]
        adam.step()
    print(f"loss: {np.mean(losses[:8]):.2f} -> {np.mean(losses[-200:]):.2f} (guessing: 3.30)")
    likely = lambda row: [score.data for score in scores(w, row)[-1]]
    print("new names:", " ".join(spell(likely, 0.6, rng) for _ in range(min(steps, 12))))


if __name__ == "__main__":
    main()
