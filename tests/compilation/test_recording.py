"""The whole rule table on arrays that write down what is done to them: the program, run at other
numbers, gives the same there as the engine does, bit for bit where all are arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.compilation.program import DecisionDiffers
from autograd.compilation.recording import CannotRecord, Recorded, Recording, RecordingArray
from tests.arrays.test_refusing import (
    CALLS,
    FUNCTIONS,
    ROWS,
    WORKS,
    refusing_unless_entries_decide,
    short_name,
    value_and_pulled,
)
from tests.derivatives import Case, case_of
from tests.samples import Sample, floats


def moved(x: Any, seed: int) -> Any:
    """Other numbers near those of x: no order among them changes, and zeros stay."""
    shift = np.random.default_rng(seed).uniform(-1, 1, np.shape(x))
    return x * (1 + 1e-6 * shift).astype(x.dtype)


def replay(recording: Recording, outputs: Any, *others: Any) -> list[Any]:
    """The outputs, at other inputs."""
    program = recording.program
    program.outputs = [y.register if isinstance(y, Recorded) else y for y in outputs]
    return program.run(*others)


def check_replay(case: Case, work: Any, exact: bool = False) -> None:
    """The program at other numbers gives what the engine does there; `exact` bit for bit."""
    recording = Recording()
    arrays: list[Any] = []

    def record(x: Any) -> Any:
        if not isinstance(x, np.ndarray):
            return x
        arrays.append(x)
        return recording.input(x)

    outputs = work(case, record)
    others = [moved(x, i) for i, x in enumerate(arrays)]
    rest = iter(others)
    wanted = work(case, lambda x: next(rest) if isinstance(x, np.ndarray) else x)
    for got, y in zip(replay(recording, outputs, *others), wanted, strict=True):
        if exact:
            np.testing.assert_array_equal(got, y)
        else:  # NumPy rounds a power of its scalars otherwise than one of an array of no axes
            y = np.asarray(y)
            rounding = 16 * float(np.finfo(y.dtype if y.dtype.kind in "fc" else float).eps)
            scale = float(np.max(np.abs(y), initial=0.0, where=np.isfinite(y)))
            np.testing.assert_allclose(got, y, rtol=rounding, atol=rounding * scale)


@pytest.mark.parametrize("work", WORKS, ids=lambda f: f.__name__)
@pytest.mark.parametrize(("function", "sample"), ROWS)
def test_replay(function: Any, sample: Sample, work: Any) -> None:
    case = case_of(function, sample.args, sample.params)
    refusing_unless_entries_decide(short_name(function), lambda: check_replay(case, work))


@pytest.mark.parametrize(("op", "sample"), [p for p in ROWS if p.values[0].kind == "elementwise"])
def test_replay_of_arrays_is_exact(op: Any, sample: Sample) -> None:
    case = case_of(op, sample.args, sample.params)
    if all(isinstance(x, np.ndarray) and x.ndim for x in case.leaves):
        check_replay(case, value_and_pulled, exact=True)


def test_the_table_decides_nothing_by_itself() -> None:
    """Most programs have one guard: that the gradients are finite."""
    recording = Recording()
    x = recording.input(floats(3))
    ag.grad(lambda x: np.sum(np.tanh(x) * x))(x)
    assert len(recording.program.guards) == 1


def test_a_guard_that_fails_raises() -> None:
    recording = Recording()
    x = recording.input(np.array([1.0, 2.0]))
    with np.errstate(all="ignore"):
        slope = ag.grad(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0)))(x)
        np.testing.assert_array_equal(
            replay(recording, [slope], np.array([4.0, 5.0])), [[0.25, 0.2]]
        )
        with pytest.raises(DecisionDiffers, match="a decision of the engine differs"):
            replay(recording, [slope], np.array([0.0, 5.0]))


def test_prod_guards_its_division() -> None:
    recording = Recording()
    slope = ag.grad(np.prod)(recording.input(np.array([2.0, 3.0])))
    with pytest.raises(DecisionDiffers, match="differs"):
        replay(recording, [slope], np.array([0.0, 3.0]))


def test_a_kernel_is_expanded() -> None:
    recording = Recording()
    x, w, b = map(recording.input, (floats(2, 3), floats(3, 4), floats(4)))
    y = ag.affine(ag.Value(x), w, b)
    assert isinstance(y.data, RecordingArray)
    names = [step.function.__name__ for step in recording.program.steps]
    assert names[-2:] == ["matmul", "add"]


def test_two_recordings_do_not_mix() -> None:
    a, b = Recording().input(floats(2)), Recording().input(floats(2))
    with pytest.raises(CannotRecord, match="two compiled functions"):
        a + b


def test_the_number_of_inputs_is_checked() -> None:
    recording = Recording()
    y = recording.input(floats(2)) + 1
    with pytest.raises(ValueError, match="takes 1 inputs, got 2"):
        replay(recording, [y], floats(2), floats(2))


def test_functions_are_known() -> None:
    assert len(FUNCTIONS) > 90
    assert len(CALLS) > 300
