"""Placeholder."""

from __future__ import annotations

from typing import Any

from autograd.checking.probe import Probe


def check_large(run: Any, probe: Probe) -> None:
    """Placeholder."""
    raise NotImplementedError
