"""What the engine asks of arrays: decisions, shapes, and who may decide."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

from autograd import Value
from autograd.arrays.refusing import RefusingArray
from autograd.compilation.recording import Recording
from autograd.engine.arrays import as_array, can_decide, is_foreign, shape_of, usually

LAZY = RefusingArray.of(np.array([True, False]))


class OnDevice:
    """An array on a device, as far as decisions go: its bool is worth waiting for."""

    __cuda_array_interface__: ClassVar[dict[str, Any]] = {}

    def __init__(self, answer: bool) -> None:
        self.answer = answer

    def __array_function__(self, *args: Any) -> Any:
        return NotImplemented

    def __bool__(self) -> bool:
        return self.answer


@pytest.mark.parametrize("x", [1.0, np.float64(1), np.ones(2), np.ones(2)[:1], True, [1.0]])
def test_numpy_is_not_foreign(x: Any) -> None:
    assert not is_foreign(x)
    assert can_decide(x)


def test_who_can_decide() -> None:
    assert is_foreign(LAZY)
    assert not can_decide(LAZY)
    assert can_decide(OnDevice(True))
    assert can_decide(Recording().input(np.ones(2)))


def test_usually() -> None:
    assert usually(np.True_)
    assert not usually(np.all(np.array([1.0, 0.0])))
    assert usually(np.all(LAZY))
    assert not usually(np.all(LAZY), unknown=False)
    assert usually(OnDevice(True))
    assert not usually(OnDevice(False), unknown=True)


def test_a_recording_array_answers_with_a_guard() -> None:
    recording = Recording()
    x = recording.input(np.array([1.0, 2.0]))
    assert not usually(np.all(x > 1))
    assert [guard.kind for guard in recording.program.guards] == ["false"]


def test_shapes_and_arrays() -> None:
    assert shape_of(2.0) == ()
    assert shape_of(LAZY) == (2,)
    assert as_array(LAZY) is LAZY
    assert as_array(2.0).shape == ()


def test_arrays_that_do_not_meet_are_both_named() -> None:
    """As those of two devices: the error is the library's own, the note names the operation."""
    a, b = RefusingArray.of(np.ones(2)), Recording().input(np.ones(2))
    for mixed in (lambda: Value(a) * b, lambda: Value(a) @ b, lambda: np.arctan2(Value(a), b)):
        with pytest.raises(TypeError) as raised:
            mixed()
        (note,) = raised.value.__notes__
        assert "raised while computing" in note
        assert "RecordingArray" in note and "RefusingArray" in note
    with pytest.raises(ValueError, match="broadcast") as raised_by_shapes:
        Value(a) + np.ones(3)
    assert "numpy.ndarray" in raised_by_shapes.value.__notes__[0]
    with pytest.raises(ValueError, match="broadcast") as plain:
        Value(np.ones(2)) + np.ones(3)
    assert not hasattr(plain.value, "__notes__")
