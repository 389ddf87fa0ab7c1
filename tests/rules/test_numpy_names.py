"""Each public name of NumPy stands on exactly one list, and what the lists say is so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.engine.dispatch import COMPOSITES, UFUNC_METHODS
from autograd.engine.primitive import TABLE
from docs.make_numpy import page
from docs.numpy_names import (
    CALLS_OTHERS,
    METHODS,
    NO_PROTOCOL,
    OTHER,
    REFUSES,
    TAKES_NO_ARRAY,
    attributes,
    entries,
    method_list,
    no_functions,
    public_names,
    ufuncs,
)


def test_every_name_is_on_a_list() -> None:
    missing = [e.name for e in entries() if not e.lists]
    assert not missing, f"put these on a list (docs/numpy_names.py): {missing}"


def test_no_name_is_on_two_lists() -> None:
    twice = {e.name: e.lists for e in entries() if len(e.lists) > 1}
    assert not twice
    listed = [*TAKES_NO_ARRAY, *NO_PROTOCOL, *CALLS_OTHERS, *no_functions()]
    assert sorted(listed) == sorted(set(listed))


def test_every_attribute_of_an_array_is_on_one_list() -> None:
    assert {e.name: e.lists for e in attributes() if len(e.lists) != 1} == {}


def test_the_lists_tell_what_things_are() -> None:
    """A new class or constant is looked at before it goes on the list of what is no function."""
    for entry, (_, thing) in zip(entries(), public_names(), strict=True):
        is_class = isinstance(thing, type) or not callable(thing)
        assert is_class == (OTHER in entry.lists), entry.name


@pytest.mark.parametrize("method", METHODS)
def test_methods_of_ufuncs(method: str) -> None:
    """Where the page has none, NumPy has none."""
    x = np.array([1.5, 2.5])
    for ufunc in ufuncs():
        if method_list(ufunc, method) == "":
            args = {"outer": (x, x), "reduceat": (x, [0])}.get(method, (x,))
            with pytest.raises((TypeError, ValueError, RuntimeError)):
                getattr(ufunc, method)(*args)
    assert all(method_list(ufunc, name) for ufunc, name in UFUNC_METHODS)


FROM_NUMPY = ("asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "array")


@pytest.mark.parametrize("name", FROM_NUMPY)
def test_names_without_a_protocol_meet_a_refusal(name: str) -> None:
    with pytest.raises(TypeError, match="lose the gradient"):
        getattr(np, name)(Value([1.0, 2.0]))


def test_names_that_call_others_are_differentiable() -> None:
    v = Value(3.0)
    y = np.fromfunction(lambda i, j: v * i + j, (2, 2))
    np.testing.assert_array_equal(y.data, [[0, 1], [3, 4]])
    y.sum().backward()
    assert v.grad == 2.0
    if hasattr(np, "row_stack"):  # NumPy will drop it
        with pytest.warns(DeprecationWarning):
            assert isinstance(np.row_stack([v, v]), Value)


def test_the_page_names_every_public_name() -> None:
    text = page()
    for name, _ in public_names():
        assert f"`np.{name}`" in text or f"`{name}`" in text


def test_refused_keywords_are_named() -> None:
    without: dict[str, Any] = {e.name: e.without for e in entries()}
    assert without["sum"] == ("out",)
    assert without["exp"] == ("out", "where")
    assert without["pad"] == ()
    assert REFUSES in {method_list(np.add, method) for method in METHODS}
    assert np.sum in {*COMPOSITES, *TABLE}
