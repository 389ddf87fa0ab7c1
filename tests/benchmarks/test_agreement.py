"""Who computed something else than the others is found, whoever it is."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.agreement import difference, disagreeing, wrong_dtype

RIGHT = [np.array(2.0), np.array([1.0, 2.0, 3.0])]


def changed(by: float) -> list[np.ndarray]:
    return [RIGHT[0], RIGHT[1] + np.array([0.0, by, 0.0])]


def test_equal_answers_agree() -> None:
    assert disagreeing({"a": RIGHT, "b": RIGHT, "hand": RIGHT}, 1e-9, "hand") == {}


@pytest.mark.parametrize("wrong", ["a", "b", "hand"])
def test_one_wrong_answer_is_found_even_the_one_by_hand(wrong: str) -> None:
    answers = {name: changed(1e-3 * (name == wrong)) for name in ("a", "b", "hand")}
    found = disagreeing(answers, 1e-6, "hand")
    assert list(found) == [wrong]
    assert found[wrong] == pytest.approx(1e-3 / 3.001, rel=1e-2)


def test_a_difference_within_the_tolerance_is_agreement() -> None:
    assert disagreeing({"a": changed(1e-7), "hand": RIGHT}, 1e-6, "hand") == {}


def test_of_two_the_one_by_hand_is_believed() -> None:
    assert list(disagreeing({"a": changed(1.0), "hand": RIGHT}, 1e-6, "hand")) == ["a"]


def test_of_two_pairs_the_one_with_the_answer_by_hand_is_believed() -> None:
    answers = {"a": changed(1.0), "b": changed(1.0), "c": RIGHT, "hand": RIGHT}
    assert sorted(disagreeing(answers, 1e-6, "hand")) == ["a", "b"]


def test_nobody_is_believed_where_two_differ_and_none_is_by_hand() -> None:
    assert sorted(disagreeing({"a": changed(1.0), "b": RIGHT}, 1e-6, "hand")) == ["a", "b"]


def test_alone_one_agrees() -> None:
    assert disagreeing({"a": RIGHT}, 1e-6, "hand") == {}
    assert disagreeing({}, 1e-6, "hand") == {}


def test_each_output_is_compared_at_its_own_scale() -> None:
    large, small = np.full(3, 1e6), np.array([1e-3])
    assert difference([large, small], [large, 2 * small]) == pytest.approx(0.5)


def test_numbers_are_compared_with_rows_of_numbers() -> None:
    assert difference([np.array([1.0, 2.0])], [np.array(1.0), np.array(2.0)]) == 0
    assert difference([np.array([1.0, 2.0])], [np.array(1.0), np.array(2.5)]) == pytest.approx(0.2)


def test_missing_and_undefined_numbers_are_no_agreement() -> None:
    assert difference([np.ones(3)], [np.ones(2)]) == np.inf
    assert difference([np.array([1.0, np.nan])], [np.array([1.0, np.nan])]) == np.inf
    assert difference([np.array([np.inf])], [np.array([np.inf])]) == np.inf


def test_zeros_agree() -> None:
    assert difference([np.zeros(3)], [np.zeros(3)]) == 0


def test_another_precision_is_named() -> None:
    answer = [np.ones(2), np.ones(2, np.float32)]
    assert wrong_dtype(answer, "float64") == "answers in float32, float64 was asked"
    assert wrong_dtype(answer[:1], "float64") == ""
