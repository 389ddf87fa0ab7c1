"""The works: ours agree with the derivatives by hand, twice in a row."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from benchmarks.agreement import disagreeing, wrong_dtype
from benchmarks.work import HAND, PEERS, PROJECT, NotAvailableError, Work
from benchmarks.worker import leaves, plain
from benchmarks.works import EVERY

LONG = {"indexed-80000", "indexed-20000", "graph-60000", "writes-10000", "writes-10000-twice"}
LONG |= {"hessian-1000", "jacobian-1000", "writes-2500-twice", "writes-2500", "expression-1e6"}
"""The same as shorter ones."""
QUICK = [w for w in EVERY if HAND in w.by and not (w.slow or w.own_clock or w.name in LONG)]


def two_answers(work: Work, contestant: str) -> list[Any]:
    step = work.prepare(contestant)
    return [[plain(leaf) for leaf in leaves(copy.copy(step()))] for _ in range(2)]


@pytest.mark.parametrize("work", QUICK, ids=lambda work: work.name)
def test_ours_agree_with_the_one_by_hand(work: Work) -> None:
    answers: dict[str, Any] = {}
    for contestant in work.by:
        if contestant.environment == PROJECT:
            try:
                answers[contestant.name] = two_answers(work, contestant.name)
            except (NotAvailableError, ImportError, AttributeError):
                continue  # the command says "not available", as its own test sees
    assert len(answers) > 1
    for call in (0, 1):
        found = {name: answer[call] for name, answer in answers.items()}
        assert disagreeing(found, work.tolerance, HAND.name) == {}
        assert {wrong_dtype(answer, work.dtype) for answer in found.values()} == {""}


@pytest.mark.parametrize("work", EVERY, ids=lambda work: work.name)
def test_every_peer_takes_part_or_has_a_reason(work: Work) -> None:
    for peer in PEERS:
        assert (peer in work.by) != (peer in work.without), peer.name
    assert all(work.without.values())


@pytest.mark.parametrize("work", EVERY, ids=lambda work: work.name)
def test_titles_say_what_is_returned(work: Work) -> None:
    assert work.title and work.outputs
    assert work.name == work.name.lower() and " " not in work.name
