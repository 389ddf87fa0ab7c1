"""Missing or superfluous elementwise factors, and mistakes in a part of the entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.diagnose.patterns import broadcasts
from autograd.checking.diagnose.sample import Finding, JacobianSample
from autograd.checking.numeric.probe import Flags, Floats

Form = Callable[[Floats], Any]

FACTORS: tuple[tuple[str, Form], ...] = (
    ("(1 - {0}**2)", lambda u: 1 - u * u),
    ("{0} * (1 - {0})", lambda u: u * (1 - u)),
    ("{0}", lambda u: u),
    ("(1 - {0})", lambda u: 1 - u),
    ("1 / {0}", lambda u: 1 / u),
    ("{0}**2", lambda u: u * u),
    ("1 / {0}**2", lambda u: 1 / (u * u)),
    ("{0}**3", lambda u: u**3),
    ("exp({0})", np.exp),
    ("exp(-{0})", lambda u: np.exp(-u)),
    ("cos({0})", np.cos),
    ("sin({0})", np.sin),
    ("cosh({0})", np.cosh),
    ("sinh({0})", np.sinh),
    ("(1 + {0})", lambda u: 1 + u),
    ("(1 + {0}**2)", lambda u: 1 + u * u),
    ("1 / (1 + {0}**2)", lambda u: 1 / (1 + u * u)),
    ("1 / sqrt(1 - {0}**2)", lambda u: 1 / np.sqrt(1 - u * u)),
    ("1 / sqrt(1 + {0}**2)", lambda u: 1 / np.sqrt(1 + u * u)),
    ("sqrt({0})", np.sqrt),
    ("1 / sqrt({0})", lambda u: 1 / np.sqrt(u)),
    ("log({0})", np.log),
    ("1 / cosh({0})**2", lambda u: 1 / np.cosh(u) ** 2),
    ("sigmoid({0})", lambda u: 1 / (1 + np.exp(-u))),
    ("abs({0})", np.abs),
    ("sign({0})", np.sign),
    ("(1 + abs({0}))", lambda u: 1 + np.abs(u)),
    ("1 / (1 + abs({0}))", lambda u: 1 / (1 + np.abs(u))),
    ("({0} > 0)", lambda u: np.where(u > 0, 1.0, 0.0)),
    ("({0} <= 0)", lambda u: np.where(u <= 0, 1.0, 0.0)),
    ("(abs({0}) < 1)", lambda u: np.where(np.abs(u) < 1, 1.0, 0.0)),
)
MASKS = (" > 0)", " <= 0)", " < 1)")
"""How the factors end that are 0 or 1."""

CONSTANTS = (1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, 4.0, 1 / 3, 0.25, -3.0)


def grids(s: JacobianSample, input_name: str) -> dict[str, Floats]:
    """What a factor could be made of, broadcast against the Jacobian (k, m).

    The output is called y, or out where an input has that name.
    """
    out = "out" if "y" in (input_name, *s.others) else "y"
    found: dict[str, Floats] = {out: s.y[None, :], input_name: s.x[:, None]}
    if s.y.size == s.x.size > 1:
        found[f"{out} "] = s.y[:, None]
    for name, (values, shape, _) in s.others.items():
        if broadcasts(shape, s.out_shape):
            found[name] = np.broadcast_to(values.reshape(shape), s.out_shape).reshape(1, -1)
        elif values.size == s.x.size:
            found[name] = values[:, None]
    return found


def factor_names(s: JacobianSample, input_name: str) -> dict[str, Finding]:
    """Every factor f with claimed * f = true (missing) or claimed = true * f (too much)."""
    found: dict[str, Finding] = {}
    active = (np.abs(s.true) > s.slack) | (np.abs(s.claimed) > s.slack)
    if s.known is not None:
        active &= s.known
    if not active.any():
        return found
    pivot = int(np.argmax(np.where(s.claimed != 0, np.abs(s.true), -1.0)))
    if s.claimed.flat[pivot] == 0 or s.true.flat[pivot] == 0:
        return found
    ratio = float(s.true.flat[pivot] / s.claimed.flat[pivot])
    for name, grid in grids(s, input_name).items():
        for form, factor_of in FACTORS:
            with np.errstate(all="ignore"):
                factor = np.broadcast_to(factor_of(grid), s.true.shape)
            if not np.isfinite(factor[active]).all() or np.all(np.abs(factor[active]) == 1):
                continue
            for c in likely(ratio, float(factor.flat[pivot])):
                short = form.format(name.strip())
                text = short if c == 1 else f"{number_text(c)} * {short}"
                for kind, finding in explained(s, c * factor, active, text):
                    found.setdefault(f"{kind} {text}", finding)
    return found


def likely(ratio: float, factor: float) -> list[float]:
    """The constants c for which c * factor explains the ratio true / claimed at one entry."""
    if factor == 0:
        return []
    targets = (ratio / factor, 1.0 / (ratio * factor))

    def close(c: float) -> bool:
        return any(abs(c - target) <= limit.LIKELY_FACTOR * abs(c) for target in targets)

    return [c for c in CONSTANTS if close(c)]


def explained(
    s: JacobianSample, factor: Floats, active: Flags, text: str
) -> list[tuple[str, Finding]]:
    """The findings, if any, that this factor explains."""
    found = []
    size = int(np.sum(active))
    count = f"{size} of {size} nonzero entries equal the true gradient"
    used = np.where(active, factor, 1.0)
    with np.errstate(all="ignore"):
        without = np.where(used == 0, np.nan, s.true / used)
    gone = (used == 0) & active & (np.abs(s.true) <= s.slack)
    if s.equal(np.where(gone, s.claimed, without)):
        lead = f"{count} / {text}: is the factor {text} missing?"
        if text.endswith(MASKS):
            lead = f"times {text} every entry is right: is the factor {text} missing?"
        found.append(("missing", Finding("missing factor", lead)))
    if s.equal(np.where(active, s.true * factor, s.true)):
        lead = f"{count} * {text}: is the factor {text} one too many?"
        found.append(("extra", Finding("extra factor", lead)))
    return found


def simplest(s: JacobianSample, found: list[Finding]) -> Finding:
    """Of findings that say the same in other words, the one to show.

    Where the claimed entries are all one number, a factor is missing; else the shortest wording.
    """
    values = s.claimed[np.abs(s.claimed) > s.slack]
    plain = values.size > 0 and bool(
        np.all(np.abs(values - values[0]) <= limit.CONSTANT_CLAIM * abs(values[0]))
    )
    kind = "missing factor" if plain else ""
    masks = [f.text for f in found if f.text.startswith("times ")]
    if len(masks) > 1 and len(masks) == len(found):  # zeros and ones agree by chance
        names = " or ".join(dict.fromkeys(text.split(" every")[0][6:] for text in masks))
        text = f"times {names} every entry is right: is such a factor missing?"
        return Finding("missing factor", text)
    return min(found, key=lambda f: (f.kind != kind if kind else False, len(f.text)))


def number_text(c: float) -> str:
    """A constant as a report shows it."""
    return {1 / 3: "1/3", 0.5: "1/2", -0.5: "-1/2", 0.25: "1/4"}.get(c, f"{c:g}")


def partial(s: JacobianSample, input_name: str) -> Finding | None:
    """A few entries only: which ones, and what they have in common."""
    known = verified(s)
    rows, right = np.any(s.wrong, axis=1), np.all(known, axis=1)
    if rows.any() and not rows.all():
        common = shared_trait(s, s.x, rows, s.array_shape, input_name)
        if 2 * rows.sum() > rows.size and "all those" not in common:
            return None
        verb = "is" if rows.sum() == 1 else "are"
        rest = "the others right" if np.all(right | rows) else "the others right or not known"
        text = f"{int(rows.sum())} of {rows.size} entries {verb} wrong, {rest}{common}"
        return Finding("few entries", text)
    columns, right = np.any(s.wrong, axis=0), np.all(known, axis=0)
    if s.y.size < 3 or not columns.any() or not np.all(right | columns) or columns.all():
        return None
    common = shared_trait(s, s.y, columns, s.out_shape, "out")
    verb = "has" if columns.sum() == 1 else "have"
    text = f"{int(columns.sum())} of {columns.size} outputs {verb} a wrong gradient{common}"
    return Finding("few entries", text)


def verified(s: JacobianSample) -> Flags:
    """The entries that are right for certain: zero on both sides, or equal to many bars."""
    zero = (s.true == 0) & (s.claimed == 0)
    right = ~s.wrong & (zero | (s.slack <= limit.CLEAR_SHARE * np.abs(s.true)))
    return np.asarray(right if s.known is None else right & s.known)


def shared_trait(
    s: JacobianSample, values: Floats, chosen: Flags, shape: tuple[int, ...], name: str
) -> str:
    """What the chosen entries have in common and the others have not, as the end of a sentence."""
    traits: list[tuple[str, Flags]] = [
        (f"{name} < 0", values < 0),
        (f"{name} > 0", values > 0),
        (f"{name} = 0", values == 0),
        (f"abs({name}) > 1", np.abs(values) > 1),
        (f"abs({name}) < 1", np.abs(values) < 1),
    ]
    if s.rows is None and shape and values.size == int(np.prod(shape)):
        where = np.unravel_index(np.arange(values.size), shape)
        for axis, length in enumerate(shape):
            for k in {0, length - 1}:
                traits.append((f"index {k} of axis {axis}", where[axis] == k))
    for text, mask in traits:
        if np.array_equal(mask, chosen):
            return f": all those with {text}"
    first = np.flatnonzero(chosen)[: limit.PLACES_SHOWN]
    places = [place_in(shape, int(k)) if name == "out" else s.place(int(k)) for k in first]
    more = chosen.sum() - first.size
    return f": {name}{f', {name}'.join(places)}{f' and {more} more' if more > 0 else ''}"


def place_in(shape: tuple[int, ...], flat: int) -> str:
    """The index of an entry of an array, as Python writes it; "" for a number."""
    where = np.unravel_index(flat, shape) if shape else ()
    return f"[{', '.join(str(int(k)) for k in where)}]" if shape else ""
