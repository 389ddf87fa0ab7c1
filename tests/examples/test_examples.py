"""Every example runs with --quick, learns what it says, draws its picture, and fits two screens."""

from __future__ import annotations

import importlib
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "examples"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
LINES = 100

PICTURES = {
    "main_job": ["training.png", "classifier.svg", "neuron.html"],
    "out_of_core": [],  # these print their result
    "scalar_gpt": [],
}
"""What an example draws, where it is not the picture of its own name."""

# A pattern with one number, and the range that it must lie in.  The ranges are wider than what was
# measured, and narrower than what a network that learns nothing would reach.
PRINTED = {
    "char_gpt": (r"a loss of ([\d.]+) on 130 held-out names", 2.2, 3.2),
    "digits": (r"accuracy: ([\d.]+)% on 450 held-out digits", 94, 99.5),
    "digits_convolution": (r"accuracy: ([\d.]+)% on 450 held-out digits", 50, 99),
    "distillation": (r"student, 12 hidden, 100 soft answers: ([\d.]+)%", 80, 99),
    "learning_rates": (r"\n +0\.5 +[\d.]+ +([\d.]+)%", 88, 99.5),
    "linear_regression": (r"one Newton step ([\d.e+-]+)", 0, 1e-8),
    "logistic_regression": (r"weights differ by at most ([\d.e+-]+)", 0, 0.5),
    "main_job": (r"accuracy: ([\d.]+)% on held-out data", 94, 99.5),
    "maximum_likelihood": (r"slope +([\d.]+)", 1.03358, 1.0336),
    "out_of_core": (r"small network: ([\d.]+) right", 0.8, 0.99),
    "overfitting": (r"nothing +loss [\d.]+ .*, ([\d.]+)% ", 50, 95),
    "recurrent": (r"linear, 9 years off by ([\d.]+) sunspots", 15.9, 16.1),
    "scalar_gpt": (r"differ by at most ([\d.e+-]+)", 0, 1e-13),
    "softmax_regression": (r"accuracy: ([\d.]+)%", 93, 99.5),
    "sum_of_sigmoids": (r" 20 x sigmoid: mean squared error ([\d.e+-]+)", 0, 0.02),
    "two_layer_numeric_vs_analytic": (r"float64: .*largest gap ([\d.e+-]+)", 1e-12, 1e-4),
    "two_moons": (r"accuracy: ([\d.]+)% on \d+ held-out points", 75, 100),
    "vanishing_gradients": (r"\nsigmoid +([\d.e+-]+)", 0, 1e-9),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In this process, since half of what an example takes is the import of other packages."""
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setattr("_common.OUT", tmp_path)
    monkeypatch.setattr(sys, "argv", [f"{name}.py", "--quick"])
    runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    for picture in PICTURES.get(name, [f"{name}.png"]):
        assert (tmp_path / picture).stat().st_size > 5000
    pattern, low, high = PRINTED[name]
    found = re.search(pattern, printed)
    assert found, f"{pattern} is not in\n{printed}"
    assert low <= float(found[1]) <= high, printed


def test_an_example_runs_as_a_script_from_any_folder(tmp_path: Path) -> None:
    environment = os.environ | {"EXAMPLES_OUT": str(tmp_path / "out"), "PYTHONUTF8": "1"}
    environment.pop("PYTHONPATH", None)
    script = FOLDER / "linear_regression.py"
    command = [sys.executable, "-W", "error", script, "--quick"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "picture: out" in done.stdout.replace(str(tmp_path), "")
    assert (tmp_path / "out" / "linear_regression.png").is_file()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_in_one_sitting(name: str) -> None:
    assert len((FOLDER / f"{name}.py").read_text("utf-8").splitlines()) < LINES


def test_the_page_says_what_each_reaches() -> None:
    reached = (FOLDER / "README.md").read_text("utf-8").partition("## What they reach")[2]
    assert sorted(re.findall(r"`(\w+)\.py`", reached)) == EXAMPLES


def test_the_data_that_ship_with_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    common = importlib.import_module("_common")
    words = common.names()
    assert len(words) > 1300 and len(set(words)) == len(words)
    alphabet, codes = common.letters()
    assert set("".join(words)) <= set(alphabet[1:])
    assert codes("abc") == [0, 1, 2, 3, 0]
    years, spots = common.sunspots()
    assert years.tolist() == list(range(1700, 2009))
    assert spots[years == 1957] == 190.2 and spots[years == 1810] == 0  # the most, and none


def test_a_number_is_expected_of_every_example() -> None:
    assert sorted(PRINTED) == EXAMPLES
    assert set(PICTURES) <= set(EXAMPLES)
