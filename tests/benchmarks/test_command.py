"""`python -m benchmarks`: its options, without peers and without the network."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from benchmarks import __main__ as command
from benchmarks import environments, report, targets
from benchmarks.runner import Outcome, Settings
from benchmarks.work import PEERS, PROJECT
from benchmarks.works import EVERY, find


def run(*words: str) -> None:
    command.main(list(words))


def test_list_names_every_work_once(capsys: pytest.CaptureFixture[str]) -> None:
    run("--list")
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[::2]]
    assert names == [work.name for work in EVERY]
    assert len(set(names)) == len(names)


def test_peers_shows_what_is_pinned(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run("--peers", "--envs", str(tmp_path))
    out = capsys.readouterr().out
    assert str(tmp_path) in out
    for name, packages in environments.pinned().items():
        assert name in out
        assert all(package in out for package in packages)


def test_every_package_is_pinned_and_every_peer_has_an_environment() -> None:
    pinned = environments.pinned()
    assert {peer.environment for peer in PEERS} == set(pinned)
    assert all("==" in package for packages in pinned.values() for package in packages)


def test_only_and_skip_choose_works() -> None:
    chosen = lambda *words: [w.name for w in command.chosen(command.parse([*words]))]
    assert chosen("--only", "hessian", "--skip", "vector") == ["hessian-100", "hessian-1000"]
    assert set(chosen()) == {work.name for work in EVERY}
    quick = chosen("--quick")
    assert 0 < len(quick) < len(EVERY)
    assert not any(find(name).slow for name in quick)


def test_works_with_a_target_come_first_where_time_is_short() -> None:
    has_target = [
        w.name in targets.works() for w in command.chosen(command.parse(["--within", "9"]))
    ]
    assert has_target == sorted(has_target, reverse=True)
    assert 0 < sum(has_target) < len(EVERY)


def test_unknown_names_are_errors() -> None:
    with pytest.raises(SystemExit, match="no work is named like"):
        command.chosen(command.parse(["--only", "nothing"]))
    with pytest.raises(SystemExit, match="the peers are"):
        command.contestants_of([*EVERY], ["Theano"])
    with pytest.raises(KeyError, match="--list"):
        find("nothing")


def test_peers_choose_contestants() -> None:
    names = {c.name for c in command.contestants_of([find("moons")], ["micrograd"])}
    assert {"micrograd", "valuegrad", "NumPy by hand"} <= names
    assert not names & {"PyTorch", "HIPS autograd"}
    works = [find("moons"), find("expression-1e6")]
    alone = command.contestants_of(works, ["none"])
    assert {c.environment for c in alone} == {PROJECT}, "nothing is installed"
    with_jax = {c.name for c in command.contestants_of(works, ["JAX jit"])}
    assert {"JAX jit", "valuegrad by JAX"} <= with_jax
    assert not with_jax & {"JAX eager", "PyTorch"}


def test_a_run_without_peers_writes_everything(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    words = ["--quick", "--only", "products", "--peers", "none", "--turn", "0.001", "--rounds", "2"]
    run(*words, "--out", str(tmp_path), "--envs", str(tmp_path / "none"))
    out = capsys.readouterr().out
    assert "100 products by a constant: value and gradient, float64" in out
    found = report.from_json((tmp_path / "results.json").read_text())
    assert found["works"][0]["outcomes"]["valuegrad"].status == "timed"
    page = (tmp_path / "benchmarks.md").read_text()
    assert "| valuegrad |" in page
    assert (tmp_path / "benchmarks.svg").read_text().lstrip().startswith("<?xml")
    assert not (tmp_path / "none").exists(), "no environment was needed"
    capsys.readouterr()
    run("--again", str(tmp_path / "results.json"), "--out", str(tmp_path / "second"))
    assert (tmp_path / "second" / "benchmarks.md").read_text() == page


def test_write_replaces_the_pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(command, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    performance = tmp_path / "docs" / "performance.md"
    performance.write_text(f"{report.BEGIN}\n{report.END}\n")
    words = ["--only", "products", "--peers", "none", "--turn", "0.001", "--rounds", "1"]
    run(*words, "--out", str(tmp_path / "out"), "--write")
    assert (tmp_path / "docs" / "benchmarks.md").is_file()
    assert (tmp_path / "docs" / "benchmarks.svg").is_file()
    assert "`grad` beside `backward`" in performance.read_text()


# --- environments ---------------------------------------------------------------------------------
class Made:
    """Instead of pip and venv: what would have been done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, returncode: int = 0) -> None:
        self.calls: list[list[str]] = []

        def install(words: list[str], **_: Any) -> Any:
            self.calls.append(words)
            return subprocess.CompletedProcess(words, returncode, "", "no such version")

        monkeypatch.setattr(environments.subprocess, "run", install)
        builder = type("Builder", (), {"create": lambda self, path: Path(path).mkdir(parents=True)})
        monkeypatch.setattr(environments.venv, "EnvBuilder", lambda **_: builder())


def test_an_environment_is_made_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = Made(monkeypatch)
    assert not environments.is_made(tmp_path, "torch")
    environments.make(tmp_path, "torch")
    environments.make(tmp_path, "torch")
    assert len(made.calls) == 1
    assert made.calls[0][0] == str(environments.python_of(tmp_path, "torch"))
    assert set(environments.pinned()["torch"]) <= set(made.calls[0])


def test_other_versions_make_it_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    Made(monkeypatch)
    environments.make(tmp_path, "torch")
    monkeypatch.setattr(environments, "pinned", lambda: {"torch": ["torch==99"]})
    assert not environments.is_made(tmp_path, "torch")


def test_a_failed_installation_says_what_pip_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Made(monkeypatch, returncode=1)
    with pytest.raises(environments.InstallationError, match="no such version"):
        environments.make(tmp_path, "torch")
    assert not environments.is_made(tmp_path, "torch")


def test_a_peer_that_cannot_be_installed_takes_no_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Made(monkeypatch, returncode=1)
    peers = [peer for peer in PEERS if peer.name == "PyTorch"]
    assert command.make_environments(tmp_path, peers) == {}
    assert "torch takes no part: pip could not install" in capsys.readouterr().out


def test_the_folder_can_be_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VALUEGRAD_BENCHMARKS", str(tmp_path))
    assert environments.default_folder() == tmp_path
    monkeypatch.delenv("VALUEGRAD_BENCHMARKS")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert environments.default_folder() == tmp_path / "valuegrad-benchmarks"


# --- how long it takes ----------------------------------------------------------------------------
def paced(
    monkeypatch: pytest.MonkeyPatch, within: float | None
) -> tuple[command.Pace, list[float]]:
    clock = [0.0]
    monkeypatch.setattr(command.time, "monotonic", lambda: clock[0])
    settings = Settings(Path("nowhere"), turn=0.1, rounds=10)
    return command.Pace(within, settings, works=5), clock


def test_turns_are_as_asked_where_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for within in (None, 1000.0):
        pace, clock = paced(monkeypatch, within)
        assert not pace.over()
        assert pace.settings().rounds == 10
        pace.done({"seconds": (5.0, 11.0), "rounds": 10})
        clock[0] = 16.0
        assert not pace.over()
        assert pace.settings().rounds == 10


def test_turns_are_fewer_where_time_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    pace, clock = paced(monkeypatch, 60.0)
    pace.over()
    pace.done({"seconds": (5.0, 11.0), "rounds": 10})
    clock[0] = 16.0
    pace.over()  # 44 seconds for four works: 11 each, of which 5 to prepare, and 1 for each turn
    assert pace.settings().rounds == 6
    clock[0] = 40.0
    assert pace.settings().rounds == 3, "at least"
    clock[0] = 61.0
    assert pace.over()


def test_works_that_are_done_are_kept_at_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = {
        "work": "products",
        "outcomes": {"valuegrad": Outcome("valuegrad", seconds=[1.0])},
        "others_before": 0.0,
        "others_during": 0.0,
        "rounds": 1,
        "seconds": (0.0, 0.0),
    }
    entries = iter([entry])

    def run_one(*_: Any) -> Any:
        for found in entries:
            return found
        raise KeyboardInterrupt

    monkeypatch.setattr(command.runner, "run", run_one)
    run("--peers", "none", "--out", str(tmp_path))
    found = report.from_json((tmp_path / "results.json").read_text())
    assert [work["work"] for work in found["works"]] == ["products"]
    assert (tmp_path / "benchmarks.md").is_file()
