"""valuegrad: automatic differentiation for numbers and NumPy arrays."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from autograd import other_package
from autograd import rules as _rules  # noqa: F401 (fills the rule table)
from autograd.engine.strong_zero import strong_zero
from autograd.engine.value import HOOKS, Value
from autograd.extend import custom_vjp, defjvp, defvjp, primitive
from autograd.rules.composite import log_softmax, logsumexp, relu, sigmoid, softmax, softplus
from autograd.transforms.derivatives import (
    elementwise_grad,
    grad,
    jvp,
    make_jvp,
    make_vjp,
    stop_gradient,
    value_and_grad,
    vjp,
)

if TYPE_CHECKING:
    from autograd.checking import (
        Report,
        Verdict,
        assert_gradients,
        given_gradients,
        gradcheck,
        numeric_grad,
    )
    from autograd.debugging import debug
    from autograd.transforms.checkpointing import checkpoint
    from autograd.transforms.jacobians import hessian, hessian_vector_product, jacobian
    from autograd.views.api import draw, draw_dot, graph
    from autograd.views.graph import Graph

__version__ = "0.1.0"

LAZY = {
    "autograd.checking": (
        *("Report", "Verdict", "assert_gradients", "given_gradients", "gradcheck", "numeric_grad"),
    ),
    "autograd.transforms.checkpointing": ("checkpoint",),
    "autograd.debugging": ("debug",),
    "autograd.transforms.jacobians": ("hessian", "hessian_vector_product", "jacobian"),
    "autograd.views": ("Graph", "draw", "draw_dot", "graph"),
}
"""Loaded at first use, so that `import autograd` costs little more than `import numpy`."""


def __getattr__(name: str) -> Any:
    for module, names in LAZY.items():
        if name in names:
            found = getattr(importlib.import_module(module), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _graph(v: Value, **options: Any) -> Any:
    """`Value.graph`, with the views loaded when they are wanted."""
    return importlib.import_module("autograd.views").graph(v, **options)


def _mimebundle(v: Value) -> dict[str, str]:
    """What a notebook shows of a Value; a leaf needs no views."""
    if v.op is None:
        return {"text/plain": repr(v)}
    return importlib.import_module("autograd.views").mimebundle(v)


other_package.warn_if_installed()
HOOKS["graph"] = _graph
HOOKS["mimebundle"] = _mimebundle

__all__ = [
    "Graph",
    "Report",
    "Value",
    "Verdict",
    "assert_gradients",
    "checkpoint",
    "custom_vjp",
    "debug",
    "defjvp",
    "defvjp",
    "draw",
    "draw_dot",
    "elementwise_grad",
    "given_gradients",
    "grad",
    "gradcheck",
    "graph",
    "hessian",
    "hessian_vector_product",
    "jacobian",
    "jvp",
    "log_softmax",
    "logsumexp",
    "make_jvp",
    "make_vjp",
    "numeric_grad",
    "primitive",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "stop_gradient",
    "value_and_grad",
    "vjp",
    "strong_zero",
]
