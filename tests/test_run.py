"""run.py: what it prints, on a terminal and elsewhere, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import run

ROOT = Path(run.__file__).resolve().parent
NOISE = "WARNING: Location 'file:///wheels' is ignored"


@pytest.fixture
def fake_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pip in place of the real one, and a folder in place of .venv: the pip's script."""
    home, script = tmp_path / "venv", tmp_path / "pip.py"
    home.mkdir()
    monkeypatch.setattr(run, "HOME", home)
    monkeypatch.setattr(run, "STAMP", home / "made-from.txt")
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "make_venv", lambda: [sys.executable, script])
    return script


def test_the_noise_of_pip_is_kept_where_it_succeeds(
    fake_pip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fake_pip.write_text(f"import sys; print('Collecting numpy'); sys.exit(print({NOISE!r}))")
    run.make_environment()
    printed = "".join(capfd.readouterr())
    assert "setting up .venv" in printed and "done" in printed
    assert NOISE not in printed and "Collecting" not in printed
    run.make_environment()
    assert "".join(capfd.readouterr()) == "", "the environment is up to date"


def test_the_output_of_pip_is_shown_where_it_fails(
    fake_pip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fake_pip.write_text(f"import sys; print({NOISE!r}); sys.exit('no such package')")
    with pytest.raises(SystemExit, match="pip's output is above"):
        run.make_environment()
    printed = capfd.readouterr().out
    assert NOISE in printed and "no such package" in printed
    assert not run.STAMP.exists(), "the next call tries again"


def test_an_optional_package_may_be_missing(
    fake_pip: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fake_pip.write_text("import sys; sys.exit(any(a.startswith('pygraphviz') for a in sys.argv))")
    run.make_environment()
    assert "pygraphviz" in (printed := capfd.readouterr().out)
    assert "going on without it" in printed
    assert run.STAMP.exists()


def test_an_environment_of_another_python_serves_the_tools_only(fake_pip: Path) -> None:
    fake_pip.write_text("")
    run.make_environment()
    packages = run.STAMP.read_text().splitlines()[0]
    older = f"{packages}\npython 3.10\n"
    run.STAMP.write_text(older)
    run.make_environment(any_python=True)
    assert run.STAMP.read_text() == older
    run.make_environment()
    assert run.STAMP.read_text() != older


def test_steps_with_their_times(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    steps: list[tuple[str, run.Command]] = [
        ("good", ["-c", "print('not shown')"]),
        ("bad", ["-c", "import sys; sys.exit('shown')"]),
        ("tests", ["-c", "print('as it comes')"]),
    ]
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "steps", lambda: steps)
    assert run.run_steps() == 1
    lines = capfd.readouterr().out.splitlines()
    assert lines == [
        "[1/3] good  ok (0 s)",
        "[2/3] bad  FAILED (0 s)",
        "shown",
        "[3/3] tests",
        "as it comes",
        "FAILED: bad (0 s)",
    ]


def test_a_line_is_rewritten_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = run.Line("step")
    plain.update("numpy")
    plain.finish("ok")
    assert capsys.readouterr().out == "step  ok (0 s)\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "20")
    live = run.Line("step")
    live.update("a detail that is longer than the line")
    live.finish("ok")
    shown = capsys.readouterr().out.split("\r")
    assert shown == ["step", "step  0 s  a detail", "step  ok (0 s)     \n"]


def test_the_environments_python_gets_the_arguments(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "make_environment", lambda any_python: None)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    assert run.main(["python", "-c", "import sys; print(sys.argv[1:]); sys.exit(3)", "-q"]) == 3
    assert capfd.readouterr().out.strip() == "['-q']"


@pytest.mark.parametrize("arguments", [[], ["tests"], ["demo", "now"]])
def test_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(arguments) == 2
    assert "python3 run.py test" in capsys.readouterr().out


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
@pytest.mark.parametrize("job", ["demo", "test"])
def test_an_interrupt_ends_it_and_what_it_started(tmp_path: Path, job: str) -> None:
    started = tmp_path / "started"
    slow = f"import os, pathlib, time; pathlib.Path({str(started)!r}).write_text(str(os.getpid()))"
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(f"""
            import sys
            sys.path.insert(0, {str(ROOT)!r})
            import run
            slow = [sys.executable, "-c", {slow!r} + "; time.sleep(60)"]
            run.make_environment = lambda any_python: None
            run.PYTHON = sys.executable
            run.steps = lambda: [("slow", slow[1:]), ("tests", ["-c", "print('not reached')"])]
            run.demo = lambda: run.call(slow)
            sys.exit(run.main([{job!r}]))
        """)
    )
    process = subprocess.Popen([sys.executable, script], stdout=-1, stderr=-1, text=True)
    begun = time.monotonic()
    while not (started.exists() and started.read_text()) and time.monotonic() - begun < 30:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == run.INTERRUPTED
    assert out.endswith("interrupted\n") and "not reached" not in out
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)
