"""The rule table, filled: importing this package registers every row."""

from autograd.rules import (
    arithmetic,
    building,
    elementwise,
    indexing,
    joining,
    layers,
    losses,
    padding,
    plain,
    products,
    reductions,
    refused,
    scans,
    selection,
    shape,
    ufunc_methods,
)

__all__ = [
    "arithmetic",
    "building",
    "elementwise",
    "indexing",
    "joining",
    "layers",
    "losses",
    "padding",
    "plain",
    "products",
    "reductions",
    "refused",
    "scans",
    "selection",
    "shape",
    "ufunc_methods",
]
