"""Classes drawn at random from the probabilities that a network gives them."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value
from nn.activations import checked_temperature, entries
from nn.checks import check_keywords


@check_keywords(T="temperature", k="top_k", rng="seed")
def sample(
    logits: Any,
    temperature: float = 1.0,
    seed: int | np.random.Generator | None = None,
    top_k: int | None = None,
) -> Any:
    """A class drawn from softmax(logits / temperature), as a language model draws its next token.

    logits       (..., c): raw scores of c classes, a Value or an array; -inf excludes a class
    temperature  below 1 the likely classes are drawn more often, above 1 the unlikely ones
    seed         an int, a NumPy Generator (give the same one to each call), or None
    top_k        draw among the k classes of the largest scores only; 1 always takes the largest

    Returns integers of shape (...), an int for one vector of scores.  It is a plain result: a draw
    has no derivative.  By the Gumbel maximum, argmax(logits / temperature - log(-log(u))) with
    uniform u, which never forms the probabilities and so neither overflows nor needs a sum.

    Raises ValueError where a score is NaN or plus infinity, where all are minus infinity, and for a
    temperature or `top_k` that is not positive.

    >>> sample([0.0, 9.0, 1.0], seed=0), sample([0.0, 9.0, 1.0], top_k=1)
    (1, 1)
    >>> draws = sample(np.log([[0.2, 0.8]] * 10_000), seed=0)
    >>> round(float(draws.mean()), 1)
    0.8
    """
    logits = entries(logits)
    scores = np.asarray(logits.data if isinstance(logits, Value) else logits, dtype=float)
    if not scores.ndim or not scores.shape[-1]:
        raise ValueError(f"sample needs a score for each class, got shape {scores.shape}")
    if np.isnan(scores).any() or np.any(scores == np.inf):
        raise ValueError("sample needs scores that are numbers or -inf; one is NaN or infinite")
    if not np.all(np.isfinite(scores).any(axis=-1)):
        raise ValueError("sample has no class to draw: all scores of a row are -inf")
    if top_k is not None:
        if top_k < 1:
            raise ValueError(f"top_k must be at least 1, got {top_k}")
        order = np.argsort(-scores, axis=-1, kind="stable")
        scores = scores.copy()
        np.put_along_axis(scores, order[..., top_k:], -np.inf, axis=-1)
    with np.errstate(over="ignore"):  # a class that is so far below the best one has no chance
        below = (scores - np.max(scores, axis=-1, keepdims=True)) / checked_temperature(temperature)
    noise = np.random.default_rng(seed).gumbel(size=scores.shape)
    drawn = np.argmax(below + noise, axis=-1)
    return int(drawn) if drawn.ndim == 0 else drawn
