"""What `descent_paths` calls divergence: tests of the legend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402

from nn import plots  # noqa: E402


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    plt.close("all")


def legend(loss: Any, start: float, rate: float, steps: int = 20) -> str:
    axes = plots.descent_paths(loss, start, rates=[rate], steps=steps)
    return str(axes.get_legend().get_texts()[1].get_text())


def test_a_plateau_is_no_divergence() -> None:
    """Its steps grow, where the slope does: downwards."""
    plateau = lambda w: 1 / (1 + np.exp(-(w - 4.0)))
    assert legend(plateau, 9.0, 1.0, 5).endswith("after 5")
    assert legend(plateau, 9.0, 20.0, 40).endswith("after 40")
    assert legend(lambda w: 0.0 * w, 1.0, 1.0) == "rate 1: 0 after 20"


def test_swinging_between_two_places_is_no_divergence() -> None:
    assert legend(lambda w: w * w, 2.0, 1.0) == "rate 1: 4 after 20"


@pytest.mark.parametrize(("rate", "steps"), [(1.01, 3), (1.1, 20), (1e3, 20), (1e200, 5)])
def test_paths_that_climb_diverge(rate: float, steps: int) -> None:
    assert legend(lambda w: w * w, 2.0, rate, steps).endswith("diverges")


def test_a_path_without_end_diverges() -> None:
    assert legend(lambda w: -w * w, 1.0, 10.0, 50).endswith("diverges")
    assert legend(lambda w: w**2, 2.0, 1e200, 1).endswith("diverges")


def test_the_picture_shows_every_path_that_stays() -> None:
    plateau = lambda w: 1 / (1 + np.exp(-(w - 4.0)))
    axes = plots.descent_paths(plateau, 9.0, rates=[1.0, 20.0], steps=40)
    for drawn in axes.get_lines()[1:]:
        assert len(drawn.get_xdata()) == 41
