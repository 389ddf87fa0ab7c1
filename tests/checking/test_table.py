"""The checker judges the library's own rule table: every row, every sample, with its parameters."""

from __future__ import annotations

import pytest

from autograd.checking import gradcheck
from autograd.engine.primitive import TABLE, Primitive
from tests.samples import Sample, samples_of

CALLS = [
    pytest.param(op, sample, id=f"{op.name}-{i}")
    for op in TABLE.values()
    if op.has_rules
    for i, sample in enumerate(samples_of(op))
]


def test_the_table_is_sampled() -> None:
    assert len(CALLS) > 300
    assert sum(bool(call.values[1].params) for call in CALLS) > 50


@pytest.mark.parametrize(("op", "sample"), CALLS)
def test_row(op: Primitive, sample: Sample) -> None:
    report = gradcheck(op, *sample.args, kwargs=sample.params, shrink=False)
    assert report, str(report)
    # Step functions look like saturated float32 ones: their zeros are known to 1e-5 or so only.
    assert report.resolution < 1e-4 or report.verdict == "KINK", str(report)
    assert report.facts.get("second order") != "no", str(report)
