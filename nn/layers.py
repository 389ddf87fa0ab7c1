"""The old path to the dense layer and to Sequential: they are in `nn.modules`."""

from __future__ import annotations

from nn.modules.containers import Sequential
from nn.modules.linear import Linear

__all__ = ["Linear", "Sequential"]
