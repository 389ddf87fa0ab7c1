"""What is said around a wrong entry of a large gradient, in the indices of the user's array."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import gradcheck
from autograd.checking import Report

RNG = np.random.default_rng(1)
X = RNG.normal(size=(40, 60))
LINE = RNG.normal(size=2000)


def report_of(change: Any, x: Any = X) -> Report:
    def backward(g: Any, x: Any) -> Any:
        return change(g * (1 - np.tanh(x) ** 2))

    return gradcheck(np.tanh, x, vjp=backward, shrink=False)


def scaled(*index: Any) -> Any:
    def change(c: Any) -> Any:
        c = c.copy()
        c[index] *= 1.5
        return c

    return change


def test_a_row() -> None:
    text = str(report_of(scaled(7)))
    assert "8 of 8 in row 7, 0 of 8 in column" in text


def test_a_column() -> None:
    text = str(report_of(scaled(slice(None), 11)))
    assert ", 8 of 8 in column 11," in text


def test_one_entry() -> None:
    report = report_of(scaled(7, 11))
    worst = report.inputs[0].worst
    assert worst is not None
    assert worst.entry == "x[7, 11]"
    assert "of 32 other entries looked at, 0 are wrong: 0 of 8 in row 7" in str(report)
    assert "x[7, 11]" in report.inputs[0].findings[0]
    assert report.inputs[0].kinds == ["few entries"]


def test_all_entries() -> None:
    report = report_of(lambda c: 2 * c)
    assert "of 32 other entries looked at, 32 are wrong" in str(report)
    assert report.inputs[0].kinds == ["factor"]


def test_a_vector() -> None:
    report = report_of(scaled(slice(500, 600)), LINE)
    text = str(report)
    assert "next to [5" in text
    assert " elsewhere" in text


def test_the_right_input_is_named_beside_another() -> None:
    y = X + 3
    swap = gradcheck(lambda x, y: x * y, X, y, vjp=lambda g, x, y: (g * x, g * y), shrink=False)
    assert [result.kinds for result in swap.inputs] == [["swapped"], ["swapped"]]
    one = gradcheck(lambda x, y: x * y, X, y, vjp=lambda g, x, y: (g * y, g), shrink=False)
    assert [result.verdict for result in one.inputs] == ["PASS", "FAIL"]
    assert one.inputs[1].kinds == ["missing factor"]
    assert "is the factor x missing" in one.inputs[1].findings[0]


def test_a_smaller_input_names_what_a_sample_does_not() -> None:
    s = RNG.normal(size=(60, 60))
    report = gradcheck(lambda s: s @ s, s, vjp=lambda g, s: (g @ s.T + s.T @ g).T)
    assert report.inputs[0].kinds == ["transposed"]
    assert "with the input cut to shape (3, 3): every gradient equals" in str(report)


@pytest.mark.parametrize("wrong", [lambda c: 0 * c, lambda c: -c])
def test_plain_mistakes(wrong: Any) -> None:
    kinds = report_of(wrong).inputs[0].kinds
    assert kinds in (["not propagated"], ["sign"])


def test_a_mean_is_named_by_the_size_of_the_array_and_not_of_a_sample() -> None:
    report = gradcheck(np.mean, X, vjp=lambda g, x: g * np.ones_like(x), shrink=False)
    assert "2400 times the true gradient" in str(report)
    assert "n = 2400 entries in the input" in str(report)


def test_a_constant_is_named_where_no_second_point_is_to_be_had() -> None:
    def narrow(x: Any) -> Any:
        return np.where(np.abs(x - 1.0) < 1e-3, np.exp(x), np.nan)

    report = gradcheck(narrow, np.array([1.0, 1.0]), vjp=lambda g, x: 2 * g * np.exp(x))
    assert report.verdict == "FAIL", str(report)
    assert report.inputs[0].kinds == ["factor"], str(report)
