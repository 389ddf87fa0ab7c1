"""The bar of a training: tqdm's where it is installed, else about ten plain lines."""

from __future__ import annotations

import importlib
from types import TracebackType
from typing import Any, Self

FORMAT = "{desc}{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
"""Epochs pass in parts, so that their number is no count to show."""


class ProgressBar:
    """A `with` block that shows how far a training has come, and its losses.

    >>> with ProgressBar(2, shown=False) as bar:
    ...     bar.advance(0.5)
    """

    def __init__(self, total: int, shown: bool = True, bar: str = "tqdm") -> None:
        self.total, self.done, self.shown = total, 0, shown
        self.bar: Any = make_bar(bar, total) if shown else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.close()

    def advance_within(self, share: float) -> None:
        """A share of the current epoch more is over."""
        if self.bar is not None:
            self.bar.update(
                min(share, self.done + 1 - self.bar.n)
            )  # shares may add up to 1 + 2e-16

    def advance(self, train: float, test: float | None = None) -> None:
        """One epoch is over."""
        self.done += 1
        if not self.shown:
            return
        losses = {"train": f"{train:.4g}"} | ({} if test is None else {"test": f"{test:.4g}"})
        if self.bar is not None:
            self.bar.set_postfix(losses, refresh=False)
            self.bar.set_description(f"epoch {self.done}/{self.total}", refresh=False)
            self.bar.update(self.done - self.bar.n)
        elif self.done == self.total or self.done % max(1, self.total // 10) == 0:
            text = "  ".join(f"{name} loss {value}" for name, value in losses.items())
            print(f"epoch {self.done}/{self.total}  {text}", flush=True)


def make_bar(package: str, total: int) -> Any:
    """tqdm's bar, or None where the package is missing."""
    try:
        return importlib.import_module(package).tqdm(total=total, bar_format=FORMAT)
    except ImportError:
        return None
