"""One contestant at one work, in a process of its own: told by JSON lines what to do next.

    PYTHON worker.py CORES [ROOT]

CORES is how many of the machine's it may use.  ROOT, the checkout, is only given to contestants of
the project: the others must not find our `autograd` where they import theirs.
"""

from __future__ import annotations

import gc
import importlib.util
import io
import json
import os
import sys
import time
import timeit
import traceback
import warnings
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
LONG = 5.0
"""Seconds."""


def load_benchmarks() -> None:
    """Make `import benchmarks.work` possible without the checkout on the path."""
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != FOLDER]
    spec = importlib.util.spec_from_file_location(
        "benchmarks", FOLDER / "__init__.py", submodule_search_locations=[str(FOLDER)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["benchmarks"] = module
    spec.loader.exec_module(module)


def stay_on(cores: int) -> None:
    """Use the last few processors only, before anything counts how many there are."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])


def resident() -> tuple[int, int]:
    """The bytes of memory that this process has, and the most that it had since `forget_peak`."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmRSS"].split()[0]) * 1024, int(lines["VmHWM"].split()[0]) * 1024
    import resource  # not on Windows, where memory is not measured

    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    return peak, peak


def memory() -> tuple[int, int]:
    """The same, and zeros where nothing is known."""
    try:
        return resident()
    except (ImportError, OSError, KeyError):
        return 0, 0


def forget_peak() -> None:
    """Let the kernel count the peak anew, where it can."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def leaves(tree: Any) -> list[Any]:
    """The numbers and arrays of an answer, in order."""
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in leaves(tree[key])]
    if hasattr(tree, "named_parameters"):  # our Module, or a gradient in its form
        from autograd import pytree

        return list(pytree.flatten(tree)[0])
    if isinstance(tree, tuple | list):
        return [leaf for part in tree for leaf in leaves(part)]
    return [tree]


def plain(leaf: Any) -> Any:
    """A number or an array of any package as a NumPy array of our own."""
    import numpy as np

    if isinstance(leaf, np.ndarray | np.generic | float | int):
        return np.array(leaf)
    if hasattr(leaf, "detach"):
        return np.array(leaf.detach().numpy())
    if hasattr(leaf, "data") and hasattr(leaf, "backward"):
        return np.array(leaf.data)
    return np.array(leaf)


class Worker:
    """The step, and what is asked of it."""

    def __init__(self) -> None:
        self.step: Any = None
        self.timer = timeit.Timer(lambda: None)

    def load(self, work: str, contestant: str, environment: str) -> dict[str, Any]:
        """Import the package, make the problem and prepare the step."""
        from benchmarks.work import NotAvailableError
        from benchmarks.works import find

        self.work = find(work)
        try:
            step = self.work.prepare(contestant)
        except (NotAvailableError, ImportError, AttributeError) as error:
            return {"missing": f"not available: {error}"}
        self.step = step
        if environment == "jax" and not self.work.own_clock:
            import jax

            settle = jax.block_until_ready  # JAX returns before it has computed
            self.step = lambda: settle(step())
        self.save(io.BytesIO(), 0.0)  # what that imports is none of the contestant's memory
        return {}

    def first(self, answers: str, warms_up: bool = False) -> dict[str, Any]:
        """The first call, the second, and the memory of the second; both answers are written.
        A call of a slow work that takes LONG is not repeated, unless the package warms up, as
        compilers do: the first one counts as the second as well."""
        gc.collect()
        before, _ = memory()
        if self.work.own_clock:
            return {"first": self.step(), "second": self.step(), "memory": 0}
        start = time.perf_counter()
        answer = self.step()
        first = second = time.perf_counter() - start
        self.save(f"{answers}-1.npz", answer)
        if first < LONG or warms_up or not self.work.slow:
            del answer
            gc.collect()
            forget_peak()
            start = time.perf_counter()
            answer = self.step()
            second = time.perf_counter() - start
        held, peak = memory()
        used = (held if self.work.nodes else peak) - before
        self.save(f"{answers}-2.npz", answer)
        self.timer = timeit.Timer(self.step, setup=gc.enable)
        return {"first": first, "second": second, "memory": max(0, used)}

    def save(self, path: Any, answer: Any) -> None:
        """Write an answer where the command reads it."""
        import numpy as np

        np.savez(path, *[plain(leaf) for leaf in leaves(answer)])

    def batch(self, count: int) -> dict[str, Any]:
        """The seconds of each of `count` calls in a row, on average.  The collector is on, and not
        helped between turns: a package that leaves cycles behind pays for them."""
        if self.work.own_clock:
            return {"seconds": self.step()}
        return {"seconds": self.timer.timeit(count) / count}


def main() -> None:
    """Answer one line of JSON for each that comes in, until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a package prints must not be taken for an answer
    stay_on(int(sys.argv[1]))
    load_benchmarks()
    sys.path[:0] = sys.argv[2:]
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(100_000)
    worker = Worker()
    for line in sys.stdin:
        words = json.loads(line)
        try:
            answer = getattr(worker, words.pop("do"))(**words)
        except Exception as error:
            text = traceback.format_exc()
            answer = {"error": f"{type(error).__name__}: {error}"[:300], "traceback": text}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
