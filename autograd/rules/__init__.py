"""The rule table, filled: importing this package registers every row."""

from autograd.rules import (
    arithmetic,
    elementwise,
    fft,
    indexing,
    joining,
    layers,
    linalg,
    losses,
    plain,
    products,
    reductions,
    scans,
    selection,
    shape,
)

__all__ = [
    "arithmetic",
    "elementwise",
    "fft",
    "indexing",
    "joining",
    "layers",
    "linalg",
    "losses",
    "plain",
    "products",
    "reductions",
    "scans",
    "selection",
    "shape",
]
