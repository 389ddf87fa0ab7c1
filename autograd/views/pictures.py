"""Pictures of arrays: their entries where these are few, else a strip of cells."""

from __future__ import annotations

from typing import Any

from autograd.views.summary import KEPT, Datum, Summary, jsonable

CELLS = 400_000  # cells of all strips in one page
NONE = -1


class PictureBook:
    """Collects pictures, each once.

    limit  cells after which strips are left out: a page of 10,000 arrays holds those of a part
    """

    def __init__(self, limit: int = CELLS) -> None:
        self.pictures: list[dict[str, Any]] = []
        self.left = limit
        self.known: dict[tuple[object, ...], int] = {}

    def add(self, value: Datum | None) -> int:
        """The number of the picture of an array; -1 for a number, and where there is no room."""
        if not isinstance(value, Summary) or not value.size or self.left <= 0:
            return NONE
        picture = picture_of(value)
        key = tuple(map(str, picture.values()))
        if key not in self.known:
            self.left -= len(picture.get("t", "")) or value.size
            self.known[key] = len(self.pictures)
            self.pictures.append(picture)
        return self.known[key]


def picture_of(value: Summary) -> dict[str, Any]:
    """The picture of one array, as README.md says.

    >>> import numpy as np
    >>> picture_of(Summary(np.array([1.0, -2.0])))
    {'s': [2], 'e': [1.0, -2.0]}
    """
    if value.size <= KEPT:
        return {"s": list(value.shape), "e": [jsonable(compact(x)) for x in value.head]}
    strip = value.strip
    sides = {"r": strip.rows, "c": strip.columns, "m": compact(strip.largest)}
    return {"s": list(value.shape), **sides, "t": strip.cells}


def compact(x: float) -> float:
    """A number with the digits that a reader sees, so that a page stays small."""
    return float(f"{x:.6g}")
