"""Every method and property of an ndarray does the right thing on a writable array that holds
Values: it is redirected, it is refused, or it is on a list of what does not matter."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import Value, gradcheck
from autograd.numpy import methods
from autograd.numpy.methods import INHERITED

X = numpy.array([0.75, -1.5, 2.0])
NUMBERS = numpy.array([[0.75, -1.5], [2.0, 0.5]])


def held(x: Any = X) -> Any:
    """[[x0, x1], [x2, 0.5]]: entries that are Values, and one that is a number."""
    u = np.full((2, 2), 0.5)
    u[0] = x[:2] if isinstance(x, Value) else Value(x[:2])
    u[1, 0] = x[2] if isinstance(x, Value) else Value(float(x[2]))
    return u


# --- the lists ------------------------------------------------------------------------------------
def own_names() -> set[str]:
    """What the class and its base say themselves."""
    return {*vars(np.WritableArray), *vars(methods.Methods)}


def test_every_attribute_of_an_array_is_on_one_list() -> None:
    """A name that a release of NumPy adds has to be put on a list."""
    everything = set(dir(numpy.ndarray))
    assert everything - own_names() - INHERITED == set()
    there = INHERITED - {"__buffer__", "__release_buffer__"}  # of Python 3.12
    assert there <= everything
    bookkeeping = {"__doc__", "__init_subclass__", "__class_getitem__"}
    assert own_names() & INHERITED <= bookkeeping


def test_dir_is_that_of_an_array() -> None:
    assert dir(held()) == dir(numpy.ndarray)


# --- what they return -----------------------------------------------------------------------------
ORDINARY: dict[str, Callable[[Any], Any]] = {
    "all": lambda u: u.all(),
    "any": lambda u: u.any(axis=0),
    "argmax": lambda u: u.argmax(),
    "argmin": lambda u: u.argmin(axis=1),
    "argpartition": lambda u: u.argpartition(1),
    "argsort": lambda u: u.argsort(axis=0),
    "clip": lambda u: u.clip(-1, 1),
    "compress": lambda u: u.compress([True, False], axis=1),
    "conj": lambda u: u.conj(),
    "conjugate": lambda u: u.conjugate(),
    "cumprod": lambda u: u.cumprod(axis=1),
    "cumsum": lambda u: u.cumsum(),
    "dot": lambda u: u.dot([1.0, 2.0]),
    "item": lambda u: u.item(0, 1),
    "max": lambda u: u.max(axis=1),
    "mean": lambda u: u.mean(),
    "min": lambda u: u.min(keepdims=True),
    "nonzero": lambda u: u.nonzero(),
    "prod": lambda u: u.prod(),
    "repeat": lambda u: u.repeat(2, axis=1),
    "round": lambda u: u.round(1),
    "searchsorted": lambda u: u[:, 1].searchsorted(0.0),
    "std": lambda u: u.std(),
    "sum": lambda u: u.sum(1),
    "take": lambda u: u.take([0, 3]),
    "tolist": lambda u: [[float(plain(x)) for x in row] for row in u.tolist()],
    "trace": lambda u: u.trace(),
    "var": lambda u: u.var(ddof=1),
    "__bool__": lambda u: bool(u[:1, :1]),
    "diagonal": lambda u: u.diagonal(),
    "ravel": lambda u: u.ravel(),
    "ravel in another order": lambda u: u.ravel(order="F"),
    "reshape": lambda u: u.reshape(4, 1),
    "reshape of a transpose": lambda u: u.T.reshape(-1),
    "squeeze": lambda u: u[:1].squeeze(),
    "swapaxes": lambda u: u.swapaxes(0, 1),
    "transpose": lambda u: u.transpose(1, 0),
    "astype": lambda u: u.astype(np.float32),
    "copy": lambda u: u.copy(),
    "flatten": lambda u: u.flatten(),
    "T": lambda u: u.T,
    "mT": lambda u: u.mT,
    "shape": lambda u: u.shape,
    "dtype": lambda u: u.dtype,
    "strides": lambda u: u.strides,
    "ndim": lambda u: u.ndim,
    "size": lambda u: u.size,
    "nbytes": lambda u: u.nbytes,
    "itemsize": lambda u: u.itemsize,
    "device": lambda u: u.device,
    "view": lambda u: u.view(),
    "real": lambda u: u.real,
    "imag": lambda u: u.imag,
    "flat": lambda u: list(u.flat),
    "flat entry": lambda u: u.flat[3],
    "flat part": lambda u: u.flat[1:3],
    "flat length": lambda u: len(u.flat),
    "flat next": lambda u: next(u.flat),
    "__len__": lambda u: len(u),
    "__iter__": lambda u: [list(row) for row in u],
    "__contains__": lambda u: (0.5 in u, -1.5 in u, 9.0 in u),
    "__getitem__": lambda u: u[..., None, 1],
    "__copy__": copy.copy,
    "__deepcopy__": copy.deepcopy,
    "__reduce__": lambda u: pickle.loads(pickle.dumps(u)),
    "__str__": str,
    "__format__": lambda u: f"{u}",
    "__abs__": abs,
    "__neg__": lambda u: -u,
    "__pos__": lambda u: +u,
    "__add__": lambda u: u + 1,
    "__radd__": lambda u: 1.0 + u,
    "__matmul__": lambda u: u @ u,
    "__rmatmul__": lambda u: numpy.ones((2, 2)) @ u,
    "__pow__": lambda u: u**2,
    "__rpow__": lambda u: 2.0**u,
    "__divmod__": lambda u: divmod(u, 2.0),
    "__floordiv__": lambda u: u // 2,
    "__eq__": lambda u: u == 0.5,
    "__ne__": lambda u: u != u,
    "__lt__": lambda u: u < 0,
    "__ge__": lambda u: u >= 0,
    "to_device": lambda u: u.to_device("cpu"),
    "__array_namespace__": lambda u: u.__array_namespace__(),
}


def plain(x: Any) -> Any:
    """The numbers of a result."""
    if isinstance(x, list | tuple):
        return [plain(part) for part in x]
    if isinstance(x, np.WritableArray | Value):
        return x.data
    return x


@pytest.mark.parametrize("name", ORDINARY)
def test_the_same_numbers_as_those_of_an_array(name: str) -> None:
    f = ORDINARY[name]
    ours, theirs = plain(f(held())), f(NUMBERS)
    if isinstance(theirs, numpy.ndarray | list | tuple | float):
        numpy.testing.assert_allclose(ours, theirs, rtol=1e-6)
    else:
        assert ours == theirs
    plainly = f(np.array(NUMBERS))
    if isinstance(theirs, numpy.ndarray):
        assert plainly.dtype == theirs.dtype
        numpy.testing.assert_array_equal(plainly, theirs)


DIFFERENTIABLE = [
    name
    for name, f in ORDINARY.items()
    if isinstance(y := f(held()), Value | np.WritableArray)
    and y.dtype.kind == "f"
    and name not in ("round", "__floordiv__", "astype", "__reduce__")
]


@pytest.mark.parametrize("name", DIFFERENTIABLE)
def test_gradients_pass(name: str) -> None:
    report = gradcheck(lambda x: ORDINARY[name](held(x)) + 0.0 * x[0], Value(X).data)
    assert report, report


def test_enough_is_differentiable() -> None:
    assert len(DIFFERENTIABLE) > 40


@pytest.mark.parametrize(
    "name", ["reshape", "T", "mT", "ravel", "transpose", "swapaxes", "squeeze", "view", "real"]
)
def test_views_are_views(name: str) -> None:
    for u in (held(), np.array(NUMBERS)):
        view = ORDINARY[name](u)
        view[(0,) * view.ndim] = Value(9.0)
        assert u[0, 0].item() == 9.0


@pytest.mark.parametrize("name", ["copy", "flatten", "astype", "__copy__", "__deepcopy__"])
def test_copies_are_copies(name: str) -> None:
    for u in (held(), np.array(NUMBERS)):
        other = ORDINARY[name](u)
        other[(0,) * other.ndim] = Value(9.0)
        assert u[0, 0].item() == 0.75


# --- what is refused ------------------------------------------------------------------------------
LOSES: dict[str, Callable[[Any], Any]] = {
    "byteswap": lambda u: u.byteswap(),
    "dump": lambda u: u.dump("never-written"),
    "dumps": lambda u: u.dumps(),
    "getfield": lambda u: u.getfield(float),
    "setfield": lambda u: u.setfield(1.0, float),
    "tobytes": lambda u: u.tobytes(),
    "tofile": lambda u: u.tofile("never-written"),
    "__dlpack__": lambda u: u.__dlpack__(),
    "view as integers": lambda u: u.view(int),
    "view as an array": lambda u: u.view(numpy.ndarray),
    "astype(int)": lambda u: u.astype(int),
    "__float__": lambda u: float(u[0, :1].reshape(())),
    "__int__": lambda u: int(u[0, :1].reshape(())),
    "__complex__": lambda u: complex(u[0, :1].reshape(())),
    "__index__": lambda u: range(u[0, :1].reshape(())),
    "__array__": lambda u: u.__array__(),
    "choose": lambda u: u.choose([1, 2]),
}


@pytest.mark.parametrize("name", LOSES)
def test_what_would_lose_a_gradient_is_refused(name: str) -> None:
    with pytest.raises((TypeError, AttributeError), match=r"gradient|derivative|np\.where"):
        LOSES[name](held())


@pytest.mark.parametrize("name", ["byteswap", "getfield", "tobytes", "__array__"])
def test_an_array_without_values_has_them(name: str) -> None:
    LOSES[name](np.array(NUMBERS))


def test_a_file_holds_the_plain_numbers() -> None:
    """As of a Value: what is written to a file is no operand."""
    file = io.BytesIO()
    numpy.save(file, held())
    file.seek(0)
    assert numpy.isfinite(numpy.load(file)).all()


def test_bytes(tmp_path: Path) -> None:
    u = np.array(NUMBERS)
    u.tofile(tmp_path / "numbers")
    assert (tmp_path / "numbers").read_bytes() == NUMBERS.tobytes()
    assert pickle.loads(u.dumps()).shape == (2, 2)
    assert u.view(np.int64).dtype == np.int64


def test_in_place_changes_of_memory_are_refused() -> None:
    for u in (held(), np.zeros(4)):
        with pytest.raises(TypeError, match=r"np\.resize"):
            u.resize(8)
        with pytest.raises(TypeError, match="astype"):
            u.dtype = np.float32
        with pytest.raises(TypeError, match="as_strided"):
            u.strides = (8,)
        with pytest.raises(TypeError, match="new one"):
            u.__setstate__(())


# --- what is changed in place ---------------------------------------------------------------------
IN_PLACE: dict[str, Callable[[Any], Any]] = {
    "fill": lambda u: u.fill(3.0),
    "put": lambda u: u.put([0, -1], [7.0, 8.0]),
    "put, repeated": lambda u: u.put([0, 1, 2], [7.0, 8.0]),
    "sort": lambda u: u.sort(),
    "sort by column": lambda u: u.sort(axis=0),
    "partition": lambda u: u.partition(1, axis=0),
    "setflags": lambda u: u.setflags(align=True),
    "shape": lambda u: setattr(u, "shape", (4, 1)),
    "flat": lambda u: setattr(u, "flat", [1.0, 2.0]),
    "flat entry": lambda u: u.flat.__setitem__(2, 9.0),
    "real": lambda u: setattr(u, "real", 4.0),
    "__imatmul__": lambda u: u.__imatmul__(numpy.ones((2, 2))),
    "__iadd__": lambda u: u.__iadd__(1.0),
    "__isub__": lambda u: u.__isub__([1.0, 2.0]),
    "__imul__": lambda u: u.__imul__(u),
    "__itruediv__": lambda u: u.__itruediv__(2.0),
    "__ipow__": lambda u: u.__ipow__(2),
}


@pytest.mark.parametrize("name", IN_PLACE)
def test_changes_in_place(name: str) -> None:
    ours, empty, theirs = held(), np.array(NUMBERS), NUMBERS.copy()
    for u in (ours, empty, theirs):
        IN_PLACE[name](u)
    numpy.testing.assert_array_equal(ours.data, theirs)
    numpy.testing.assert_array_equal(empty, theirs)
    assert ours.shape == theirs.shape

    def after(x: Any) -> Any:
        u = held(x)
        IN_PLACE[name](u)
        return u * 2 + 0.0 * x[0]

    assert gradcheck(after, X)


def test_values_are_written_by_the_same_methods() -> None:
    v = Value(2.0)
    u = np.zeros(3)
    u.fill(v)
    u.put([1], [v * v])
    u.flat[2] = v * 3
    numpy.testing.assert_array_equal(u.data, [2.0, 4.0, 6.0])
    u.flat = [v, v * 5]
    numpy.testing.assert_array_equal(u.data, [2.0, 10.0, 2.0])


def test_parts_of_complex_numbers() -> None:
    v = Value(2.0)
    z = np.zeros(2, complex)
    z[0] = v
    z.real = [v * 2, 1.0]
    z.imag = [3.0, v]
    numpy.testing.assert_array_equal(z.data, [4 + 3j, 1 + 2j])
    numpy.testing.assert_array_equal(z.real.data, [4, 1])
    numpy.testing.assert_array_equal(z.imag.data, [3, 2])
    with pytest.raises(TypeError, match="imaginary"):
        np.zeros(2).imag = 1.0


def test_lists_keep_values() -> None:
    """Code that goes through an array as a list goes on with the Values."""
    u = held()
    entries = u.tolist()
    assert type(entries[0][0]) is Value
    assert entries[1][0] is u[1, 0]
    assert type(entries[1][1]) is float
    assert type(u[1, :1].reshape(()).tolist()) is Value
    assert np.zeros((2, 2)).tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_flags() -> None:
    u = np.zeros(2)
    u[0] = Value(1.0)
    u.flags.writeable = False
    for index, x in ((0, Value(1.0)), (slice(0, 1), Value([1.0])), (0, 1.0)):
        with pytest.raises(ValueError, match="read-only"):
            u[index] = x
    u.setflags(write=True)
    u[0] = 3.0
    assert u[0] == 3.0


def test_text() -> None:
    assert repr(np.zeros(2)) == "array([0., 0.])"
    assert repr(held()) == "array([[ 0.75, -1.5 ],\n       [ 2.  ,  0.5 ]], holding Values)"
    with pytest.raises(TypeError, match="format string"):
        format(held(), ".2f")


def test_results_go_where_out_says() -> None:
    u, total = held(), np.zeros(2)
    assert u.sum(axis=0, out=total) is total
    assert type(total[0]) is Value
    target = numpy.zeros(2)
    np.ones((2, 2)).sum(axis=0, out=target)
    numpy.testing.assert_array_equal(target, [2, 2])
    with pytest.raises(TypeError, match="out"):
        u.sum(axis=0, out=target)


def test_a_value_as_argument_of_an_array_without_values() -> None:
    v = Value([1.0, 2.0])
    numpy.testing.assert_array_equal(np.eye(2).dot(v).data, [1.0, 2.0])
    numpy.testing.assert_array_equal(np.ones(2).clip(v - 1, v).data, [1.0, 1.0])


def test_a_deep_copy_keeps_the_graph_apart() -> None:
    v = Value(3.0)
    u = np.zeros(2)
    u[0] = v * v
    w = copy.deepcopy(u)
    np.sum(w).backward()
    assert v.grad == 0.0
    np.sum(copy.copy(u)).backward()
    assert v.grad == 6.0
