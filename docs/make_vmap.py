"""Write the lists in docs/vmap.md: which functions `vmap` runs in one go.

    python -m docs.make_vmap            write the lists
    python -m docs.make_vmap --check    fail where they are out of date

Every sample of the rule table and of the composed functions is called inside `vmap`, its numbers
all mapped, on arrays and on Values.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Value, vmap
from autograd.arrays.batch import LoopWarning
from docs.make_rules import write_or_check
from tests.arrays.test_refusing import CALLS, ROWS
from tests.derivatives import case_of, flat
from tests.transforms.test_vmap_table import examples_of

PAGE = Path(__file__).with_name("vmap.md")
BEGIN, END = "<!-- lists: begin -->\n", "<!-- lists: end -->"
WAYS = {
    "in one go": "In one go",
    "in a loop": "In a loop, for some calls at least",
}


def way_of(function: Any, sample: Any) -> str:
    """How `vmap` runs one call: a key of `WAYS`; "" where no number is mapped."""
    case = case_of(function, sample.args, sample.params)
    if not case.leaves:
        return ""
    leaves = [examples_of(x, i) for i, x in enumerate(case.leaves)]
    with warnings.catch_warnings(record=True) as seen, np.errstate(all="ignore"):
        warnings.simplefilter("always")
        for wrap in (lambda x: x, Value):
            vmap(lambda *xs: flat(case.f(*xs)))(*map(wrap, leaves))
    return "in a loop" if any(w.category is LoopWarning for w in seen) else "in one go"


def lists() -> str:
    """The lists as Markdown."""
    found: dict[str, set[str]] = {}
    for call in [*ROWS, *CALLS]:
        assert call.id is not None
        name = call.id.rsplit("-", 1)[0]
        found.setdefault(name, set()).add(way_of(*call.values))
    parts = []
    for way, text in WAYS.items():
        worse = list(WAYS)[list(WAYS).index(way) + 1 :]
        names = sorted(n for n, ways in found.items() if way in ways and not ways & set(worse))
        parts.append(
            f"**{text}** ({len(names)}): " + ", ".join(f"`{name}`" for name in names) + "."
        )
    return "\n\n".join(parts)


def main() -> int:
    """Write the lists between their marks, or compare them."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    page = before + BEGIN + "\n" + lists() + "\n\n" + END + after
    return write_or_check(PAGE, page, "docs.make_vmap")


if __name__ == "__main__":
    sys.exit(main())
