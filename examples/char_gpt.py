"""A GPT on arrays reads given names, letter by letter, and writes new ones: transformer blocks with
a causal mask, trained to give the next letter.  `scalar_gpt.py` is the same network on numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, letters, names, quick, save

from nn import Adam, Embedding, LayerNorm, Linear, Module, TransformerBlock, fit, sample
from nn import cross_entropy_with_logits as cross_entropy
from nn.plots import loss_curves

ALPHABET, CODES = letters()
LENGTH = max(map(len, names())) + 1
BATCH = 64


class CharGPT(Module):
    """Letters (n, steps), as integers, to scores (n, steps, letters) of the letter after each."""

    def __init__(
        self, width: int, heads: int, layers: int, dropout: float, dtype: Any, seed: int
    ) -> None:
        rng, count = np.random.default_rng(seed), len(ALPHABET)
        self.letters = Embedding(count, width, dtype=dtype, seed=rng)
        self.places = Embedding(LENGTH, width, dtype=dtype, seed=rng)
        options: dict[str, Any] = {"batch_first": True, "norm_first": True, "bias": False}
        options |= {"activation": "relu", "dropout": dropout, "dtype": dtype, "seed": rng}
        self.blocks = [TransformerBlock(width, heads, 4 * width, **options) for _ in range(layers)]
        self.norm = LayerNorm(width, bias=False, dtype=dtype)
        self.out = Linear(width, count, bias=False, dtype=dtype, seed=rng)

    def __call__(self, x: Any) -> Any:
        """The scores; a letter sees itself and those before it."""
        hidden = self.letters(x) + self.places(np.arange(len(x[0])))
        for block in self.blocks:
            hidden = block(hidden, is_causal=True)
        return self.out(self.norm(hidden))


def table(words: list[str]) -> tuple[Any, Any]:
    """Inputs and targets (words, LENGTH): each letter, and the one after it; -1 after the end."""
    x, y = np.zeros((len(words), LENGTH), int), np.full((len(words), LENGTH), -1)
    for i, word in enumerate(words):
        code = CODES(word)
        x[i, : len(code) - 1], y[i, : len(code) - 1] = code[:-1], code[1:]
    return x, y


def loss(scores: Any, targets: Any) -> Any:
    """The cross-entropy of the letters that there are."""
    rows, columns = np.nonzero(targets >= 0)
    return cross_entropy(scores[rows, columns], targets[rows, columns])


def spell(scores: Any, temperature: float, rng: np.random.Generator) -> str:
    """A new word, letter by letter, from the scores of the next letter after those that it has."""
    row = [0]
    while len(row) <= LENGTH and (len(row) == 1 or row[-1]):
        row.append(sample(scores(row), temperature=temperature, seed=rng))
    return "".join(ALPHABET[i] for i in row).strip(".")


def main() -> None:
    """Train, write names, draw the losses."""
    short = quick(__doc__)
    epochs, width = (1, 16) if short else (40, 48)
    words = [str(word) for word in np.random.default_rng(0).permutation(names())]
    held, kept = words[:130], words[130:]
    model = CharGPT(width, 4, 2, dropout=0.1, dtype=np.float32, seed=0)
    print(f"{sum(p.size for p in model.parameters())} parameters, {len(kept)} names")
    options: dict[str, Any] = {"batch_size": BATCH, "validation": table(held), "patience": 5}
    history = fit(model, *table(kept), loss, Adam(model, lr=3e-3), epochs, seed=0, **options)
    print(f"the best of {history.epochs} epochs has a loss of {min(history.test):.2f} ", end="")
    print(f"on {len(held)} held-out names (guessing: {np.log(len(ALPHABET)):.2f})")
    rng, model = np.random.default_rng(0), model.eval()
    for temperature in (0.5, 1.0):
        new = [spell(lambda row: model([row]).data[0, -1], temperature, rng) for _ in range(12)]
        print(f"T = {temperature}:", " ".join(new), f"({len(set(new) - set(words))} are new)")
    picture, axes = figure()
    if picture is not None:
        loss_curves(history, axes=axes)
        save(picture, "char_gpt.png")


if __name__ == "__main__":
    main()
