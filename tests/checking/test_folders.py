"""The folders of the checker: imports point one way, and names are those of the field."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKING = ROOT / "autograd" / "checking"
SOURCES = sorted(CHECKING.rglob("*.py"))
ORDER = (
    "thresholds",
    "numeric",
    "subjects",
    "adapters",
    "compare",
    "diagnose",
    "report",
    "progress_bar",
    "options",
    "slow_run",
    "run",
    "check",
    "explain",
    "keywords",
    "functions",
)
"""Each may import those before it; files that are not listed may import all of these."""


PRIVATE = (
    r"\b(ladder|climb|rungs?|screen|judge\w*|blame\w*|gravest|puller|watched)\b|(?<!\.)\boutcome\b"
)


def part_of(path: Path) -> str:
    return path.relative_to(CHECKING).with_suffix("").parts[0]


def level_of(part: str) -> int:
    return ORDER.index(part) if part in ORDER else len(ORDER)


def imported_parts(path: Path) -> list[str]:
    """The folders and files of the checker that a module imports, wherever it does so."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name.split(".")[2] for name in found if name.startswith("autograd.checking.")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CHECKING)))
def test_imports_point_down(path: Path) -> None:
    own = part_of(path)
    for part in imported_parts(path):
        if own in ORDER and path.parent.name != part:
            assert level_of(part) <= level_of(own), f"{path.name} imports {part}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CHECKING)))
def test_no_import_is_for_types_only(path: Path) -> None:
    assert "TYPE_CHECKING" not in path.read_text()


def test_every_folder_says_what_it_holds() -> None:
    page = (CHECKING / "README.md").read_text()
    for folder in (path for path in CHECKING.iterdir() if (path / "__init__.py").exists()):
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text()))
        assert f"`{folder.name}/`" in page


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CHECKING)))
def test_names_are_the_words_of_the_field(path: Path) -> None:
    text = path.read_text()
    assert not re.findall(PRIVATE, text, re.IGNORECASE)
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            assert not node.name.startswith("_")


def test_kinds_of_slopes_are_named() -> None:
    for path in SOURCES:
        assert not re.search(r"kind(\[\w+\])? *(==|!=|=) *\d", path.read_text()), path
