"""The threads that share blocks: every block once, errors, settings, forks, and many callers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import Any

import numpy as np
import pytest

from autograd.compilation import threads
from autograd.compilation.compiled import compile
from autograd.compilation.threads import run_blocks

EDGES = tuple((i, i + 1) for i in range(40))


@pytest.fixture(params=[1, 2, 4])
def count(request: Any) -> Any:
    """A number of threads."""
    threads.set_thread_count(request.param)
    yield request.param
    threads.set_thread_count(None)


def test_every_block_is_computed_once_and_results_are_in_order(count: int) -> None:
    seen = []

    def work(start: int, stop: int) -> int:
        seen.append(start)
        return start * start

    assert run_blocks(work, EDGES, ()) == [i * i for i in range(40)]
    assert sorted(seen) == list(range(40))


def test_several_threads_take_part() -> None:
    threads.set_thread_count(3)
    try:
        found = run_blocks(lambda a, b: (time.sleep(0.01), threading.get_ident())[1], EDGES, ())
    finally:
        threads.set_thread_count(None)
    assert len(set(found)) == 3


def test_little_work_is_not_shared() -> None:
    found = run_blocks(lambda a, b: threading.get_ident(), EDGES, (), False)
    assert set(found) == {threading.get_ident()}


def test_an_error_in_any_thread_is_raised(count: int) -> None:
    def work(start: int, stop: int) -> None:
        time.sleep(0.001)
        raise ValueError(f"block {start}")

    with pytest.raises(ValueError, match="block"):
        run_blocks(work, EDGES, ())
    assert run_blocks(lambda a, b: a, EDGES, ()) == list(range(40))


def test_error_settings_hold_in_all_threads(count: int) -> None:
    def work(start: int, stop: int) -> Any:
        time.sleep(0.001)
        return np.geterr()["divide"]

    with np.errstate(divide="raise"):
        assert set(run_blocks(work, EDGES, ())) == {"raise"}


def test_each_thread_has_arrays_of_its_own(count: int) -> None:
    spec = (((5,), "<f8"), ((2, 3), "<f4"), ((4,), "|b1"))

    def work(start: int, stop: int, a: Any, b: Any, c: Any) -> Any:
        assert (a.shape, b.shape, c.shape) == ((5,), (2, 3), (4,))
        assert (a.dtype, b.dtype, c.dtype) == (np.float64, np.float32, np.bool_)
        a[:], b[:], c[:] = start, -start, start % 2
        time.sleep(0.001)
        return bool((a == start).all() and (b == -start).all() and (c == start % 2).all())

    assert all(run_blocks(work, EDGES, spec))


def test_many_callers_at_once() -> None:
    f: Any = lambda x: np.sum(np.sin(x) * x + np.exp(-x * x))
    compiled = compile(f)
    arrays = [np.random.default_rng(i).normal(size=50_000) for i in range(6)]
    expected = [f(x) for x in arrays]
    wrong: list[int] = []

    def call(i: int) -> None:
        for _ in range(5):
            if compiled(arrays[i]) != expected[i]:
                wrong.append(i)

    callers = [threading.Thread(target=call, args=(i,)) for i in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not wrong and compiled.eager == 0


def test_the_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRAD_THREADS", "3")
    assert threads.thread_count() == 3
    threads.set_thread_count(2)
    assert threads.thread_count() == 2
    threads.set_thread_count(None)
    monkeypatch.setenv("AUTOGRAD_THREADS", "many")
    assert threads.thread_count() == threads.usable_cores() >= 1
    with pytest.raises(ValueError, match="at least one thread"):
        threads.set_thread_count(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_has_threads_of_its_own() -> None:
    text = """
import os, sys, numpy as np
from autograd.compilation import threads
from autograd.compilation.compiled import compile
threads.set_thread_count(3)
f = lambda x: np.sum(np.sin(x) * x)
c, x = compile(f), np.random.default_rng(0).normal(size=200_000)
assert c(x) == f(x)
child = os.fork()
if not child:
    os._exit(0 if c(x) == f(x) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    ended = subprocess.run([sys.executable, "-c", text], timeout=60, check=False)
    assert ended.returncode == 0
