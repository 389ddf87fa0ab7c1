"""`u.flat` of a writable array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np


class Flat:
    """What `u.flat` is: the entries in C order."""

    __slots__ = ("base", "place")

    def __init__(self, base: Any) -> None:
        self.base = base
        self.place = 0

    def index(self, k: Any) -> tuple[Any, ...]:
        """Where entries are, given their positions in the row."""
        return np.unravel_index(np.arange(self.base.size)[k], self.base.shape)

    def __getitem__(self, k: Any) -> Any:
        return self.base[self.index(k)]

    def __setitem__(self, k: Any, x: Any) -> None:
        self.base[self.index(k)] = x

    def __len__(self) -> int:
        return int(self.base.size)

    def __iter__(self) -> Iterator[Any]:
        return (self.base[index] for index in np.ndindex(self.base.shape))

    def __next__(self) -> Any:
        if self.place >= len(self):
            raise StopIteration
        self.place += 1
        return self[self.place - 1]
