"""NumPy functions whose result has no derivative: they run on the plain data."""

from __future__ import annotations

import numpy as np

from autograd.engine.dispatch import NONDIFFERENTIABLE

NONDIFFERENTIABLE.update(
    {
        *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.result_type),
        *(np.iscomplexobj, np.isrealobj, np.can_cast, np.min_scalar_type, np.common_type),
        *(
            np.argmax,
            np.argmin,
            np.argsort,
            np.argwhere,
            np.count_nonzero,
            np.argpartition,
            np.lexsort,
        ),
        *(np.nanargmax, np.nanargmin, np.nonzero, np.flatnonzero, np.searchsorted, np.digitize),
        *(np.all, np.any, np.allclose, np.isclose, np.array_equal, np.array_equiv, np.isin),
        *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
        *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
        *(np.isfinite, np.isinf, np.isnan, np.signbit, np.iscomplex, np.isreal),
        *(np.isposinf, np.isneginf, np.array_repr, np.array_str, np.array2string),
        *(np.shares_memory, np.may_share_memory, np.einsum_path),
        *(np.ravel_multi_index, np.unravel_index, np.diag_indices_from),
        *(np.tril_indices_from, np.triu_indices_from),
        *(np.save, np.savetxt, np.savez, np.savez_compressed),
        # of integers, bits and dates: NumPy refuses floats itself
        *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.bitwise_count, np.invert),
        *(np.left_shift, np.right_shift, np.gcd, np.lcm, np.packbits, np.unpackbits),
        *(np.isnat, np.is_busday, np.busday_count, np.busday_offset, np.datetime_as_string),
    }
)
