"""Write the table in docs/arrays.md: which row of the rule table runs on which array library.

    python -m docs.make_arrays            run the table on every library that is here (minutes)

Each sample of each row runs in reverse, forward and second order on the library's arrays and is
compared with NumPy's; lazy arrays must compute nothing on the way.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.arrays.libraries import WORKS, cupy_library, dask_library, numpy_library, rows, support

PAGE = Path(__file__).with_name("arrays.md")
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->"
HERE = 80


def table() -> str:
    """The table as Markdown, with a sentence about what was not run."""
    libraries = [x for x in (numpy_library(), dask_library(), cupy_library()) if x is not None]
    missing = [
        name
        for name, library in (("Dask", dask_library()), ("CuPy", cupy_library()))
        if library is None
    ]
    found = rows()
    lines, notes = [], []
    for number, (name, (function, samples)) in enumerate(sorted(found.items())):
        print(f"\r{number + 1}/{len(found)}  {name:30.30}", end="", file=sys.stderr, flush=True)
        cells = []
        for library in libraries:
            known = support(library, function, samples, WORKS)
            complete = known.passed == known.count
            cells.append("yes" if complete else f"{known.passed} of {known.count}")
            if not complete:
                notes.append(f"- `{name}` on {library.name}: {known.error[:HERE]}")
        if known.count:
            lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    print(file=sys.stderr)
    head = "| function | " + " | ".join(library.name for library in libraries) + " |"
    rule = "|---" * (len(libraries) + 1) + "|"
    text = [head, rule, *lines, "", "Where not all samples run, the first error:", "", *notes]
    if missing:
        text += ["", f"Not run, because it is not here: {', '.join(missing)}."]
    return "\n".join(text) + "\n"


def main() -> None:
    """Write the table between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + "\n" + table() + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
