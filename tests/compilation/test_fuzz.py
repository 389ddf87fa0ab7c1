"""Random programs: compiled, each gives the bits of eager, or raises.  `tests/compilation/fuzz.py`
is the generator, and a command that tries thousands."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd.compilation import captures, cheaper, folding, number_source, runs, scalars
from autograd.compilation.emit import Printer
from tests.compilation import fuzz

TRIED = 160
BATCH = 20


@pytest.mark.parametrize("first", range(0, TRIED, BATCH))
def test_random_programs(first: int) -> None:
    for seed in range(first, first + BATCH):
        result, how = fuzz.check(seed)
        assert result != "WRONG", f"seed {seed}: {how}\n{fuzz.sample(seed)}"


def test_random_programs_on_large_arrays() -> None:
    for seed in range(30):
        result, how = fuzz.check(seed, large=True)
        assert result != "WRONG", f"seed {seed}: {how}\n{fuzz.sample(seed, large=True).text}"


def test_most_programs_are_compiled() -> None:
    """A generator whose programs are all refused would find nothing."""
    found = [fuzz.check(seed)[0] for seed in range(1000, 1060)]
    assert found.count("same") >= 30
    assert found.count("refused") >= 2


def test_the_generator_repeats_itself() -> None:
    assert fuzz.sample(5).text == fuzz.sample(5).text
    assert len({fuzz.sample(seed).text for seed in range(30)}) == 30


def finds(seeds: range, large: bool | None = None) -> bool:
    """Whether a program gives something else than eager."""
    return any(fuzz.check(seed, large)[0] == "WRONG" for seed in seeds)


def test_it_finds_a_guard_that_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Printer, "guard_lines", lambda self, guard: [])
    assert finds(range(80))


def test_it_finds_a_captured_array_that_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    always = property(lambda self: lambda: True, lambda self, check: None)
    monkeypatch.setattr(captures.Captures, "holds", always, raising=False)
    monkeypatch.setattr(folding, "holds_captured", lambda x, captured: False)
    assert finds(range(80))


def test_it_finds_a_sum_that_is_another_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cheaper, "REDUCTIONS", {np.sum: np.maximum})
    assert finds(range(40))


def test_it_finds_numbers_that_are_rounded_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(number_source.UFUNCS, math.tanh, np.tanh)
    assert finds(range(400))


def test_it_finds_blocks_that_are_joined_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "halves", lambda size: (size // 3, size - size // 3))
    runs.cut.cache_clear()
    try:
        assert finds(range(40), large=True)
    finally:
        runs.cut.cache_clear()


def test_it_finds_constants_without_their_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    operand = scalars.Constants.operand
    monkeypatch.setattr(scalars.Constants, "operand", lambda self, x: operand(self, abs(float(x))))
    assert finds(range(200))
