"""Activations by name."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from nn import activations
from nn.activations import swish


def identity(x: Any) -> Any:
    """x itself."""
    return x


OTHER_WORDS = {
    "linear": identity,
    "identity": identity,
    "none": identity,
    "silu": swish,
}
"""Names that are no function of `nn.activations`."""


def activation_of(activation: Any) -> Any:
    """A function as it is, or the one of `nn.activations` with that name; ValueError where there is
    none, TypeError for anything else.

    >>> activation_of("tanh")(0.0)
    np.float64(0.0)
    """
    if callable(activation):
        return activation
    if not isinstance(activation, str):
        raise TypeError(f"an activation is a name or a function, got {activation!r}")
    name = activation.lower()
    if name in OTHER_WORDS:
        return OTHER_WORDS[name]
    if name in activations.__all__:
        return getattr(activations, name)
    known = sorted({*activations.__all__, *OTHER_WORDS})
    close = get_close_matches(name, known, 1)
    advice = f"is it {close[0]!r}? " if close else ""
    raise ValueError(f"no activation is called {activation!r}: {advice}there are {known}")
