"""Every case of the corpus gets the verdict that it must get."""

from __future__ import annotations

import pytest

from autograd.checking import gradcheck
from tests.checking.corpus import BATTERY, CASES
from tests.checking.corpus.cases import Case


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 740
    assert len(BATTERY) >= 500
    names = [case.name for case in CASES]
    assert sorted(set(names)) == sorted(names)


PART = [case for k, case in enumerate(CASES) if case not in BATTERY or k % 3 == 0]
"""The battery is long: `benchmarks/studies/checker_verdicts.py --seeds 10` runs all of it."""


@pytest.mark.parametrize("case", PART, ids=lambda case: case.name)
def test_verdict(case: Case) -> None:
    report = gradcheck(case.f, *case.inputs, vjp=case.vjp, shrink=False, **case.options)
    assert report.verdict.value in case.verdicts, str(report)
    assert bool(report) == (report.verdict in ("PASS", "KINK"))
    if report.verdict == "PASS":
        assert report.resolution < 1
