"""A pytest plugin: the fixture ``gradcheck``, whose reports are shown when the test fails."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

REPORTS: pytest.StashKey[list[Any]] = pytest.StashKey()


@pytest.fixture(name="gradcheck")
def gradcheck_fixture(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """`autograd.gradcheck` for one test: ``assert gradcheck(f, x)``.

    Returns the report; the text of every falsy one is printed with the failure of the test.
    """
    from autograd.checking import gradcheck

    reports = request.node.stash.setdefault(REPORTS, [])

    def check(f: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
        report = gradcheck(f, *inputs, **options)
        reports.append(report)
        return report

    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the texts of falsy reports to the failure of the test that made them."""
    outcome = yield
    if outcome.failed and outcome.when == "call":
        for report in item.stash.get(REPORTS, []):
            if not report:
                outcome.sections.append(("gradient check", str(report)))
    return outcome
