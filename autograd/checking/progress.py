"""A progress bar for checks that take long, if tqdm is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograd.checking.probe import Probe

LONG = 1.0


@contextmanager
def progress_bar(probe: Probe, wanted: bool | None, name: str, cost: float) -> Iterator[None]:
    """Show the evaluations so far; without a wish, only where the cost in seconds looks long."""
    if wanted is False or (wanted is None and cost < LONG and probe.cost < 0.02):
        yield
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield
        return
    with tqdm(desc=f"gradcheck {name}", unit=" evaluations", leave=False, delay=0.5) as bar:
        probe.tick = lambda count: bar.update(count - bar.n) and None
        yield
    probe.tick = None
