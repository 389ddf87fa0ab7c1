"""The checker in the shell: `python -m autograd check module:function --shapes "(m,n),(n,)"`."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.checking.functions import gradcheck

LENGTHS = (3, 4, 2, 5, 6)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit status, 0 where the report is truthy and else 1."""
    options = parser().parse_args(list(arguments))
    try:
        f = load(options.function)
        vjp = load(options.vjp) if options.vjp else None
        shapes = parse_shapes(options.shapes)
        inputs = draw(shapes, options.domain, options.seed, options.dtype)
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        print(f"autograd check: {error}", file=sys.stderr)
        return 1
    report = gradcheck(f, *inputs, vjp=vjp, seed=options.seed, order=options.order)
    print(report.to_json() if options.json else report)
    if options.save:
        report.save(options.save)
    return 0 if report else 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m autograd check", description="Check gradients.")
    p.add_argument(
        "function", help="module:function, a function of Values or a plain one with --vjp"
    )
    p.add_argument(
        "--shapes", default="()", help='shapes of the inputs, "(m,n),(n,)" or "(3,4),()"'
    )
    p.add_argument("--vjp", help="module:function of the backward, vjp(g, *inputs)")
    p.add_argument("--domain", default="-2,2", help="interval that entries are drawn from")
    p.add_argument("--dtype", default="float64", help="dtype of the inputs")
    p.add_argument("--seed", type=int, default=0, help="of the inputs and of the random directions")
    p.add_argument("--order", type=int, default=2, help="1: do not check the second order")
    p.add_argument("--json", action="store_true", help="print the report as JSON")
    p.add_argument("--save", help="write the report to a .svg, .html, .json or .txt file")
    return p


def load(name: str) -> Any:
    """The object that `module:function` names; dots after the colon reach into classes."""
    module, colon, path = name.partition(":")
    if not colon:
        raise ValueError(f"{name!r} is not of the form module:function")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


def parse_shapes(text: str) -> list[tuple[int, ...]]:
    """Shapes from text: letters are lengths of their own choice, equal letters equal lengths.

    >>> parse_shapes("(m,n),(n,),()")
    [(3, 4), (4,), ()]
    """
    groups = re.findall(r"\(([^()]*)\)", text)
    if not groups or re.sub(r"\([^()]*\)|[\s,]", "", text):
        raise ValueError(f'--shapes {text!r} is not a list of shapes such as "(m,n),(n,)"')
    lengths: dict[str, int] = {}
    shapes = []
    for group in groups:
        names = [name.strip() for name in group.split(",") if name.strip()]
        for name in names:
            if not name.isdigit() and name not in lengths:
                lengths[name] = LENGTHS[len(lengths) % len(LENGTHS)]
        shapes.append(tuple(int(name) if name.isdigit() else lengths[name] for name in names))
    return shapes


def draw(shapes: list[tuple[int, ...]], domain: str, seed: int, dtype: str) -> list[Any]:
    """Random inputs of these shapes, uniform in the domain."""
    low, high = (float(part) for part in domain.split(","))
    rng = np.random.default_rng(seed)
    kind = np.dtype(dtype)
    if kind.kind == "c":
        return [
            (rng.uniform(low, high, s) + 1j * rng.uniform(low, high, s)).astype(kind)
            for s in shapes
        ]
    return [np.asarray(rng.uniform(low, high, shape)).astype(kind) for shape in shapes]
