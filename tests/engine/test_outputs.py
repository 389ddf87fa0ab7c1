"""Operations with several outputs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograd.engine import outputs
from autograd.engine.outputs import OutputTuple
from autograd.engine.primitive import TABLE


@given(st.lists(st.none() | st.floats(-9, 9), min_size=1, max_size=4))
def test_output_tuples_add_up(parts: list[float | None]) -> None:
    total = OutputTuple(parts) + OutputTuple([1.0] * len(parts))
    assert tuple(total) == tuple(1.0 if p is None else p + 1.0 for p in parts)
    assert tuple(OutputTuple([None]) + OutputTuple([None])) == (None,)


def test_get_output() -> None:
    op = TABLE[outputs.get_output]
    assert op((1.0, 2.0), index=1, count=2) == 2.0
    assert op.vjp_at(0, 3.0, 2.0, (1.0, 2.0), index=1, count=2) == (None, 3.0)
