"""The peers' environments: one venv for each, made on demand from the versions in `peers.toml`.

The older package HIPS autograd has our import name, and two libraries may want two versions of
NumPy: so no two of them share an environment, and none is installed into that of the project.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

from benchmarks.work import PROJECT

PINNED = Path(__file__).with_name("peers.toml")


class InstallationError(Exception):
    """A peer's environment could not be made."""


def default_folder() -> Path:
    """Where environments are kept: $VALUEGRAD_BENCHMARKS, or the user's cache folder."""
    given = os.environ.get("VALUEGRAD_BENCHMARKS")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(given) if given else Path(cache) / "valuegrad-benchmarks"


def pinned() -> dict[str, list[str]]:
    """The packages of each environment."""
    return {name: entry["packages"] for name, entry in tomllib.loads(PINNED.read_text()).items()}


def python_of(folder: Path, name: str) -> Path:
    """The interpreter of an environment, whether it is there or not."""
    if name == PROJECT:
        return Path(sys.executable)
    return folder / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(packages: list[str]) -> str:
    """What an environment was made from, as a short text."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(json.dumps([version, packages]).encode()).hexdigest()[:16]


def is_made(folder: Path, name: str) -> bool:
    """Whether the environment is there, in the pinned versions and with this Python."""
    if name == PROJECT:
        return True
    stamp = folder / name / "made-from.txt"
    return stamp.is_file() and stamp.read_text() == digest(pinned()[name])


def make(folder: Path, name: str) -> None:
    """Create an environment, or do nothing where it is there.

    Raises InstallationError with the last lines of pip's output where installing failed.
    """
    if is_made(folder, name):
        return
    packages = pinned()[name]
    venv.EnvBuilder(with_pip=True, clear=True).create(folder / name)
    words = [python_of(folder, name), "-m", "pip", "install", "--quiet", "--no-input", *packages]
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode:
        raise InstallationError(f"pip could not install {packages}: {done.stderr[-500:].strip()}")
    (folder / name / "made-from.txt").write_text(digest(packages))


def versions(folder: Path, name: str) -> dict[str, str]:
    """The installed versions of the pinned packages; nothing where the environment is missing."""
    python = python_of(folder, name)
    if name == PROJECT or not is_made(folder, name):
        return {}
    names = [package.partition("==")[0] for package in pinned()[name]]
    code = (
        "import json, sys; from importlib.metadata import version; "
        "print(json.dumps({name: version(name) for name in sys.argv[1:]}))"
    )
    words = [str(python), "-I", "-c", code, *names]
    found: dict[str, str] = json.loads(
        subprocess.run(words, capture_output=True, check=True).stdout
    )
    return found
