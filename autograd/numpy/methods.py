"""The named methods and properties of a writable array.

Each one that ndarray has is here, on the list `INHERITED`, or an operator, which NumPy hands to
`__array_ufunc__`; a test fails where NumPy adds one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final, NoReturn

import numpy as np

from autograd.engine.node import Node, Writable
from autograd.numpy.flat import Flat
from autograd.numpy.lists import join_lists
from autograd.numpy.operands import freeze_all

REDIRECTED: Final = (
    *("all", "any", "argmax", "argmin", "argpartition", "argsort", "choose", "clip", "compress"),
    *("conj", "conjugate", "cumprod", "cumsum", "dot", "item", "max", "mean", "min", "nonzero"),
    *("prod", "repeat", "round", "searchsorted", "std", "sum", "take", "trace", "var"),
    *("__bool__", "__int__", "__float__", "__complex__", "__index__", "__array__"),
)
"""Methods of what the array holds: of the Value, or of NumPy's array."""

VIEWS: Final = ("diagonal", "ravel", "reshape", "squeeze", "swapaxes", "transpose")
"""Methods that return a view, through which can be written, where NumPy's do."""

COPIES: Final = ("astype", "copy", "flatten")
"""Methods that return a new array, into which can be written."""

BYTES: Final = (
    *("byteswap", "dump", "dumps", "getfield", "setfield", "tobytes", "tofile", "__dlpack__"),
)
"""Methods for the bytes of the numbers, refused where a Value is among them."""

INHERITED: Final = frozenset(
    {
        # operators: NumPy calls `__array_ufunc__`
        *("__add__", "__radd__", "__iadd__", "__sub__", "__rsub__", "__isub__", "__mul__"),
        *("__rmul__", "__imul__", "__truediv__", "__rtruediv__", "__itruediv__", "__floordiv__"),
        *("__rfloordiv__", "__ifloordiv__", "__mod__", "__rmod__", "__imod__", "__divmod__"),
        *("__rdivmod__", "__pow__", "__rpow__", "__ipow__", "__matmul__", "__rmatmul__"),
        *("__and__", "__rand__", "__iand__", "__or__", "__ror__", "__ior__", "__xor__"),
        *("__rxor__", "__ixor__", "__lshift__", "__rlshift__", "__ilshift__", "__rshift__"),
        *("__rrshift__", "__irshift__", "__abs__", "__neg__", "__pos__", "__invert__"),
        *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"),
        # what does not depend on the numbers
        *("base", "ctypes", "device", "itemsize", "nbytes", "ndim", "size", "to_device"),
        *("__array_namespace__", "__array_priority__", "__class_getitem__", "__dlpack_device__"),
        *("__hash__", "__len__", "__sizeof__"),
        # the raw memory, in which NaN stands for a Value
        *("__array_interface__", "__array_struct__", "__array_wrap__", "__buffer__"),
        "__release_buffer__",
        # what every object has
        *("__class__", "__delattr__", "__doc__", "__getattribute__", "__getstate__"),
        *("__init__", "__init_subclass__", "__new__", "__reduce_ex__", "__setattr__"),
        "__subclasshook__",
        "__delitem__",  # refused by NumPy
    }
)
"""What a writable array has from ndarray as it is, and why."""

shape_slot: Final[Any] = np.ndarray.shape


class Methods(np.ndarray[Any, np.dtype[Any]], Writable):
    """What `WritableArray` inherits beside ndarray: no state."""

    __slots__ = ()

    # --- what the class has to give --------------------------------------------------------------
    def current(self) -> Any:
        """The Value that the entries make, or the same memory as NumPy's own array."""
        raise NotImplementedError

    def memory(self) -> Any:
        """The same memory as NumPy's own array."""
        raise NotImplementedError

    def moved(self) -> None:
        """Forget what is known of shape and flags."""
        raise NotImplementedError

    def view_of(self, array: Any) -> Any:
        """An array of NumPy's that shares this memory as a view of this one; None for another."""
        raise NotImplementedError

    def made(self, result: Any) -> Any:
        """A result of NumPy as an array that can be written into."""
        raise NotImplementedError

    def made_new(self, x: Any, numbers: Any) -> Any:
        """A Value or an array of NumPy's as an array of its own that can be written into; `numbers`
        are those entries of the memory."""
        raise NotImplementedError

    # --- kinds of methods ------------------------------------------------------------------------
    def holds_values(self) -> bool:
        """Whether a Value is among the entries."""
        return type(self.current()) is not np.ndarray

    def call_method(self, name: str, args: Any, options: dict[str, Any]) -> Any:
        """A method of what the array holds now."""
        out = options.pop("out", None)
        x, args, options = self.current(), freeze_all(args), freeze_all(options)
        if type(x) is np.ndarray and any(isinstance(y, Node) for y in (*args, *options.values())):
            y = getattr(np, name)(x.copy(), *args, **options)
        elif out is not None and not isinstance(out, Writable):
            return getattr(x, name)(*args, out=out, **options)
        else:
            y = getattr(x, name)(*args, **options)
        if out is None:
            return self.made(y)
        out[...] = y
        return out

    def call_view(self, name: str, args: Any, options: dict[str, Any]) -> Any:
        """A method that returns a view where it can."""
        result = getattr(self.memory(), name)(*args, **options)
        found = self.view_of(result)
        if found is not None:
            return found
        x = self.current()
        y = result if type(x) is np.ndarray else getattr(x, name)(*args, **options)
        return self.made_new(y, result)

    def call_copy(self, name: str, args: Any, options: dict[str, Any]) -> Any:
        """A method that returns a new array."""
        x = self.current()
        y = getattr(x, name)(*args, **options)
        if y is x:
            return self
        numbers = y if type(x) is np.ndarray else getattr(self.memory(), name)(*args, **options)
        return self.made_new(y, numbers)

    def refuse_bytes(self, name: str) -> None:
        """TypeError where a Value is among the entries."""
        if self.holds_values():
            raise TypeError(
                f"{name} would silently lose the gradient of the Values that were written into "
                "this array: take autograd.stop_gradient(u) for the plain numbers"
            )

    # --- shape -----------------------------------------------------------------------------------
    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The transpose, a view."""
        return self.call_view("transpose", (), {})

    @property
    def mT(self) -> Any:  # noqa: N802 (NumPy's name)
        """The matrix transpose, a view."""
        if self.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return self.swapaxes(-2, -1)

    @property
    def shape(self) -> Any:
        """The lengths of the axes; can be set."""
        return shape_slot.__get__(self)

    @shape.setter
    def shape(self, shape: Any) -> None:
        shape_slot.__set__(self, shape)
        self.moved()

    @property
    def dtype(self) -> Any:
        """The dtype of the numbers."""
        return np.ndarray.dtype.__get__(self)

    @dtype.setter
    def dtype(self, dtype: Any) -> NoReturn:
        raise TypeError("an array is not read as another dtype in place: use u.astype(dtype)")

    @property
    def strides(self) -> Any:
        """The bytes from an entry to the next, for each axis."""
        return np.ndarray.strides.__get__(self)

    @strides.setter
    def strides(self, strides: Any) -> NoReturn:
        raise TypeError("strides are not set in place: use np.lib.stride_tricks.as_strided")

    @property
    def flags(self) -> Any:
        """The flags of the memory; `flags.writeable` can be set."""
        self.moved()
        return np.ndarray.flags.__get__(self)

    def setflags(self, *args: Any, **options: Any) -> None:
        """As `ndarray.setflags`."""
        super().setflags(*args, **options)
        self.moved()

    def resize(self, *shape: Any, **options: Any) -> NoReturn:
        """Refused: the memory would move away under the views."""
        raise TypeError("an array is not resized in place: use u = np.resize(u, shape)")

    def view(self, *args: Any, **options: Any) -> Any:
        """As `ndarray.view`; refused for another dtype where a Value is among the entries."""
        if args or options:
            plain = args == (np.ndarray,) or options == {"type": np.ndarray}
            if not (args == (type(self),) or options == {"type": type(self)}):
                self.refuse_bytes("view" if not plain else "view(np.ndarray)")
                return self.memory().view(*args, **options)
        return super().view()

    # --- parts -----------------------------------------------------------------------------------
    @property
    def real(self) -> Any:
        """The real part; of real numbers the array itself."""
        if self.dtype.kind != "c":
            return self
        return self.current().real

    @real.setter
    def real(self, x: Any) -> None:
        x = join_lists(x)
        self[...] = x if self.dtype.kind != "c" else x + 1j * self.imag

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return self.current().imag

    @imag.setter
    def imag(self, x: Any) -> None:
        if self.dtype.kind != "c":
            raise TypeError("an array of real numbers has no imaginary part to set")
        self[...] = self.real + 1j * join_lists(x)

    @property
    def data(self) -> Any:
        """The plain numbers as NumPy's own array, as `Value.data`; while no Value was written, the
        memory itself."""
        x = self.current()
        return x if type(x) is np.ndarray else np.asarray(x.data)

    @property
    def flat(self) -> Any:
        """The entries in one row, to iterate over, to read and to write."""
        return Flat(self)

    @flat.setter
    def flat(self, x: Any) -> None:
        self.put(np.arange(self.size), x)

    # --- writing ---------------------------------------------------------------------------------
    def fill(self, value: Any) -> None:
        """One number in every entry."""
        self[...] = value

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """As `np.put`."""
        np.put(self, indices, values, mode)

    def sort(self, axis: Any = -1, kind: Any = None, order: Any = None, **options: Any) -> None:
        """As `ndarray.sort`: in place."""
        self.reorder(np.argsort(self.current(), axis, kind, **options), axis)

    def partition(  # type: ignore[override]
        self, kth: Any, axis: int = -1, kind: Any = "introselect", **options: Any
    ) -> None:
        """As `ndarray.partition`: in place."""
        self.reorder(np.argpartition(self.current(), kth, axis, kind, **options), axis)

    def reorder(self, order: Any, axis: Any) -> None:
        """Each line along an axis in another order."""
        self[...] = np.take_along_axis(self, order, axis)

    def __imatmul__(self, other: Any) -> Any:  # type: ignore[misc]
        self[...] = np.matmul(self, other)
        return self

    def tolist(self) -> Any:
        """The entries as (nested) lists: plain numbers, and the Values that were written."""
        if not self.holds_values():
            return self.memory().tolist()
        if not self.ndim:
            return self[()]
        if self.ndim > 1:
            return [part.tolist() for part in self]
        return [x if isinstance(x, Node) else x.item() for x in self]

    # --- text, copies ----------------------------------------------------------------------------
    def __repr__(self) -> str:
        x = self.current()
        if type(x) is np.ndarray:
            return np.array_repr(x)
        return f"{np.array_repr(self.data)[:-1]}, holding Values)"

    def __str__(self) -> str:
        return np.array_str(self.data)

    def __format__(self, spec: str) -> str:
        return format(self.current(), spec) if spec else str(self)

    def __copy__(self) -> Any:
        return self.call_copy("copy", (), {})

    def __deepcopy__(self, memo: Any, /) -> Any:
        return self.made_new(copy.deepcopy(self.current(), memo), self.memory())

    def __setstate__(self, state: Any, /) -> NoReturn:
        raise TypeError("a writable array is loaded as a new one")

    def __dir__(self) -> list[str]:
        return dir(np.ndarray)


# --- the methods of which many are alike ----------------------------------------------------------
def caller(how: str, name: str) -> Callable[..., Any]:
    """A method that calls another one with its own name."""

    def method(self: Any, *args: Any, **options: Any) -> Any:
        return getattr(self, how)(name, args, options)

    method.__name__ = name
    method.__doc__ = f"As `ndarray.{name}`."
    return method


def guarded(name: str) -> Callable[..., Any]:
    """A method of NumPy's, for arrays without Values."""

    def method(self: Any, *args: Any, **options: Any) -> Any:
        self.refuse_bytes(name)
        return getattr(self.memory(), name)(*args, **options)

    method.__name__ = name
    method.__doc__ = f"As `ndarray.{name}`; TypeError where a Value is among the entries."
    return method


for names, how in ((REDIRECTED, "call_method"), (VIEWS, "call_view"), (COPIES, "call_copy")):
    for name in names:
        setattr(Methods, name, caller(how, name))
for name in BYTES:
    setattr(Methods, name, guarded(name))
