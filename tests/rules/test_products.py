"""Products of arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

import autograd as ag
from autograd import Value
from autograd.rules.products import LETTERS, explicit_subscripts, from_lists
from tests.derivatives import (
    Case,
    check_dot_product,
    check_value,
    check_vjp,
)
from tests.samples import within


@given(drawn=mutually_broadcastable_shapes(signature=np.matmul.signature, max_dims=2, max_side=3))
def test_matmul_of_any_shapes(drawn: Any) -> None:
    a, b = [within((-math.inf, math.inf), *shape) for shape in drawn.input_shapes]
    case = Case(np.matmul, [a, b])
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


@pytest.mark.parametrize("shapes", [((2,), (2,)), ((3,), (2,)), ((4, 2), (3,)), ((2,), (4, 3))])
def test_vectors_of_two_components(shapes: Any) -> None:
    """NumPy warns that they go; as long as it takes them, so do Values."""
    a, b = [within((-math.inf, math.inf), *shape, slot=i) for i, shape in enumerate(shapes)]
    with pytest.warns(DeprecationWarning):
        case = Case(np.cross, [a, b])
        check_value(case)
        check_vjp(case)


@given(
    a=array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
    b=array_shapes(min_dims=0, max_dims=3, min_side=1, max_side=3),
)
def test_kronecker_products_of_any_shapes(a: Any, b: Any) -> None:
    leaves = [np.asarray(within((-math.inf, math.inf), *shape)) for shape in (a, b)]
    case = Case(np.kron, leaves)
    check_value(case)
    check_vjp(case)


# --- einsum ---------------------------------------------------------------------------------------
SIZES = dict(zip("abcd", (2, 3, 1, 2), strict=True))


@st.composite
def subscripts(draw: Any) -> tuple[str, list[Any]]:
    """Up to three operands with letters that repeat, and any of them in the output."""
    terms = draw(st.lists(st.text("abcd", max_size=3), min_size=1, max_size=3))
    used = sorted(set("".join(terms)))
    kept = draw(st.permutations(used))[: draw(st.integers(0, len(used)))]
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=[SIZES[letter] for letter in term]) for term in terms]
    explicit = draw(st.booleans())
    return ",".join(terms) + ("->" + "".join(kept) if explicit else ""), arrays


@given(call=subscripts())
def test_einsum_of_any_letters(call: tuple[str, list[Any]]) -> None:
    text, arrays = call
    case = Case(lambda *xs: np.einsum(text, *xs), arrays)
    check_value(case)
    check_vjp(case)
    check_dot_product(case)


def test_einsum_with_lists_of_integers() -> None:
    a, b = np.arange(6.0).reshape(2, 3), np.arange(3.0)
    for call in (
        lambda a: np.einsum(a, [0, 1], b, [1], [0]),
        lambda a: np.einsum(a, [0, 1], b, [1]),
        lambda a: np.einsum(a, [..., 1], b, [1], [...]),
    ):
        np.testing.assert_array_equal(call(Value(a)).data, call(a))


def test_the_output_of_lists_is_in_the_order_of_the_integers() -> None:
    """27 comes after 2; as letters B would come before c, and the result was transposed."""
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    call = lambda a: np.einsum(a, [27, 30], b, [30, 2])
    np.testing.assert_array_equal(call(Value(a)).data, call(a))


def test_lists_as_letters() -> None:
    a, b = object(), object()
    assert from_lists((a, [0, 1], b, [1, 25], [0])) == ("AB,BZ->A", a, b)
    assert from_lists((a, [0, Ellipsis], b, [26])) == ("A...,a", a, b)
    assert len(set(LETTERS)) == 52


@pytest.mark.parametrize(
    ("text", "dims", "wanted"),
    [
        ("ij,jk", [2, 2], "ij,jk->ik"),
        ("ii", [2], "ii->"),
        ("ba", [2], "ba->ab"),
        ("i j -> j", [2], None),
        ("...i,...i->...", [3, 1], "abi,i->ab"),
        ("...,i", [1, 1], "a,i->ai"),
        ("i->", [1], "i->"),
    ],
)
def test_subscripts_with_a_letter_for_every_axis(text: str, dims: list[int], wanted: Any) -> None:
    if wanted is None:
        assert explicit_subscripts("ij->j", dims) == explicit_subscripts(text, dims)
    else:
        assert explicit_subscripts(text, dims) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [("ij,jk", "2 operands"), ("ijk", "names 3 axes of 2"), ("i", "1 axes of 2")],
)
def test_subscripts_that_do_not_fit(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        np.einsum(text, Value(np.ones((2, 3))))


# --- tensordot, dot and their like ----------------------------------------------------------------
@given(data=st.data())
def test_tensordot_over_any_axes(data: st.DataObject) -> None:
    shape = data.draw(st.permutations([2, 3, 4]))
    count = data.draw(st.integers(0, 3))
    axes_a = data.draw(st.permutations([0, 1, 2]))[:count]
    axes_b = data.draw(st.permutations([0, 1, 2]))[:count]
    other = [5, 5, 5]
    for i, j in zip(axes_a, axes_b, strict=True):
        other[j] = shape[i]
    negative = [i - 3 for i in axes_a] if data.draw(st.booleans()) else list(axes_a)
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=shape), rng.normal(size=other)
    case = Case(lambda a, b: np.tensordot(a, b, (negative, list(axes_b))), [a, b])
    check_value(case)
    check_dot_product(case)


@pytest.mark.parametrize("axes", [0, 1, 2, range(1), (1, 0), [[0], [0]]])
def test_tensordot_with_axes_in_other_forms(axes: Any) -> None:
    a, b = np.arange(9.0).reshape(3, 3), np.eye(3) + 1
    if isinstance(axes, range):
        axes = (axes, axes)
    np.testing.assert_allclose(np.tensordot(Value(a), b, axes).data, np.tensordot(a, b, axes))


@pytest.mark.parametrize("f", [np.dot, np.inner, np.matmul, np.vdot, np.outer, np.vecdot])
@pytest.mark.parametrize(
    ("left", "right"),
    [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((3, 3), (3, 3))],
)
def test_products_of_vectors_and_matrices(f: Any, left: Any, right: Any) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=left), rng.normal(size=right)
    try:
        f(a, b)
    except ValueError:
        for pair in ((Value(a), b), (a, Value(b))):
            with pytest.raises(ValueError, match=r"."):
                f(*pair)
        return
    case = Case(f, [a, b])
    check_value(case)
    check_vjp(case)


@pytest.mark.parametrize("f", [np.dot, np.inner, np.outer, np.multiply])
def test_products_with_numbers(f: Any) -> None:
    assert np.sum(f(Value(2.0), 3.0)).data == 6.0
    g = ag.grad(lambda s: np.sum(f(s, np.array([1.0, 2.0]))))(2.0)
    assert g == 3.0


def test_conjugates() -> None:
    """vdot and vecdot conjugate their first argument, dot and inner do not."""
    a, b = np.array([1j, 2.0]), np.array([3.0, 1 + 1j])
    for f in (np.vdot, np.vecdot, np.dot, np.inner):
        np.testing.assert_allclose(f(Value(a), b).data, f(a, b))
        case = Case(f, [a, b])
        check_vjp(case)
