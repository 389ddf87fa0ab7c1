"""What was written into an array, and where: the pieces, and how they are joined.

Every array and every view of it shares one `Pieces`.  A place is the position of a number in the
memory of the array, counted in numbers; all views of the array know their entries by place, so what
is written through one of them is seen through all.
"""

from __future__ import annotations

from typing import Any, Final, final

import numpy as np

from autograd.engine.indexing import ARRAY
from autograd.engine.node import Node
from autograd.rules.indexing import getitem
from autograd.rules.joining import concatenate_row, stack_row
from autograd.rules.shape import reshape_row, shape_of

CONSTANT: Final = -1
"""The owner of a place that holds a plain number."""

ENTRY: Final = -2
"""The owner of a place into which a Value of one number was written."""

FEW: Final = 16
"""So many views are remembered with what was joined for them."""

Key = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Which entries a view has: the first place, the shape and the strides."""


@final
class Pieces:
    """The Values that were written into one stretch of memory.

    memory    all numbers as one row, in the order of memory; NaN where a Value was written, so that
              code that reads them directly cannot take them for constants.  A number that is not
              NaN was written after the Value, by whatever means, and is a constant
    start     the address of the first number
    entries   the Values of one number, by place
    arrays    the Values of several numbers, by the number of the piece
    left      how many places each of them still has: a piece without any is dropped
    owner     for each place the number of its piece, ENTRY or CONSTANT; made with the first piece
    position  for each place its position in the piece, in C order
    whole     the pieces that are as they were written, by the view through which they were
    keys      the other way round
    joined    what was joined for a view since the last write, with the plain numbers then

    Joining turns many entries and pieces into one piece, so that to use an array as a whole after
    each write costs a copy of it each time, as in NumPy; entries stay what they are to read.
    """

    __slots__ = (
        *("memory", "start", "entries", "arrays", "left", "owner", "position", "whole", "keys"),
        *("joined", "tracked", "places", "count"),
    )

    def __init__(self, memory: Any) -> None:
        self.memory = memory
        self.start = address_of(memory)
        self.entries: dict[int, Any] = {}
        self.arrays: dict[int, Any] = {}
        self.left: dict[int, int] = {}
        self.owner: Any = None
        self.position: Any = None
        self.whole: dict[Key, int] = {}
        self.keys: dict[int, Key] = {}
        self.joined: dict[Key, tuple[Any, Any]] = {}
        self.tracked = False
        self.places: Any = None
        self.count = 0

    @property
    def is_plain(self) -> bool:
        """Whether no Value was written, as far as is known without looking at the numbers."""
        return not self.entries and not self.arrays

    def has(self, array: Any) -> bool:
        """Whether the numbers of an array are in this memory."""
        return np.may_share_memory(self.memory, array)

    def key_of(self, array: Any) -> Key:
        """Which entries an array in this memory has, in a form that can be hashed."""
        return address_of(array) - self.start, array.shape, array.strides

    def places_of(self, array: Any) -> Any:
        """The place of each entry of an array that lies in this memory."""
        if self.places is None:
            self.places = np.arange(self.memory.size, dtype=np.intp)
        if not array.size:
            return np.empty(array.shape, np.intp)
        size, width = array.itemsize, self.places.itemsize
        offset = (address_of(array) - self.start) // size * width
        strides = [step // size * width for step in array.strides]
        return np.ndarray(array.shape, np.intp, self.places, offset, strides)

    # --- writing --------------------------------------------------------------------------------
    def write_entry(self, place: int, x: Any) -> None:
        """A Value of one number was written; the memory there holds NaN already."""
        self.entries[place] = x
        if self.tracked:
            self.overwrite(place, ENTRY)

    def overwrite(self, place: int, owner: int) -> None:
        """One place has another owner."""
        self.joined.clear()
        if self.owner is None:
            self.tracked = False
            return
        before = self.owner.item(place)
        if before >= 0:
            self.release(before, 1)
        self.owner[place] = owner

    def release(self, piece: int, count: int) -> None:
        """So many places do not belong to a piece any more."""
        self.left[piece] -= count
        if piece in self.keys:
            del self.whole[self.keys.pop(piece)]
        if not self.left[piece]:
            del self.left[piece], self.arrays[piece]

    def release_all(self, owners: Any) -> None:
        """The same for many places, given their owners."""
        if not owners.size:
            return
        last = int(owners.max())
        if last == owners.min():
            if last >= 0:
                self.release(last, owners.size)
            return
        for piece, count in zip(*map(np.ndarray.tolist, np.unique_counts(owners)), strict=True):
            if piece >= 0:
                self.release(piece, count)

    def write_array(self, places: Any, x: Any, key: Key | None) -> None:
        """A Value of several numbers, one for each of the places, was written."""
        self.forget(places, repeats=key is None)
        count = places.size if key is not None else len(np.unique(places))
        if not count:
            return
        self.own(places, np.arange(places.size).reshape(places.shape), x, count)
        if key is not None:
            self.whole[key] = self.count
            self.keys[self.count] = key

    def own(self, places: Any, position: Any, x: Any, count: int) -> None:
        """Make x the piece to which so many places belong, each at a position in it."""
        if self.owner is None:
            self.owner = np.full(self.memory.size, CONSTANT, np.intp)
            self.owner[list(self.entries)] = ENTRY
            self.position = np.zeros(self.memory.size, np.intp)
            self.tracked = True
        self.count += 1
        self.arrays[self.count], self.left[self.count] = x, count
        self.owner[places] = self.count
        self.position[places] = position

    def forget(self, places: Any, repeats: bool = True) -> None:
        """Plain numbers were written, or something is about to be.  `repeats` says that a place may
        be named twice."""
        self.joined.clear()
        entries = self.entries
        if entries:
            if len(entries) > places.size:
                for place in places.ravel().tolist():
                    entries.pop(place, None)
            else:
                gone = np.zeros(self.memory.size, bool)
                gone[places] = True
                self.entries = {place: x for place, x in entries.items() if not gone[place]}
        if self.owner is None:
            return
        self.release_all(self.owner[np.unique(places) if repeats else places])
        self.owner[places] = CONSTANT

    # --- reading --------------------------------------------------------------------------------
    def read_entry(self, place: int, number: Any) -> Any:
        """What was written at one place whose memory holds NaN: the Value itself, an entry of a
        piece, or the NaN."""
        x = self.entries.get(place)
        if x is not None or self.owner is None:
            return number if x is None else x
        owner = self.owner.item(place)
        if owner < 0:
            return number
        x = self.arrays[owner]
        return x[tuple(map(int, np.unravel_index(self.position.item(place), shape_of(x))))]

    def read(self, array: Any, places: Any, key: Key) -> Any:
        """The entries of a view as one Value; None where no Value is among them."""
        known = self.joined.get(key)
        if known is not None and np.array_equal(known[0], array, equal_nan=True):
            return known[1]
        missing = np.isnan(array)
        if key in self.whole and missing.all():
            return self.arrays[self.whole[key]]
        if not missing.any():
            return None
        if not places.ndim:
            return self.read_entry(places.item(), None)
        numbers = array.copy()
        x = self.join(places, numbers, missing)
        if x is not None:
            if len(self.joined) >= FEW:
                self.joined.clear()
            self.joined[key] = (numbers, x)
            self.tracked = True
        return x

    def join(self, places: Any, numbers: Any, missing: Any) -> Any:
        """The entries at some places as one Value, None where no Value is among them.

        numbers  what the memory holds there
        missing  where it holds NaN
        """
        flat = places.ravel()
        at = np.flatnonzero(missing)
        sources, index, several = self.sources_of(flat, at)
        if not sources:
            return None
        constant = index < 0
        if constant.any():
            index[constant] = sum(map(size_of, sources)) + np.arange(np.count_nonzero(constant))
            sources.append(numbers.ravel()[constant])
        x = assemble(sources, index, places.shape)
        if several and np.bincount(flat).max() < 2:
            held = np.flatnonzero(~constant)
            if self.owner is not None:
                self.release_all(self.owner[flat[held]])
            self.own(flat[held], held, x, held.size)
        return x

    def sources_of(self, flat: Any, at: Any) -> tuple[list[Any], Any, bool]:
        """The Values of which entries are made; for each entry its position in them, counted
        through all, -1 where it is a constant; and whether several were written.

        flat     the places of the entries
        at       which of them may belong to Values
        """
        index = np.full(flat.size, -1, np.intp)
        owners = np.full(at.size, ENTRY) if self.owner is None else self.owner[flat[at]]
        sources: list[Any] = []
        count = 0
        single = at[owners == ENTRY]
        if single.size:
            found = [self.entries.get(place) for place in flat[single].tolist()]
            if any(x is None for x in found):
                single = single[[x is not None for x in found]]
                found = [x for x in found if x is not None]
            if found:
                count += len(found)
                sources.append(stack_row(*found))
                index[single] = np.arange(len(found))
        shared = at[owners >= 0]
        if shared.size:
            used, which = np.unique(self.owner[flat[shared]], return_inverse=True)
            pieces = [self.arrays[k] for k in used.tolist()]
            sizes = [size_of(x) for x in (*sources, *pieces)]
            ends = np.cumsum([0, *sizes])[len(sources) : len(sources) + len(pieces)]
            index[shared] = ends[which] + self.position[flat[shared]]
            sources += pieces
            count += len(pieces)
        return sources, index, count > 1


def address_of(array: Any) -> int:
    """Where the first number of an array is in memory."""
    address: int = array.__array_interface__["data"][0]
    return address


def size_of(x: Any) -> int:
    """The number of entries."""
    return int(np.prod(shape_of(x), dtype=np.intp))


def is_piece(x: Any) -> bool:
    """Whether x is kept as it is where it is written: a Value, or an array of another library."""
    return isinstance(x, Node) or (
        hasattr(x, "__array_function__") and not isinstance(x, np.ndarray | np.generic)
    )


def assemble(sources: list[Any], index: Any, shape: tuple[int, ...]) -> Any:
    """An array of entries taken from several; `index` counts through all of them."""
    total = sum(map(size_of, sources))
    in_order = index.size == total and bool((index == np.arange(total)).all())
    if in_order and len(sources) == 1 and shape_of(sources[0]) == shape:
        return sources[0]
    rows = [x if len(shape_of(x)) == 1 else reshape_row(x, shape=(-1,)) for x in sources]
    y = rows[0] if len(rows) == 1 else concatenate_row(*rows, axis=0)
    if not in_order:
        unique = bool(np.bincount(index).max() < 2)
        y = getitem(y, index, index=(ARRAY,), unique=unique)
    return y if len(shape) == 1 else reshape_row(y, shape=shape)
