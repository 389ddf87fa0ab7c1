"""`np.linalg`: matrices along the last two axes, any number of them along the axes before.

Importing this package registers its rows.  The conventions are in docs/linalg.md.
"""

from autograd.rules.linalg import (
    aliases,
    determinants,
    eigen,
    factorisations,
    least_squares,
    norms,
    singular,
    solving,
)

__all__ = [
    "aliases",
    "determinants",
    "eigen",
    "factorisations",
    "least_squares",
    "norms",
    "singular",
    "solving",
]
