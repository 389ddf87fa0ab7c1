"""A pytest plugin: the fixture `gradcheck`, whose reports are shown when the test fails."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest


class SeenReport:
    """A report that knows whether the test looked at it, and is a report in all else."""

    def __init__(self, report: Any) -> None:
        self.report, self.seen = report, False

    def __bool__(self) -> bool:
        self.seen = True
        return bool(self.report)

    def __getattr__(self, name: str) -> Any:
        self.seen = True
        return getattr(self.report, name)

    def __str__(self) -> str:
        return str(self.report)

    __repr__ = __str__


REPORTS: pytest.StashKey[list[SeenReport]] = pytest.StashKey()


@pytest.fixture(name="gradcheck")
def gradcheck_fixture(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """`autograd.gradcheck` for one test: `assert gradcheck(f, x)`, or just `gradcheck(f, x)`.

    Returns the report. A falsy one that the test does not look at fails the test, and the text of
    every falsy one is printed with a failure.
    """
    from autograd.checking import gradcheck

    reports = request.node.stash.setdefault(REPORTS, [])

    def check(f: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
        reports.append(SeenReport(gradcheck(f, *inputs, **options)))
        return reports[-1]

    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that overlooked a falsy report; add the texts of falsy reports to a failure."""
    result = yield
    falsy = [r for r in item.stash.get(REPORTS, []) if not r.report]
    if result.when == "call" and result.passed and not all(r.seen for r in falsy):
        result.outcome = "failed"
        result.longrepr = "a gradient check did not pass, and the test did not look at its report"
    if result.when == "call" and result.failed:
        result.sections.extend(("gradient check", str(r)) for r in falsy)
    return result
