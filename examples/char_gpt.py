"""A GPT on arrays reads given names, letter by letter, and writes new ones: two transformer blocks
with a causal mask, trained to give the next letter.  `scalar_gpt.py` is the same idea on numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from _common import figure, letters, names, quick, save

from nn import (
    Adam,
    Embedding,
    LayerNorm,
    Linear,
    Module,
    TransformerBlock,
    cross_entropy_with_logits,
    fit,
    sample,
)
from nn.plots import loss_curves

WIDTH, HEADS, LAYERS, F = 32, 4, 2, np.float32


class CharGPT(Module):
    """Letters (n, steps) as integers to scores (n, steps, letters) of the letter after each."""

    def __init__(self, count: int, length: int, seed: int) -> None:
        source = np.random.default_rng(seed)
        self.letters = Embedding(count, WIDTH, dtype=F, seed=source)
        self.places = Embedding(length, WIDTH, dtype=F, seed=source)
        options: dict[str, Any] = {"batch_first": True, "norm_first": True, "dtype": F}
        self.blocks = [
            TransformerBlock(WIDTH, HEADS, 4 * WIDTH, 0.2, "gelu", seed=source, **options)
            for _ in range(LAYERS)
        ]
        self.norm, self.out = LayerNorm(WIDTH, dtype=F), Linear(WIDTH, count, dtype=F, seed=source)

    def __call__(self, x: Any) -> Any:
        """The scores; a letter sees those before it and itself."""
        steps = x.shape[1]
        hidden = self.letters(x) + self.places(np.arange(steps))
        mask = np.triu(np.full((steps, steps), -np.inf, F), 1)
        for block in self.blocks:
            hidden = block(hidden, src_mask=mask)
        return self.out(self.norm(hidden))


def table(words: list[str], length: int) -> tuple[Any, Any]:
    """Inputs and targets (words, length): each letter, and the one after it; -1 after the end."""
    _, codes = letters()
    x, y = np.zeros((len(words), length), int), np.full((len(words), length), -1)
    for i, word in enumerate(words):
        code = codes(word)
        x[i, : len(code) - 1], y[i, : len(code) - 1] = code[:-1], code[1:]
    return x, y


def loss(scores: Any, targets: Any) -> Any:
    """The cross-entropy of the letters that there are."""
    rows, columns = np.nonzero(targets >= 0)
    return cross_entropy_with_logits(scores[rows, columns], targets[rows, columns])


def write(model: CharGPT, length: int, temperature: float, source: Any) -> str:
    """A new word, letter by letter."""
    alphabet, _ = letters()
    row = [0]
    while len(row) <= length and (len(row) == 1 or row[-1]):
        scores = model(np.array([row])).data[0, -1]
        row.append(sample(scores, temperature=temperature, seed=source))
    return "".join(alphabet[i] for i in row).strip(".")


def main() -> None:
    """Train, write names, draw the losses."""
    epochs = 1 if quick(__doc__) else 40
    words = [str(word) for word in np.random.default_rng(0).permutation(names())]
    length = max(map(len, words)) + 1
    held, kept = words[:40], words[40:]
    model = CharGPT(len(letters()[0]), length, seed=0)
    print(f"{sum(p.size for p in model.parameters())} parameters, {len(kept)} names")
    adam, test, (x, y) = Adam(model, lr=3e-3), table(held, length), table(kept, length)
    history = fit(model, x, y, loss, adam, epochs, batch_size=32, seed=0, test=test)
    print(f"loss: {history.train[-1]:.2f}, {min(history.test):.2f} on 40 held-out names at best")
    source = np.random.default_rng(0)
    for temperature in (0.5, 1.0):
        new = [write(model.eval(), length, temperature, source) for _ in range(12)]
        print(f"T = {temperature}:", " ".join(new), f"({len(set(new) - set(words))} are new)")
    if (drawn := figure())[0] is not None:
        save(loss_curves(history, axes=drawn[1]).figure, "char_gpt.png")


if __name__ == "__main__":
    main()
