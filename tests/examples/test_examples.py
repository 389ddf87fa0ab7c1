"""The examples: short, documented with what they reach, and run by `run.py test` in their quick
mode (a step for each, so that a failure names the example)."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLES = sorted(p for p in (ROOT / "examples").glob("*.py") if p.name[0] != "_")
PAGE = (ROOT / "examples" / "README.md").read_text("utf-8")
MOST = 100
TOUR = "main_job.py"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_short_says_what_it_shows_and_has_a_quick_mode(path: Path) -> None:
    text = path.read_text("utf-8")
    assert path.name == TOUR or len(text.splitlines()) <= MOST
    assert ast.get_docstring(ast.parse(text))
    assert "quick(__doc__)" in text or '"--quick"' in text
    assert 'if __name__ == "__main__":' in text


def test_every_example_is_a_step_of_the_tests() -> None:
    commands = [command for _, command in run.steps()]
    assert all([path, "--quick"] in commands for path in EXAMPLES)


def test_the_page_says_what_each_reaches() -> None:
    reached = PAGE.partition("## What they reach")[2]
    named = re.findall(r"`(\w+\.py)`", reached)
    assert sorted(named) == [path.name for path in EXAMPLES if path.name != TOUR]


@pytest.fixture
def common(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The module that the examples share."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    import _common

    return _common


def test_the_data_that_ship_with_the_examples(common) -> None:  # type: ignore[no-untyped-def]
    words = common.names()
    assert len(words) > 400 and len(set(words)) == len(words)
    alphabet, codes = common.letters()
    assert all(set(word) < set(alphabet) for word in words)
    assert codes("abc") == [0, 1, 2, 3, 0]
    years, spots = common.sunspots()
    assert (years[0], years[-1], len(spots)) == (1700, 1988, 289)
    assert spots[years == 1957] == 190.2 and spots[years == 1810] == 0.0  # the most, and none
