"""What views and modules know of the rows, until it is a column of each row: the column `role`."""

from __future__ import annotations

import numpy as np

from autograd.engine import kernels
from autograd.engine.primitive import declare
from autograd.rules import network_kernels

ROLES = {
    "activation": (
        *(np.tanh, np.exp, np.sin, kernels.sigmoid, kernels.softplus, network_kernels.erf),
    ),
    "rectifier": (kernels.relu,),
    "extremum": (np.maximum, np.minimum, np.fmax, np.fmin),
    "reduction": (np.sum, np.prod, np.max, np.min),
    "shape": (
        *(np.reshape, np.transpose, np.swapaxes, np.matrix_transpose, np.broadcast_to),
        *(np.flip, np.roll, np.repeat, np.copy, kernels.getitem, kernels.get_output),
    ),
    "matrix product": (np.matmul, network_kernels.affine),
}

for role, functions in ROLES.items():
    for fn in functions:
        declare(fn).role = role
