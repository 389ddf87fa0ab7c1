"""The site: its navigation lists every page, what it shows of the API exists, and docstrings become
Markdown that says the same."""

from __future__ import annotations

import importlib
import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import autograd
import nn
from docs import make_nn
from docs.docstrings import as_markdown
from docs.page_code import run, sections_of

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
CONFIG = (ROOT / "mkdocs.yml").read_text("utf-8")
FOLDER_PAGE = "README.md"


def test_the_navigation_lists_every_page_once() -> None:
    listed = re.findall(
        r"^ +- (?:.+: )?([\w/.-]+\.md)$", CONFIG.partition("\nnav:")[2], re.MULTILINE
    )
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} - {FOLDER_PAGE}
    assert sorted(listed) == sorted(pages)


def find(name: str) -> Any:
    """What a dotted name of the API leads to."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return found
    raise LookupError(name)


def blocks_of(page: Path) -> list[tuple[str, list[str]]]:
    """What a page of the API shows: dotted names, and the members that it picks of each."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^::: ([\w.]+)\n((?: .*\n)*)", f"{text}\n", re.MULTILINE)
    picked = [re.search(r"members: \[(.+)\]", options) for _, options in blocks]
    members = [[m.strip() for m in match[1].split(",")] if match else [] for match in picked]
    return [(name, inside) for (name, _), inside in zip(blocks, members, strict=True)]


@pytest.mark.parametrize("page", sorted((DOCS / "api").glob("*.md")), ids=lambda page: page.stem)
def test_pages_of_the_api_show_what_there_is(page: Path) -> None:
    blocks = blocks_of(page)
    assert blocks
    for name, members in blocks:
        shown = find(name)
        assert [member for member in members if not hasattr(shown, member)] == []


def test_every_public_name_of_autograd_is_in_the_api() -> None:
    shown = {name for page in (DOCS / "api").glob("*.md") for name in names_on(page)}
    aliases = {"draw"}  # graph, by another name
    assert sorted(set(autograd.__all__) - aliases - shown) == []


def names_on(page: Path) -> set[str]:
    """The last parts of all names that a page shows; of a module without a choice, its functions
    and classes."""
    names: set[str] = set()
    for name, members in blocks_of(page):
        thing = find(name)
        inside = vars(thing) if inspect.ismodule(thing) and not members else ()
        names |= {*members, name.rpartition(".")[2], *inside}
    return names


def test_the_site_is_built_strictly_by_one_command_from_pinned_packages() -> None:
    assert "\nstrict: true\n" in CONFIG
    assert '"mkdocs", "build", "--strict"' in (ROOT / "run.py").read_text("utf-8")
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pinned = (ROOT / "requirements-docs.txt").read_text("utf-8")
    for package in extra["project"]["optional-dependencies"]["docs"]:
        name = re.split(r"[\[>]", package)[0]
        assert f"\n{name}==" in pinned


def test_the_lines_of_the_first_page_run() -> None:
    result = run(sections_of(DOCS / "index.md")[0])
    assert result.wrong == [] and sum(map(len, result.printed)) == 6


def test_names_paragraphs_and_lines_of_a_docstring() -> None:
    text = as_markdown(
        """y = a * b ** 2, see [1] and `a * b`.

        a, b    numbers
                of any kind
        *rest   ignored;  two  blanks

            f(x)   # indented

        >>> 1 + 1
        2
        """
    )
    assert text == (
        "y = a \\* b \\*\\* 2, see \\[1] and `a * b`.\n\n"
        "- `a, b`: numbers of any kind\n- `*rest`: ignored;  two  blanks\n\n"
        "```text\nf(x)   # indented\n```\n\n```python-console\n>>> 1 + 1\n2\n```"
    )


def test_the_longest_name_may_have_one_blank_after_it() -> None:
    assert as_markdown("a           one\nbatch_first two\n            more\nb, c        d") == (
        "- `a`: one\n- `batch_first`: two more\n- `b, c`: d"
    )


def test_a_sentence_with_two_blanks_is_no_list() -> None:
    assert as_markdown("Raises ValueError.  It says why.\nMore.") == (
        "Raises ValueError.  It says why.\nMore."
    )


def test_every_public_name_of_nn_is_on_its_page() -> None:
    text = make_nn.page()
    public = [name for name in nn.__all__ if callable(getattr(nn, name))]
    assert [name for name in public if f"\n### {name}\n" not in text] == []
    assert "\n### plots.vector_arrows\n" in text
    assert text.count("```") % 2 == 0


def test_a_name_of_an_unknown_module_is_in_the_last_chapter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nn, "stray", as_markdown, raising=False)
    monkeypatch.setattr(nn, "__all__", [*nn.__all__, "stray"])
    assert "### stray" in make_nn.page().partition("\n## And more\n")[2]
