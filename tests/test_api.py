"""What `import autograd` offers: every promised name, documented, and nothing slow at import."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import autograd as ag
from autograd import Value

TRANSFORMS = [
    *("grad", "value_and_grad", "elementwise_grad", "jacobian", "hessian", "jvp", "vjp"),
    *("hessian_vector_product", "make_vjp", "make_jvp", "stop_gradient", "checkpoint"),
]
CUSTOM = ["primitive", "defvjp", "defjvp", "custom_vjp"]
COMPOSITES = ["logsumexp", "softmax", "log_softmax", "sigmoid", "softplus", "relu"]
LAZY = [
    *("gradcheck", "assert_gradients", "numeric_grad", "given_gradients", "Report", "Verdict"),
    *("graph", "draw", "draw_dot", "Graph", "record"),
]
NAMES = ["Value", "debug", "strong_zero", *TRANSFORMS, *CUSTOM, *COMPOSITES]


@pytest.mark.parametrize("name", [*NAMES, *LAZY])
def test_promised_names(name: str) -> None:
    assert getattr(ag, name) is not None


@pytest.mark.parametrize("name", NAMES)
def test_public_names_are_listed_and_documented(name: str) -> None:
    assert name in ag.__all__
    assert inspect.getdoc(getattr(ag, name))


@pytest.mark.parametrize("name", [*TRANSFORMS, *CUSTOM, "Value", "debug", "strong_zero"])
def test_public_names_have_an_example(name: str) -> None:
    text = inspect.getdoc(getattr(ag, name)) or ""
    if name != "defvjp":  # shown with `primitive`
        assert ">>>" in text


def test_unknown_names() -> None:
    with pytest.raises(AttributeError, match=r"autograd.*nothing"):
        _ = ag.nothing
    with pytest.raises(ImportError):
        exec("from autograd import nothing")


def public_methods() -> list[Any]:
    return [
        (name, member)
        for name, member in inspect.getmembers(Value)
        if not name.startswith("_") and (callable(member) or isinstance(member, property))
    ]


@pytest.mark.parametrize(("name", "member"), public_methods(), ids=lambda x: str(x)[:20])
def test_every_method_has_a_sentence(name: str, member: Any) -> None:
    assert inspect.getdoc(member), name


def test_slots_hold_no_dictionary() -> None:
    v = Value(1.0)
    assert not hasattr(v, "__dict__")


def test_the_old_name_of_the_strong_zero_says_the_new_one() -> None:
    with pytest.warns(DeprecationWarning, match="strong_zero"):
        assert ag.zero_rule is ag.strong_zero
    assert "zero_rule" not in dir(ag)
