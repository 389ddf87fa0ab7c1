"""A work from its contestants' processes to its table: who is timed, who is refused, and why."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from benchmarks import runner, works
from benchmarks.runner import ContestantError, Outcome, Settings
from benchmarks.work import EAGER, HAND, Contestant, NotAvailableError, Work, variant
from benchmarks.worker import Worker

SETTINGS = Settings(Path("nowhere"), turn=1e-3, rounds=3, patience=60.0)


def right(x: Any) -> Any:
    return lambda: (np.sum(x * x), 2 * x)


def wrong(x: Any) -> Any:
    return lambda: (np.sum(x * x), 2.001 * x)


def single(x: Any) -> Any:
    return lambda: (np.sum(x * x).astype(np.float32), (2 * x).astype(np.float32))


def drifting(x: Any) -> Any:
    """Right at the first call only."""
    state = x.copy()

    def step() -> Any:
        answer = np.sum(state * state), 2 * state
        state[:] += 1
        return answer

    return step


def lacking(x: Any) -> Any:
    raise NotAvailableError("no such function yet")


def raising(x: Any) -> Any:
    def step() -> Any:
        raise ValueError("not for these shapes")

    return step


def numbers() -> tuple[Any]:
    return (np.arange(1.0, 5.0),)


CONTESTANTS = {
    HAND: right,
    EAGER: right,
    variant("wrong"): wrong,
    variant("single"): single,
    variant("drifting"): drifting,
    variant("lacking"): lacking,
    variant("raising"): raising,
}
ABSENT = Contestant("absent")
MADE_UP = Work(
    "made-up",
    "the sum of squares",
    outputs="value and gradient",
    dtype="float64",
    problem=numbers,
    by=CONTESTANTS,
    without={ABSENT: "has no squares"},
)


class InProcess:
    """A player without a process of its own, so that works can be made up."""

    def __init__(self, contestant: Contestant, settings: Settings) -> None:
        self.contestant, self.outcome = contestant, Outcome(contestant.name)
        self.worker, self.handle = Worker(), psutil.Process()
        self.process = type("Process", (), {"pid": id(self)})
        self.request: dict[str, Any] = {}

    def tell(self, **words: Any) -> None:
        self.request = words

    def answer(self, patience: float) -> Any:
        words = dict(self.request)
        try:
            return getattr(self.worker, words.pop("do"))(**words)
        except Exception as error:
            raise ContestantError(f"{type(error).__name__}: {error}") from None

    def ask(self, patience: float, **words: Any) -> Any:
        self.tell(**words)
        return self.answer(patience)

    def end(self) -> None:
        return


@pytest.fixture(scope="module")
def found() -> dict[str, Outcome]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "Player", InProcess)
        patch.setattr(works, "find", lambda name: MADE_UP)
        entry = runner.run(MADE_UP, [*CONTESTANTS, ABSENT], SETTINGS)
    outcomes: dict[str, Outcome] = entry["outcomes"]
    return outcomes


def test_who_agrees_is_timed(found: dict[str, Outcome]) -> None:
    for name in (HAND.name, EAGER.name):
        assert found[name].status == "timed"
        assert 1 <= len(found[name].seconds) <= SETTINGS.rounds
        assert all(seconds > 0 for seconds in found[name].seconds)


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("valuegrad wrong", "wrong", "its answer differs by 5.0e-04 (call 1): not timed"),
        ("valuegrad single", "wrong", "answers in float32, float64 was asked"),
        ("valuegrad lacking", "missing", "not available: no such function yet"),
        ("valuegrad raising", "failed", "ValueError: not for these shapes"),
        ("absent", "without", "has no squares"),
    ],
)
def test_who_is_not_timed_has_a_reason(
    found: dict[str, Outcome], name: str, status: str, reason: str
) -> None:
    assert (found[name].status, found[name].reason) == (status, reason)


def test_the_second_answer_is_compared_as_well(found: dict[str, Outcome]) -> None:
    outcome = found["valuegrad drifting"]
    assert outcome.status == "wrong"
    assert "(call 2)" in outcome.reason


def test_everyone_is_in_the_result_in_the_order_of_the_work(found: dict[str, Outcome]) -> None:
    assert list(found) == [c.name for c in (*CONTESTANTS, ABSENT)]


def test_median_and_middle_half() -> None:
    outcome = Outcome("x", seconds=[1.0, 2.0, 3.0, 4.0, 100.0])
    assert outcome.time == 3.0
    assert outcome.spread == (2.0, 4.0)
    assert Outcome("x", seconds=[1.5]).spread == (1.5, 1.5)


def test_processes_of_their_own() -> None:
    work = works.find("products")
    entry = runner.run(work, [HAND, EAGER], SETTINGS)
    assert [(o.contestant, o.status) for o in entry["outcomes"].values()] == [
        (HAND.name, "timed"),
        (EAGER.name, "timed"),
    ]
    assert 0 <= entry["others_during"] <= 1


def test_a_missing_environment_is_said(tmp_path: Path) -> None:
    work = works.find("products")
    peers = [c for c in work.by if c.environment != "project"]
    settings = Settings(tmp_path, turn=1e-3, rounds=1)
    entry = runner.run(work, [HAND, *peers], settings)
    for peer in peers:
        assert entry["outcomes"][peer.name].reason == "its environment could not be made"
    assert entry["outcomes"][HAND.name].status == "timed"


def test_a_process_that_gives_no_answer_is_given_up() -> None:
    player = runner.Player(HAND, SETTINGS)
    try:
        with pytest.raises(ContestantError, match="gave no answer within 0 s"):
            player.answer(0.01)  # nothing was asked
    finally:
        player.end()


def test_a_process_that_ended_is_noticed() -> None:
    player = runner.Player(HAND, SETTINGS)
    player.process.kill()
    try:
        with pytest.raises(ContestantError, match="ended with the exit status"):
            player.ask(
                30.0, do="load", work="products", contestant=HAND.name, environment="project"
            )
    finally:
        player.end()


def test_a_process_sleeps_while_others_have_their_turn() -> None:
    player = runner.Player(HAND, SETTINGS)
    try:
        player.ask(60.0, do="load", work="products", contestant=HAND.name, environment="project")
        time.sleep(0.05)
        assert player.handle.status() == psutil.STATUS_STOPPED
        assert player.ask(60.0, do="batch", count=1)["seconds"] > 0
    finally:
        player.end()


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system pins no process")
def test_cores_are_those_that_were_given() -> None:
    player = runner.Player(HAND, Settings(Path("nowhere"), cores=1))
    try:
        player.ask(60.0, do="load", work="products", contestant=HAND.name, environment="project")
        assert len(player.handle.cpu_affinity()) == 1
    finally:
        player.end()


def test_a_long_call_is_not_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = []
    step = lambda: calls.append(1) or 0.0
    work = Work("slow", "", "", "float64", numbers, {HAND: lambda x: step}, slow=True)
    monkeypatch.setattr(works, "find", lambda name: work)
    monkeypatch.setattr("benchmarks.worker.LONG", 0.0)
    worker = Worker()
    worker.load("slow", HAND.name, "project")
    found = worker.first(str(tmp_path / "answer"))
    assert len(calls) == 1
    assert found["first"] == found["second"]
    assert (tmp_path / "answer-2.npz").is_file()
    found = worker.first(str(tmp_path / "answer"), warms_up=True)
    assert len(calls) == 3, "the second call of a compiled function is another one"
    worker.work = replace(work, slow=False)
    worker.first(str(tmp_path / "answer"))
    assert len(calls) == 5, "a first call may be long because something is loaded"


def test_the_problem_is_new_for_each_contestant() -> None:
    """A step that writes into its problem must not change another's."""
    work = Work("w", "", "", "float64", numbers, {HAND: partial(lambda x: lambda: x)})
    assert work.prepare(HAND.name)() is not work.prepare(HAND.name)()
