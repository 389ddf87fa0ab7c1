"""What type checkers say of code that uses the library: `typed/accepted.py` passes, and each line
of `typed/refused.py` that is marked `# error` is reported, and no other line."""

from __future__ import annotations

import inspect
import json
import re
import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import autograd
from autograd import Value

ROOT = Path(__file__).resolve().parent.parent
TYPED = ROOT / "tests" / "typed"
PROGRAMS = [TYPED / "accepted.py", TYPED / "refused.py"]
Reports = dict[tuple[str, int], str]


def marked_lines() -> set[tuple[str, int]]:
    """The lines of the programs in which an error is expected."""
    return {
        (path.name, number)
        for path in PROGRAMS
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if line.endswith("# error")
    }


def run_checker(*command: str) -> str:
    """What a type checker prints about both programs; it finds the packages in the checkout."""
    whole = [sys.executable, "-m", *command, *map(str, PROGRAMS)]
    return subprocess.run(whole, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def compare(reports: Reports) -> None:
    """The lines with errors are the marked ones."""
    marked = marked_lines()
    assert len(marked) > 40
    assert {place: text for place, text in reports.items() if place not in marked} == {}
    assert sorted(marked - set(reports)) == [], "no error was reported in these lines"


def test_mypy(tmp_path: Path) -> None:
    """As a user runs it on code of their own: strict, without the configuration of this project."""
    pytest.importorskip("mypy")
    options = ["--strict", "--follow-imports=silent", "--config-file=", f"--cache-dir={tmp_path}"]
    shape = ["--no-pretty", "--no-color-output", "--hide-error-context"]
    printed = run_checker("mypy", *options, *shape)
    found = re.findall(r"(\w+\.py):(\d+): error: (.*)", printed)
    assert found, printed
    compare({(name, int(line)): text for name, line, text in found})


def test_pyright() -> None:
    """Only where it is installed: it is no requirement of the project."""
    if find_spec("pyright") is None:
        pytest.skip("pyright is not installed")
    printed = run_checker("pyright", "--outputjson", "--pythonpath", sys.executable)
    if not printed.startswith("{"):
        pytest.skip("pyright cannot run here: it fetches its program when it is first used")
    found = [r for r in json.loads(printed)["generalDiagnostics"] if r["severity"] == "error"]
    place = lambda r: (Path(r["file"]).name, r["range"]["start"]["line"] + 1)
    compare({place(report): report["message"] for report in found})


def test_the_accepted_program_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its `assert_type(x, Value)` is held to be true of the objects, too."""

    def assert_type(x: object, kind: object) -> object:
        assert kind is not Value or type(x) is Value
        return x

    monkeypatch.setattr("typing.assert_type", assert_type)
    runpy.run_path(str(PROGRAMS[0]))["main"](tmp_path)
    assert (tmp_path / "graph.txt").exists()
    assert capsys.readouterr().out


def test_value_graph_has_the_options_of_graph() -> None:
    """Those that concern a Value: what is drawn and the options of functions are left out."""
    ours = dict(inspect.signature(Value.graph).parameters)
    theirs = dict(inspect.signature(autograd.graph).parameters)
    for name in ("thing", "args", "create_graph"):
        del theirs[name]
    del ours["self"]
    assert list(ours.items()) == list(theirs.items())


def test_value_graph_forwards_its_options() -> None:
    x = Value(3.0)
    y = x * x
    options = {"mark": {x: "look here"}, "direction": "TB", "fold": False, "title": "A title"}
    by_method = y.graph(names={"weight": x}, **options)
    by_function = autograd.graph(y, names={"weight": x}, **options)
    assert by_method.dot() == by_function.dot()
    assert by_method.json() == by_function.json()
    assert "look here" in by_method.dot() and "A title" in by_method.dot()
    assert by_method.dot() != y.graph().dot()


def test_data_is_a_plain_slot() -> None:
    """What type checkers are told of it costs nothing: no property stands in the way."""
    assert "data" not in vars(Value)
    assert inspect.ismemberdescriptor(Value.data)
