"""Functions of other libraries as pairs of plain NumPy functions, for the checker."""

from autograd.checking.adapters.adapt import of_jax, of_torch

__all__ = ["of_jax", "of_torch"]
