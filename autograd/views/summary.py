"""Numbers as people read them: one line for a scalar, a range for an array, valid JSON for both."""

from __future__ import annotations

import math
import unicodedata

import numpy as np

from autograd.views.arrays import Facts, Strip, facts_about, strip_of

KEPT = 12  # entries of an array up to which all are shown
COPIED = 4096  # entries up to which an array that may change is copied


class Summary:
    """What is kept of an array: its entries, or of a large one that may change, its facts.

    Facts are worked out when they are asked for; a graph of 10,000 arrays is drawn from a few.

    >>> Summary(np.array([1.0, 3.0])).mean
    2.0
    """

    __slots__ = ("_array", "_facts", "_head", "_strip", "shape", "size")

    def __init__(self, array: np.ndarray) -> None:
        self._array: np.ndarray | None = array
        self._facts: Facts | None = None
        self._head: list[float] = []
        self._strip: Strip | None = None
        self.shape, self.size = array.shape, array.size

    def kept(self) -> Summary:
        """The same, safe from later changes of the array: a copy of a small one, the facts about a
        large one."""
        if self._array is not None and self.size <= COPIED:
            self._array = self._array.copy()
        elif self._array is not None:
            self._facts, self._head, self._strip = self.facts, self.head, self.strip
            self._array = None
        return self

    @property
    def facts(self) -> Facts:
        """All facts at once."""
        if self._facts is None:
            self._facts = facts_about(self.array)
        return self._facts

    @property
    def array(self) -> np.ndarray:
        """The entries; complex ones by their magnitudes."""
        if self._array is None:
            raise LookupError("of this array only the facts are kept")
        return np.abs(self._array) if self._array.dtype.kind == "c" else self._array

    @property
    def head(self) -> list[float]:
        """The first entries."""
        if self._array is None:
            return self._head
        return [float(x) for x in self.array.flat[:KEPT]]

    @property
    def strip(self) -> Strip:
        """The array as at most 32 x 32 cells."""
        if self._strip is None:
            self._strip = strip_of(self.array)
        return self._strip

    low = property(lambda self: self.facts.low)
    high = property(lambda self: self.facts.high)
    mean = property(lambda self: self.facts.mean)
    norm = property(lambda self: self.facts.norm)
    zeros = property(lambda self: self.facts.zeros)
    nans = property(lambda self: self.facts.nans)
    infs = property(lambda self: self.facts.infs)


Datum = float | complex | str | Summary


def datum(data: object) -> Datum:
    """A number as it is, an array as a `Summary`, anything else as the name of its type.

    >>> datum(2.0)
    2.0
    >>> datum(np.array([1.0, 3.0])).mean
    2.0
    """
    if type(data) is float:
        return data
    if type(data) is np.ndarray and data.ndim:
        return summarise(data)
    if isinstance(data, bool | int | float | np.bool_ | np.integer | np.floating):
        return float(data)
    if isinstance(data, complex | np.complexfloating):
        return complex(data)
    if isinstance(data, np.ndarray):
        if data.ndim == 0:
            return datum(data[()])
        return summarise(data)
    if hasattr(data, "get") and hasattr(data, "__cuda_array_interface__"):
        return datum(data.get())  # CuPy's arrays: their entries are on a device
    if hasattr(data, "__array_function__"):
        return "not computed"  # a lazy array, which nobody but the user computes
    return f"<{type(data).__name__}>"


def summarise(array: np.ndarray) -> Datum:
    """The summary of an array; a complex array is summarised by its magnitudes."""
    return Summary(array) if array.dtype.kind in "fiubc" else f"<array of {array.dtype}>"


def short(x: float | complex, digits: int = 4) -> str:
    """A number in at most about ten characters.

    >>> short(0.76159), short(3.0), short(1e-9), short(float("nan"))
    ('0.7616', '3.0000', '1.000e-09', 'NaN')
    """
    if isinstance(x, complex):
        sign = "-" if x.imag < 0 or math.copysign(1.0, x.imag) < 0 else "+"
        return f"{short(x.real, digits)}{sign}{short(abs(x.imag), digits)}j"
    if x != x:
        return "NaN"
    if math.isinf(x):
        return "inf" if x > 0 else "-inf"
    if x == 0.0 or 1e-3 <= abs(x) < 1e5:
        return f"{x:.{digits}f}"
    return f"{x:.3e}"


def brief(x: float | complex) -> str:
    """Like `short`, without zeros at the end.

    >>> brief(3.0), brief(0.42), brief(2.0 / 3.0)
    ('3', '0.42', '0.6667')
    """
    if not isinstance(x, complex) and math.isfinite(x) and x == int(x) and abs(x) < 1e6:
        return str(int(x))
    text = short(x)
    return text if "e" in text or "." not in text else text.rstrip("0").rstrip(".")


def shown(value: Datum | None, digits: int = 3) -> str:
    """One line for a number, the range of an array, or `not computed`; `digits` of a range."""
    if value is None:
        return "not computed"
    if isinstance(value, str):
        return value
    if isinstance(value, Summary):
        if value.size == 1:
            return short(value.low)
        return shown_range(value.low, value.high, digits) if value.size else "empty"
    return short(value)


def shown_range(low: float, high: float, digits: int = 3) -> str:
    """`-1.2 .. 3.4`, or `all 0.5` where there is one number only."""
    if low == high:
        return f"all {brief(low)}"
    if low != low or high != high:
        return "holds NaN"
    return f"{rounded(low, digits)} .. {rounded(high, digits)}"


def rounded(x: float, digits: int) -> str:
    """A number with a few digits that count."""
    return f"{x:.{digits}g}" if math.isfinite(x) else short(x)


def trouble(value: Datum | None) -> str:
    """`"NaN"` or `"inf"` where the number, or an entry of the array, is one; else `""`."""
    if isinstance(value, Summary):
        return "NaN" if value.nans else "inf" if value.infs else ""
    if isinstance(value, complex):
        return trouble(value.real) or trouble(value.imag)
    if isinstance(value, float):
        return "NaN" if value != value else "inf" if math.isinf(value) else ""
    return ""


def is_zero(value: Datum | None) -> bool:
    """True for an exact zero and for an array that holds nothing else."""
    if isinstance(value, Summary):
        return value.size > 0 and value.zeros == value.size
    return isinstance(value, float | complex) and value == 0


def magnitude(value: Datum | None) -> float:
    """Absolute value of a number, norm of an array, 0 where there is none."""
    if isinstance(value, Summary):
        return value.norm
    return abs(value) if isinstance(value, float | complex) else 0.0


def jsonable(value: Datum | None) -> object:
    """The value in strict JSON: NaN and infinity as strings, a complex number as text."""
    if isinstance(value, Summary):
        return {
            "size": value.size,
            "min": jsonable(value.low),
            "max": jsonable(value.high),
            "mean": jsonable(value.mean),
            "norm": jsonable(value.norm),
            "zeros": value.zeros,
            "nans": value.nans,
            "infs": value.infs,
            "head": [jsonable(x) for x in value.head],
        }
    if isinstance(value, complex):
        return short(value)
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    return value


HIDDEN = {"Cc", "Cs", "Cf", "Zl", "Zp"}  # control, surrogate, direction marks, line breaks


def clean(text: str, limit: int = 400) -> str:
    """Text that every format can carry: no control characters or broken surrogates, bounded.

    >>> clean("a\\nb")
    'a\\ufffdb'
    """
    if text.isascii() and text.isprintable():
        out = text
    else:
        out = "".join("\ufffd" if unicodedata.category(c) in HIDDEN else c for c in text)
    return out if len(out) <= limit else out[: limit - 1] + "\u2026"


ISOLATE, END = "\u2068", "\u2069"


def isolated(name: str) -> str:
    """A name that is written from right to left, kept from reordering the text around it.

    >>> isolated("x"), len(isolated("\u05d0"))
    ('x', 3)
    """
    if name.isascii() or name.startswith(ISOLATE):
        return name
    turns = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in name)
    return f"{ISOLATE}{name}{END}" if turns else name


def bare(text: str) -> str:
    """The text without the marks of `isolated`."""
    return text if text.isascii() else text.replace(ISOLATE, "").replace(END, "")


def columns(text: str) -> int:
    """Width of a text in monospaced cells; wide characters take two.

    >>> columns("ab"), columns("\\u65e5")
    (2, 2)
    """
    if text.isascii():
        return len(text)
    marks = text.count(ISOLATE) + text.count(END)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - marks


def cut(text: str, limit: int) -> str:
    """The text, shortened to `limit` cells with an ellipsis where it is longer."""
    if columns(text) <= limit:
        return text
    out, width = [], 1
    for char in text:
        width += columns(char)
        if width > limit:
            break
        out.append(char)
    out += [END] * (out.count(ISOLATE) - out.count(END))
    return "".join(out) + "\u2026"
