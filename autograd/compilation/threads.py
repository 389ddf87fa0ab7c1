"""A few threads that stay, among which the blocks of a large array are shared.

NumPy's loops release the interpreter lock, so threads compute side by side.  Which thread computes
which block changes no bit: a block is written by one thread, and sums are joined in a fixed order.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from contextvars import copy_context
from itertools import count
from queue import SimpleQueue
from threading import Lock, Thread, local
from typing import Any, Final, final

import numpy as np

Spec = tuple[tuple[tuple[int, ...], str], ...]
"""The shape and dtype of each array that a thread computes in."""

ENVIRONMENT: Final = "AUTOGRAD_THREADS"
OWN: Final = local()
chosen: int | None = None


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def thread_count() -> int:
    """How many threads compute the blocks of large arrays: what `set_thread_count` said, else the
    environment variable AUTOGRAD_THREADS, else one for each usable core."""
    if chosen is not None:
        return chosen
    given = os.environ.get(ENVIRONMENT, "")
    return max(1, int(given)) if given.isdigit() else usable_cores()


def set_thread_count(threads: int | None) -> None:
    """Choose how many threads compute the blocks of large arrays, from now on and in the whole
    process; None for one a usable core.  The results have the same bits for any number.

    Raises ValueError for less than one.

    >>> before = thread_count()
    >>> set_thread_count(1)
    >>> thread_count()
    1
    >>> set_thread_count(None)
    """
    global chosen
    if threads is not None and threads < 1:
        raise ValueError(f"at least one thread must compute, got {threads}")
    chosen = threads


@final
class Job:
    """Work that a helper does, unless it is called off before it begins."""

    __slots__ = ("begun", "context", "error", "finished", "work")

    def __init__(self, work: Callable[[], None]) -> None:
        self.work, self.context = work, copy_context()
        self.begun, self.finished = Lock(), Lock()
        self.error: BaseException | None = None
        self.finished.acquire()

    def run(self) -> None:
        """What a helper does."""
        if self.begun.acquire(blocking=False):
            try:
                self.context.run(self.work)
            except BaseException as error:
                self.error = error
            finally:
                self.finished.release()

    def finish(self) -> None:
        """Wait for the helper that began; raise what it raised."""
        if not self.begun.acquire(blocking=False):
            self.finished.acquire()
            if self.error is not None:
                raise self.error


@final
class Helpers:
    """Threads that wait for jobs; they end with the process."""

    def __init__(self) -> None:
        self.jobs: SimpleQueue[Job] = SimpleQueue()
        self.lock = Lock()
        self.started = 0

    def ask(self, job: Job, wanted: int) -> None:
        """Hand in a job; so many threads are to be there."""
        if self.started < wanted:
            with self.lock:
                while self.started < wanted:
                    Thread(target=self.serve, name="autograd blocks", daemon=True).start()
                    self.started += 1
        self.jobs.put(job)

    def serve(self) -> None:
        """What a thread does."""
        while True:
            self.jobs.get().run()


helpers = Helpers()


def forget_helpers() -> None:
    """A forked process has no threads but the one that forked it."""
    global helpers
    helpers = Helpers()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget_helpers)


def scratch_of(spec: Spec) -> list[Any]:
    """Arrays that only this thread computes in."""
    if not hasattr(OWN, "scratch"):
        OWN.scratch = {}
    found: list[Any] | None = OWN.scratch.get(spec)
    if found is None:
        if len(OWN.scratch) >= 16:
            OWN.scratch.clear()
        found = OWN.scratch[spec] = apart(spec)
    return found


def apart(spec: Spec) -> list[Any]:
    """Arrays in one piece of memory, each some lines of the cache further than a power of two: the
    same entry of arrays that begin at pages would fall on the same lines."""
    sizes = [math.prod(shape) * np.dtype(dtype).itemsize for shape, dtype in spec]
    places = [0]
    for size in sizes:
        places.append(places[-1] + -(-size // 64) * 64 + 320)
    memory = np.empty(places[-1] + 64, np.uint8)
    first = -memory.ctypes.data % 64
    return [
        memory[first + place : first + place + size].view(dtype).reshape(shape)
        for place, size, (shape, dtype) in zip(places, sizes, spec, strict=False)
    ]


def run_blocks(
    work: Callable[..., Any], edges: Sequence[tuple[int, int]], spec: Spec, shared: bool = True
) -> list[Any]:
    """What `work(start, stop, *scratch)` gives for each block, in the order of the blocks.

    shared  whether other threads are asked to help: it takes some 20 us"""
    results: list[Any] = [None] * len(edges)
    take = count().__next__

    def compute() -> None:
        scratch = scratch_of(spec)
        while (i := take()) < len(edges):
            results[i] = work(*edges[i], *scratch)

    others = min(thread_count(), len(edges)) - 1 if shared else 0
    jobs = [Job(compute) for _ in range(others)]
    for job in jobs:
        helpers.ask(job, others)
    try:
        compute()
    finally:
        for job in jobs:
            job.finish()
    return results
