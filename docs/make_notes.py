"""Make the pictures of the pages on the study notes, from the lines that these pages show.

    python -m docs.make_notes             write every picture
    python -m docs.make_notes --outputs   also write anew what the lines print: look at the diff

A section that shows a `.png` draws it into `axes`; one that shows an `.svg` or `.html` makes a
graph and calls it `picture`.  A `.html` may stand beside a `.png` of the same name: a screenshot of
the page at the step that the link names, made where there is a Chromium.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

from docs.page_code import FENCE, Run, Section, preamble, run, sections_of

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "docs" / "notes.md", *sorted((ROOT / "docs" / "notes").glob("*.md"))]
STEP = re.compile(r"\]\(([\w/.-]+\.html)#(step=\d+)\)")


def draw(section: Section, result: Run) -> list[Path]:
    """Write the pictures of a section that was run; returns their paths."""
    written = []
    for name in section.pictures:
        path = section.page.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in (".svg", ".html"):
            before = path.read_text("utf-8") if path.exists() else ""
            result.names["picture"].save(path)
            text = path.read_text("utf-8").replace(f"{ROOT}/", "")
            text = re.sub(r"&lt;doctest [^&]*&gt;|<doctest [^>]*>", "page", text)
            path.write_text(text, "utf-8")
            steps = [step for page, step in STEP.findall(section.text) if page == name]
            if text != before or not path.with_suffix(".png").exists():
                for step in steps:
                    screenshot(path, step)
        elif not path.with_suffix(".html").exists():
            axes = result.names["axes"]
            figure = (axes[0] if isinstance(axes, list) else axes).figure
            figure.savefig(path, dpi=80, metadata={"Software": None})
        written.append(path)
    return written


def screenshot(path: Path, step: str) -> None:
    """A picture of a page at one step; left as it is where there is no Chromium."""
    from tests.views.browser import Browser, find_browser

    program = find_browser()
    if program is None:
        print(f"{path.with_suffix('.png').name}: left as it is, because no Chromium was found")
        return
    with Browser(program) as browser:
        page = browser.page(path, fragment=f"#{step}", width=1280, height=640)
        page.picture(path.with_suffix(".png"))


def with_outputs(text: str, section: Section, result: Run) -> str:
    """The page with what the lines of a section printed in place of what it says that they do."""
    blocks = [m for m in FENCE.finditer(section.text) if ">>>" in m[1]]
    for match, printed in zip(blocks, result.printed, strict=True):
        lines = match[1].splitlines(keepends=True)
        for example, got in reversed(printed):
            begin = example.lineno + example.source.count("\n")
            end = begin + example.want.count("\n")
            if "".join(lines[begin:end]).split() != got.split() and "..." not in example.want:
                lines[begin:end] = [got]
        text = text.replace(match[1], "".join(lines), 1)
    return text


def main(arguments: list[str]) -> int:
    """Run every section of every page; say what is wrong."""
    matplotlib: Any = importlib.import_module("matplotlib")
    matplotlib.use("Agg")
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    failed = 0
    for page in PAGES:
        names, text = preamble(page), page.read_text("utf-8")
        for section in sections_of(page)[1:]:
            result = run(section, names)
            wrong = result.wrong
            if "--outputs" in arguments:
                text = with_outputs(text, section, result)
                wrong = [line for line in wrong if "\nraised " in line]
            if wrong:
                print(f"{page.name}: {section.title}\n{wrong[0]}")
                failed += 1
            for path in draw(section, result):
                print(path.relative_to(ROOT))
            pyplot.close("all")
        page.write_text(text, "utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
