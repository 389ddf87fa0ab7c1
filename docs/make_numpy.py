"""Write docs/numpy.md: what each public name of NumPy does with Values.

    python -m docs.make_numpy            write the page
    python -m docs.make_numpy --check    fail where the page is out of date

The lists are read off the tables of the package; see `docs/numpy_names.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from docs.make_rules import write_or_check
from docs.numpy_names import (
    CONSTANT,
    DIFFERENTIABLE,
    METHODS,
    NAMESPACES,
    OTHER,
    REFUSES,
    Entry,
    attributes,
    entries,
    method_list,
    no_functions,
    ufuncs,
)

PAGE = Path(__file__).with_name("numpy.md")
SIGNS = {DIFFERENTIABLE: "yes", CONSTANT: "plain", REFUSES: "refused", "": ""}


def namespace_of(name: str) -> str:
    """np for "sum", np.linalg for "linalg.norm"."""
    return "np." + name.rpartition(".")[0] if "." in name else "np"


def cell(text: str) -> str:
    """Text for a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def line(entry: Entry) -> str:
    """The row of a name in the table of its namespace."""
    without = ", ".join(f"`{keyword}`" for keyword in entry.without)
    kind = ", ".join(entry.lists) or "NOT YET"
    return f"| `np.{entry.name}` | {kind} | {cell(entry.text)} | {without} |"


def counts(found: list[Entry]) -> str:
    """How many names stand on each list."""
    names = [f"{sum(e.lists == (kind,) for e in found)} {kind}" for kind in SIGNS if kind]
    pending = sum(not e.lists for e in found)
    return ", ".join(names) + (f", {pending} not yet" if pending else "")


def page() -> str:
    """The whole page."""
    found = entries()
    others = sum(e.lists == (OTHER,) for e in found)
    lines = [
        "# NumPy, name by name",
        "",
        "Made by `python -m docs.make_numpy`; do not edit.",
        "",
        "What `np.name(v)` does when an argument is a Value. *differentiable*: a Value comes",
        "out, and derivatives of any order go through, in both modes; a row of",
        "[the rule table](rules.md), or composed of rows. *constant*: the result is plain data,",
        "without a derivative. *refused*: an error that says what to do instead, so that no",
        "gradient is lost. The last column has the keywords that are refused. Of ufuncs these are",
        "`out=` and a mask in `where=`; `dtype casting order subok signature axes axis keepdims`",
        "work as in NumPy.",
        "",
        f"In all: {counts(found)}; {others} names are no functions.",
    ]
    for namespace in NAMESPACES:
        mine = [e for e in found if namespace_of(e.name) == namespace and OTHER not in e.lists]
        lines += ["", f"## {namespace}", "", f"{counts(mine)}.", ""]
        lines += ["| name | with Values | rule or reason | refused keywords |", "|---|---|---|---|"]
        lines += [line(e) for e in mine]
    lines += ["", "## Methods of ufuncs", ""]
    lines += ["Where a cell is empty NumPy has no such method; all others have `at` only.", ""]
    lines += [f"| ufunc | {' | '.join(METHODS)} |", "|---" * (len(METHODS) + 1) + "|"]
    for ufunc in ufuncs():
        cells = [SIGNS[method_list(ufunc, method)] for method in METHODS]
        if any(cells[:-1]):
            lines.append(f"| `np.{ufunc.__name__}` | {' | '.join(cells)} |")
    lines += ["", "## Attributes and methods of an array", ""]
    for kind in (DIFFERENTIABLE, CONSTANT):
        names = [f"`{e.name}`" for e in attributes() if e.lists == (kind,)]
        lines += [f"{kind}: {', '.join(names)}.", ""]
    lines += ["| refused | what to do instead |", "|---|---|"]
    lines += [f"| `{e.name}` | {cell(e.text)} |" for e in attributes() if REFUSES in e.lists]
    lines += ["", "## Names that are no functions", ""]
    for kind in sorted(set(no_functions().values())):
        names = sorted(e.name for e in found if OTHER in e.lists and e.text == kind)
        lines.append(f"- {kind}: " + ", ".join(f"`{name}`" for name in names))
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the page, or compare it."""
    return write_or_check(PAGE, page(), "docs.make_numpy")


if __name__ == "__main__":
    sys.exit(main())
