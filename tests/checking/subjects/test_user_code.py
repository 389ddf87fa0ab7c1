"""Whose code a report names: the user's function and rule, behind every wrapper."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.checking import gradcheck
from autograd.checking.subjects.subject import stopped_at
from autograd.checking.subjects.user_code import source_of, state_of

X = np.array([0.3, -0.7, 1.1])


def line_of(f: Any) -> str:
    return f"{__file__}:{f.__code__.co_firstlineno}"


def plain(x: Any) -> Any:
    return x**3


def pair(x: Any) -> Any:
    return x * x, x


def backward(x: Any, g: Any) -> Any:
    return g * x


@functools.wraps(plain)
def wrapped(*args: Any) -> Any:
    return plain(*args)


class Layer:
    def forward(self, x: Any) -> Any:
        return x * x

    def __call__(self, x: Any) -> Any:
        return x * x


decorated = ag.custom_vjp(plain)
decorated.defvjp(pair, backward)

WRAPPERS: list[tuple[str, Any, Callable[..., Any]]] = [
    ("plain", plain, plain),
    ("primitive", ag.primitive(plain), plain),
    ("row", ag.primitive(plain).primitive, plain),  # type: ignore[attr-defined]
    ("primitive of a wrapper", ag.primitive(wrapped), plain),
    ("wraps", wrapped, plain),
    ("partial", functools.partial(plain), plain),
    ("partial of a primitive", functools.partial(ag.primitive(plain)), plain),
    ("pair", ag.custom_vjp(pair, backward), pair),
    ("decorated", decorated, plain),
    ("its row", decorated.op, plain),
    ("method", Layer().forward, Layer.forward),
    ("object", Layer(), Layer.__call__),
]


@pytest.mark.parametrize(("f", "written"), [case[1:] for case in WRAPPERS], ids=lambda case: "")
def test_source_looks_through_wrappers(f: Any, written: Callable[..., Any]) -> None:
    assert source_of(f) == line_of(written)


def test_c_functions_have_no_source() -> None:
    assert source_of(np.tanh) == source_of(len) == ""
    assert gradcheck(np.tanh, X).source == ""


def test_a_ring_of_wrappers_ends() -> None:
    class Ring:
        __wrapped__: Any

    ring = Ring()
    ring.__wrapped__ = ring
    assert source_of(ring) == ""


def test_a_report_names_the_rule_of_a_primitive() -> None:
    cube = ag.primitive(plain)
    rule = lambda y, x: lambda g: g * 2 * x**2
    ag.defvjp(cube, rule)
    for report in (gradcheck(cube, X), gradcheck(lambda x: np.exp(cube(np.sin(x))), X)):
        assert report.verdict == "FAIL"
        assert report.rule == line_of(rule)
        assert f"  rule     {line_of(rule)}" in str(report).splitlines()
        assert report.to_dict()["rule"] == report.rule
    assert gradcheck(cube, X).source == line_of(plain)


def test_a_report_names_the_second_rule_of_two() -> None:
    @ag.primitive
    def product(x: Any, y: Any) -> Any:
        return x * y

    first = lambda z, x, y: lambda g: g * y
    second = lambda z, x, y: lambda g: 3 * g * x
    ag.defvjp(product, first, second)
    report = gradcheck(lambda x, y: product(np.sin(x), y), X, X + 1)
    assert report.rule == line_of(second)


def test_a_report_names_the_backward_of_a_pair() -> None:
    square = ag.custom_vjp(pair, backward)
    report = gradcheck(lambda x: square(np.sin(x)), X)
    assert report.verdict == "FAIL"
    assert report.rule == line_of(backward)
    assert report.culprit.startswith("pair((3,) -> (3,))")


def test_a_report_names_the_vjp_that_was_given() -> None:
    vjp = lambda g, x: g
    report = gradcheck(plain, X, vjp=vjp)
    assert (report.source, report.rule) == (line_of(plain), line_of(vjp))


def test_a_pass_names_no_rule() -> None:
    assert gradcheck(plain, X).rule == ""


def test_a_decorated_function_goes_by_its_name() -> None:
    assert str(gradcheck(decorated, X)).startswith("FAIL  plain: ")
    assert str(gradcheck(functools.partial(plain), X)).startswith("PASS  plain: ")


def test_frames_of_a_test_are_the_users() -> None:
    def broken(x: Any) -> Any:
        return np.sum(x, axis=5)

    report = gradcheck(broken, X)
    assert report.verdict == "ERROR"
    assert report.source.startswith(f"{__file__}:{broken.__code__.co_firstlineno + 1} in broken: ")
    assert report.source.endswith("return np.sum(x, axis=5)")


def silent(f: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that does not say what it wraps."""

    def inner(*args: Any, **kwargs: Any) -> Any:
        return f(*args, **kwargs)

    return inner


def test_source_and_name_are_seen_through_a_decorator_without_wraps() -> None:
    report = gradcheck(silent(plain), X, vjp=silent(lambda g, x: g * x**2))
    assert report.source == line_of(plain)
    assert report.name == "plain"
    assert report.rule.startswith(__file__)
    assert source_of(silent(silent(plain))) == line_of(plain)


def test_a_function_that_only_calls_another_is_itself() -> None:
    def twice(x: Any) -> Any:
        return 2 * helper(x)

    helper = plain
    assert source_of(twice) == line_of(twice)


def test_state_is_shared_by_methods_closures_and_globals_only() -> None:
    seen: dict[str, Any] = {}

    class Layer:
        def forward(self, x: Any) -> Any:
            return x

        def backward(self, g: Any) -> Any:
            return g

    layer = Layer()
    writes, reads = (lambda x: seen.setdefault("x", x)), (lambda g: g * seen["x"])
    slope = np.ones(3)
    assert state_of(layer.forward) & state_of(layer.backward)
    assert state_of(layer.forward) & state_of(lambda g, x: layer.backward(g))
    assert state_of(writes) & state_of(reads)
    assert state_of(functools.partial(writes)) & state_of(functools.partial(reads))
    assert not state_of(np.tanh) & state_of(lambda g: g * slope)
    assert not state_of(lambda x: np.exp(x)) & state_of(lambda g: g * np.exp(slope))
    clocked = stopped_at(lambda x: x, 0.0), stopped_at(lambda g: g * slope, 0.0)
    assert not state_of(clocked[0]) & state_of(clocked[1])
