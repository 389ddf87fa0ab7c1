"""Random programs: compiled, each gives the bits of eager, or raises.  `tests/compilation/fuzz.py`
is the generator, and a command that tries thousands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd.compilation import captures, number_source, optimise, runs, scalars
from autograd.compilation.emit import Printer
from autograd.compilation.program import Program
from tests.compilation import fuzz

TRIED = 160
BATCH = 20


@pytest.mark.parametrize("first", range(0, TRIED, BATCH))
def test_random_programs(first: int) -> None:
    for seed in range(first, first + BATCH):
        result, how = fuzz.check(seed)
        assert result != "WRONG", f"seed {seed}: {how}\n{fuzz.sample(seed)}"


def test_most_programs_are_compiled() -> None:
    """A generator whose programs are all refused would find nothing."""
    found = [fuzz.check(seed)[0] for seed in range(1000, 1060)]
    assert found.count("same") >= 30
    assert found.count("refused") >= 2


def test_the_generator_repeats_itself() -> None:
    assert fuzz.sample(5).text == fuzz.sample(5).text
    assert len({fuzz.sample(seed).text for seed in range(30)}) == 30


def finds(seeds: range) -> bool:
    """Whether a program gives something else than eager."""
    return any(fuzz.check(seed)[0] == "WRONG" for seed in seeds)


def test_it_finds_a_guard_that_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Printer, "guard_lines", lambda self, guard: [])
    assert finds(range(80))


def test_it_finds_a_captured_array_that_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(captures.Captures, "holds", lambda self: True, raising=False)
    before = optimise.holds_captured
    monkeypatch.setattr(optimise, "holds_captured", lambda x, captured: False)
    assert before is not optimise.holds_captured
    assert finds(range(80))


def test_it_finds_a_sum_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimise, "REDUCTIONS", {np.sum: np.maximum})
    assert finds(range(40))


def test_it_finds_numbers_that_are_rounded_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Any, group: Any) -> Any:
        return before(self, group)

    before = number_source.NumberSource.print_group
    import math

    monkeypatch.setitem(number_source.UFUNCS, math.tanh, np.tanh)
    monkeypatch.setattr(number_source.NumberSource, "print_group", wrong)
    assert finds(range(200))


def test_it_finds_blocks_that_are_joined_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "halves", lambda size: (size // 3, size - size // 3))
    runs.cut.cache_clear()
    try:
        assert finds(range(300))
    finally:
        runs.cut.cache_clear()


def test_it_finds_equal_numbers_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(program: Program) -> Program:
        return program

    monkeypatch.setattr(scalars.Constants, "operand", lambda self, x: before(self, abs(float(x))))
    assert wrong
    assert finds(range(100))


before = scalars.Constants.operand
