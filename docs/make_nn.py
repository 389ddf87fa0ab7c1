"""Write docs/nn.md: every layer, activation, loss, optimiser and schedule, from the docstrings.

python -m docs.make_nn            write the page
python -m docs.make_nn --check    fail where the page is out of date
"""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import nn
from docs.docstrings import as_markdown
from docs.make_rules import write_or_check
from nn import plots

PAGE = Path(__file__).with_name("nn.md")
WIDE = 88
CHAPTERS = {
    "Layers and networks": ("nn.modules", "nn.neurons", "nn.module", "nn.prelu"),
    "Activations": ("nn.activations", "autograd.rules"),
    "Losses and scores": ("nn.losses",),
    "Lengths and angles": ("nn.norms",),
    "Optimisers and schedules": ("nn.optimisers", "nn.minimize"),
    "Training": ("nn.training", "nn.batches", "nn.parallel"),
    "Sampling": ("nn.sampling",),
    "Saving": ("nn.saving", "nn.state", "nn.torch_layout"),
    "And more": (),
}
"""The chapters, and the modules whose public names each of them holds."""

INTRODUCTION = """# nn, name by name

Written by `python -m docs.make_nn` from the docstrings: every public name of `nn`, then the
pictures of `nn.plots`. Its lines run as doctests. How the parts fit together is in
[the notes companion](notes.md) and in
[the README of the package](https://github.com/valuegrad/valuegrad/blob/main/nn/README.md).
"""


def chapter_of(name: str) -> str:
    """The chapter of a public name; the last one where its module is in none."""
    module = str(getattr(nn, name).__module__)
    for title, modules in CHAPTERS.items():
        if any(module == m or module.startswith(f"{m}.") for m in modules):
            return title
    return list(CHAPTERS)[-1]


def signature(thing: Any) -> str:
    """The arguments of a function or class, without annotations."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values()]
    shown = found.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return re.sub(r"<class '(?:numpy\.)?(\w+)'>", r"\1", str(shown).replace("<factory>", "..."))


def entry(title: str, thing: Any) -> str:
    """The part of the page on one name.  ValueError where it has no docstring."""
    if not isinstance(thing, type) and not callable(thing):
        raise ValueError(f"{title} is neither a function nor a class")
    doc = inspect.getdoc(thing)
    if not doc:
        raise ValueError(f"{title} has no docstring")
    written = textwrap.fill(
        f"{title}{signature(thing)}",
        WIDE,
        subsequent_indent=" " * (len(title) + 1),
        break_on_hyphens=False,
        break_long_words=False,
    )
    return f"### {title}\n\n```text\n{written}\n```\n\n{as_markdown(doc)}\n"


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    names = sorted((name for name in nn.__all__ if name != "plots"), key=str.lower)
    chapters = {name: chapter_of(name) for name in names if not inspect.ismodule(getattr(nn, name))}
    for title in CHAPTERS:
        inside = [name for name, chapter in chapters.items() if chapter == title]
        if inside:
            parts += [f"## {title}\n", *(entry(name, getattr(nn, name)) for name in inside)]
    parts.append("## Pictures: `nn.plots`\n")
    parts += [entry(f"plots.{name}", getattr(plots, name)) for name in plots.__all__]
    return "\n".join(parts)


def main() -> int:
    """Write the page, or compare it."""
    return write_or_check(PAGE, page(), "docs.make_nn")


if __name__ == "__main__":
    sys.exit(main())
