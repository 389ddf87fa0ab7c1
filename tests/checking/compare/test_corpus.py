"""Every case of the corpus gets the verdict that it must get."""

from __future__ import annotations

import pytest

from autograd.checking import gradcheck
from tests.checking.corpus import CASES
from tests.checking.corpus.cases import Case


def test_there_are_at_least_eighty_cases() -> None:
    assert len(CASES) >= 80
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdict(case: Case) -> None:
    report = gradcheck(case.f, *case.inputs, vjp=case.vjp, shrink=False, **case.options)
    assert report.verdict.value in case.verdicts, str(report)
    valid_kink = report.verdict == "KINK" and not any(
        word in case.name for word in (" with ", "bad")
    )
    assert bool(report) == (report.verdict == "PASS" or valid_kink)
