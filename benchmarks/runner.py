"""One work: its contestants in processes of their own, compared with each other, timed in turns."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil

from benchmarks import agreement, environments
from benchmarks.machine import Watch, others_now
from benchmarks.work import HAND, PROJECT, Contestant, Work

ROOT = Path(__file__).resolve().parent.parent
WORKER = Path(__file__).with_name("worker.py")


SLOW, MINIMUM = 2.0, 3
"""Seconds from which on a call is not repeated, and the smallest number of turns of the others."""


@dataclass
class Plan:
    """What is left to do for a contestant: so many turns of so many calls each."""

    calls: int = 1
    turns: int = 1
    warm: bool = False


@dataclass(frozen=True)
class Settings:
    """How long a measurement takes.

    folder   the peers' environments
    turn     seconds of one turn of one contestant
    rounds   how many turns each has
    patience seconds after which a call is given up
    cores    how many of the machine's everyone may use
    """

    folder: Path
    turn: float = 0.1
    rounds: int = 10
    patience: float = 120.0
    cores: int = os.cpu_count() or 1


@dataclass
class Outcome:
    """What came of one contestant at one work.

    status  "timed"; "wrong", "missing" or "failed", and then `reason` says more; "without" where
            the work itself says why it was not asked
    """

    contestant: str
    status: str = "timed"
    reason: str = ""
    seconds: list[float] = field(default_factory=list)
    first: float = 0.0
    memory: int = 0
    calls: int = 0

    @property
    def time(self) -> float:
        """The median of the turns."""
        return median(self.seconds)

    @property
    def spread(self) -> tuple[float, float]:
        """The first and the third quartile of the turns."""
        if len(self.seconds) < 2:
            return self.seconds[0], self.seconds[0]
        low, _, high = quantiles(self.seconds, n=4, method="inclusive")
        return low, high


class ContestantError(Exception):
    """A contestant did not answer, or with an error."""


class Player:
    """A contestant's process.  It sleeps, not merely waits, while others have their turn."""

    def __init__(self, contestant: Contestant, settings: Settings) -> None:
        python = environments.python_of(settings.folder, contestant.environment)
        words = [str(python), "-P", str(WORKER), str(settings.cores)]
        if contestant.ours or contestant.environment == PROJECT:
            words.append(str(ROOT))
        hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
        environment = {k: v for k, v in os.environ.items() if k not in hidden}
        self.process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self.handle = psutil.Process(self.process.pid)
        self.contestant = contestant
        self.outcome = Outcome(contestant.name)
        self.reader = ThreadPoolExecutor(1)
        self.asleep = False

    def tell(self, **words: Any) -> None:
        """Send a request; `answer` has the reply."""
        assert self.process.stdin is not None
        self.wake()
        try:
            self.process.stdin.write(json.dumps(words) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return  # the answer will be missing

    def answer(self, patience: float) -> dict[str, Any]:
        """The reply to the last request, after which the process sleeps.

        Raises ContestantError where none comes, or one that tells of an error.
        """
        assert self.process.stdout is not None
        reading = self.reader.submit(self.process.stdout.readline)
        try:
            line = reading.result(patience)
        except TooLong:
            self.end()
            raise ContestantError(f"gave no answer within {patience:.0f} s") from None
        if not line:
            raise ContestantError(f"its process ended with the exit status {self.process.wait()}")
        self.sleep()
        found: dict[str, Any] = json.loads(line)
        if "error" in found:
            raise ContestantError(found["error"])
        return found

    def ask(self, patience: float, **words: Any) -> dict[str, Any]:
        """A request and its reply."""
        self.tell(**words)
        return self.answer(patience)

    def sleep(self) -> None:
        """Stop the process's threads, those that spin among them."""
        self.handle.suspend()
        self.asleep = True

    def wake(self) -> None:
        if self.asleep:
            self.handle.resume()
            self.asleep = False

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(BrokenPipeError):  # a request that it did not live to read
                if pipe is not None:
                    pipe.close()
        self.reader.shutdown()


def run(
    work: Work,
    contestants: list[Contestant],
    settings: Settings,
    progress: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Time one work.

    Returns {"work", "outcomes": {name: Outcome}, "others_before", "others_during", "rounds",
    "seconds"}: two shares of the machine, and how long it took to prepare and to measure.
    """
    outcomes = {
        c.name: Outcome(c.name, "without", why)
        for c, why in work.without.items()
        if c in contestants
    }
    everyone: list[Player] = []
    begun = time.monotonic()
    try:
        for contestant in [c for c in work.by if c in contestants]:
            if environments.is_made(settings.folder, contestant.environment):
                everyone.append(Player(contestant, settings))
            else:
                name = contestant.name
                outcomes[name] = Outcome(name, "missing", "its environment could not be made")
        progress(f"{work.name}: imports")
        players = load(work, everyone, settings)
        before = others_now()
        with tempfile.TemporaryDirectory() as answers:
            players = check(work, players, settings, Path(answers), progress)
        watch = Watch([player.handle for player in players])
        prepared = time.monotonic()
        measure(work, players, settings, progress)
        during = watch.others()
        measured = time.monotonic()
    finally:
        for player in everyone:
            player.end()
    outcomes |= {player.outcome.contestant: player.outcome for player in everyone}
    order = [c.name for c in (*work.by, *work.without) if c.name in outcomes]
    return {
        "work": work.name,
        "outcomes": {name: outcomes[name] for name in order},
        "others_before": before,
        "others_during": during,
        "rounds": settings.rounds,
        "seconds": (prepared - begun, measured - prepared),
    }


def attempt(player: Player, act: Callable[[Player], None]) -> bool:
    """Whether the player is still in the race after this."""
    try:
        act(player)
    except ContestantError as error:
        player.outcome.status, player.outcome.reason = "failed", str(error)
    if player.outcome.status != "timed":
        player.end()
    return player.outcome.status == "timed"


def load(work: Work, players: list[Player], settings: Settings) -> list[Player]:
    """All import their packages at the same time."""

    def receive(player: Player) -> None:
        found = player.answer(settings.patience)
        if "missing" in found:
            player.outcome.status, player.outcome.reason = "missing", found["missing"]

    for player in players:
        contestant = player.contestant
        player.tell(
            do="load",
            work=work.name,
            contestant=contestant.name,
            environment=contestant.environment,
        )
    return [player for player in players if attempt(player, receive)]


def check(
    work: Work,
    players: list[Player],
    settings: Settings,
    folder: Path,
    progress: Callable[[str], None],
) -> list[Player]:
    """The first two calls of each; those whose two answers are right."""

    def call(player: Player) -> None:
        progress(f"{work.name}: first call of {player.contestant.name}")
        path = folder / str(player.process.pid)
        one = player.contestant
        warms_up = one.compiles or one.environment == "jax"  # which compiles single operations
        found = player.ask(settings.patience, do="first", answers=str(path), warms_up=warms_up)
        player.outcome.first, player.outcome.memory = found["first"], found["memory"]
        player.outcome.seconds = [found["second"]]
        player.outcome.calls = 1

    players = [player for player in players if attempt(player, call)]
    if work.own_clock:
        return players
    for which in (1, 2):
        answers = {}
        for player in players:
            answer = agreement.load(folder / f"{player.process.pid}-{which}.npz")
            outcome = player.outcome
            outcome.reason = agreement.wrong_dtype(answer, work.dtype)
            outcome.status = "wrong" if outcome.reason else "timed"
            answers[outcome.contestant] = answer
        right = {p.outcome.contestant for p in players if p.outcome.status == "timed"}
        answers = {name: answer for name, answer in answers.items() if name in right}
        wrong = agreement.disagreeing(answers, work.tolerance, HAND.name)
        for player in players:
            name = player.outcome.contestant
            if name in wrong:
                player.outcome.status = "wrong"
                player.outcome.reason = (
                    f"its answer differs by {wrong[name]:.1e} (call {which}): not timed"
                )
        players = [player for player in players if attempt(player, lambda player: None)]
    return players


def measure(
    work: Work, players: list[Player], settings: Settings, progress: Callable[[str], None]
) -> None:
    """Turns of equal length, everyone's one after the other, again and again.

    The first turn is not counted: it finds out how many calls make a turn.  Where calls are long
    there are fewer turns, at least MINIMUM; of those that take SLOW, the second call since the
    start is the measurement.
    """
    plans = {p.contestant.name: Plan() for p in players if p.outcome.seconds[0] < SLOW}

    def turn(player: Player) -> None:
        plan, outcome = plans[player.contestant.name], player.outcome
        found = player.ask(settings.patience, do="batch", count=plan.calls)["seconds"]
        if plan.warm:
            outcome.seconds.append(found)
            plan.turns -= 1
            return
        plan.warm = True
        plan.calls = max(1, round(settings.turn / max(found, 1e-9)))
        affordable = int(settings.turn * settings.rounds / (plan.calls * max(found, 1e-9)))
        plan.turns = min(settings.rounds, max(MINIMUM, affordable))
        outcome.seconds, outcome.calls = [], plan.calls

    done = 0
    while plans:
        progress(f"{work.name}: turn {done}")
        racing = [player for player in players if player.contestant.name in plans]
        place = done % len(racing)
        for player in racing[place:] + racing[:place]:
            alive = attempt(player, turn)
            if not alive or not plans[player.contestant.name].turns:
                del plans[player.contestant.name]
        done += 1
