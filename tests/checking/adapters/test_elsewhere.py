"""The same tests in the interpreters that have the other libraries."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.checking.adapters.libraries import VARIABLE, peers

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(not peers(), reason=f"{VARIABLE} names no interpreter")
@pytest.mark.parametrize("python", peers())
def test_in_an_environment_of_its_own(python: str) -> None:
    tests = ["test_torch.py", "test_jax.py", "test_compiled.py"]
    paths = [str(Path("tests/checking/adapters") / name) for name in tests]
    command = [python, "-m", "pytest", "-q", "-rs", *paths]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), VARIABLE: ""}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert " passed" in done.stdout
