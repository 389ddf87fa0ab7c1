"""Matrices and comparisons that the tests of `np.linalg` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd as ag

Function = Callable[[Any], Any]


def random(*shape: int, seed: int = 0, is_complex: bool = False) -> Any:
    """Normal random numbers."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    return x + 1j * rng.normal(size=shape) if is_complex else x


def hermitian(x: Any) -> Any:
    """The Hermitian part."""
    return (x + np.conj(x).mT) / 2


def real_inner(a: Any, b: Any) -> Any:
    """The real part of sum(a * b)."""
    return np.sum(np.real(a * b))


def derivatives(f: Function, x: Any, t: Any) -> dict[str, Any]:
    """Gradient, tangent, and the second derivative along t both ways."""
    gradient = ag.grad(f)
    return {
        "gradient": gradient(x),
        "tangent": ag.jvp(f, (x,), (t,))[1],
        "reverse over reverse": ag.grad(lambda x: real_inner(gradient(x), t))(x),
        "forward over reverse": ag.jvp(gradient, (x,), (t,))[1],
    }


def agree(f: Function, reference: Function, x: Any, t: Any, rtol: float = 1e-11) -> None:
    """Two ways to write one function have the same derivatives of first and second order, in both
    modes."""
    wanted = derivatives(reference, x, t)
    for name, found in derivatives(f, x, t).items():
        scale = max(1.0, float(np.max(np.abs(wanted[name]), initial=0.0)))
        np.testing.assert_allclose(found, wanted[name], rtol=0, atol=rtol * scale, err_msg=name)
