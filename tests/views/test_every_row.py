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
    if op.vjps or op.variadic
    for i, sample in enumerate(samples_of(op))
]


def recorded(op: Primitive, sample: Sample) -> Any:
    """The operation on Values, where an argument is a number or an array with a rule."""
    rules = op.rules(len(sample.args))
    args = [
        Value(x) if rule is not None and isinstance(x, (float, complex, np.ndarray)) else x
        for x, rule in zip(sample.args, rules, strict=False)
    ]
    return op(*args, *sample.args[len(args) :], **sample.params)


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_row(op: Primitive, sample: Sample) -> None:
    with np.errstate(all="ignore"):
        y = recorded(op, sample)
    root = y[0] if isinstance(y, (list, tuple)) else y
    g = graph(root)
    assert not g.flow.problem
    assert g.text(ascii=True).isascii()
    json.loads(g.json())
    assert g.dot().startswith("digraph")
    for edge in g.snapshot.edges:
        assert edge.text and "undefined" not in edge.text
