"""The checker in the shell: `python -m autograd check module:function --shapes "(m,n),(n,)"`."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograd.checking.compare.verdict import Verdict
from autograd.checking.functions import gradcheck
from autograd.checking.report.report import SUFFIXES

LENGTHS = (3, 4, 2, 5, 6)


EXAMPLE = """examples:
  python -m autograd check numpy:matmul --shapes "(m,n),(n,)"
  python -m autograd check my.layers:scale --shapes "(4,3),(3,)" --domain "-2,2;0.5,3"
  python -m autograd check my.layers:pick --shapes "(5,2),(4,)" --dtype float64,int64
      --domain "-1,1;0,4"
  python -m autograd check my.layers:norm --shapes "(4,3)" --set axis=0 --set eps=1e-3
"""
DOMAIN = (
    "the inputs were drawn from {domain}: use --domain, such as --domain 0.5,2, to draw them where "
    "the function is defined and smooth"
)
NUMBERS = (
    "checked on {count}, since --shapes was not given: for arrays, give shapes such as --shapes "
    '"(m,n),(n,)"'
)


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns the exit status, 0 where the report is truthy and else 1."""
    options = parser().parse_args(joined(arguments))
    try:
        check_path(options.save)
        f = load(options.function)
        vjp = load(options.vjp) if options.vjp else None
        shapes = default_shapes(f) if options.shapes is None else parse_shapes(options.shapes)
        inputs = draw(shapes, options.domain, options.seed, options.dtype)
        kwargs = dict(parse_keyword(text) for text in options.set)
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        print(f"autograd check: {error}", file=sys.stderr)
        return 1
    report = gradcheck(f, *inputs, vjp=vjp, kwargs=kwargs, seed=options.seed, order=options.order)
    if options.shapes is None:
        count = "a number" if len(shapes) == 1 else f"{len(shapes)} numbers"
        report.notes.append(NUMBERS.format(count=count))
    if report.verdict is Verdict.INCONCLUSIVE or "domain error" in report.message:
        report.notes.append(DOMAIN.format(domain=domain_text(options.domain)))
    print(report.to_json() if options.json else report)
    if options.save:
        report.save(options.save)
    return 0 if report else 1


def joined(arguments: Sequence[str]) -> list[str]:
    """The arguments with an interval that starts with a minus joined to its option.

    >>> joined(["--domain", "-2,2", "--json"])
    ['--domain=-2,2', '--json']
    """
    found: list[str] = []
    for text in arguments:
        if found and found[-1] == "--domain":
            found[-1] = f"--domain={text}"
        else:
            found.append(text)
    return found


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(
        prog="python -m autograd check",
        description="Check gradients.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    p.add_argument(
        "function", help="module:function, a function of Values or a plain one with --vjp"
    )
    p.add_argument(
        "--shapes", help='shapes of the inputs, "(m,n),(n,)" or "(3,4),()"; else one number each'
    )
    p.add_argument("--vjp", help="module:function of the backward, vjp(g, *inputs)")
    p.add_argument(
        "--domain", default="-2,2", help='interval of the entries, or one an input: "-2,2;0.5,3"'
    )
    p.add_argument(
        "--dtype", default="float64", help="dtype of the inputs, or one an input: float64,int64"
    )
    p.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a keyword argument of the function, such as axis=0; may be given several times",
    )
    p.add_argument("--seed", type=int, default=0, help="of the inputs and of the random directions")
    p.add_argument("--order", type=int, default=2, help="1: do not check the second order")
    p.add_argument("--json", action="store_true", help="print the report as JSON")
    p.add_argument("--save", help="write the report to a .svg, .html, .json or .txt file")
    return p


def check_path(path: str | None) -> None:
    """Raise ValueError for a name under which a report cannot be saved."""
    if path is None:
        return
    if Path(path).suffix not in SUFFIXES:
        listed = ", ".join(SUFFIXES)
        raise ValueError(f"--save {path!r}: a report is saved as one of {listed}")
    folder = Path(path).resolve().parent
    if not folder.is_dir():
        raise ValueError(f"--save {path!r}: there is no folder {folder}")


def default_shapes(f: Any) -> list[tuple[int, ...]]:
    """A number for each argument that a function must have."""
    if isinstance(f, np.ufunc):
        return [()] * f.nin
    try:
        parameters = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return [()]
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [p for p in parameters if p.kind in kinds and p.default is p.empty]
    return [()] * max(len(needed), 1)


def parse_keyword(text: str) -> tuple[str, Any]:
    """Name and value of `name=value`; a value that is no Python literal is taken as text.

    >>> parse_keyword("axis=(0, 1)"), parse_keyword("mode=same")
    (('axis', (0, 1)), ('mode', 'same'))
    """
    name, equals, value = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise ValueError(f"--set {text!r} is not of the form name=value")
    try:
        return name.strip(), ast.literal_eval(value.strip())
    except (ValueError, SyntaxError):
        return name.strip(), value.strip()


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


def parse_domains(text: str, count: int) -> list[tuple[float, float]]:
    """An interval for each input: one for all, or as many as inputs, separated by semicolons.

    >>> parse_domains("-2,2", 2), parse_domains("-2,2;0.5,3", 2)
    ([(-2.0, 2.0), (-2.0, 2.0)], [(-2.0, 2.0), (0.5, 3.0)])
    """
    parts = text.split(";")
    if len(parts) not in (1, count):
        raise ValueError(f"--domain {text!r} has {len(parts)} intervals for {count} inputs")
    domains = []
    for part in parts * (count if len(parts) == 1 else 1):
        try:
            low, high = (float(bound) for bound in part.split(","))
        except ValueError:
            raise ValueError(f"--domain {part!r} is not an interval such as 0.5,2") from None
        if not low < high:
            raise ValueError(f"--domain {part!r}: the first number must be the smaller one")
        domains.append((low, high))
    return domains


def domain_text(text: str) -> str:
    """The intervals as a sentence shows them."""
    return " and ".join(f"[{part.strip()}]" for part in text.split(";"))


def draw(shapes: list[tuple[int, ...]], domain: str, seed: int, dtype: str) -> list[Any]:
    """Random inputs of these shapes, uniform in the domain; integers include both bounds."""
    kinds = [np.dtype(name.strip()) for name in dtype.split(",")]
    if len(kinds) not in (1, len(shapes)):
        raise ValueError(f"--dtype {dtype!r} has {len(kinds)} dtypes for {len(shapes)} inputs")
    kinds = kinds * (len(shapes) if len(kinds) == 1 else 1)
    rng = np.random.default_rng(seed)
    drawn = []
    for shape, kind, (low, high) in zip(
        shapes, kinds, parse_domains(domain, len(shapes)), strict=True
    ):
        if kind.kind in "iu":
            x: Any = rng.integers(math.ceil(low), math.floor(high), shape, endpoint=True)
        elif kind.kind == "b":
            x = rng.random(shape) < 0.5
        elif kind.kind == "c":
            x = rng.uniform(low, high, shape) + 1j * rng.uniform(low, high, shape)
        else:
            x = rng.uniform(low, high, shape)
        drawn.append(np.asarray(x).astype(kind))
    return drawn
