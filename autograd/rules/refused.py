"""NumPy functions that take Values and could only lose their gradient: each says what to do."""

from __future__ import annotations

from typing import Final

import numpy as np

from autograd.engine.dispatch import NONDIFFERENTIABLE, REFUSED

WRITES: Final = "changes an array in place, and the gradient of a Value would be lost: "
MASK: Final = "use np.where(mask, item, array)"
REFUSED.update(
    {
        np.copyto: WRITES + "use np.where(mask, item, array), or v * np.ones(shape) for an array "
        "that is full of v (np.full and np.full_like of a plain array call np.copyto); or let "
        "`import autograd.numpy as np` make the array",
        np.fill_diagonal: WRITES + "use np.where(np.eye(n, dtype=bool), item, array)",
        np.place: WRITES + MASK,
        np.put: WRITES + MASK,
        np.put_along_axis: WRITES + MASK + ", with a mask made by np.put_along_axis of bools",
        np.putmask: WRITES + MASK,
    }
)

LIKE: Final = (
    "with like=v makes a plain array, and the gradient of a Value would be lost: leave like= out; "
    "to join Values use np.stack, or `import autograd.numpy as np`"
)
REFUSED.update(
    dict.fromkeys(
        (
            *(np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray),
            *(np.require, np.full, np.arange, np.fromiter, np.frombuffer),
            *(np.fromfile, np.fromstring, np.genfromtxt, np.loadtxt),
        ),
        LIKE,
    )
)
NONDIFFERENTIABLE.update({np.zeros, np.ones, np.empty, np.eye, np.identity, np.tri})
