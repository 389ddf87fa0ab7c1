"""The first line of a report: the verdict, and how many digits agree."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd.checking.compare.verdict import InputResult, Verdict, Worst

NAMED_MOST = 3
"""So many inputs are named in the first line; of more, the number is given."""

WORST = " of the worst entry"

DIGITS_MOST = 16
"""A float64 has no more."""


def digits_of(share: float) -> int:
    """How many decimal digits agree where two numbers differ by this share of the larger one.

    >>> digits_of(2e-11), digits_of(0.3), digits_of(0.0), digits_of(float("nan"))
    (10, 0, 16, 0)
    """
    if share == 0:
        return DIGITS_MOST
    if not math.isfinite(share):
        return 0
    return min(max(math.floor(-math.log10(share)), 0), DIGITS_MOST)


def digits_text(digits: int, whose: str = "") -> str:
    """The number of digits as part of a sentence.

    >>> digits_text(1), digits_text(4, " of the worst entry")
    ('1 digit agrees', '4 digits of the worst entry agree')
    """
    return f"1 digit{whose} agrees" if digits == 1 else f"{digits} digits{whose} agree"


def relative_error(worst: Worst, bar: float = 0.0) -> float:
    """How far claim and measurement of an entry are apart, as a share of the larger one.

    A `bar` is added to the distance: then the share is the most that it can be.
    """
    if worst.backward == worst.numeric and math.isinf(worst.backward):
        return 0.0
    size = max(abs(worst.backward), abs(worst.numeric))
    gap = abs(worst.backward - worst.numeric) + bar
    return gap / size if size > 0 else 0.0 if gap == 0 else math.inf


def gradients_text(results: Sequence[InputResult]) -> str:
    """The gradients that a line speaks of."""
    named = [f"input {r.position} ({r.name}, shape {r.shape})" for r in results[:NAMED_MOST]]
    more = len(results) - NAMED_MOST
    if more > 0:
        named.append(f"{more} more")
    listed = " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
    return f"gradient{'s' if len(results) > 1 else ''} of {listed}"


def wrong_line(results: Sequence[InputResult]) -> str:
    """Of wrong gradients: which inputs, and how many digits of the worst entry agree."""
    start = f"{gradients_text(results)} {'is' if len(results) == 1 else 'are'}"
    known = [r.worst for r in results if r.worst is not None]
    if not known:  # the shape is wrong: there are no numbers
        reason = next((r.findings[0] for r in results if r.findings), "")
        return f"{start} wrong" + (f": {reason}" if reason else "")
    digits = min(digits_of(relative_error(worst)) for worst in known)
    return f"{start} wrong: {digits_text(digits, WORST)}"


def undecided_line(results: Sequence[InputResult]) -> str:
    """Of gradients that could not be decided: which inputs, and how many digits are certain."""
    known = [r.worst for r in results if r.worst is not None]
    digits = min((digits_of(relative_error(w, w.bar)) for w in known), default=0)
    shown = digits_text(digits, WORST) + " for certain" if digits else "no digit is certain"
    return f"{gradients_text(results)} could not be decided: {shown}"


def breach_line(finding: str, results: Sequence[InputResult]) -> str:
    """Of a broken contract: which, and how far the entries agree all the same."""
    resolutions = [r.resolution for r in results if r.verdict is Verdict.PASS]
    if not resolutions or len(resolutions) < len(results):
        return finding
    return f"{finding} (one output at a time, {digits_text(digits_of(max(resolutions)))})"


def elsewhere_line(where: str, results: Sequence[InputResult]) -> str:
    """Of gradients that are wrong at another point: where, and how many digits agree there."""
    known = [r.worst for r in results if r.worst is not None]
    if not known:
        return where
    digits = min(digits_of(relative_error(worst)) for worst in known)
    return f"{where}, where {digits_text(digits, WORST)}"
