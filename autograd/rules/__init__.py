"""The rule table, filled: importing this package registers every row."""

from autograd.rules import (
    arithmetic,
    elementwise,
    indexing,
    joining,
    layers,
    losses,
    nan_functions,
    plain,
    products,
    quantiles,
    reductions,
    scans,
    selection,
    shape,
    sorting,
)

__all__ = [
    "arithmetic",
    "elementwise",
    "indexing",
    "joining",
    "layers",
    "losses",
    "nan_functions",
    "plain",
    "products",
    "quantiles",
    "reductions",
    "scans",
    "selection",
    "shape",
    "sorting",
]
