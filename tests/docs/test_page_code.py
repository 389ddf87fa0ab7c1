"""Reading and running the code of a page: what it finds, and that it notices a wrong line."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograd import Value
from docs.make_notes import draw, with_outputs
from docs.page_code import Run, Section, preamble, run, sections_of

PAGE = """# Page

```python
>>> two = 2
```

<a id="first"></a>
## First

```python
>>> # no heading: # in a fence
>>> two + 1
3
>>> x = 5
```

text

```python
>>> def twice():
...     return 2 * x
>>> twice()
10
```

![picture](pictures/a.png) and [page](notes/pictures/b.html#step=3)

## Second

```python
>>> two
7
>>> x
5
```
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.md"
    path.write_text(PAGE, "utf-8")
    return path


def test_sections_and_what_is_in_them(page: Path) -> None:
    top, first, second = sections_of(page)
    assert [s.title for s in (top, first, second)] == ["Page", "First", "Second"]
    assert len(first.blocks) == 2 and top.anchors == ["first"]
    assert first.pictures == ["pictures/a.png", "notes/pictures/b.html"]
    assert page.read_text("utf-8")[second.start :].startswith("## Second")


def test_a_right_section_runs_and_keeps_its_names(page: Path) -> None:
    result = run(sections_of(page)[1], preamble(page))
    assert result.wrong == [] and result.names["x"] == 5
    assert [got for block in result.printed for _, got in block if got] == ["3\n", "10\n"]


def test_a_wrong_line_and_a_name_of_another_section_are_noticed(page: Path) -> None:
    wrong = run(sections_of(page)[2], preamble(page)).wrong
    assert wrong == [
        ">>> two\nexpected:\n7\ngot:\n2\n",
        ">>> x\nraised NameError: name 'x' is not defined",
    ]


def test_a_preamble_that_fails_says_so(page: Path) -> None:
    page.write_text("# P\n\n```python\n>>> 1 / 0\n```\n", "utf-8")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        preamble(page)


def test_outputs_are_written_where_they_differ_and_kept_where_a_line_raises(page: Path) -> None:
    text, names = page.read_text("utf-8"), preamble(page)
    for section in sections_of(page)[1:]:
        text = with_outputs(text, section, run(section, names))
    assert text == PAGE.replace(">>> two\n7\n", ">>> two\n2\n")


def test_pictures_are_drawn_from_what_the_section_made(tmp_path: Path) -> None:
    plt = pytest.importorskip("matplotlib.pyplot")
    shown = "![a](pictures/a.png) ![b](pictures/b.svg)\n"
    section = Section(tmp_path / "page.md", "A", 0, shown, ["pictures/a.png", "pictures/b.svg"])
    value = Value(2.0) * Value(3.0)
    names = {"axes": [plt.subplots()[1]], "picture": value.graph()}
    paths = draw(section, Run(names, [], []))
    plt.close("all")
    assert [path.name for path in paths] == ["a.png", "b.svg"]
    assert paths[0].read_bytes().startswith(b"\x89PNG") and "6.0000" in paths[1].read_text("utf-8")
    with pytest.raises(KeyError, match="axes"):
        draw(section, Run({}, [], []))
