"""Say which libraries were not there, and how to test against them all the same."""

from __future__ import annotations

from typing import Any

from tests.checking.adapters.libraries import LIBRARIES, VARIABLE, is_here, peers


def pytest_terminal_summary(terminalreporter: Any) -> None:
    missing = [name for name in LIBRARIES if not is_here(name)]
    if missing and not peers():
        terminalreporter.write_line(
            f"the adapters' tests for {', '.join(missing)} did not run here: set {VARIABLE} to "
            "interpreters that have them and pytest, and they run there"
        )
