"""The mode of a model, training or use, for a block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nn.finding import named_modules


@contextmanager
def in_mode(model: Any, training: bool) -> Iterator[None]:
    """Every module of a model in the mode of training, or of use, for a `with` block; afterwards
    each is in the mode in which it was."""
    changed = [m for _, m in named_modules(model) if getattr(m, "training", training) != training]
    for module in changed:
        object.__setattr__(module, "training", training)
    try:
        yield
    finally:
        for module in changed:
            object.__setattr__(module, "training", not training)
