"""Samples of making, padding, cutting and rearranging arrays, and ufunc methods."""

from __future__ import annotations

from tests.samples.draw import Sample, start

start(__name__)

ROWS: dict[str, list[Sample]] = {}
CALLS: dict[str, list[Sample]] = {}
