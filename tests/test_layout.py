"""Tests stand where the code stands: each module of the engine, of the rules, of the transforms and
beside them has a file of tests of its name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
MIRRORED = ("", "engine", "rules", "rules/linalg", "transforms", "arrays", "numpy")
"""Folders of `autograd` whose modules have a file of tests each; the tests of `checking`, `views`
and `nn` go through several modules at once."""

ELSEWHERE = {
    "__main__.py": "test_main.py",
    "__init__.py": "test_api.py",
    "engine/type_hints.py": "test_typed.py",
}
"""Modules whose tests have another name."""


def modules() -> list[Path]:
    """The modules that are mirrored, relative to `autograd`."""
    package = ROOT / "autograd"
    found = [path for folder in MIRRORED for path in sorted((package / folder).glob("*.py"))]
    return [path.relative_to(package) for path in found if path.stem != "__init__"]


def files_of_tests() -> list[Path]:
    return sorted(TESTS.rglob("test_*.py"))


def relative(path: Path) -> str:
    return path.relative_to(TESTS).as_posix() if path.is_absolute() else path.as_posix()


@pytest.mark.parametrize("module", [*modules(), Path("__init__.py")], ids=relative)
def test_every_module_has_its_tests(module: Path) -> None:
    usual = module.parent / f"test_{module.stem}.py"
    path = TESTS / ELSEWHERE.get(module.as_posix(), usual)
    assert path.is_file(), f"write tests of autograd/{module.as_posix()} into {path}"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert any(test.startswith("test_") for test in tests)


def test_folders_are_those_of_the_packages() -> None:
    folders = {
        path.parent.relative_to(TESTS).parts[0] for path in files_of_tests() if path.parent != TESTS
    }
    packages = {
        path.name for path in (ROOT / "autograd").iterdir() if (path / "__init__.py").is_file()
    }
    assert folders == {*packages, "benchmarks", "nn", "programs", "docs", "examples"}


@pytest.mark.parametrize("path", files_of_tests(), ids=relative)
def test_files_of_tests_are_in_packages_and_say_what_they_test(path: Path) -> None:
    """In packages, so that two files may have one name."""
    assert (path.parent / "__init__.py").is_file()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a sentence at the top"
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names)), "a test that another one of its name replaces"


# --- a page in each folder ------------------------------------------------------------------------
PACKAGES = (
    *(
        "autograd",
        "autograd/engine",
        "autograd/rules",
        "autograd/transforms",
        "autograd/arrays",
        "autograd/numpy",
        "nn",
    ),
)
PAGES = (
    *PACKAGES,
    "autograd/checking",
    "autograd/views",
    "benchmarks",
    "docs",
    "examples",
    "tests",
)
NOT_NAMED = {"__init__.py"}


@pytest.mark.parametrize("folder", PAGES)
def test_every_folder_has_a_page_of_one_page(folder: str) -> None:
    lines = (ROOT / folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= 80
    assert any("may not" in line or "Rules" in line for line in lines), "say what may not be there"


@pytest.mark.parametrize("folder", PAGES)
def test_the_page_names_every_file_and_no_other(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w/]+\.py)`", text))
    there = {path.name for path in (ROOT / folder).glob("*.py")} - NOT_NAMED
    if folder == "autograd/checking":  # its page names these without the suffix, by folder
        named |= {f"{name}.py" for name in re.findall(r"`(\w+)`", text)} & there
    assert there <= named, f"not on the page: {sorted(there - named)}"
    for name in named:
        found = [ROOT / folder / name, ROOT / name, *(ROOT / folder).rglob(name)]
        assert any(path.is_file() for path in found), f"the page names {name}, which is not there"
