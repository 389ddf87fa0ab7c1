"""`WritableArray`: an array into which Values can be written.

It is NumPy's own array until a Value is written.  Then it keeps what was written (`pieces.py`),
gives it back where it is read, and becomes one Value where it is used as a whole.  Views share what
was written, so that writing through one is seen through all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, final

import numpy as np

from autograd.engine.node import Node
from autograd.engine.refusals import refuse
from autograd.engine.value import Value
from autograd.numpy.lists import join_lists
from autograd.numpy.methods import Methods
from autograd.numpy.operands import fitted, is_basic, memory_of
from autograd.numpy.pieces import ENTRY, Key, Pieces, is_piece

NAN: Final = float("nan")
get_plainly: Final[Any] = np.ndarray.__getitem__
DOUBLE: Final = np.dtype(np.float64)
DOUBLES: Final = frozenset((float, np.float64))
SIMPLE: Final = frozenset((float, int, bool, complex, np.ndarray, np.float64))
INTEGERS: Final = frozenset((int, np.int64))

HANDLERS: Final[dict[Any, Callable[..., Any]]] = {}
"""NumPy functions that write into an argument, and what they do where a writable array is one."""

LOOKS_AT_NO_NUMBER: Final = frozenset(
    {
        *(np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.min_scalar_type),
        *(np.iscomplexobj, np.isrealobj, np.common_type, np.shares_memory, np.may_share_memory),
        *(np.zeros_like, np.ones_like, np.empty_like),
    }
)
"""NumPy functions for which it does not matter what was written."""

MAKES_VIEWS: Final = frozenset(
    {
        *(np.reshape, np.ravel, np.transpose, np.permute_dims, np.matrix_transpose, np.swapaxes),
        *(np.moveaxis, np.rollaxis, np.squeeze, np.expand_dims, np.diagonal, np.diag),
        *(np.atleast_1d, np.atleast_2d, np.atleast_3d, np.broadcast_to, np.broadcast_arrays),
        *(np.flip, np.fliplr, np.flipud, np.rot90, np.unstack),
        *(np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit),
    }
)
"""NumPy functions whose results share the memory of their argument, where that can be."""


@final
class WritableArray(Methods):
    """NumPy's array, into which Values can be written.

    Made by `zeros`, `array` and their like in `autograd.numpy`; a result of NumPy on such arrays is
    one again.  Arrays of integers and bools refuse Values, arrays of real numbers complex ones,
    with TypeError; a Value is cast to the dtype of the array and broadcast to the entries.

    >>> import autograd.numpy as np
    >>> from autograd import grad
    >>> def powers(a):
    ...     u = np.zeros(4)
    ...     u[0] = a
    ...     for i in range(1, 4):
    ...         u[i] = u[i - 1] * a
    ...     return np.sum(u)
    >>> powers(2.0), grad(powers)(2.0)
    (np.float64(30.0), 49.0)
    """

    __slots__ = ("_pieces", "_plain", "_places", "_key", "_row")

    _pieces: Any
    """What was written into the memory, `Pieces`, shared by all views of it; None while there is no
    view and nothing was written."""
    _plain: Any
    """The same memory as NumPy's own array; None until it is asked for."""
    _places: Any
    """The place of each entry in `_pieces`."""
    _key: Key
    """Which entries these are, in a form that can be hashed."""
    _row: bool
    """Whether this is a row of doubles, and all of the above are there."""

    def __array_finalize__(self, source: Any) -> None:
        self._plain = None
        self._row = False
        if type(source) is not WritableArray:
            self._pieces = None
        elif source._pieces is None:
            self._pieces = source._pieces = Pieces(memory_of(np.ndarray.view(source, np.ndarray)))
        else:
            self._pieces = source._pieces

    # --- what it holds --------------------------------------------------------------------------
    def memory(self) -> Any:
        """The same memory as NumPy's own array, after the places of its entries are known."""
        if self._plain is not None:
            return self._plain
        plain = np.ndarray.view(self, np.ndarray)
        pieces = self._pieces
        if pieces is None or not (plain.size == 0 or pieces.has(plain)):
            pieces = self._pieces = Pieces(memory_of(plain))
        self._key = pieces.key_of(plain)
        self._places = pieces.places_of(plain)
        self._row = plain.ndim == 1 and plain.dtype is DOUBLE
        self._plain = plain
        return plain

    def moved(self) -> None:
        """Forget what is known of shape and flags."""
        self._plain, self._row = None, False

    def current(self) -> Any:
        """The Value that the entries make, or the same memory as NumPy's own array where no Value
        is among them."""
        pieces = self._pieces
        if pieces is None or pieces.is_plain:
            return np.ndarray.view(self, np.ndarray)
        plain = self._plain if self._plain is not None else self.memory()
        x = pieces.read(plain, self._places, self._key)
        return plain if x is None else x

    def frozen(self) -> Any:
        """The same, with a copy of the memory."""
        x = self.current()
        return x.copy() if type(x) is np.ndarray else x

    def record_call(self, op: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """`op` of what the arrays among its arguments hold."""
        return op(*each(args, take_frozen), **params)

    def view_of(self, array: Any) -> Any:
        """An array of NumPy's that shares this memory as a view of this one; None for another."""
        if type(array) is not np.ndarray or not np.may_share_memory(self, array):
            return None
        self.memory()
        u: Any = array.view(WritableArray)
        u._pieces = self._pieces
        return u

    def made(self, result: Any) -> Any:
        """A result of NumPy as an array that can be written into."""
        return adopt(result) if type(result) is np.ndarray else result

    def made_new(self, x: Any, numbers: Any) -> Any:
        """A Value or an array of NumPy's as an array of its own that can be written into; `numbers`
        are those entries of the memory."""
        return copy_of(x, numbers)

    def __reduce__(self) -> Any:
        return (new, (self.frozen(),))

    # --- items ----------------------------------------------------------------------------------
    def __getitem__(self, index: Any) -> Any:
        if self._row and type(index) in INTEGERS:
            number = self._plain[index]
            if number == number:
                return number
            place = self._places.item(index)
            x = self._pieces.entries.get(place)
            return self._pieces.read_entry(place, number) if x is None else x
        taken = get_plainly(self, index)
        if type(taken) is WritableArray and is_basic(index):
            return taken
        self.memory()
        pieces = self._pieces
        if type(taken) is not WritableArray:
            if pieces.is_plain or taken == taken:
                return taken
            return pieces.read_entry(int(self._places[index]), taken)
        numbers = np.ndarray.view(taken, np.ndarray)
        if not pieces.is_plain:
            x = pieces.join(self._places[index], numbers, np.isnan(numbers))
            if x is not None:
                return copy_of(x, numbers)
        return adopt(numbers)

    def __setitem__(self, index: Any, x: Any) -> None:
        if type(x) is Value and self._row and type(index) in INTEGERS and type(x.data) in DOUBLES:
            self._plain[index] = NAN
            pieces = self._pieces
            place = self._places.item(index)
            pieces.entries[place] = x
            if pieces.tracked:
                pieces.overwrite(place, ENTRY)
            return
        if type(x) is Value and type(index) is tuple and type(x.data) in DOUBLES:
            place = self.place_of(index)
            if place is not None:
                self._plain[index] = NAN
                self._pieces.write_entry(place, x)
                return
        plain = self.memory()
        pieces = self._pieces
        x = join_lists(x)
        if not is_piece(x):
            plain[index] = x
            if not pieces.is_plain:
                pieces.forget(self._places[index], repeats=not is_basic(index))
            return
        places = self._places[index]
        x = fitted(x, np.shape(places), plain.dtype)
        plain[index] = NAN
        if np.ndim(places):
            key = pieces.key_of(plain[index]) if is_basic(index) else None
            pieces.write_array(places, x, key)
        else:
            pieces.write_entry(int(places), x)

    def place_of(self, index: tuple[Any, ...]) -> int | None:
        """The place of one double, at an index of integers; None for another index or dtype."""
        plain = self.memory()
        if len(index) != plain.ndim or plain.dtype is not DOUBLE:
            return None
        for i in index:
            if type(i) not in INTEGERS:
                return None
        place: int = self._places.item(index)
        return place

    def __iter__(self) -> Iterator[Any]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[i] for i in range(len(self)))

    # --- NumPy's protocols ----------------------------------------------------------------------
    def __array_ufunc__(self, ufunc: Any, method: Any, *inputs: Any, **options: Any) -> Any:
        if method == "at" and type(inputs[0]) is WritableArray:
            return HANDLERS[np.ufunc.at](ufunc, *inputs)
        call = getattr(ufunc, method)
        if not options:
            args = [x.current() if type(x) is WritableArray else x for x in inputs]
            if SIMPLE.issuperset(map(type, args)):
                return adopted(call(*args))
        out = options.pop("out", ())
        held = each(inputs, take_current)
        options = each(options, take_frozen)
        targets = each(out, take_current)
        if not any(map(is_piece, (*held, *targets, *options.values()))):
            if not out:
                return adopted(call(*held, **options))
            result = call(*held, out=targets, **options)
            for x in out:
                if type(x) is WritableArray:
                    x.memory()
                    x._pieces.forget(x._places, repeats=False)
            return given_back(result if isinstance(result, tuple) else (result,), out)
        held = each(inputs, take_frozen)
        if not any(type(x) is WritableArray for x in out):
            return call(*held, out=out, **options) if out else call(*held, **options)
        where = options.pop("where", True)
        with np.errstate(all=None if where is True else "ignore"):
            results = call(*held, **options)
        return write_out(results, out, where)

    def __array_function__(self, func: Any, types: Any, args: Any, options: Any) -> Any:
        if func in HANDLERS:
            return HANDLERS[func](*args, **options)
        out = options.get("out")
        if type(out) is WritableArray:
            out[...] = func(*args, **{name: x for name, x in options.items() if name != "out"})
            return out
        arrays = leaves_of((args, options))
        if func in LOOKS_AT_NO_NUMBER:
            return adopted(func(*each(args, take_memory), **each(options, take_memory)))
        if func in MAKES_VIEWS and not any(isinstance(x, Node) for x in arrays):
            views = wrapped(func(*each(args, take_memory), **each(options, take_memory)), arrays)
            known = [x._pieces for x in arrays if type(x) is WritableArray and x._pieces]
            if all(type(x) is WritableArray and x._pieces in known for x in leaves_of(views)):
                return views
        held = each((args, options), take_current)
        if not any(map(is_piece, leaves_of(held))):
            return wrapped(func(*held[0], **held[1]), arrays)
        args, options = each((args, options), take_frozen)
        result = func(*args, **options)
        if func is np.copy and type(arrays[0]) is WritableArray:
            return copy_of(result, func(arrays[0].memory(), *args[1:], **options))
        return result


# --- making them ----------------------------------------------------------------------------------
def adopt(array: Any) -> Any:
    """A new array of NumPy's, which nobody else has, as a writable one; as it is where it holds no
    numbers."""
    if array.dtype.kind not in "fciub":
        return array
    flags = array.flags
    if not (flags.c_contiguous or flags.f_contiguous):
        array = array.copy("K")
    return array.view(WritableArray)


def adopted(result: Any) -> Any:
    """New arrays of NumPy's, one or a tuple of them, as writable ones; anything else as it is."""
    if type(result) is np.ndarray:
        return adopt(result)
    return tuple(map(adopted, result)) if type(result) is tuple else result


def new(x: Any) -> Any:
    """A new writable array with the entries of a Value (or of an array, which nobody else has)."""
    if not is_piece(x):
        return adopt(np.asarray(x))
    u: Any = adopt(np.full(np.shape(x), NAN, x.dtype))
    u[...] = x
    return u


def copy_of(x: Any, numbers: Any) -> Any:
    """A new writable array with the entries of a Value; what `numbers`, NaN for Values, says to be
    a number is one."""
    u = new(x)
    if is_piece(x):
        known = ~np.isnan(numbers)
        u[known] = numbers[known]
    return u


def wrapped(result: Any, arrays: list[Any]) -> Any:
    """What a function of NumPy returned for some arrays, without Values: where it shares the memory
    of a writable one, a view of it; where it shares that of another, as it is; else writable."""
    if isinstance(result, tuple | list):
        parts = [wrapped(part, arrays) for part in result]
        return type(result)(*parts) if hasattr(result, "_fields") else type(result)(parts)
    if type(result) is not np.ndarray:
        return result
    for array in arrays:
        view = array.view_of(result) if type(array) is WritableArray else None
        if view is not None:
            return view
        if isinstance(array, np.ndarray) and np.may_share_memory(array, result):
            return result
    return adopt(result)


def write_out(result: Any, out: tuple[Any, ...], where: Any) -> Any:
    """Results of a ufunc written where `out=` says; `where` has True for the entries to write."""
    results = result if isinstance(result, tuple) else (result,)
    for x, target in zip(results, out, strict=True):
        if target is None:
            continue
        if is_piece(x) and type(target) is not WritableArray:
            refuse("out= with an array of NumPy's own")
        if np.broadcast_shapes(np.shape(x), target.shape) != target.shape:
            raise ValueError(
                f"out= has shape {target.shape}, and the result {np.shape(x)} does not fit into it"
            )
        if where is True:
            target[...] = x
        else:
            mask = np.broadcast_to(where, target.shape)
            target[mask] = np.broadcast_to(x, target.shape)[mask]
    return given_back(results, out)


def given_back(results: tuple[Any, ...], out: tuple[Any, ...]) -> Any:
    """What a ufunc returns: the arrays that it wrote into, and what was written nowhere."""
    pairs = zip(results, out, strict=True)
    given = [adopted(x) if target is None else target for x, target in pairs]
    return given[0] if len(given) == 1 else tuple(given)


# --- trees of arguments ---------------------------------------------------------------------------
def each(x: Any, take: Callable[[WritableArray], Any]) -> Any:
    """Arguments with something else in place of every writable array in tuples, lists and dicts."""
    if type(x) is WritableArray:
        return take(x)
    if isinstance(x, tuple | list):
        parts = [each(part, take) for part in x]
        return tuple(parts) if isinstance(x, tuple) else parts
    return {key: each(part, take) for key, part in x.items()} if type(x) is dict else x


def leaves_of(x: Any) -> list[Any]:
    """The arrays and Values in tuples, lists and dicts."""
    if isinstance(x, np.ndarray) or is_piece(x):
        return [x]
    if type(x) is dict:
        x = list(x.values())
    return [leaf for part in x for leaf in leaves_of(part)] if isinstance(x, tuple | list) else []


take_current: Final = WritableArray.current
take_frozen: Final = WritableArray.frozen
take_memory: Final = WritableArray.memory
