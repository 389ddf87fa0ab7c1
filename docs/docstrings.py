"""Docstrings of this library as Markdown, for the page on `nn` and for the site.

what is written                       what comes out
a paragraph of `name  what it is`     a list, a name in each item
lines that begin with >>>             a fenced block
anything else                         text in which *, <, [ and ~ stand for themselves
"""

from __future__ import annotations

import inspect
import re

NAMES = r"\*{0,2}[A-Za-z_][\w.]*"
ITEM = re.compile(rf"^({NAMES}(?:, {NAMES})*) {{2,}}(\S.*)$")
CODE = re.compile(r"(`+[^`]+`+)")
SIGNS = re.compile(r"([*<\[~])")


def as_markdown(text: str) -> str:
    """A docstring as Markdown.

    >>> as_markdown("a, b  two numbers, for a*b")
    '- `a, b`: two numbers, for a\\\\*b'
    """
    return "\n\n".join(part for p in paragraphs(inspect.cleandoc(text)) for part in converted(p))


def paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph; a blank line inside an indented block ends none."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            found[-1].append(line.rstrip())
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def converted(lines: list[str]) -> list[str]:
    """One paragraph as one or more parts of a page."""
    start = next((i for i, line in enumerate(lines) if line.startswith(">>> ")), len(lines))
    code = ["\n".join(["```python-console", *lines[start:], "```"])] if start < len(lines) else []
    lines = lines[:start]
    if not lines:
        return code
    if lines[0].startswith("    "):
        return ["\n".join(["```text", *(line[4:] for line in lines), "```"]), *code]
    first = ITEM.match(lines[0])
    if first:
        aligned = [spread(line, first.start(2)) for line in lines]
        if all(ITEM.match(line) or line[0] == " " for line in aligned):
            return ["\n".join(items(aligned)), *code]
    return ["\n".join(map(plain, lines)), *code]


def spread(line: str, column: int) -> str:
    """An item whose name is so long that one blank parts it from its text, with two."""
    name, text = line[: column - 1], line[column:]
    together = len(line) > column and line[column - 1] == " " and not name.endswith(" ")
    return f"{name}  {text}" if together and line[0] != " " else line


def items(lines: list[str]) -> list[str]:
    """A list: a name in each item, and the lines that go on below it joined to it."""
    found: list[str] = []
    for line in lines:
        match = ITEM.match(line)
        if match:
            found.append(f"- `{match[1]}`: {plain(match[2])}")
        else:
            found[-1] += f" {plain(line.strip())}"
    return found


def plain(line: str) -> str:
    """A line in which signs stand for themselves; code between backticks is left alone."""
    parts = CODE.split(line)
    return "".join(p if p[:1] == "`" else SIGNS.sub(r"\\\1", p) for p in parts)
