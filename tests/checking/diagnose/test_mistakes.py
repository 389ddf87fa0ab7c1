"""Seeded mistakes: at least nine in ten are named, none is named wrongly."""

from __future__ import annotations

from functools import cache

import pytest

from autograd.checking import Report, gradcheck
from tests.checking.diagnose.mistakes import MISTAKES, Mistake


@cache
def report_of(mistake: Mistake) -> Report:
    return gradcheck(mistake.f, *mistake.inputs, vjp=mistake.vjp, shrink=False)


def names(mistake: Mistake) -> list[str]:
    report = report_of(mistake)
    if report.facts.get("linear in g") == "no":
        return ["linear"]
    if report.facts.get("mutates nothing") == "no":
        return ["mutates"]
    return [kind for result in report.inputs for kind in result.kinds]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_every_mistake_fails_and_none_is_named_wrongly(mistake: Mistake) -> None:
    report = report_of(mistake)
    assert report.verdict == "FAIL", str(report)
    found = names(mistake)
    assert not found or set(found) & set(mistake.kinds), str(report)


def test_nine_in_ten_are_named() -> None:
    named = sum(bool(names(mistake)) for mistake in MISTAKES)
    assert len(MISTAKES) >= 150
    assert named >= 0.9 * len(MISTAKES)
