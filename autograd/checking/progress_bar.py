"""A progress bar for checks that take long, if tqdm is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograd.checking.numeric.probe import Probe
from autograd.checking.thresholds import BAR_EVALUATION, BAR_SECONDS


@contextmanager
def progress_bar(probe: Probe, asked: bool | None, name: str, cost: float) -> Iterator[None]:
    """Show the evaluations so far; with None only where the cost in seconds looks long."""
    quick = cost < BAR_SECONDS and probe.cost < BAR_EVALUATION
    if asked is False or (asked is None and quick):
        yield
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield
        return
    disable = False if asked else None  # None: tqdm shows nothing where there is no terminal
    with tqdm(desc=f"gradcheck {name}", unit=" evaluations", leave=False, disable=disable) as bar:

        def tick(count: int) -> None:
            bar.update(max(count - bar.n, 0))

        probe.tick = tick
        yield
    probe.tick = None
