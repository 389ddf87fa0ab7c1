"""A few threads that stay, among which the blocks of a large array are shared.

NumPy's loops release the interpreter lock, so threads compute side by side.  Which thread computes
which block changes no bit: a block is written by one thread, and sums are joined in a fixed order.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from itertools import count
from threading import Lock, local
from typing import Any, Final

import numpy as np

Spec = tuple[tuple[tuple[int, ...], str], ...]
"""The shape and dtype of each array that a thread computes in."""

ENVIRONMENT: Final = "AUTOGRAD_THREADS"
POOL_LOCK: Final = Lock()
OWN: Final = local()
pool: ThreadPoolExecutor | None = None
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


def current_pool() -> ThreadPoolExecutor:
    """The threads that stay; made when they are first needed, and anew in a forked process."""
    global pool
    with POOL_LOCK:
        if pool is None:
            pool = ThreadPoolExecutor(max(1, usable_cores()), thread_name_prefix="autograd")
        return pool


def forget_pool() -> None:
    """A forked process has no threads but the one that forked it."""
    global pool, POOL_LOCK  # noqa: PLW0603
    pool = None
    POOL_LOCK = Lock()  # type: ignore[misc]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget_pool)


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

    shared  whether other threads are asked to help: it takes some 30 us"""
    results: list[Any] = [None] * len(edges)
    take = count().__next__

    def compute() -> None:
        scratch = scratch_of(spec)
        while (i := take()) < len(edges):
            results[i] = work(*edges[i], *scratch)

    helpers = min(thread_count(), len(edges)) - 1 if shared else 0
    if helpers < 1:
        compute()
        return results
    threads = current_pool()
    futures = [threads.submit(copy_context().run, compute) for _ in range(helpers)]
    try:
        compute()
    finally:
        for future in futures:
            if not future.cancel():  # one that never began has nothing left to do
                future.result()
    return results
