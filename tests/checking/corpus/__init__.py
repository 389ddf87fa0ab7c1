"""The whole corpus, in one list."""

from __future__ import annotations

from tests.checking.corpus import (
    cases_edges,
    cases_forms,
    cases_more,
    cases_points,
    cases_right,
    cases_wrong,
)
from tests.checking.corpus.cases import CASES

__all__ = [
    "CASES",
    "cases_edges",
    "cases_forms",
    "cases_more",
    "cases_points",
    "cases_right",
    "cases_wrong",
]
