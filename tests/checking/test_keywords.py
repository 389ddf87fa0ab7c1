"""Keywords that neither the checker nor the function has are refused, with the reason."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.checking import assert_gradients, gradcheck
from autograd.checking.keywords import keywords_of

X = np.array([0.3, -0.7])


def norm(x: Any, eps: float = 1e-5) -> Any:
    return x / np.sqrt(np.sum(x * x) + eps)


@functools.wraps(norm)
def wrapped(*args: Any, **kwargs: Any) -> Any:
    return norm(*args, **kwargs)


def anything(x: Any, **kwargs: Any) -> Any:
    return x * kwargs.get("scale", 1.0)


@pytest.mark.parametrize("name", ["eps", "step", "h"])
def test_there_is_no_step(name: str) -> None:
    with pytest.raises(TypeError, match=f"no option {name}: there is no step to choose"):
        gradcheck(np.tanh, X, **{name: 1e-6})


@pytest.mark.parametrize("name", ["atol", "rtol", "tol"])
def test_there_is_no_tolerance(name: str) -> None:
    with pytest.raises(TypeError, match=f"no option {name}: there is no tolerance to choose"):
        assert_gradients(lambda x: x * x, X, **{name: 1e-6})


def test_a_name_that_is_spelt_wrongly() -> None:
    with pytest.raises(TypeError, match=r"no option sed, and .* takes no argument of this name"):
        gradcheck(lambda x: x * x, X, sed=1)


@pytest.mark.parametrize("f", [norm, wrapped, functools.partial(norm)])
def test_arguments_of_the_function_are_its_own(f: Any) -> None:
    assert gradcheck(f, X, eps=1e-3).verdict == "PASS"
    assert gradcheck(f, X, kwargs={"eps": 1e-3}).verdict == "PASS"


def test_functions_that_take_any_keyword() -> None:
    assert gradcheck(anything, X, scale=2.0).verdict == "PASS"
    with pytest.raises(TypeError, match="pass kwargs="):
        gradcheck(anything, X, eps=2.0)
    assert gradcheck(anything, X, kwargs={"eps": 2.0}).verdict == "PASS"


def test_numpy_functions_and_rows_of_the_table() -> None:
    assert gradcheck(np.sum, X, axis=0).verdict == "PASS"
    assert gradcheck(ag.logsumexp, X, axis=0).verdict == "PASS"
    assert "axis" in keywords_of(np.sum)
