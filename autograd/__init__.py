"""valuegrad: automatic differentiation for numbers and NumPy arrays."""

from __future__ import annotations

import importlib
import warnings
from typing import TYPE_CHECKING, Any

from autograd import other_package
from autograd import rules as _rules  # noqa: F401 (fills the rule table)
from autograd.engine.strong_zero import strong_zero
from autograd.engine.value import Value
from autograd.extend import custom_vjp, defjvp, defvjp, primitive
from autograd.rules.composite import (
    affine,
    erf,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
)
from autograd.rules.sliding import conv, conv_transpose, max_pool, sum_pool
from autograd.rules.transformer import attention, gelu, standardise
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
    from autograd.compilation.compiled import compile
    from autograd.debugging import ChangedArrayError, NonFiniteError, debug
    from autograd.transforms.checkpointing import checkpoint
    from autograd.transforms.jacobians import hessian, hessian_vector_product, jacobian
    from autograd.transforms.vmap import vmap
    from autograd.views.computation_graph import Graph
    from autograd.views.entry import draw, draw_dot, graph
    from autograd.views.recording import record

__version__ = "0.1.0"

LAZY = {
    "autograd.checking": (
        *("Report", "Verdict", "assert_gradients", "given_gradients", "gradcheck", "numeric_grad"),
    ),
    "autograd.compilation.compiled": ("compile",),
    "autograd.transforms.checkpointing": ("checkpoint",),
    "autograd.debugging": ("ChangedArrayError", "NonFiniteError", "debug"),
    "autograd.transforms.jacobians": ("hessian", "hessian_vector_product", "jacobian"),
    "autograd.transforms.vmap": ("vmap",),
    "autograd.views": ("Graph", "draw", "draw_dot", "graph", "record"),
}
"""Loaded at first use, so that `import autograd` costs little more than `import numpy`."""


if not TYPE_CHECKING:  # a type checker reads the imports above, and reports every other name

    def __getattr__(name: str) -> Any:
        for module, names in LAZY.items():
            if name in names:
                found = getattr(importlib.import_module(module), name)
                globals()[name] = found
                return found
        if name == "numpy":  # without an import of its own
            return importlib.import_module("autograd.numpy")
        if name == "zero_rule":
            warnings.warn("zero_rule is called strong_zero now", DeprecationWarning, stacklevel=2)
            return strong_zero
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


other_package.warn_if_installed()

__all__ = [
    "ChangedArrayError",
    "Graph",
    "NonFiniteError",
    "Report",
    "Value",
    "Verdict",
    "affine",
    "assert_gradients",
    "attention",
    "checkpoint",
    "compile",
    "conv",
    "conv_transpose",
    "custom_vjp",
    "debug",
    "defjvp",
    "defvjp",
    "draw",
    "draw_dot",
    "elementwise_grad",
    "erf",
    "gelu",
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
    "max_pool",
    "numeric_grad",
    "primitive",
    "record",
    "relu",
    "sigmoid",
    "softmax",
    "softmax_cross_entropy",
    "softplus",
    "standardise",
    "stop_gradient",
    "strong_zero",
    "sum_pool",
    "value_and_grad",
    "vjp",
    "vmap",
]
