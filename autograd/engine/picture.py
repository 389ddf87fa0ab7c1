"""What `Value.graph` returns, as an interface: `autograd.views` implements it."""

from __future__ import annotations

from typing import Protocol


class Picture(Protocol):
    """A drawn computation graph."""
