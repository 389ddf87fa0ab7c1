"""A progress bar for checks that take long, if tqdm is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograd.checking.numeric.probe import Probe

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
    silent = False if wanted else None  # None: tqdm is silent where there is no terminal
    with tqdm(desc=f"gradcheck {name}", unit=" evaluations", leave=False, disable=silent) as bar:

        def tick(count: int) -> None:
            bar.update(max(count - bar.n, 0))

        probe.tick = tick
        yield
    probe.tick = None
