"""Batches, what is raised and warned of, and functions that are put together from others."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from autograd.arrays.batch import (
    BATCHINGS,
    Batch,
    BatchedError,
    LoopWarning,
    composed,
    ragged,
    running,
    warn_of_loop,
)
from autograd.transforms.hidden_axes import BATCH


def test_a_batch_says_what_it_is() -> None:
    batch = Batch(3, 7)
    assert batch.open
    assert "3 examples" in repr(batch)
    batch.open = False
    assert "ended" in repr(batch)


def test_the_warning_is_of_the_line_of_the_user() -> None:
    with pytest.warns(LoopWarning, match=r"np.sort is called .* 3 times") as seen:
        warn_of_loop("np.sort", Batch(3, 0))
    assert seen[0].filename == __file__


def test_errors_are_type_errors_that_the_engine_can_answer() -> None:
    error = ragged("unique", Batch(3, 0))
    assert isinstance(error, TypeError)
    assert "the 3 examples of vmap" in str(error)
    assert callable(BatchedError.call_each)


def test_a_function_is_put_together_once() -> None:
    """Where that way comes back to the function itself, a loop has to run it."""
    assert BATCH.kind == "linear"  # the module that lists the compositions is loaded
    assert composed(np.array_repr, (np.ones(2),), {}) is NotImplemented
    np.testing.assert_array_equal(composed(np.ptp, (np.arange(3.0),), {}), 2.0)
    assert np.ptp not in running.functions
    running.functions.add(np.ptp)
    try:
        assert composed(np.ptp, (np.arange(3.0),), {}) is NotImplemented
    finally:
        running.functions.discard(np.ptp)


def test_batchings_are_of_functions_and_methods_of_ufuncs() -> None:
    methods = {name for name in BATCHINGS if isinstance(name, str)}
    assert methods == {"reduce", "accumulate", "reduceat", "outer"}
    assert all(callable(f) for f in BATCHINGS if not isinstance(f, str))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert BATCHINGS[np.sum] is not BATCHINGS[np.max]
