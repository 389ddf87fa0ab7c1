"""On which list a public name of NumPy stands: differentiable, constant, refused, or no function.

What the package knows is read off its tables. The names that NumPy never hands over, because they
take no arrays or have no protocol, are listed here; `tests/rules/test_numpy_names.py` fails where a
name stands on no list or on two.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

import autograd  # noqa: F401 (fills the table)
from autograd import Value
from autograd.engine.dispatch import COMPOSITES, NONDIFFERENTIABLE, REFUSED, UFUNC_METHODS
from autograd.engine.primitive import TABLE, Primitive
from autograd.engine.refusals import ADVICE

DIFFERENTIABLE, CONSTANT, REFUSES, OTHER = "differentiable", "constant", "refused", "no function"
LISTS = (DIFFERENTIABLE, CONSTANT, REFUSES, OTHER)
NAMESPACES: dict[str, ModuleType] = {"np": np, "np.linalg": np.linalg, "np.fft": np.fft}
METHODS = ("reduce", "accumulate", "reduceat", "outer", "at")


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


# --- names that NumPy does not hand over ----------------------------------------------------------
TAKES_NO_ARRAY = words("""
    bartlett base_repr binary_repr blackman broadcast_shapes datetime_data diag_indices empty
    eye fft.fftfreq fft.rfftfreq fft.test format_float_positional format_float_scientific
    get_include get_printoptions getbufsize geterr geterrcall hamming hanning identity indices
    info isdtype isfortran isscalar issubdtype iterable kaiser linalg.test load mask_indices
    mintypecode nested_iters ones printoptions promote_types set_printoptions setbufsize seterr
    seterrcall show_config show_runtime test tri tril_indices triu_indices typename zeros
""")
"""Shapes, dtypes, settings and files go in: there is nothing to differentiate with respect to."""

CALLS_OTHERS = {
    "fromfunction": "calls your function on plain indices and returns what it returns",
    "row_stack": "NumPy's old name of `np.vstack`, which it calls",
}
"""Names without a protocol of their own that are differentiable all the same."""

NAMESPACE = "`import autograd.numpy as np` has a `{name}` that takes Values"
STACK = "join Values with `np.stack` or `np.concatenate`; " + NAMESPACE
NO_PROTOCOL = {
    "arange": "`start + step * np.arange(n)`, or `np.linspace`",
    "array": STACK,
    "asanyarray": STACK,
    "asarray": STACK,
    "asarray_chkfinite": "`np.isfinite(v).all()` says whether all is finite; " + STACK,
    "ascontiguousarray": "`np.copy(v, order='C')`; " + STACK,
    "asfortranarray": "`np.copy(v, order='F')`; " + STACK,
    "asmatrix": "`np.atleast_2d(v)`; matrices are no arrays",
    "bmat": "`np.block`; matrices are no arrays",
    "from_dlpack": "a Value shares no memory: `v.data`",
    "frombuffer": "bytes have no derivative",
    "fromfile": "bytes have no derivative",
    "fromiter": "`np.stack(list(values))`",
    "frompyfunc": "makes arrays of objects: `np.stack` of the results in a loop",
    "fromregex": "text has no derivative",
    "fromstring": "text has no derivative",
    "full": "`v * np.ones(shape)`, or `np.broadcast_to(v, shape)`; " + NAMESPACE,
    "genfromtxt": "text has no derivative",
    "loadtxt": "text has no derivative",
    "require": "`np.copy(v, order=...)`; " + STACK,
}
"""What to write instead, for names that turn their arguments into plain arrays. They meet
`Value.__array__` or `Value.__float__`, which raise."""

NOT_FUNCTIONS = {
    "class": """
        broadcast busdaycalendar errstate finfo flatiter iinfo matrix memmap ndarray ndenumerate
        ndindex nditer poly1d recarray record ufunc vectorize linalg.LinAlgError
    """,
    "constant": """
        False_ ScalarType True_ e euler_gamma inf little_endian nan newaxis pi sctypeDict typecodes
    """,
    "dtype": """
        bool bool_ byte bytes_ cdouble character clongdouble complex128 complex192 complex256
        complex64 complexfloating csingle datetime64 double dtype flexible float128 float16 float32
        float64 float96 floating generic half inexact int16 int32 int64 int8 int_ intc integer intp
        long longdouble longlong number object_ short signedinteger single str_ timedelta64 ubyte
        uint uint16 uint32 uint64 uint8 uintc uintp ulong ulonglong unsignedinteger ushort void
    """,
    "module": """
        char core ctypeslib dtypes emath exceptions f2py fft lib linalg ma matlib polynomial random
        rec strings testing typing
    """,
    "index": "c_ index_exp mgrid ogrid r_ s_",
}
"""Names that are not called on arrays, by what they are."""

PLAIN_ATTRIBUTES = words("data device dtype item itemsize nbytes ndim shape size tolist")
"""What a Value has of an ndarray that is plain and no function of NumPy's."""


# --- lists ----------------------------------------------------------------------------------------
class Entry(NamedTuple):
    """A name, the lists on which it stands (one, if all is well), and the rule or the reason."""

    name: str
    lists: tuple[str, ...]
    text: str
    without: tuple[str, ...] = ()


def public_names() -> Iterator[tuple[str, Any]]:
    """The public names of the namespaces, as one writes them after `np.`, and what they are."""
    for namespace, module in NAMESPACES.items():
        prefix = namespace.removeprefix("np").removeprefix(".")
        for name in sorted(n for n in dir(module) if not n.startswith("_")):
            yield f"{prefix}.{name}".removeprefix("."), getattr(module, name)


@functools.cache
def no_functions() -> dict[str, str]:
    """The names of `NOT_FUNCTIONS` and what each of them is."""
    return {name: kind for kind, names in NOT_FUNCTIONS.items() for name in words(names)}


def entry(name: str, thing: Any) -> Entry:
    """The lists on which a name stands."""
    found: list[tuple[str, str]] = []
    if name in no_functions():
        found.append((OTHER, no_functions()[name]))
    elif isinstance(thing, Callable):  # type: ignore[arg-type]
        if thing in REFUSED:
            found.append((REFUSES, NO_PROTOCOL.get(name, REFUSED[thing]).format(name=name)))
        if thing in NONDIFFERENTIABLE:
            found.append((CONSTANT, "runs on the plain data"))
        if is_differentiable(thing):
            found.append((DIFFERENTIABLE, rule_text(thing)))
    if not found or found == [(CONSTANT, "runs on the plain data")]:
        if name in TAKES_NO_ARRAY:
            found = [(CONSTANT, "takes no array")]
        elif name in NO_PROTOCOL:
            found.append((REFUSES, NO_PROTOCOL[name].format(name=name)))
        elif name in CALLS_OTHERS:
            found.append((DIFFERENTIABLE, CALLS_OTHERS[name]))
    lists, texts = tuple(part for part, _ in found), [text for _, text in found]
    return Entry(
        name, lists, "; ".join(texts), unsupported(thing) if DIFFERENTIABLE in lists else ()
    )


def entries() -> list[Entry]:
    """All public names."""
    return [entry(name, thing) for name, thing in public_names()]


def is_differentiable(thing: Any) -> bool:
    """Whether the table has a row for a function of NumPy, or it is put together from rows."""
    return thing in COMPOSITES or (thing in TABLE and TABLE[thing].has_rules)


def rule_text(thing: Any) -> str:
    """The rule of a row by its kind, or what a composed function says of itself."""
    composed = COMPOSITES.get(thing, TABLE.get(thing))
    if isinstance(composed, Primitive):
        return f"row, {composed.kind}"
    document = (composed.__doc__ or "").strip().split("\n\n")[0]
    text = " ".join(document.split()).removesuffix(".")
    text = re.sub(r"^`[\w.]+`", "", text).lstrip(".:;, ")
    return f"composed: {text}" if text else "composed"


def unsupported(thing: Any) -> tuple[str, ...]:
    """The keywords of a function of NumPy that are refused on Values."""
    if isinstance(thing, np.ufunc):
        return ("out", "where")
    try:
        theirs = inspect.signature(thing).parameters
        ours = inspect.signature(COMPOSITES.get(thing, thing)).parameters
    except (TypeError, ValueError):  # a function in C
        return ()
    kinds = {p.kind for p in ours.values()}
    known = set(theirs) if inspect.Parameter.VAR_KEYWORD in kinds else set(ours)
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        known |= {n for n, p in theirs.items() if p.kind is not inspect.Parameter.KEYWORD_ONLY}
    return tuple(n for n in theirs if n not in known or n in ("out", "like"))


# --- methods --------------------------------------------------------------------------------------
def method_list(ufunc: np.ufunc, method: str) -> str:
    """The list of a ufunc's method; "" where NumPy has none for this ufunc."""
    if method == "at":
        return REFUSES
    if (ufunc, method) in UFUNC_METHODS:
        return DIFFERENTIABLE
    if ufunc.signature is not None or ufunc.nin != 2 or (method != "outer" and ufunc.nout != 1):
        return ""
    return CONSTANT if ufunc in NONDIFFERENTIABLE else ""


def ufuncs() -> list[np.ufunc]:
    """NumPy's ufuncs, by name."""
    found = {f for _, f in public_names() if isinstance(f, np.ufunc)}
    return sorted(found, key=lambda f: f.__name__)


def attribute(name: str) -> Entry:
    """The list of a public attribute of ndarray, on a Value."""
    found: list[tuple[str, str]] = []
    if name in ADVICE:
        found.append((REFUSES, ADVICE[name]))
    function = getattr(np, name, None)
    if name in PLAIN_ATTRIBUTES or (callable(function) and function in NONDIFFERENTIABLE):
        found.append((CONSTANT, ""))
    elif hasattr(Value, name):
        found.append((DIFFERENTIABLE, ""))
    return Entry(name, tuple(part for part, _ in found), "; ".join(text for _, text in found))


def attributes() -> list[Entry]:
    """All public attributes of ndarray."""
    return [attribute(name) for name in sorted(dir(np.ndarray)) if not name.startswith("_")]
