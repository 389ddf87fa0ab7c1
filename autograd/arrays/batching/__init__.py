"""What NumPy's functions, and our kernels, do to all examples of arrays with a hidden axis."""

from autograd.arrays.batching import elementwise, indexing, linalg, products, reductions, shapes

__all__ = ["elementwise", "indexing", "linalg", "products", "reductions", "shapes"]
