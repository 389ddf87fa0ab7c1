"""Large inputs: projections, bisection, and the progress of long checks."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.checking import gradcheck

RNG = np.random.default_rng(1)
X = RNG.normal(size=(300, 200))
W = RNG.normal(size=(200, 8)) / 15


def f(x: Any) -> Any:
    return np.tanh(x @ W)


def right(g: Any, x: Any) -> Any:
    return (g * (1 - np.tanh(x @ W) ** 2)) @ W.T


def one_wrong(g: Any, x: Any) -> Any:
    c = right(g, x)
    c[17, 33] *= 1.001
    return c


def test_a_large_pass_states_its_power() -> None:
    report = gradcheck(f, X, vjp=right)
    assert report.verdict == "PASS"
    assert "projections" in report.method
    assert report.resolution < 1e-6
    assert any("power" in note for note in report.notes)
    assert report.evaluations < 1000
    assert gradcheck(f, X).verdict == "PASS"


def test_bisection_finds_the_entry() -> None:
    report = gradcheck(f, X, vjp=one_wrong)
    assert report.verdict == "FAIL"
    worst = report.inputs[0].worst
    assert worst is not None
    assert worst.entry == "x[17, 33]"
    assert worst.output.startswith("out[17, ")
    assert abs(worst.backward / worst.numeric - 1.001) < 1e-6


def test_a_factor_is_named_from_a_sample() -> None:
    report = gradcheck(f, X, vjp=lambda g, x: 2 * right(g, x))
    assert report.verdict == "FAIL"
    assert "2 times the true gradient" in str(report)


def test_only_the_wrong_input_of_two_is_blamed() -> None:
    def product(x: Any, w: Any) -> Any:
        return x @ w

    report = gradcheck(product, X, W, vjp=lambda g, x, w: (g @ w.T, 3 * x.T @ g))
    assert [result.verdict.value for result in report.inputs] == ["PASS", "FAIL"]


def test_a_large_kink() -> None:
    x = np.where(RNG.random(X.shape) < 0.1, 0.0, X)
    report = gradcheck(lambda x: np.sum(np.maximum(x, 0.0)), x)
    assert report.verdict == "KINK"
    assert report


def test_the_progress_bar_can_be_forced(capsys: Any) -> None:
    gradcheck(f, X, vjp=right, progress=True)
    assert "gradcheck f" in capsys.readouterr().err
    gradcheck(f, X, vjp=right, progress=False)
    assert capsys.readouterr().err == ""


def test_a_large_network_with_many_kinks_nearby() -> None:
    second = RNG.normal(size=(8, 3))

    def net(x: Any) -> Any:
        return np.maximum(x @ W, 0.0) @ second

    def backward(g: Any, x: Any) -> Any:
        return ((g @ second.T) * (x @ W > 0)) @ W.T

    report = gradcheck(net, X, vjp=backward)
    assert report.verdict == "PASS", str(report)
    assert report.resolution < 1e-6
    assert gradcheck(net, X, vjp=lambda g, x: 0.999 * backward(g, x)).verdict == "FAIL"


def test_eighteen_decades_in_one_array() -> None:
    x = 10.0 ** RNG.uniform(-9, 9, X.shape)
    assert gradcheck(lambda x: np.sum(np.log(x)), x, vjp=lambda g, x: g / x).verdict == "PASS"
    report = gradcheck(
        lambda x: np.sum(np.log(x)), x, vjp=lambda g, x: g / x * np.where(x < 1e-8, 1.1, 1.0)
    )
    assert report.verdict == "FAIL"
    assert report.inputs[0].worst is not None
    assert abs(report.inputs[0].worst.backward / report.inputs[0].worst.numeric - 1.1) < 1e-3


def test_float32_inside_a_large_function() -> None:
    def single(x: Any) -> Any:
        return np.tanh(x.astype(np.float32) @ W.astype(np.float32))

    assert gradcheck(single, X, vjp=right).verdict == "PASS"
    assert gradcheck(single, X, vjp=lambda g, x: 1.02 * right(g, x)).verdict == "FAIL"
