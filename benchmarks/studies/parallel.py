"""Data-parallel training: two processes of one BLAS thread each against one.

    python -m benchmarks.studies.parallel     two Dask workers, and two MPI processes where MPI is

A step is the gradient of a mini-batch of 16,384 samples of a 784-512-512-10 network in float32,
and the update.  Times are taken in turns; the share of time in which the machine was idle before
the measurement is printed, since two processes gain nothing on a busy machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ.update(ONE_THREAD)  # before NumPy is loaded

import numpy as np  # noqa: E402

import nn  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BATCH, SAMPLES, STEPS, TARGET = 16_384, 32_768, 4, 1.6


def setup() -> tuple[nn.Sequential, Any, Any]:
    """The network and the samples."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(SAMPLES, 784)).astype(np.float32)
    labels = rng.integers(0, 10, SAMPLES)
    sizes = (784, 512, 512, 10)
    layers: list[Any] = []
    for i, (nin, nout) in enumerate(pairwise(sizes)):
        layers += [nn.Linear(nin, nout, np.float32, seed=i), nn.relu]
    return nn.Sequential(*layers[:-1]), x, labels


def steps(workers: Any, count: int = STEPS) -> list[float]:
    """The seconds of each step, with workers or without."""
    model, x, labels = setup()
    optimiser = nn.SGD(model, lr=0.01)
    loss = nn.cross_entropy_with_logits
    team = None if workers is None else nn.Parallel(model, loss, x, labels, workers)
    seconds = []
    for i in range(count + 1):
        rows = slice(i % 2 * BATCH, i % 2 * BATCH + BATCH)
        begun = time.perf_counter()
        optimiser.zero_grad()
        if team is None:
            loss(model(x[rows]), labels[rows]).backward()
        else:
            team.backward(rows)
        optimiser.step()
        seconds.append(time.perf_counter() - begun)
    return seconds[1:]


def idle_share(seconds: float = 1.0) -> float:
    """The share of the processors' time that nobody used, over a while; 1 where it is not known."""
    stat = Path("/proc/stat")
    if not stat.is_file():
        return 1.0

    def read() -> tuple[int, int]:
        numbers = [int(n) for n in stat.read_text().splitlines()[0].split()[1:]]
        return numbers[3] + numbers[4], sum(numbers)

    idle, total = read()
    time.sleep(seconds)
    later, after = read()
    return (later - idle) / max(1, after - total)


def over_mpi() -> list[float] | None:
    """The seconds of each step of two MPI processes; None where MPI is missing."""
    launcher = shutil.which("mpirun", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    if find_spec("mpi4py") is None or launcher is None:
        return None
    program = (
        "import json; from mpi4py import MPI; from benchmarks.studies.parallel import steps; "
        "found = steps(MPI.COMM_WORLD); "
        "print(json.dumps(found)) if MPI.COMM_WORLD.rank == 0 else None"
    )
    done = subprocess.run(
        [launcher, "-n", "2", sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)},
    )
    found: list[float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure in turns, and print the ratios."""
    from dask.distributed import Client, LocalCluster

    print(f"{os.cpu_count()} cores, idle {idle_share():.0%} before the measurement")
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        alone, dask_steps, mpi = [], [], []
        for _ in range(3):
            alone += steps(None)
            dask_steps += steps(client)
            mpi += over_mpi() or []
    one = median(alone)
    print(
        f"one process: {one * 1e3:.0f} ms a step ({min(alone) * 1e3:.0f} to {max(alone) * 1e3:.0f})"
    )
    for name, found in (("two Dask workers", dask_steps), ("two MPI processes", mpi)):
        if found:
            print(
                f"{name}: {median(found) * 1e3:.0f} ms, {one / median(found):.2f} times as fast "
                f"({TARGET} wanted)"
            )
        else:
            print(f"{name}: not run, MPI is not installed")


if __name__ == "__main__":
    main()
