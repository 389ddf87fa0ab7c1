"""The code in a page: read from its fenced blocks, run section by section.

A page begins with the lines that all of its sections need; every section after it runs on its own,
with these lines before it, as a reader would copy it.
"""

from __future__ import annotations

import doctest
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FENCE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
ANCHOR = re.compile(r'<a id="([\w-]+)"></a>')
PICTURE = re.compile(r"\]\(((?:[\w-]+/)?pictures/[\w.-]+)(?:#[\w=]+)?\)")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass
class Section:
    """What stands between two headings of a page.

    start     where its text begins in the page
    text      all of it, from its heading on
    pictures  the pictures that it shows, as the page names them
    """

    page: Path
    title: str
    start: int
    text: str
    pictures: list[str] = field(default_factory=list)

    @property
    def anchors(self) -> list[str]:
        """The names by which other pages link to it."""
        return ANCHOR.findall(self.text)

    @property
    def blocks(self) -> list[str]:
        """Its fenced blocks of lines to run."""
        return [block for block in FENCE.findall(self.text) if ">>>" in block]


def sections_of(page: Path) -> list[Section]:
    """The sections of a page that have a heading, in order.  A heading inside a fence is none."""
    text = page.read_text("utf-8")
    hidden = re.sub(
        r"^```.*?^```$", lambda m: "x" * len(m[0]), text, flags=re.DOTALL | re.MULTILINE
    )
    found = list(HEADING.finditer(hidden))
    ends = [match.start() for match in found[1:]] + [len(text)]
    sections = []
    for match, end in zip(found, ends, strict=True):
        body = text[match.start() : end]
        one = Section(page, match[1], match.start(), body, PICTURE.findall(body))
        sections.append(one)
    return sections


class Keeper(doctest.DocTestRunner):
    """Runs lines, and keeps what each of them printed and how it differs from the page."""

    def __init__(self) -> None:
        super().__init__(verbose=False, optionflags=FLAGS)
        self.printed: list[tuple[doctest.Example, str]] = []
        self.wrong: list[str] = []

    def report_success(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        """A line that printed what the page says."""
        self.printed.append((example, got))

    def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        """A line that printed something else."""
        self.printed.append((example, got))
        self.wrong.append(f">>> {example.source}expected:\n{example.want}got:\n{got}")

    def report_unexpected_exception(
        self, out: Any, test: Any, example: doctest.Example, exc_info: Any
    ) -> None:
        """A line that raised: what the page says of it is kept."""
        self.printed.append((example, example.want))
        self.wrong.append(f">>> {example.source}raised {exc_info[0].__name__}: {exc_info[1]}")


@dataclass
class Run:
    """What running a section gave: its names, what its lines printed, and what was wrong."""

    names: dict[str, Any]
    printed: list[list[tuple[doctest.Example, str]]]
    wrong: list[str]


def run(section: Section, names: dict[str, Any] | None = None) -> Run:
    """Run the blocks of a section, one after the other, with these names known."""
    known = dict(names or {})
    result = Run(known, [], [])
    for block in section.blocks:
        test = doctest.DocTestParser().get_doctest(block, known, section.title, None, 0)
        keeper = Keeper()
        keeper.run(test, out=lambda text: None, clear_globs=False)
        known.update(test.globs)
        result.printed.append(keeper.printed)
        result.wrong += keeper.wrong
    return result


def preamble(page: Path) -> dict[str, Any]:
    """The names that the first section of a page gives to the others.  RuntimeError where one of
    its lines fails."""
    first = run(sections_of(page)[0])
    if first.wrong:
        raise RuntimeError(f"{page.name}: {first.wrong[0]}")
    return first.names
