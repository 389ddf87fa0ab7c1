"""Our gradient checker beside those of PyTorch, JAX and HIPS autograd: verdicts and speed.

    python -m benchmarks.studies.checker_verdicts [--alone] [--envs FOLDER] [--seeds COUNT]

Our verdict is that of the first seed that got a wrong one, if any of the seeds did.  The peers run
in the environments of `python -m benchmarks`, which are made where they are missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograd.checking import gradcheck
from benchmarks import environments
from tests.checking.corpus import CASES
from tests.checking.corpus.cases import Case

PEERS = {"torch": "torch", "jax": "jax", "HIPS": "hips"}
"""Their names in the table, and their environments."""


def ours(seeds: int) -> dict[str, str]:
    """Our verdict on every case: a wrong one, if any seed gave one."""
    return {case.name: worst_verdict(case, seeds) for case in CASES}


def worst_verdict(case: Case, seeds: int) -> str:
    """The verdict of the first seed that is wrong, or of the last."""
    verdict = ""
    for seed in range(seeds):
        settings = {"seed": seed, "shrink": False, "progress": False, **case.options}
        verdict = gradcheck(case.f, *case.inputs, vjp=case.vjp, **settings).verdict.value
        if verdict not in case.verdicts:
            break
    return verdict


def peers(folder: Path) -> dict[str, Any]:
    """The verdicts and speeds of the others, each from its own environment."""
    script = str(Path(__file__).with_name("checker_peers.py"))
    verdicts: dict[str, dict[str, str]] = {}
    speeds: dict[str, float] = {}
    for name in PEERS.values():
        environments.make(folder, name)
        python = str(environments.python_of(folder, name))
        done = subprocess.run([python, "-P", script], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the environment of {name} failed:\n{done.stderr[-2000:]}")
        found = json.loads(done.stdout.splitlines()[-1])
        speeds |= found["speeds"]
        for case, row in found["verdicts"].items():
            verdicts.setdefault(case, {}).update(row)
    return {"verdicts": verdicts, "speeds": speeds}


def should_pass(verdicts: tuple[str, ...]) -> bool | None:
    """Whether a yes-or-no checker ought to pass a case; None where both answers can be defended."""
    if "INCONCLUSIVE" in verdicts:
        return None
    return verdicts[0] in ("PASS", "KINK")


def print_verdicts(own: dict[str, str], others: dict[str, dict[str, str]]) -> None:
    """One line for each case; a star marks a wrong verdict."""
    right = dict.fromkeys(("ours", *PEERS), 0)
    asked = dict.fromkeys(("ours", *PEERS), 0)
    print(f"{'case':32} {'must':14} {'ours':17}" + "".join(f"{name:8}" for name in PEERS))
    for case in CASES:
        wanted = should_pass(case.verdicts)
        mine = own[case.name]
        good = mine in case.verdicts
        right["ours"] += good
        asked["ours"] += 1
        cells = []
        for name in PEERS:
            found = others.get(case.name, {}).get(name, "-")
            star = ""
            if found != "-" and wanted is not None:
                asked[name] += 1
                right[name] += (found == "pass") == wanted
                star = "" if (found == "pass") == wanted else "*"
            cells.append(f"{found + star:8}")
        print(
            f"{case.name:32} {case.verdicts[0]:14} {mine + ('' if good else '*'):17}"
            + "".join(cells)
        )
    print()
    for name in right:
        if asked[name]:
            print(f"{name:8} {right[name]:4} of {asked[name]:4} right")


def best(run: Callable[[], object], repeats: int = 7) -> float:
    """The shortest time of a call, in seconds, after one to warm up."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def print_speeds(others: dict[str, float]) -> None:
    """The check of tanh(a @ a), and of a 784 x 512 matrix."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(10, 10))
    f = lambda a: np.tanh(a @ a)
    full = best(lambda: gradcheck(f, a))
    first = best(lambda: gradcheck(f, a, order=1, points=False))
    print("\ncheck of tanh(a @ a), 10 x 10, milliseconds")
    print(f"  ours, all checks            {1e3 * full:8.1f}")
    print(f"  ours, first order only      {1e3 * first:8.1f}")
    for name, seconds in others.items():
        print(f"  {name:27} {1e3 * seconds:8.1f}")
    x, w = rng.normal(size=(784, 512)), rng.normal(size=(512, 10)) / 20
    large = best(lambda: gradcheck(lambda x: np.tanh(x @ w), x, progress=False), 2)
    print(f"check of tanh(x @ w), x 784 x 512, seconds\n  ours, all checks            {large:8.2f}")


def main() -> None:
    """Print the table of verdicts, then the speeds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alone", action="store_true", help="our own column only")
    parser.add_argument("--envs", type=Path, default=environments.default_folder())
    parser.add_argument("--seeds", type=int, default=1)
    given = parser.parse_args()
    found = {"verdicts": {}, "speeds": {}} if given.alone else peers(given.envs)
    print_verdicts(ours(given.seeds), found["verdicts"])
    print_speeds(found["speeds"])


if __name__ == "__main__":
    main()
