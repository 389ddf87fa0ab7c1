"""Drawing classes from logits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare

from autograd import Value, compile, vmap
from nn import sample, softmax

SCORES = [2.0, 1.0, 0.1, -1.0]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 5.0])
def test_draws_have_the_probabilities_of_softmax(temperature: float) -> None:
    count = 20_000
    drawn = sample(np.tile(SCORES, (count, 1)), temperature=temperature, seed=0)
    expected = softmax(np.array(SCORES), temperature=temperature) * count
    assert chisquare(np.bincount(drawn, minlength=4), expected).pvalue > 1e-3


def test_one_generator_gives_one_draw_after_the_other_and_a_seed_the_same() -> None:
    source = np.random.default_rng(0)
    assert len({sample(np.zeros(50), seed=source) for _ in range(20)}) > 5
    assert sample(np.zeros(50), seed=3) == sample(np.zeros(50), seed=3)


def test_shapes_and_values() -> None:
    scores = Value(np.zeros((2, 3, 4)))
    assert sample(scores, seed=0).shape == (2, 3)
    assert type(sample(Value([0.0, 1.0]), seed=0)) is int
    assert np.array_equal(scores.data, np.zeros((2, 3, 4)))


def test_top_k_leaves_the_others_out_and_the_argument_as_it_is() -> None:
    scores = np.array([[0.0, 3.0, 2.9, 2.8]] * 500)
    kept = scores.copy()
    assert set(sample(scores, top_k=2, seed=0)) == {1, 2}
    assert set(sample(np.zeros((200, 3)), top_k=1, seed=0)) == {0}  # of equal scores the first
    assert np.array_equal(scores, kept)


def test_huge_scores_and_excluded_classes() -> None:
    assert sample([1e308, -1e308, 0.0], seed=0) == 0
    assert sample([9e307, 1e308], temperature=0.1, seed=0) == 1  # scores / 0.1 are both infinite
    assert set(sample([[-np.inf, 0.0, 0.0]] * 100, seed=1)) == {1, 2}


@pytest.mark.parametrize(
    ("scores", "options", "message"),
    [
        ([0.0, np.nan], {}, "numbers or -inf"),
        ([0.0, np.inf], {}, "numbers or -inf"),
        ([[0.0, 0.0], [-np.inf, -np.inf]], {}, "no class to draw"),
        ([0.0], {"temperature": 0.0}, "temperature must be positive"),
        ([0.0], {"top_k": 0}, "at least 1"),
        (3.0, {}, "a score for each class"),
        ([], {}, "a score for each class"),
    ],
)
def test_what_cannot_be_drawn_from(scores: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sample(scores, **options)


def test_a_draw_is_refused_where_it_would_be_recorded_once_or_shared() -> None:
    with pytest.raises(TypeError, match="recorded once"):
        compile(lambda z: sample(z, seed=0))(np.zeros((3, 4)))
    with pytest.raises(TypeError, match="inside vmap"):
        vmap(lambda z: sample(z, seed=0))(np.zeros((5, 4)))


def test_other_names() -> None:
    with pytest.raises(TypeError, match="here it is called 'seed'"):
        sample([0.0], rng=0)
