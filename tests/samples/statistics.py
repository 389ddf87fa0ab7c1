"""Samples of statistics, sorting, calculus and polynomials."""

from __future__ import annotations

from tests.samples.draw import Sample, start

start(__name__)

ROWS: dict[str, list[Sample]] = {}
CALLS: dict[str, list[Sample]] = {}
