"""Which recorded operation is to blame: every node's local rule, checked on its own."""

from __future__ import annotations

from autograd.checking.report import Report
from autograd.checking.value_subject import ValueSubject


def blame(subject: ValueSubject, report: Report, seconds: float) -> None:
    """Placeholder."""
