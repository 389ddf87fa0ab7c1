"""The rule table, filled: importing this package registers every row."""

from autograd.rules import (
    arithmetic,
    elementwise,
    indexing,
    joining,
    layers,
    losses,
    plain,
    products,
    reductions,
    scans,
    selection,
    shape,
    ufunc_methods,
)

__all__ = [
    "arithmetic",
    "elementwise",
    "indexing",
    "joining",
    "layers",
    "losses",
    "plain",
    "products",
    "reductions",
    "scans",
    "selection",
    "shape",
    "ufunc_methods",
]
