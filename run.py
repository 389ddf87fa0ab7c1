"""Set up and run valuegrad with nothing but Python >= 3.11 and a package index.

    python3 run.py demo          train a classifier, check gradients, write pictures (half a minute)
    python3 run.py test          formatting, lint, types, examples, tests and doctests
    python3 run.py docs          build the documentation as a site in out/site
    python3 run.py setup         only create the environment in .venv
    python3 run.py python ...    the environment's Python: run.py python -m pytest tests/nn

The environment is created once, from the pinned versions in requirements.txt, and again when that
file or the version of Python changes.  Packages that only improve pictures are installed if they
can be.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PINNED = ROOT / "requirements.txt"
OPTIONAL = ROOT / "requirements-optional.txt"
DOCS = ROOT / "requirements-docs.txt"
STAMP = HOME / "made-from.txt"
INTERRUPTED = 130

Command = list[str | Path]


class Line:
    """One line about a step: on a terminal it is rewritten as time passes; elsewhere the title is
    printed at once and the result when it is known."""

    def __init__(self, title: str) -> None:
        self.title, self.begun = title, time.monotonic()
        self.live = sys.stdout.isatty()
        print(title, end="", flush=True)

    def update(self, detail: str = "") -> None:
        """Show the elapsed time and what is being done."""
        if self.live:
            self.rewrite(f"{self.title}  {self.elapsed}  {detail}".rstrip())

    def finish(self, result: str) -> None:
        """Show the result, and end the line."""
        text = f"  {result} ({self.elapsed})"
        if self.live:
            self.rewrite(self.title + text)
        else:
            print(text, end="")
        print(flush=True)

    @property
    def elapsed(self) -> str:
        """The time since the step began."""
        return f"{time.monotonic() - self.begun:.0f} s"

    def rewrite(self, text: str) -> None:
        """Put the text in place of what the line shows."""
        width = shutil.get_terminal_size().columns - 1
        print("\r" + text[:width].ljust(width), end="", flush=True)


def start(command: Command, output: int | None = None) -> subprocess.Popen[bytes]:
    """Start a command in the checkout; `output` is where its stdout and stderr go."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    environment["PYTHONUTF8"] = "1"  # Windows would print and read in the local code page
    words = [str(word) for word in command]
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=output, stderr=output)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a command that is still running."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def call(command: Command) -> int:
    """Run a command with its output shown; returns its exit status."""
    process = start(command)
    try:
        return process.wait()
    except BaseException:
        stop(process)
        raise


def follow(
    line: Line, command: Command, describe: Callable[[str], str] = lambda output: ""
) -> tuple[int, str]:
    """Run a command with its output kept; returns its exit status and the output.

    Meanwhile the line shows the elapsed time and what `describe` makes of the output so far.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as file:
            process = start(command, file.fileno())
        try:
            while process.poll() is None:
                line.update(describe(log.read_text("utf-8", "replace")))
                try:
                    process.wait(0.2)
                except subprocess.TimeoutExpired:
                    continue
        except BaseException:
            stop(process)
            raise
        return process.returncode, log.read_text("utf-8", "replace")


def make_environment(any_python: bool = False) -> None:
    """Create .venv with the pinned packages, unless it is there already.

    any_python  whether one made by another version of Python will do
    """
    packages = hashlib.sha256(PINNED.read_bytes() + OPTIONAL.read_bytes()).hexdigest()
    made_from = [packages, f"python {sys.version_info.major}.{sys.version_info.minor}"]
    compared = 1 if any_python else 2
    if (
        PYTHON.exists()
        and STAMP.exists()
        and STAMP.read_text("utf-8").splitlines()[:compared] == made_from[:compared]
    ):
        return
    line = Line("setting up .venv (once; about a minute)")
    pip = [*make_venv(), "install", "--disable-pip-version-check", "--no-input"]
    pip += ["--progress-bar", "off"]
    code, output = follow(line, [*pip, "-r", PINNED], what_pip_does)
    line.finish("done" if code == 0 else "FAILED")
    if code != 0:
        print(output)
        sys.exit("installing the packages of requirements.txt failed: pip's output is above")
    for text in OPTIONAL.read_text("utf-8").splitlines():
        package = text.partition("#")[0].strip()
        if package:
            line = Line(f"installing {package} (optional)")
            code, _ = follow(line, [*pip, "--only-binary", ":all:", package])
            line.finish("done" if code == 0 else "no wheel for this machine; going on without it")
    STAMP.write_text("\n".join(made_from) + "\n", "utf-8")


def make_venv() -> Command:
    """Create an empty environment and return the pip command for it."""
    try:
        venv.EnvBuilder(clear=True, with_pip=True).create(HOME)
        return [PYTHON, "-m", "pip"]
    except subprocess.CalledProcessError:  # a Python without ensurepip (Debian's python3)
        venv.EnvBuilder(clear=True, with_pip=False).create(HOME)
        pip = [sys.executable, "-m", "pip", "--version"]
        if subprocess.run(pip, capture_output=True).returncode != 0:
            sys.exit("this Python has no pip: install python3-venv, or use a Python that has it")
        return [sys.executable, "-m", "pip", "--python", PYTHON]


def what_pip_does(output: str) -> str:
    """The package that pip has come to, read from its output so far.

    >>> what_pip_does("Collecting numpy==2.4.6 (from -r requirements.txt)\\n  Downloading numpy")
    'numpy==2.4.6 (package 1)'
    >>> what_pip_does("Collecting numpy==2.4.6\\nInstalling collected packages: numpy\\n")
    'unpacking'
    """
    if "\nInstalling collected packages" in output:
        return "unpacking"
    collected = [line.split()[1] for line in output.splitlines() if line.startswith("Collecting ")]
    return f"{collected[-1]} (package {len(collected)})" if collected else ""


def pip_command() -> Command:
    """The pip of the environment; where it has none, that of the Python that runs this file."""
    own: Command = [PYTHON, "-m", "pip"]
    there = subprocess.run([*own, "--version"], capture_output=True, check=False).returncode == 0
    return own if there else [sys.executable, "-m", "pip", "--python", PYTHON]


def demo() -> int:
    """The main job."""
    return call([PYTHON, "examples/main_job.py"])


def docs() -> int:
    """The site, without a warning; its packages are installed at the first call."""
    stamp, packages = HOME / "docs-from.txt", DOCS.read_text("utf-8")
    if not stamp.exists() or stamp.read_text("utf-8") != packages:
        line = Line("installing what builds the site (once)")
        pip = [*pip_command(), "install", "--disable-pip-version-check", "--no-input"]
        code, output = follow(line, [*pip, "-r", DOCS], what_pip_does)
        line.finish("done" if code == 0 else "FAILED")
        if code != 0:
            print(output)
            return code
        stamp.write_text(packages, "utf-8")
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    return call([PYTHON, "-m", "mkdocs", "build", "--strict", "--quiet"])


def steps() -> list[tuple[str, Command]]:
    """The names and commands of what must pass before a change lands; the tests come last.  The
    examples are among the tests, so that they share its processes."""
    return [
        ("formatting", ["-m", "ruff", "format", "--check", "."]),
        ("lint", ["-m", "ruff", "check", "."]),
        ("types", ["-m", "mypy"]),
        ("rule reference", ["-m", "docs.make_rules", "--check"]),
        ("NumPy coverage", ["-m", "docs.make_numpy", "--check"]),
        ("nn reference", ["-m", "docs.make_nn", "--check"]),
        ("tests and doctests", ["-m", "pytest", "-q", "-n", "auto"]),
    ]


def run_steps() -> int:
    """Run every step; show the output of those that fail, and that of the tests as it comes."""
    failed, begun, todo = [], time.monotonic(), steps()
    for number, (name, command) in enumerate(todo, start=1):
        title = f"[{number}/{len(todo)}] {name}"
        if name == todo[-1][0]:
            print(title, flush=True)
            code, output = call([PYTHON, *command]), ""
        else:
            line = Line(title)
            code, output = follow(line, [PYTHON, *command])
            line.finish("ok" if code == 0 else "FAILED")
        if code != 0:
            failed.append(name)
            print(output, end="", flush=True)
    took = f"{time.monotonic() - begun:.0f} s"
    print(f"FAILED: {', '.join(failed)} ({took})" if failed else f"all steps passed ({took})")
    return 1 if failed else 0


def main(arguments: list[str]) -> int:
    """Read the command line."""
    jobs: dict[str, Callable[[], int]] = {
        "demo": demo,
        "test": run_steps,
        "docs": docs,
        "setup": lambda: 0,
    }
    job, *rest = arguments or ["help"]
    if job != "python" and (job not in jobs or rest):
        print(__doc__)
        return 2
    if sys.version_info < (3, 11):
        sys.exit(f"valuegrad needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # signs that a Windows code page does not have
    try:
        make_environment(any_python=job == "python")
        return call([PYTHON, *rest]) if job == "python" else jobs[job]()
    except KeyboardInterrupt:
        print("\ninterrupted", flush=True)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
