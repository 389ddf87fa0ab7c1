"""Set up and run valuegrad with nothing but Python >= 3.11 and a package index.

    python3 run.py demo      train a classifier, check gradients, write pictures (half a minute)
    python3 run.py test      formatting, lint, types, examples, tests and doctests
    python3 run.py setup     only make the environment in .venv

The environment is made once, from the pinned versions in requirements.txt, and made again when that
file changes.  Packages that only make pictures nicer are installed if they can be.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PINNED = ROOT / "requirements.txt"
OPTIONAL = ROOT / "requirements-optional.txt"


def say(text: str) -> None:
    """Print at once, so that the order with subprocesses is kept."""
    print(text, flush=True)


def call(*command: str | Path, quiet: bool = False) -> int:
    """Run a command in the checkout; returns its exit status."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    output = subprocess.DEVNULL if quiet else None
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=ROOT, env=environment, stdout=output, stderr=output).returncode


def make_environment() -> None:
    """Make .venv with the pinned packages, unless it is there already."""
    stamp = HOME / "made-from.txt"
    wanted = hashlib.sha256(PINNED.read_bytes() + OPTIONAL.read_bytes()).hexdigest()
    wanted += f" python {sys.version_info.major}.{sys.version_info.minor}"
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    say("setting up .venv (once; a minute or so) ...")
    pip = make_venv()
    options = ("install", "--quiet", "--disable-pip-version-check")
    if call(*pip, *options, "-r", PINNED) != 0:
        sys.exit("installing the packages of requirements.txt failed: see pip's message above")
    for line in OPTIONAL.read_text().splitlines():
        package = line.partition("#")[0].strip()
        if package and call(*pip, *options, "--only-binary", ":all:", package, quiet=True) != 0:
            say(f"note: {package} has no wheel for this machine; going on without it")
    stamp.write_text(wanted)


def make_venv() -> list[str | Path]:
    """Make an empty environment and return the pip command for it."""
    try:
        venv.EnvBuilder(clear=True, with_pip=True).create(HOME)
        return [PYTHON, "-m", "pip"]
    except subprocess.CalledProcessError:  # a Python without ensurepip (Debian's python3)
        venv.EnvBuilder(clear=True, with_pip=False).create(HOME)
        if call(sys.executable, "-m", "pip", "--version", quiet=True) != 0:
            sys.exit("this Python has no pip: install python3-venv, or use a Python that has it")
        return [sys.executable, "-m", "pip", "--python", PYTHON]


def demo() -> int:
    """The main job."""
    return call(PYTHON, "examples/main_job.py")


def test() -> int:
    """Everything that must pass before a change lands; the tests come last."""
    steps: list[tuple[str, list[str | Path]]] = [
        ("formatting", ["-m", "ruff", "format", "--check", "."]),
        ("lint", ["-m", "ruff", "check", "."]),
        ("types", ["-m", "mypy"]),
        ("rule reference", ["-m", "docs.make_rules", "--check"]),
    ]
    steps += [
        (f"example {path.stem}", [path, "--quick"])
        for path in sorted((ROOT / "examples").glob("*.py"))
        if not path.stem.startswith("_")
    ]
    steps += [("tests and doctests", ["-m", "pytest", "-q", "-n", "auto"])]
    failed = []
    for name, command in steps:
        say(f"--- {name}")
        if call(PYTHON, *command) != 0:
            failed.append(name)
    if failed:
        say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def main() -> int:
    """Read the command line."""
    jobs = {"demo": demo, "test": test, "setup": lambda: 0}
    if len(sys.argv) != 2 or sys.argv[1] not in jobs:
        print(__doc__)
        return 2
    if sys.version_info < (3, 11):
        sys.exit(f"valuegrad needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    make_environment()
    return jobs[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
