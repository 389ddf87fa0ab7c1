"""The page that follows the video: every line runs, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd import Value
from docs.page_code import Section, preamble, run, sections_of

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "micrograd.md"


@pytest.mark.parametrize("section", sections_of(PAGE)[1:], ids=lambda section: section.title)
def test_the_lines_print_what_the_page_says(section: Section) -> None:
    assert section.blocks or "Names need not" in section.text
    result = run(section, preamble(PAGE))
    assert not result.wrong, result.wrong[0]


def test_the_closure_of_micrograd_is_answered_with_the_page() -> None:
    with pytest.raises(AttributeError, match=r"v\.op\.vjps.*docs/micrograd\.md"):
        _ = (Value(1.0) * 2.0)._backward  # type: ignore[attr-defined]
    assert not hasattr(Value(1.0), "_backward")
