"""Seeded mistakes: 19 in 20 are named, none is named wrongly."""

from __future__ import annotations

from functools import cache

import pytest

from autograd.checking import Report, gradcheck
from tests.checking.diagnose.mistakes import MISTAKES, Mistake
from tests.checking.diagnose.mistakes_more import MORE

EVERY = [*MISTAKES, *MORE]


@cache
def report_of(mistake: Mistake) -> Report:
    return gradcheck(mistake.f, *mistake.inputs, vjp=mistake.vjp, shrink=False)


def names(mistake: Mistake) -> list[str]:
    """What a report calls a mistake, of the contracts first."""
    report = report_of(mistake)
    if report.facts.get("mutates nothing") == "no":
        return ["mutates"]
    found = [kind for result in report.inputs for kind in result.kinds] + report.kinds
    return found or (["linear"] if report.facts.get("linear in g") == "no" else [])


@pytest.mark.parametrize("mistake", EVERY, ids=lambda mistake: mistake.name)
def test_every_mistake_fails_and_none_is_named_wrongly(mistake: Mistake) -> None:
    report = report_of(mistake)
    raises = report.verdict == "ERROR" and "exchanged" in mistake.kinds
    assert report.verdict == "FAIL" or raises, str(report)
    found = names(mistake)
    assert not found or set(found) <= set(mistake.kinds), str(report)


def test_nineteen_in_twenty_are_named() -> None:
    unnamed = [mistake.name for mistake in EVERY if not names(mistake)]
    assert len(EVERY) >= 500
    assert len(unnamed) <= 0.05 * len(EVERY), unnamed
