"""What an ndarray (or micrograd's Value) has and a Value has not, and what to do instead."""

from __future__ import annotations

from typing import Any, Final, NoReturn, final

IN_PLACE: Final = "a Value is not changed in place, since the recorded graph would then be wrong; "
ON_DATA: Final = "the plain array has it, v.data"
ADVICE: Final = {
    "sort": IN_PLACE + "np.sort(v) is a sorted copy",
    "partition": IN_PLACE + "np.partition(v, kth) is a partitioned copy",
    "fill": IN_PLACE + "use np.full_like(v, number)",
    "put": IN_PLACE + "use np.where(mask, item, v)",
    "itemset": IN_PLACE + "use np.where(mask, item, v)",
    "resize": IN_PLACE + "use v.reshape(shape)",
    "setfield": IN_PLACE + "use v.astype(dtype)",
    "setflags": IN_PLACE + "to lock the plain array use v.data.setflags",
    "byteswap": IN_PLACE + "use v.astype(dtype)",
    "view": "bytes read as another dtype have no derivative; use v.astype(dtype), v.reshape(shape) "
    "or v.real",
    "getfield": "bytes read as another dtype have no derivative; use v.astype(dtype)",
    "choose": "an index is plain: use np.choose(v.data.astype(int), choices), or np.where",
    "ptp": "NumPy 2 has only the function: use np.ptp(v)",
    "newbyteorder": "use v.astype(v.dtype.newbyteorder(...))",
    "to_device": "Values stay where their data are; " + ON_DATA,
    "_backward": "a node keeps no closure, its rule is a row of the table: v.backward() runs them "
    "all; v.op.vjps are the rules of the operation that made v (docs/micrograd.md takes one step)",
    **dict.fromkeys(
        ("base", "ctypes", "flags", "strides", "tobytes", "tofile", "dump", "dumps"), ON_DATA
    ),
}


@final
class Refused:
    """An attribute that a Value cannot have: AttributeError with advice.

    One descriptor for each; a `__getattr__` would make every attribute of every Value five times
    slower to read."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, v: Any, owner: type | None = None) -> NoReturn:
        raise AttributeError(
            f"'Value' object has no attribute {self.name!r}: {ADVICE[self.name]}",
            name=self.name,
            obj=v,
        )


def refuse_unknown(owner: type) -> None:
    """Give a class a descriptor for everything in `ADVICE`."""
    for name in ADVICE:
        setattr(owner, name, Refused(name))


def refuse(what: str) -> NoReturn:
    """A Value is about to become a plain number or array, and its gradient would be lost."""
    raise TypeError(
        f"{what} would silently lose the gradient of a Value. To stay differentiable use the "
        "NumPy function (np.sin(v), not math.sin(v)); to join Values use np.stack or "
        "np.concatenate. Values can be written into arrays of `import autograd.numpy as np`, which "
        "has array, full, zeros, r_ and their like for Values. For the plain number take v.item(), "
        "for the plain array v.data"
    )


def refuse_out(name: str, out: Any) -> None:
    """`out=` would write a Value into a plain array."""
    if out is not None and not (isinstance(out, tuple) and all(x is None for x in out)):
        raise TypeError(f"np.{name}(out=...) would lose the gradient: use the returned Value")
