"""What a picture says of a rule is NumPy that gives what the rule gives, for every row."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, graph
from autograd.engine.cotangents import match_primal
from autograd.engine.primitive import TABLE, Primitive
from autograd.views.lines import rule_line, step_line
from autograd.views.phrases import RuleText, filled, rule_text
from tests.samples import Sample
from tests.views.cases import scalar_example
from tests.views.test_every_row import CALLS, is_variable

LETTERS = "abcdefhijk"
FUNCTIONS = {op.name: op for op in TABLE.values()}


def evaluated(text: str, numbers: dict[str, Any]) -> Any:
    """The value of an expression, or of `d` after statements."""
    names = {**FUNCTIONS, "np": np, "array": np.array, **numbers}
    with np.errstate(all="ignore"):
        if text.startswith("d = "):
            exec(text, names)
            return names["d"]
        return eval(text, names)


def cotangent(y: Any) -> Any:
    """A random cotangent of y."""
    g = np.random.default_rng(0).normal(size=np.shape(y)) + (0.3j if np.iscomplexobj(y) else 0)
    kind = np.asarray(y).dtype
    return g.astype(kind) if isinstance(y, np.ndarray) else type(y)(g)


def check(op: Primitive, sample: Sample, slot: int) -> RuleText:
    """The texts of one contribution, after they have been evaluated beside the rule itself."""
    args, params = sample.args, sample.params
    with np.errstate(all="ignore"):
        y = op.compute(*args, **params)
        texts, _ = rule_text(op, slot, y, args, params)
        assert texts is not None, f"the rule of {op.name} could not be written down"
        g = cotangent(y)
        wanted = [i == slot for i in range(len(args))]
        c = op.vjp_all(wanted, g, y, *args, **params)[slot]
    x = args[slot]
    expected = np.zeros(np.shape(x)) if c is None else match_primal(c, x, op)
    numbers = {"g": g, "y": y, **dict(zip(LETTERS, args, strict=False))}
    names = {"g": "g", "y": "y", **{str(i): LETTERS[i] for i in range(len(args))}}
    got = evaluated(filled(texts.full, names.__getitem__), numbers)
    single = np.asarray(x).dtype.itemsize < 8
    tolerance = {"rtol": 1e-5 if single else 1e-11, "atol": 1e-6 if single else 1e-13}
    assert np.shape(got) == np.shape(x)
    np.testing.assert_allclose(got, expected, **tolerance)
    if texts.local:
        local = evaluated(filled(texts.local, names.__getitem__), {**vars(np), **numbers})
        product = match_primal(np.asarray(g * local)[()] if np.shape(y) else g * local, x, op)
        np.testing.assert_allclose(product, expected, **tolerance)
    return texts


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_every_row(op: Primitive, sample: Sample) -> None:
    with np.errstate(all="ignore"):
        y = op.compute(*sample.args, **sample.params)
    if isinstance(y, tuple):
        assert rule_text(op, 0, y, sample.args, sample.params) == (None, False)
        return
    for slot, x in enumerate(sample.args):
        if is_variable(op, slot, x):
            check(op, sample, slot)


NUMBERS = np.random.default_rng(1).normal
PRODUCTS = [
    ((3, 4), (4,), "np.outer(g, b)", "a.T @ g"),
    ((4,), (4, 3), "g @ b.T", "np.outer(a, g)"),
    ((4,), (4,), "g * b", "g * a"),
    ((2, 4), (4, 3), "g @ b.T", "a.T @ g"),
    ((5, 2, 4), (5, 4, 3), "g @ np.swapaxes(b, -1, -2)", "np.swapaxes(a, -1, -2) @ g"),
    ((5, 2, 4), (4, 3), "g @ b.T", "(np.swapaxes(a, -1, -2) @ g).sum(axis=0)"),
]


@pytest.mark.parametrize(("left", "right", "to_left", "to_right"), PRODUCTS)
def test_products_of_vectors_matrices_and_batches(
    left: tuple[int, ...], right: tuple[int, ...], to_left: str, to_right: str
) -> None:
    sample = Sample((NUMBERS(size=left), NUMBERS(size=right)), {})
    found = [check(TABLE[np.matmul], sample, slot).full for slot in (0, 1)]
    names = {"g": "g", "0": "a", "1": "b"}
    assert [filled(text, names.__getitem__) for text in found] == [to_left, to_right]


@pytest.mark.parametrize(
    ("left", "right", "phrase"),
    [
        ((4, 3), (3,), "(g * a).sum(axis=0)"),
        ((4, 3), (4, 1), "(g * a).sum(axis=1, keepdims=True)"),
        ((2, 4, 3), (4, 1), "(g * a).sum(axis=0).sum(axis=1, keepdims=True)"),
        ((4, 3), (), "(g * a).sum()"),
    ],
)
def test_broadcasting(left: tuple[int, ...], right: tuple[int, ...], phrase: str) -> None:
    sample = Sample((NUMBERS(size=left), np.asarray(NUMBERS(size=right))[()]), {})
    text = check(TABLE[np.multiply], sample, 1).full
    assert filled(text, {"g": "g", "0": "a"}.__getitem__) == phrase


def test_a_rule_that_looks_at_its_numbers_is_not_taken_over_by_other_numbers() -> None:
    """x ** b is written b * x**(b - 1), which does not hold for 0 ** 0."""
    x, zero = Value(np.array([1.0, 2.0])), Value(np.array([0.0, 2.0]))
    first, second = np.power(x, 2.0), np.power(zero, 0.0)
    edges = graph([first, second]).snapshot.edges
    assert [e.texts.full for e in edges[:1]] == ["{g} * {1} * {0}**({1} - 1)"]
    assert "np.where" in edges[1].texts.full


def test_texts_of_many_nodes_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "autograd.views.local.rule_text", lambda *a: asked.append(a) or rule_text(*a)
    )
    x = y = Value(np.ones(3))
    for _ in range(20):
        y = np.tanh(y)
    assert {e.texts.local for e in graph(y).snapshot.edges} == {"1 - {y}**2"}
    assert len(asked) == 1
    del x


def test_a_line_for_numbers() -> None:
    o, _ = scalar_example()
    g = graph(o)
    step = g.flow.steps[0]
    edge = g.snapshot.edges[step.edge]
    assert rule_line(g.snapshot, edge) == "tanh' = 1 - y**2 = 1 - 0.7064**2 = 0.501"
    line = "grad(x1*w1 + x2*w2 + b) += grad(o) * do/d(x1*w1 + x2*w2 + b) = 1 * 0.501 = 0.501"
    assert step_line(g.snapshot, step) == line
    product = next(e for e in g.snapshot.edges if g.snapshot.nodes[e.target].name == "x1*w1")
    assert rule_line(g.snapshot, product) == "*' = w1 = -3"


def test_a_line_for_arrays() -> None:
    w, x = Value(np.ones((3, 2)), label="w"), np.ones((4, 3))
    y = x @ w
    y.label = "y"
    g = graph(y)
    assert step_line(g.snapshot, g.flow.steps[0]) == "grad(w) += x.T @ grad(y)"


def test_names_are_put_in_parentheses_where_they_are_expressions() -> None:
    assert filled("{g} @ {1}.T", {"g": "g", "1": "a + b"}.__getitem__) == "g @ (a + b).T"
    assert filled("np.exp({0})", {"0": "a + b"}.__getitem__) == "np.exp(a + b)"
    assert filled("{0}**2", {"0": "-3"}.__getitem__) == "(-3)**2"
    assert eval(filled("2 - {0}", {"0": "-3"}.__getitem__)) == 5


def test_rules_of_the_user_are_not_run_for_their_text() -> None:
    calls: list[object] = []
    double = autograd.custom_vjp(lambda x: (2 * x, None), lambda _, g: calls.append(g) or 2 * g)
    edge = graph(double(Value(np.ones(2)))).snapshot.edges[0]
    assert edge.texts is None and calls == []
    assert edge.text.startswith("vjp of ")


def test_infinite_and_broken_numbers_are_written() -> None:
    text = RuleText("log'", "1 / {0}", "{g} / {0}")
    assert filled(text.local, {"0": "inf"}.__getitem__) == "1 / inf"
    x = Value(0.0)
    with np.errstate(all="ignore"):
        y = np.log(x)
    line = rule_line(graph(y).snapshot, graph(y).snapshot.edges[0])
    assert line == "log' = 1 / x = 1 / 0 = inf" and math.isinf(y.data)
