"""The methods of an ndarray whose outcome has no derivative, for Value; and advice for those that a
Value cannot have."""

from __future__ import annotations

from typing import Any, Final, NoReturn, final

import numpy as np

from autograd.engine.primitive import Node

Axis = int | tuple[int, ...] | None
numpy: Any = np  # NumPy as it is after dispatch: its functions take Values and return Values

IN_PLACE = "a Value is not changed in place, its graph would no longer be true; "
ON_DATA = "the plain array has it, v.data"
ADVICE: Final = {
    "sort": IN_PLACE + "v[np.argsort(v.data)] is a sorted copy",
    "partition": IN_PLACE + "v[np.argpartition(v.data, kth)] is a partitioned copy",
    "fill": IN_PLACE + "use np.full_like(v, number)",
    "put": IN_PLACE + "use np.where(mask, item, v)",
    "itemset": IN_PLACE + "use np.where(mask, item, v)",
    "resize": IN_PLACE + "use v.reshape(shape)",
    "setfield": IN_PLACE + "use v.astype(dtype)",
    "setflags": IN_PLACE + "to lock the plain array use v.data.setflags",
    "byteswap": IN_PLACE + "use v.astype(dtype)",
    "view": "other bytes have no derivative; use v.astype(dtype), v.reshape(shape) or v.real",
    "getfield": "other bytes have no derivative; use v.astype(dtype)",
    "choose": "an index is plain: use np.choose(v.data.astype(int), choices), or np.where",
    "ptp": "NumPy 2 has only the function: use np.ptp(v)",
    "newbyteorder": "use v.astype(v.dtype.newbyteorder(...))",
    "to_device": "Values stay where their data are; " + ON_DATA,
    **dict.fromkeys(
        ("base", "ctypes", "flags", "strides", "tobytes", "tofile", "dump", "dumps"), ON_DATA
    ),
}
"""What an ndarray has and a Value has not, and what to do instead."""


class PlainMethods(Node):
    """What Value inherits of plain numbers, indices and bools: no state, no rule."""

    __slots__ = ()

    data: Any

    def item(self, *index: int) -> Any:
        """The plain Python number of a Value of one entry (or of the entry at `index`)."""
        return np.asarray(self.data).item(*index)

    def tolist(self) -> Any:
        """The plain numbers as (nested) lists."""
        return np.asarray(self.data).tolist()

    def argmax(self, axis: int | None = None, out: None = None, **options: Any) -> Any:
        """As `np.argmax`: plain indices."""
        return numpy.argmax(self.data, axis, out, **options)

    def argmin(self, axis: int | None = None, out: None = None, **options: Any) -> Any:
        """As `np.argmin`: plain indices."""
        return numpy.argmin(self.data, axis, out, **options)

    def argsort(self, axis: int | None = -1, kind: Any = None, **options: Any) -> Any:
        """As `np.argsort`: plain indices."""
        return numpy.argsort(self.data, axis, kind, **options)

    def argpartition(self, kth: Any, axis: int | None = -1, **options: Any) -> Any:
        """As `np.argpartition`: plain indices."""
        return numpy.argpartition(self.data, kth, axis, **options)

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """As `np.searchsorted`: plain indices."""
        return numpy.searchsorted(self, v, side, sorter)

    def all(
        self, axis: Axis = None, out: None = None, keepdims: bool = False, **options: Any
    ) -> Any:
        """As `np.all`: plain bools."""
        return numpy.all(self.data, axis, out, keepdims, **options)

    def any(
        self, axis: Axis = None, out: None = None, keepdims: bool = False, **options: Any
    ) -> Any:
        """As `np.any`: plain bools."""
        return numpy.any(self.data, axis, out, keepdims, **options)

    def nonzero(self) -> Any:
        """As `np.nonzero`: plain indices."""
        return numpy.nonzero(self.data)

    def __contains__(self, x: Any) -> bool:
        """True where an entry equals x."""
        return bool(numpy.any(numpy.equal(self, x)))

    def __delitem__(self, index: Any) -> NoReturn:
        raise TypeError("entries of a Value cannot be deleted: take the others, v[mask]")

    @property
    def device(self) -> str:
        """Where the data are, as NumPy says it."""
        return str(getattr(self.data, "device", "cpu"))


@final
class Refused:
    """An attribute of ndarray that a Value cannot have: AttributeError with advice.

    One descriptor for each; a `__getattr__` would make every attribute of every Value five times
    slower to read."""

    def __init__(self, name: str, advice: str) -> None:
        self.name, self.advice = name, advice

    def __get__(self, v: Any, owner: type | None = None) -> Any:
        raise AttributeError(
            f"'Value' object has no attribute {self.name!r}: {self.advice}", name=self.name, obj=v
        )


for _name, _advice in ADVICE.items():
    setattr(PlainMethods, _name, Refused(_name, _advice))
