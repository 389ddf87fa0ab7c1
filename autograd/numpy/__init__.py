"""`import autograd.numpy as np`: NumPy, name for name, with arrays that Values can be written into.

Functions that make arrays return a `WritableArray` here, and join Values; every other name is
NumPy's own object.  See docs/writable.md.

>>> import autograd.numpy as np
>>> from autograd import grad
>>> def f(x):
...     u = np.zeros(3)
...     u[0] = x
...     u[1:] = np.array([x * x, 2.0])
...     return np.sum(u * u)
>>> grad(f)(2.0)
36.0
"""

from __future__ import annotations

from typing import Any

import numpy

from autograd.numpy import index_tricks, making, submodules
from autograd.numpy import writing as writing  # NumPy's functions that write, registered
from autograd.numpy.writable import WritableArray

OURS = {
    "WritableArray": WritableArray,
    "r_": index_tricks.r_,
    "c_": index_tricks.c_,
    **{name: making.writable(getattr(numpy, name)) for name in making.WITH_WRITABLE_RESULTS},
    **{
        name: getattr(making, name)
        for name in (
            *("array", "asarray", "asanyarray", "asarray_chkfinite", "ascontiguousarray"),
            *(
                "asfortranarray",
                "copy",
                "full",
                "full_like",
                "linspace",
                "fromiter",
                "ndenumerate",
                "vectorize",
            ),
        )
    },
}
"""What is not NumPy's own object."""

globals().update({name: x for name, x in vars(numpy).items() if not name.startswith("_")})
globals().update(OURS)
__version__ = numpy.__version__
__all__ = list(numpy.__all__)


def __getattr__(name: str) -> Any:
    """NumPy's submodules, which are loaded when they are first used."""
    try:
        return getattr(numpy, name)
    except AttributeError as error:
        raise AttributeError(str(error).replace("'numpy'", "'autograd.numpy'")) from None


def __dir__() -> list[str]:
    return sorted({*dir(numpy), "WritableArray"})


submodules.install()
