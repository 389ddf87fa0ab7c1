"""Points beside the input and far from it: what fails, and what is only noted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.checking import gradcheck

X = np.array([0.3, 1.1, 0.9, 2.0])


@pytest.mark.parametrize("seed", range(4))
def test_a_special_point_hides_nothing(seed: int) -> None:
    report = gradcheck(lambda x: x**3, np.zeros(3), vjp=lambda g, x: g * x * x, seed=seed)
    assert report.verdict == "FAIL"
    assert report.headline().startswith("FAIL  <lambda>: right at the input, wrong nearby: x -> [")
    assert report.inputs[0].worst is not None
    eye = gradcheck(
        lambda x, w: x @ w,
        np.arange(6.0).reshape(2, 3),
        np.eye(3),
        vjp=lambda g, x, w: (g @ w, x.T @ g),
        seed=seed,
    )
    assert "wrong nearby" in eye.headline()


def test_beyond_a_kink_or_a_jump_it_is_a_note() -> None:
    def lookup(x: Any) -> Any:
        return np.interp(x, [0.0, 1.0, 2.0, 3.0], [0.0, 2.0, 1.0, 5.0])

    def inside(g: Any, x: Any) -> Any:
        return g * np.array([2.0, -1.0, 4.0])[np.clip(x.astype(int), 0, 2)]

    report = gradcheck(lookup, np.array([0.3, 1.6, 2.2]), vjp=inside)
    assert report.verdict == "PASS"
    assert any("beyond a kink or a jump" in note for note in report.notes), str(report)


def test_far_from_the_input_a_fail_says_where() -> None:
    report = gradcheck(np.square, X, vjp=lambda g, x: g * 2 * np.abs(x))
    assert report.verdict == "FAIL"
    assert "right at the input and nearby, wrong " in report.headline()
    assert gradcheck(np.square, X, vjp=lambda g, x: g * 2 * np.abs(x), points=False)


def test_outside_of_the_domain_nothing_is_held_against_a_right_function() -> None:
    def positive(x: Any) -> Any:
        if np.any(x <= 0):
            raise ValueError("only for x > 0")
        return np.sqrt(x)

    assert gradcheck(positive, X, vjp=lambda g, x: g / (2 * np.sqrt(x))).verdict == "PASS"
    assert gradcheck(np.sqrt, X, vjp=lambda g, x: g / (2 * np.sqrt(np.abs(x)))).verdict == "PASS"


def test_one_gradient_everywhere_is_known_or_stale() -> None:
    slope = 1 - np.tanh(X) ** 2
    known = gradcheck(np.tanh, X, vjp=lambda g, x: g * slope)
    assert known.verdict == "PASS"
    assert any("does not depend on the input" in note for note in known.notes)

    class Layer:
        saved: Any = None

        def forward(self, x: Any) -> Any:
            self.saved = x.copy() if self.saved is None else self.saved
            return np.tanh(x)

        def backward(self, g: Any, x: Any) -> Any:
            return g * (1 - np.tanh(self.saved) ** 2)

    layer = Layer()
    stale = gradcheck(layer.forward, X, vjp=layer.backward)
    assert stale.verdict == "FAIL"
    assert "keep what the first forward saw" in str(stale)


def test_beside_a_kink_all_sides_must_be_wrong() -> None:
    zeros = np.zeros(2)
    assert gradcheck(np.abs, zeros, vjp=lambda g, x: g * np.sign(x)).verdict == "KINK"
    assert gradcheck(np.abs, zeros, vjp=lambda g, x: 0.3 * g).verdict == "KINK"
    doubled = gradcheck(np.abs, zeros, vjp=lambda g, x: 2 * g * np.sign(x))
    assert doubled.verdict == "FAIL"
    assert "wrong nearby" in doubled.headline()
