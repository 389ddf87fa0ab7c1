"""Every row of the rule table can be drawn: the views know no operation by heart."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from autograd import Value, graph
from autograd.engine.primitive import TABLE, Primitive
from tests.samples import Sample, samples_of

CALLS = [
    pytest.param(op, sample, id=f"{op.name}-{i}")
    for op in TABLE.values()
    for i, sample in enumerate(samples_of(op))
]


def is_variable(op: Primitive, slot: int, x: Any) -> bool:
    """True for numbers and arrays with respect to which there is a derivative."""
    inexact = isinstance(x, float | complex) or (
        isinstance(x, np.ndarray) and x.dtype.kind in ("f", "c")
    )
    return inexact and not (op.vjps and op.vjps[slot] is None)


def recorded(op: Primitive, sample: Sample) -> Any:
    """The operation on Values, where an argument is one that it can be differentiated by."""
    args = [Value(x) if is_variable(op, i, x) else x for i, x in enumerate(sample.args)]
    return op(*args, **sample.params)


def test_no_row_is_left_out() -> None:
    """Rows of any number of arguments are among them."""
    sampled = {call.values[0].name for call in CALLS}
    assert {"concatenate", "einsum", "where", "affine", "softmax_cross_entropy"} <= sampled


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_row(op: Primitive, sample: Sample) -> None:
    with np.errstate(all="ignore"):
        y = recorded(op, sample)
    root = y[0] if isinstance(y, list | tuple) else y
    g = graph(root)
    assert not g.flow.problem
    assert len(g.flow.steps) == len(g.snapshot.edges)
    assert g.text(ascii=True).isascii()
    json.loads(g.json())
    assert g.dot().startswith("digraph")
    for edge in g.snapshot.edges:
        assert edge.text and "undefined" not in edge.text
        assert edge.rule == ""
