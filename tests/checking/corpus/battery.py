"""Right and wrong backwards of one function side by side, with the verdicts that they must get."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.cases import CASES, Case, Function

BATTERY: list[Case] = []
"""The cases of all pairs; they are part of ``CASES`` as well."""


NOT_PASS = "not PASS"
"""Among the names of a mistake: it may be too small to be seen, but must not pass."""


def pair(
    name: str,
    f: Function,
    x: Any,
    right: Function | None,
    /,
    verdict: str = "PASS",
    options: dict[str, Any] | None = None,
    **wrong: Any,
) -> None:
    """A right backward and wrong ones; a wrong one may stand with the names that it may get.

    ``right`` must be ``verdict`` (NOT FAIL: PASS or INCONCLUSIVE), each of the others FAIL.
    """
    inputs = x if isinstance(x, tuple) else (x,)
    expected = ("PASS", "INCONCLUSIVE") if verdict == "NOT FAIL" else (verdict,)
    found = [Case(name, f, inputs, right, expected, options or {})] if right else []
    for what, mistake in wrong.items():
        vjp, kinds = (mistake[0], mistake[1:]) if isinstance(mistake, tuple) else (mistake, ())
        title = f"{name}: {what.replace('_', ' ')}"
        verdicts = ("FAIL", "INCONCLUSIVE") if NOT_PASS in kinds else ("FAIL",)
        kinds = tuple(kind for kind in kinds if kind != NOT_PASS)
        found.append(Case(title, f, inputs, vjp, verdicts, options or {}, kinds))
    BATTERY.extend(found)
    CASES.extend(found)


def draw(seed: int) -> np.random.Generator:
    return np.random.default_rng([20261121, seed])


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def softmax_rows(x: Any) -> Any:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def softmax_rows_vjp(g: Any, y: Any) -> Any:
    return y * (g - (g * y).sum(-1, keepdims=True))
