"""`np.r_` and `np.c_`, with Values among what they join."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.engine.node import Node
from autograd.numpy.lists import join_lists
from autograd.numpy.making import linspace
from autograd.numpy.pieces import assemble, is_piece
from autograd.numpy.writable import adopted, new
from autograd.rules.shape import shape_of


class Joiner:
    """An object of NumPy that joins what stands in its brackets.

    Where the entries go is asked of NumPy, which joins their numbers in place of them."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self.__doc__ = plain.__doc__

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plain, name)

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: Any) -> Any:
        items = [item_of(item) for item in (key if isinstance(key, tuple) else (key,))]
        if not any(map(is_piece, items)):
            return adopted(self.plain[tuple(items) if isinstance(key, tuple) else items[0]])
        sources: list[Any] = []
        marks: list[Any] = []
        count = 0
        for i, item in enumerate(items):
            if isinstance(item, str) and not i:
                marks.append(item)
                continue
            item = np.r_[item] if isinstance(item, slice) else item
            item = item if is_piece(item) else np.asarray(item)
            size = int(np.prod(shape_of(item), dtype=int))
            marks.append(np.arange(count, count + size).reshape(shape_of(item)))
            sources.append(item)
            count += size
        index = np.asarray(self.plain[tuple(marks)])
        return new(assemble(sources, index.ravel(), index.shape))


def item_of(item: Any) -> Any:
    """One of the things in the brackets; a range between Values as a Value."""
    if isinstance(item, slice) and any(isinstance(x, Node) for x in (item.start, item.stop)):
        start = 0.0 if item.start is None else item.start
        if isinstance(item.step, complex):
            return linspace(start, item.stop, int(abs(item.step))).frozen()
        raise TypeError(
            "a range between Values needs the number of its entries, np.r_[v:w:5j]: where it ends "
            "would else depend on v in steps"
        )
    return join_lists(item)


r_: Any = Joiner(np.r_)
c_: Any = Joiner(np.c_)
