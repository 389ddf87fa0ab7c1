"""The whole corpus, in one list."""

from __future__ import annotations

from tests.checking.corpus import (
    battery_layers,
    battery_linalg,
    battery_losses,
    battery_numbers,
    battery_points,
    battery_signal,
    battery_statistics,
    cases_edges,
    cases_forms,
    cases_more,
    cases_points,
    cases_right,
    cases_wrong,
)
from tests.checking.corpus.battery import BATTERY
from tests.checking.corpus.cases import CASES

__all__ = [
    "BATTERY",
    "CASES",
    "battery_layers",
    "battery_linalg",
    "battery_losses",
    "battery_numbers",
    "battery_points",
    "battery_signal",
    "battery_statistics",
    "cases_edges",
    "cases_forms",
    "cases_more",
    "cases_points",
    "cases_right",
    "cases_wrong",
]
