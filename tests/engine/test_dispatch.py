"""NumPy's own functions take Values: which ones, and what the others say."""

from __future__ import annotations

import inspect
import re
from inspect import Parameter
from typing import Any

import numpy as np
import pytest
from scipy import special

import autograd as ag
from autograd import Value
from autograd.engine.dispatch import COMPOSITES, NONDIFFERENTIABLE, UFUNC_METHODS
from autograd.engine.primitive import TABLE, Primitive

X = np.array([0.3, -0.4, 1.7])
INTEGER_OR_TIME = {
    *("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_count", "invert", "left_shift"),
    *("right_shift", "gcd", "lcm", "isnat"),
}
"""Ufuncs without a derivative in any sense: they take integers or dates."""


def ufuncs() -> list[np.ufunc]:
    return sorted({f for f in vars(np).values() if isinstance(f, np.ufunc)}, key=str)


def has_rule(f: Any) -> bool:
    return f in COMPOSITES or f in NONDIFFERENTIABLE or (f in TABLE and bool(TABLE[f].vjps))


def test_every_ufunc_of_numpy_is_known() -> None:
    assert not {f.__name__ for f in ufuncs() if not has_rule(f)}


@pytest.mark.parametrize("name", sorted(INTEGER_OR_TIME))
def test_functions_of_integers_and_dates_refuse_floats_as_numpy_does(name: str) -> None:
    f = getattr(np, name)
    with pytest.raises(TypeError) as plain:
        f(*[2.0] * f.nin)
    with pytest.raises(TypeError) as ours:
        f(*[Value(2.0)] * f.nin)
    assert str(ours.value) == str(plain.value)


def test_rows_are_found_by_their_numpy_function() -> None:
    for function, name in ((np.tanh, "tanh"), (np.sum, "sum"), (np.absolute, "abs")):
        assert TABLE[function].name == name
    y = np.tanh(Value(0.3))
    assert y.op is TABLE[np.tanh]


def test_a_row_called_directly_is_the_numpy_function() -> None:
    op = TABLE[np.multiply]
    assert op(2.0, 3.0) == 6.0
    assert op(Value(2.0), 3.0).data == 6.0


@pytest.mark.parametrize("call", [lambda v: np.place(v, v > 0, 1.0), lambda v: np.i0.nope(v)])
def test_unknown_names(call: Any) -> None:
    with pytest.raises((TypeError, AttributeError)):
        call(Value(X))


def test_a_function_without_a_rule_says_how_to_add_one() -> None:
    with pytest.raises(TypeError) as caught:
        special.gamma(Value(X))
    for advice in ("gamma", "primitive", "defvjp", "v.data"):
        assert advice in str(caught.value)


def test_out_and_where_of_ufuncs_are_refused() -> None:
    v = Value(X)
    with pytest.raises(TypeError, match="out="):
        np.add(v, 1.0, out=np.zeros(3))
    with pytest.raises(TypeError, match=r"np\.where"):
        np.add(v, 1.0, where=np.array([True, False, True]))
    np.testing.assert_array_equal(np.add(v, 1.0, where=True, out=None).data, X + 1)


def test_plain_results_may_be_written_into_plain_arrays() -> None:
    """Bools have no gradient that could be lost; a Value is not written into."""
    v, found = Value(X), np.zeros(3, bool)
    assert np.greater(v, 0, out=found) is found
    np.testing.assert_array_equal(found, X > 0)
    with pytest.raises(TypeError, match="out="):
        np.greater(v, 0, out=v)
    with pytest.raises(TypeError, match="out="):
        np.argmax(v, out=v)
    np.testing.assert_array_equal(np.greater.outer(v, X), np.greater.outer(X, X))
    assert np.logical_and.reduce(v) is np.logical_and.reduce(X)


def test_ufuncs_do_not_change_arrays_in_place() -> None:
    for call in (
        lambda v: np.add.at(np.zeros(3), [0, 0, 1], v),
        lambda v: np.subtract.at(v, [0], 1.0),
        lambda v: np.logical_and.at(v, [0], True),
    ):
        with pytest.raises(TypeError, match=r"in place.*bincount"):
            call(Value(X))


def test_methods_that_a_ufunc_does_not_have_are_refused_as_numpy_does() -> None:
    for call in (
        lambda x: np.exp.reduce(x),
        lambda x: np.divmod.reduce(x),
        lambda x: np.exp.outer(x, x),
    ):
        with pytest.raises((ValueError, TypeError)) as plain:
            call(X)
        with pytest.raises(plain.type, match=re.escape(str(plain.value))):
            call(Value(X))


@pytest.mark.parametrize(
    "f",
    ["sum", "prod", "max", "min", "mean", "var", "std", "ptp", "cumsum", "cumprod", "take", "dot"],
)
def test_out_of_functions_is_refused(f: str) -> None:
    args: tuple[Any, ...] = {"take": ([0],), "dot": (X,)}.get(f, ())
    with pytest.raises(TypeError, match="out="):
        getattr(np, f)(Value(X), *args, out=np.zeros(3))


def test_values_in_keywords_are_not_taken_for_constants() -> None:
    """A Value where a constant is expected raises, or is differentiated: never a lost gradient."""
    assert ag.grad(lambda s: np.max(Value(X) * 1.0, initial=s))(5.0) == 1.0
    assert ag.grad(lambda s: np.sum(Value(X), initial=s))(5.0) == 1.0
    assert ag.grad(lambda s: np.clip(Value(X), min=s, max=10.0).sum())(0.5) == 2.0
    assert ag.grad(lambda s: np.clip(X, s, 10.0).sum())(0.5) == 2.0
    assert ag.grad(lambda s: np.diff(X, prepend=s).sum())(0.5) == -1.0
    for call in (
        lambda s: np.round(Value(X), decimals=s),
        lambda s: np.roll(Value(X), s),
        lambda s: np.reshape(Value(X), (s,)),
        lambda s: np.repeat(Value(X), s),
        lambda s: np.sum(Value(X), axis=s),
        lambda s: np.max(X, initial=s),
        lambda s: np.select([X > 1], [X], default=s),
    ):
        with pytest.raises((TypeError, ValueError)):
            ag.grad(lambda s, call=call: np.sum(call(s)))(1.0)


def test_zero_size() -> None:
    v = Value(np.zeros((0, 3)))
    np.testing.assert_array_equal(np.sum(v, axis=0).data, np.zeros(3))
    assert np.prod(v).data == 1.0
    assert np.max(v, initial=2.0).data == 2.0
    assert np.concatenate([v, np.ones((1, 3))]).shape == (1, 3)
    np.sum(v * 2).backward()
    assert v.grad.shape == (0, 3)
    s = Value(2.0)
    np.max(v, initial=s).backward()
    assert s.grad == 1.0


def test_subclasses_and_strange_memory() -> None:
    class Tagged(np.ndarray):
        pass

    for x in (
        np.arange(6.0).reshape(2, 3).T,
        np.arange(12.0).reshape(3, 4)[:, ::-2],
        np.broadcast_to(np.array([1.0, 2.0]), (3, 2)),
        np.ones((3, 2), dtype=">f8"),
        np.asfortranarray(np.ones((3, 2))),
        np.ones((3, 2)).view(Tagged),
    ):
        g = ag.grad(lambda x: np.sum(x * x + np.cumsum(x, axis=0)) + np.max(x[1:] @ x.T))(x)
        plain = ag.grad(lambda x: np.sum(x * x + np.cumsum(x, axis=0)) + np.max(x[1:] @ x.T))(
            np.array(x, dtype=float)
        )
        np.testing.assert_allclose(np.asarray(g), plain)


def named(f: Any, kinds: tuple[Any, ...]) -> list[str]:
    return [p.name for p in inspect.signature(f).parameters.values() if p.kind in kinds]


@pytest.mark.parametrize(
    "f",
    [f for f in COMPOSITES if not isinstance(f, np.ufunc)],
    ids=lambda f: f.__name__,
)
def test_arguments_stand_where_numpy_has_them(f: Any) -> None:
    """By position and by name: np.sum(a=v), np.full_like(v, s, None, "C")."""
    try:
        theirs = named(f, (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD))
    except ValueError:
        pytest.skip("a function in C without a signature")
    anywhere = named(COMPOSITES[f], (Parameter.VAR_POSITIONAL,))
    ours = named(COMPOSITES[f], (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD))
    assert ours[: len(theirs)] == theirs or (anywhere and ours == theirs[: len(ours)])
    keywords = set(named(f, (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)))
    known = set(named(COMPOSITES[f], (Parameter.KEYWORD_ONLY, Parameter.POSITIONAL_OR_KEYWORD)))
    assert keywords <= known or named(COMPOSITES[f], (Parameter.VAR_KEYWORD,))


def test_isinstance_of_a_row() -> None:
    assert all(isinstance(op, Primitive) for op in TABLE.values())
    assert all(isinstance(u, np.ufunc) for u, _ in UFUNC_METHODS)
