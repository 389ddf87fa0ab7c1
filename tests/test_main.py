"""`python -m autograd`: the commands, and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograd import __main__

ROOT = Path(__file__).resolve().parent.parent


def status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    """The exit status of a command, and what it printed."""
    monkeypatch.setattr(sys, "argv", ["autograd", *arguments])
    code = __main__.main()
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 1), (["chek"], 1), (["-h"], 0), (["--help"], 0)]
)
def test_usage(
    arguments: list[str],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, out, err = status(monkeypatch, capsys, *arguments)
    assert (found, out) == (code, "")
    assert err == f"{__main__.USAGE}\n"


def test_check(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = status(monkeypatch, capsys, "check", "numpy:tanh", "--shapes", "(2,)")
    assert code == 0
    assert "tanh" in out
    code, _, err = status(monkeypatch, capsys, "check", "numpy")
    assert code != 0
    assert "module:function" in err


def test_it_is_a_module_that_runs() -> None:
    command = [sys.executable, "-m", "autograd"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("usage: python -m autograd check module:function")
