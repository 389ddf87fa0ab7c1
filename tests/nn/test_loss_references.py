"""Activations and losses: PyTorch's values and gradients, to rounding, also at +-1e4."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad, stop_gradient

FILE = Path(__file__).parent / "references" / "losses.json"
REFERENCE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
OURS = {"p": "power"}


def equal(found: Any, expected: Any, tiny: float = 1e-14) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=tiny)


def check(f: Callable[[Any], Any], x: Any, case: dict[str, Any]) -> None:
    """Value and gradient, of arrays and of Values."""
    x = np.array(x)
    equal(stop_gradient(f(x)), case["value"])
    v = Value(x)
    y = f(v)
    equal(y.data, case["value"])
    np.sum(y).backward()
    equal(v.grad, case["gradient"])
    equal(stop_gradient(grad(lambda x: np.sum(f(x)))(x)), case["gradient"])


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "elu 0.3": lambda x: nn.elu(x, 0.3),
    "gelu tanh": lambda x: nn.gelu(x, approximate=True),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", REFERENCE["activations"])
def test_activation(name: str) -> None:
    f = ACTIVATIONS.get(name) or getattr(nn, name)
    check(f, REFERENCE["points"], REFERENCE["activations"][name])


@pytest.mark.filterwarnings("error")
def test_logit_normalise_and_prelu() -> None:
    check(nn.logit, REFERENCE["shares"], REFERENCE["logit"])
    check(lambda p: nn.logit(p, eps=0.1), REFERENCE["shares"], REFERENCE["logit eps"])
    x = next(case["x"] for case in REFERENCE["losses"] if case["loss"] == "nll")
    for order, case in zip((1, 2), REFERENCE["normalise"], strict=True):
        check(lambda x, order=order: nn.normalise(x, order=order), x, case)  # type: ignore[misc]
    layer = nn.PReLU(3)
    layer.weight.data[:] = 0.25, 0.5, -0.1
    layer(np.array(x)).sum().backward()
    equal(layer.weight.grad, REFERENCE["prelu"]["slopes"])
    check(layer, x, REFERENCE["prelu"])


def named(case: dict[str, Any]) -> str:
    return f"{case['loss']}-{'-'.join(case['options'])}-{case['reduction']}"


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("case", REFERENCE["losses"], ids=named)
def test_loss(case: dict[str, Any]) -> None:
    loss = getattr(nn, case["loss"].split()[0])
    options = {OURS.get(name, name): x for name, x in case["options"].items()}
    options["reduction"] = case["reduction"]
    if case["loss"] == "gaussian_nll":
        check(lambda x: loss(x, case["y"], np.array(case["variance"]), **options), case["x"], case)
        variance = Value(case["variance"])
        np.sum(loss(np.array(case["x"]), case["y"], variance, **options)).backward()
        equal(variance.grad, case["slopes"])
        return
    check(lambda x: loss(x, np.array(case["y"]), **options), case["x"], case)


@pytest.mark.parametrize("case", REFERENCE["losses"], ids=named)
def test_single_precision_stays(case: dict[str, Any]) -> None:
    loss = getattr(nn, case["loss"].split()[0])
    options = {OURS.get(name, name): x for name, x in case["options"].items()}
    args = [np.array(case["variance"], np.float32)] if "variance" in case else []
    v = Value(np.array(case["x"], np.float32))
    y = loss(v, case["y"], *args, **options, reduction=case["reduction"])
    np.sum(y).backward()
    assert y.dtype == v.grad.dtype == np.float32
    np.testing.assert_allclose(y.data, case["value"], rtol=1e-3, atol=1e-3)
