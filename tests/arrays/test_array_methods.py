"""The methods of an ndarray, for arrays that speak NumPy's protocols."""

from __future__ import annotations

import numpy as np
import pytest

from autograd.arrays.array_methods import NAMES
from autograd.arrays.batch import Batch
from autograd.arrays.batched import BatchedArray
from tests.samples import floats


@pytest.mark.parametrize("name", NAMES)
def test_a_method_is_the_function_of_its_name(name: str) -> None:
    x = BatchedArray(floats(2, 3, 3), Batch(2, 1, quiet=True))
    args = {
        "swapaxes": (0, 1),
        "repeat": (2,),
        "take": ([0, 1],),
        "dot": (floats(3),),
        "argpartition": (1,),
        "clip": (-1.0, 1.0),
        "searchsorted": (0.5,),
    }.get(name, ())
    if name == "searchsorted":
        x = BatchedArray(np.sort(floats(2, 3)), Batch(2, 1, quiet=True))
    if name == "nonzero":
        x = BatchedArray(np.ones((2, 3)), Batch(2, 1, quiet=True))
    got = getattr(x, name)(*args)
    got = got[0] if isinstance(got, tuple) else got
    for i in range(2):
        wanted = getattr(x.data[i], name)(*args)
        wanted = wanted[0] if isinstance(wanted, tuple) else wanted
        np.testing.assert_allclose(got.data[i], wanted, rtol=1e-14)
    assert f"np.{name}" in (getattr(type(x), name).__doc__ or "")


def test_shapes_and_parts() -> None:
    x = BatchedArray(floats(2, 3, 4) + 1j, Batch(2, 1))
    assert x.reshape(4, 3).shape == x.reshape((4, 3)).shape == x.T.shape == x.mT.shape == (4, 3)
    assert x.reshape(12).shape == x.flatten().shape == (12,)
    assert x.transpose().shape == x.transpose(1, 0).shape == x.transpose((1, 0)).shape == (4, 3)
    assert (
        x.reshape(4, 3, order="F").data[0].tolist() == x.data[0].reshape(4, 3, order="F").tolist()
    )
    np.testing.assert_array_equal(x.imag.data, np.ones((2, 3, 4)))
    np.testing.assert_array_equal(x.real.data, x.data.real)
    assert (x.itemsize, x.nbytes) == (16, 16 * 12)
    np.testing.assert_array_equal(x.compress([True, False, True], axis=0).data, x.data[:, [0, 2]])


@pytest.mark.parametrize("name", ["sort", "partition", "fill", "put", "resize", "itemset"])
def test_methods_that_change_the_array_are_refused(name: str) -> None:
    x = BatchedArray(floats(2, 3), Batch(2, 1))
    with pytest.raises(TypeError, match=rf"the method {name} \(use np\."):
        getattr(x, name)()
