"""The mathematics of the tables, and what is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks import plot, report, targets
from benchmarks.runner import Outcome
from benchmarks.targets import Figure, Target, against
from benchmarks.work import COMPILED, EAGER, HAND, HIPS, JIT, MICROGRAD, TORCH
from benchmarks.works import EVERY, find

WORK = "hessian-100"


def timed(name: str, seconds: float, **more: Any) -> Outcome:
    return Outcome(name, seconds=[seconds * 0.9, seconds, seconds * 1.2], **more)


def outcomes() -> dict[str, Outcome]:
    found = [
        timed(HAND.name, 1e-3),
        timed(EAGER.name, 6e-3),
        timed(COMPILED.name, 2e-3, first=0.25, memory=2_500_000),
        timed(TORCH.name, 3e-3),
        timed(JIT.name, 1.5e-3, first=0.5),
        Outcome(HIPS.name, "wrong", "its answer differs by 1.0e+00 (call 1): not timed", [1e-9]),
        Outcome(MICROGRAD.name, "without", "has no arrays"),
    ]
    return {outcome.contestant: outcome for outcome in found}


def whole() -> dict[str, Any]:
    return {
        "date": "2030-01-01 00:00 UTC",
        "settings": "3 turns",
        "machine": {
            "processor": "P",
            "cores": 2,
            "memory": 8e9,
            "system": "S",
            "python": "3",
            "numpy": "2",
            "blas": "B",
        },
        "valuegrad": "0",
        "versions": {"torch": {"torch": "2.0", "numpy": "2"}},
        "works": [
            {"work": WORK, "outcomes": outcomes(), "others_before": 0.0, "others_during": 0.25}
        ],
    }


def test_ratios_are_those_of_medians() -> None:
    rows = {row[0]: row for row in report.table(find(WORK), outcomes())}
    assert rows[EAGER.name] == ("valuegrad", "6 ms", "5.7 ms to 6.6 ms", "4", "6", "", "")
    assert rows[COMPILED.name][3:] == ("1.33", "2", "2.5 MB", "250 ms")
    assert rows[JIT.name][3:5] == ("1", "1.5")


def test_who_was_not_timed_is_no_best_peer_and_has_a_reason() -> None:
    rows = {row[0]: row for row in report.table(find(WORK), outcomes())}
    assert report.best_peer(outcomes()).contestant == JIT.name
    assert rows[HIPS.name] == (HIPS.name, "its answer differs by 1.0e+00 (call 1): not timed")
    assert rows[MICROGRAD.name] == (MICROGRAD.name, "has no arrays")


def test_without_a_peer_or_a_limit_there_is_no_ratio() -> None:
    rows = report.table(find(WORK), {EAGER.name: timed(EAGER.name, 1.0)})
    assert rows[0][3:5] == ("", "")


def test_memory_is_shown_for_each_node() -> None:
    rows = report.table(
        find("graph-60000"), {EAGER.name: timed(EAGER.name, 1.0, memory=12_000_000)}
    )
    assert rows[0][5] == "200 B a node"


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2 s"), (0.0123, "12.3 ms"), (1e-6, "1 us"), (3.456e-7, "346 ns"), (0.9999e-9, "1 ns")],
)
def test_times_have_three_digits_and_a_unit(value: float, text: str) -> None:
    assert report.seconds(value) == text


def test_sizes() -> None:
    assert [report.size(n) for n in (12, 1200, 3.4e6, 5e9)] == ["12 B", "1.2 kB", "3.4 MB", "5 GB"]


def test_json_comes_back_as_it_was() -> None:
    assert report.from_json(report.as_json(whole())) == whole()


def test_page_has_machine_versions_date_and_every_contestant() -> None:
    page = report.as_page(whole())
    for text in ("2030-01-01", "torch 2.0", "P, 2 cores", "others used 25%", "benchmarks.svg"):
        assert text in page
    assert f"[{WORK}](#{WORK})" in page
    assert f"### {WORK}" in page
    for outcome in outcomes().values():
        assert outcome.contestant in page
    assert "1.5 ms (JAX jit) | 1 ms | 1.33 | 2 |" in page, "the best of ours beside both"


def test_columns_of_all_tables_are_as_many_as_their_heads() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", report.as_page(whole()), re.M):
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_plot_is_written_and_the_same_each_time(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.svg", "b.svg")]
    for file in files:
        plot.draw(whole(), file)
    assert files[0].read_text() == files[1].read_text()
    assert WORK in files[0].read_text()


# --- targets --------------------------------------------------------------------------------------
def test_a_target_compares_a_ratio_with_its_limit() -> None:
    found = {WORK: outcomes()}
    reached = against("t", WORK, EAGER, TORCH, 2.0)
    assert reached.reached(found) == pytest.approx(2.0)
    assert targets.verdict(reached, 2.0) == "reached"
    assert targets.verdict(reached, 2.001) == "missed"
    first = against("t", WORK, COMPILED, JIT, 1.0, "first")
    assert first.reached(found) == pytest.approx(0.5)


def test_what_was_not_timed_reaches_nothing() -> None:
    for other in (HIPS, MICROGRAD):
        target = against("t", WORK, EAGER, other, 2.0)
        assert target.reached({WORK: outcomes()}) is None
        assert targets.verdict(target, None) == "not measured"
    assert Target("t", Figure("no", EAGER), Figure(WORK, EAGER), 1.0).reached({}) is None


def test_every_target_names_a_work_and_who_takes_part_in_it() -> None:
    works = {work.name: work for work in EVERY}
    for _, target, _ in targets.rows({}):
        for figure in (target.ours, target.theirs):
            assert figure.contestant in works[figure.work].by, target


def test_table_of_targets_goes_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n\n{report.BEGIN}\nold\n{report.END}\n\nafter\n")
    report.write_targets(page, whole())
    text = page.read_text()
    assert text.startswith("before\n\n") and text.endswith("\n\nafter\n")
    assert "old" not in text
    assert "| Hessian, n = 100 | valuegrad | PyTorch | 0.25 | 2 | **missed** |" in text
    report.write_targets(page, whole())
    assert page.read_text() == text, "again"


def test_a_page_without_marks_is_an_error(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text("nothing")
    with pytest.raises(ValueError, match="between which the table belongs"):
        report.write_targets(page, whole())


def test_the_page_of_the_documentation_has_the_marks() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
    assert report.BEGIN in page.read_text() and report.END in page.read_text()
