"""The rows of the table as objects: what a row says of itself holds."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from autograd.engine.primitive import TABLE, Primitive, declare, row_of
from tests.derivatives import flat, is_variable, like
from tests.rules.test_table import NOT_SAMPLED, ROWS, case_for
from tests.samples import Sample, samples_of

KINDS = {"elementwise", "linear", "multilinear", "general"}
SAMPLED = [op for op in ROWS if op.name not in NOT_SAMPLED]


def names(op: Primitive) -> str:
    return op.name


@pytest.mark.parametrize("op", ROWS, ids=names)
def test_descriptions(op: Primitive) -> None:
    assert op.kind in KINDS
    assert op.name
    assert op.symbol
    assert TABLE[op.key] is op
    assert op.name in repr(op)
    assert not op.custom
    assert callable(op.vjp_all)
    if op.kind == "elementwise":
        assert all(low < high for low, high in op.domain)


@pytest.mark.parametrize("op", ROWS, ids=names)
def test_a_row_pickles_as_a_reference(op: Primitive) -> None:
    assert pickle.loads(pickle.dumps(op)) is op


def test_a_row_that_is_not_registered_is_named() -> None:
    with pytest.raises(LookupError, match=r"'gamma'.*import"):
        row_of(math.gamma, "gamma")


def test_declare_gives_the_same_row() -> None:
    assert declare(np.tanh) is TABLE[np.tanh]


@pytest.mark.parametrize("op", [op for op in SAMPLED if op.kind == "linear"], ids=names)
def test_linear_rows_are_linear(op: Primitive) -> None:
    """f(2 x - 3 z) = 2 f(x) - 3 f(z), in all arguments together (over the reals)."""
    for sample in samples_of(op):
        f, xs = case_for(op, sample)
        zs = [x * 0.5 + 1 for x in xs]
        mixed = f(*[2 * x - 3 * z for x, z in zip(xs, zs, strict=True)])
        np.testing.assert_allclose(mixed, 2 * f(*xs) - 3 * f(*zs), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("op", [op for op in SAMPLED if op.kind == "multilinear"], ids=names)
def test_multilinear_rows_are_linear_in_each_argument(op: Primitive) -> None:
    for sample in samples_of(op):
        f, xs = case_for(op, sample)
        for i, x in enumerate(xs):
            z = x * 0.5 + 1
            call = lambda new, f=f, xs=xs, i=i: f(*xs[:i], new, *xs[i + 1 :])
            wanted = 2 * call(x) - 3 * call(z)
            np.testing.assert_allclose(call(2 * x - 3 * z), wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("op", [op for op in SAMPLED if op.kind == "elementwise"], ids=names)
def test_elementwise_rows_look_at_one_entry(op: Primitive) -> None:
    """Each entry of the output is the output of the entries, on their own."""
    for sample in samples_of(op):
        arrays = [x for x in sample.args if np.ndim(x)]
        if not arrays:
            continue
        y = op(*sample.args, **sample.params)
        spread = [np.broadcast_to(x, y.shape) for x in sample.args]
        for i in np.ndindex(y.shape):
            alone = op(*[x[i] for x in spread], **sample.params)
            np.testing.assert_allclose(alone, y[i], rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("op", SAMPLED, ids=names)
def test_rows_do_not_change_their_arguments(op: Primitive) -> None:
    """Read-only arrays go through the function and through every rule."""
    for sample in samples_of(op):
        args = [locked(x) for x in sample.args]
        f, leaves = case_for(op, Sample(tuple(args), sample.params))
        y, pull = ag.vjp(f, *leaves)
        pull(like(y, [locked(np.ones_like(part)) for part in flat(y)]))
        ag.jvp(f, tuple(leaves), tuple(locked(np.ones_like(x)) for x in leaves))


def locked(x: Any) -> Any:
    """An array that cannot be written to."""
    if isinstance(x, np.ndarray):
        x = x.copy()
        x.flags.writeable = False
    return x


@pytest.mark.parametrize("op", SAMPLED, ids=names)
def test_python_floats_give_python_floats_where_a_twin_is_given(op: Primitive) -> None:
    if op.scalar is None:
        return
    x = [max(low, 0.0) * 1.1 + 0.3 for low, _ in op.domain]
    assert type(op(*x)) is float
    assert type(op(*[Value(v) for v in x]).data) is float


def test_rows_are_called_on_plain_data_too() -> None:
    for op in SAMPLED:
        for sample in samples_of(op)[:1]:
            for y in flat(op(*sample.args, **sample.params)):
                assert not isinstance(y, Value)
                assert is_variable(y) or np.asarray(y).dtype.kind in "fc"
