"""The bar of a training: how far it is."""

from __future__ import annotations

import pytest

from nn.progress_bar import ProgressBar


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("batches", [3, 19, 49])
def test_batches_whose_shares_add_up_to_a_little_more_than_one(batches: int) -> None:
    """tqdm warns of a bar that is longer than its whole."""
    with ProgressBar(2) as bar:
        for _ in range(2):
            for _ in range(batches):
                bar.advance_within(1.3 / batches)
                bar.bar.refresh()
                assert bar.bar.n <= bar.done + 1
            bar.advance(0.5)
        assert bar.bar.n == 2
