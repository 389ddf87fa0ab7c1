"""Random programs of writes and reads: the same values and derivatives as with arrays of objects,
where NumPy itself moves the Values."""

from __future__ import annotations

from typing import Any

import numpy
from hypothesis import HealthCheck, given, settings

from autograd import Value, grad
from autograd.engine.cotangents import unwrap
from tests.numpy.programs import Objects, SequenceError, Step, Written, boxed, programs, run

POINT = numpy.array([0.75, -1.5, 0.25, 2.0, -0.5, 1.25])
DIRECTION = numpy.array([1.0, -2.0, 0.5, 0.25, 3.0, -1.0])


def result(kind: type[Objects], steps: list[Step], x: Any) -> Any:
    """What a program returns; the last step may raise."""
    world = kind(x)
    for step in steps:
        run(world, step)
    for a in world.arrays:
        world.add(a, 0.125)
    return world.total


def numbers(a: Any) -> Any:
    """The plain numbers of an array."""
    flat = [unwrap(entry) for entry in numpy.ravel(boxed(a))]
    return numpy.array(flat, float).reshape(numpy.shape(a))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(Value(POINT)))
def test_programs_agree_with_arrays_of_objects(steps: list[Step]) -> None:
    theirs, ours = Objects(Value(POINT)), Written(Value(POINT))
    for step in steps:
        error = None
        try:
            run(theirs, step)
        except (ValueError, IndexError, TypeError) as found:
            error = found
        if isinstance(error, SequenceError) or "boolean array indexing" in str(error):
            return  # leading axes of length 1 are dropped from Values
        if error is not None:
            try:
                run(ours, step)
            except (ValueError, IndexError, TypeError):
                return
            raise AssertionError(f"no error, where NumPy raises {error!r}")
        run(ours, step)
    for a, b in zip(theirs.arrays, ours.arrays, strict=True):
        ours_now = b.data
        numpy.testing.assert_allclose(numbers(a), ours_now, rtol=1e-12)
        assert a.shape == b.shape
    expected = value_and_derivatives(Objects, steps)
    for x, y in zip(value_and_derivatives(Written, steps), expected, strict=True):
        numpy.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-9)


def value_and_derivatives(kind: type[Objects], steps: list[Step]) -> tuple[Any, Any, Any]:
    """The value of a program, its gradient, and its second derivative along a direction."""
    f = lambda x: result(kind, steps, x) + 0.0 * x[0]
    along = lambda x: numpy.sum(grad(f)(x) * DIRECTION)
    return unwrap(f(POINT)), grad(f)(POINT), grad(along)(POINT)
