"""The portable forms of convolution and pooling give what the kernels do (`test_table.py` compares
them at every sample, and `tests/arrays/test_refusing.py` runs them on arrays that refuse)."""

from __future__ import annotations

import numpy as np

from autograd.arrays.refusing import RefusingArray
from autograd.compilation.recording import Recording
from autograd.rules import sliding, sliding_portable
from autograd.rules.sliding_kernels import Windows


def test_spread_along_puts_zeros_between() -> None:
    x = np.array([[[1.0, 2.0, 3.0]]])
    spread = sliding_portable.spread_along(x, 2, slice(1, 6, 2), 7)
    np.testing.assert_array_equal(spread, [[[0, 1, 0, 2, 0, 3, 0]]])
    together = sliding_portable.spread_along(x, 2, slice(1, 4, 1), 4)
    np.testing.assert_array_equal(together, [[[0, 1, 2, 3]]])


def test_the_first_of_equal_entries() -> None:
    windows = Windows((2,), (2,), (1,), ((0, 0),))
    assert sliding_portable.max_places(np.array([[[3.0, 3.0]]]), windows) == 0


def test_a_foreign_array_beside_numpys() -> None:
    x, w = np.arange(6.0).reshape(1, 2, 3), np.arange(4.0).reshape(1, 2, 2)
    wanted = sliding.conv(x, w)
    for pair in ((RefusingArray.of(x), w), (x, RefusingArray.of(w))):
        np.testing.assert_allclose(sliding.conv(*pair).compute(), wanted)


def test_a_recorded_convolution_is_one_step() -> None:
    recording = Recording()
    x, w = np.arange(6.0).reshape(1, 2, 3), np.arange(4.0).reshape(1, 2, 2)
    y = sliding.conv(recording.input(x), recording.input(w))
    program = recording.program
    assert len(program) == 1
    program.outputs = [y.register]
    np.testing.assert_allclose(program.run(2 * x, w)[0], 2 * sliding.conv(x, w))
