"""Time and memory of valuegrad beside other packages and beside NumPy by hand.

python -m benchmarks                       everything; tables, JSON, page and plot in out/benchmarks
python -m benchmarks --quick               less of everything
python -m benchmarks --only step moons     works whose names contain one of the words
python -m benchmarks --write               also docs/benchmarks.md and the table of performance.md
python -m benchmarks --list                the works, and who takes part
python -m benchmarks --peers               the packages, their versions and environments
python -m benchmarks --peers "JAX jit"     only these beside valuegrad and NumPy by hand
"""

from __future__ import annotations

import argparse
import datetime
import os
import time
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from tqdm import tqdm

import autograd
from benchmarks import environments, machine, plot, report, runner, targets
from benchmarks.work import PEERS, PROJECT, Contestant, Work
from benchmarks.works import EVERY

ROOT = Path(__file__).resolve().parent.parent


def parse(words: list[str] | None) -> argparse.Namespace:
    """The options of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="short turns, and no work that takes long")
    add(
        "--only",
        nargs="+",
        metavar="NAME",
        default=[],
        help="works whose names contain one of these",
    )
    add(
        "--skip",
        nargs="+",
        metavar="NAME",
        default=[],
        help="works whose names contain none of these",
    )
    add("--list", action="store_true", help="show the works")
    add(
        "--peers",
        nargs="*",
        metavar="PEER",
        help="show the packages, or take only those named; `none`",
    )
    add(
        "--envs",
        type=Path,
        default=environments.default_folder(),
        metavar="FOLDER",
        help="where the peers' environments are and are made (default: %(default)s)",
    )
    add(
        "--out",
        type=Path,
        default=ROOT / "out" / "benchmarks",
        metavar="FOLDER",
        help="where results.json, benchmarks.md and benchmarks.svg are written",
    )
    add("--turn", type=float, metavar="SECONDS", help="length of one turn (0.1; with --quick 0.03)")
    add("--rounds", type=int, help="turns of each contestant (10; with --quick 4)")
    add("--within", type=float, metavar="SECONDS", help="fewer turns, so that all is done by then")
    cores = os.cpu_count() or 1
    add("--cores", type=int, default=cores, help="how many everyone may use (all: %(default)s)")
    add(
        "--write",
        action="store_true",
        help="write docs/benchmarks.md and the table of performance.md",
    )
    add("--again", type=Path, metavar="JSON", help="measure nothing, report what this file holds")
    return parser.parse_args(words)


def chosen(options: argparse.Namespace) -> list[Work]:
    """The works that were asked for."""
    works = [
        work
        for work in EVERY
        if (not options.only or any(word in work.name for word in options.only))
        and not any(word in work.name for word in options.skip)
        and not (options.quick and work.slow and not options.only)
    ]
    if options.within is not None:  # what there is no time for must not be what has a target
        works.sort(key=lambda work: (work.name not in targets.works(), work.slow))
    if not works:
        raise SystemExit(f"no work is named like {options.only}: --list shows the names")
    return works


def contestants_of(works: list[Work], peers: list[str] | None) -> list[Contestant]:
    """Everyone who takes part in a work, without the peers that were not asked for."""
    names = {peer.name for peer in PEERS}
    if peers is not None and not {*peers} <= {*names, "none"}:
        raise SystemExit(f"the peers are {', '.join(sorted(names))}")
    found = dict.fromkeys(c for work in works for c in (*work.by, *work.without))
    if peers is None:
        return list(found)
    places = {PROJECT, *(peer.environment for peer in PEERS if peer.name in peers)}
    return [
        c for c in found if c.name in peers or (c.name not in names and c.environment in places)
    ]


def show_works() -> None:
    """--list"""
    for work in EVERY:
        print(f"{work.name:26} {report.title(work)}")
        print(f"{'':26} {', '.join(c.name for c in work.by)}")


def show_peers(folder: Path) -> None:
    """--peers"""
    print(f"environments in {folder} (--envs says where)")
    for name, packages in environments.pinned().items():
        made = environments.is_made(folder, name)
        print(f"{name:12} {'made' if made else 'made when needed':18} {', '.join(packages)}")


def make_environments(folder: Path, contestants: list[Contestant]) -> dict[str, dict[str, str]]:
    """The peers' environments, made where they are missing; returns the versions in each."""
    found = {}
    for name in dict.fromkeys(c.environment for c in contestants if c.environment != PROJECT):
        if not environments.is_made(folder, name):
            print(f"making the environment of {name} in {folder / name} (once)", flush=True)
        try:
            environments.make(folder, name)
            found[name] = environments.versions(folder, name)
        except environments.InstallationError as error:
            print(f"{name} takes no part: {error}")
    return found


def settings_of(options: argparse.Namespace) -> runner.Settings:
    """How long turns take."""
    turn, rounds = (0.03, 4) if options.quick else (0.1, 10)
    return runner.Settings(
        options.envs,
        turn if options.turn is None else options.turn,
        rounds if options.rounds is None else options.rounds,
        cores=min(options.cores, os.cpu_count() or 1),
    )


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run the works, show each one's table when it is there, and return the report.

    After Ctrl-C, or when the time of `--within` is over, the report has the works that are done.
    """
    works = chosen(options)
    contestants = contestants_of(works, options.peers)
    found: dict[str, Any] = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "settings": "",
        "machine": machine.describe(),
        "valuegrad": autograd.__version__,
        "versions": make_environments(options.envs, contestants),
        "works": [],
    }
    settings = settings_of(options)
    cores = f"everyone may use {settings.cores} of the cores"
    found["settings"] = f"{settings.rounds} turns of {settings.turn:g} s; {cores}"
    print(f"others use {machine.others_now():.0%} of the machine now")
    pace = Pace(options.within, settings, len(works))
    with tqdm(works, unit="work", dynamic_ncols=True, mininterval=1.0) as bar:
        for work in bar:
            if pace.over():
                bar.write(f"{work.name} is left out: {options.within:g} s are over")
                continue
            try:
                entry = runner.run(work, contestants, pace.settings(), bar.set_postfix_str)
            except KeyboardInterrupt:
                bar.write(f"stopped at {work.name}")
                break
            pace.done(entry)
            found["works"].append(entry)
            bar.write(report.as_text(work, entry["outcomes"], entry["others_during"]))
            save(options.out, found)
    return found


class Pace:
    """How many turns each work can have, so that all are done within some seconds."""

    def __init__(self, within: float | None, settings: runner.Settings, works: int) -> None:
        self.within, self.full, self.left = within, settings, works
        self.begun = time.monotonic()
        self.preparing: list[float] = []
        self.turns: list[float] = []

    def over(self) -> bool:
        """Whether no work can begin any more."""
        self.left -= 1
        return self.within is not None and time.monotonic() - self.begun > self.within

    def settings(self) -> runner.Settings:
        """As asked, or with fewer turns where what is left is short: what the works so far took
        to prepare cannot be saved, but for a round of turns there may be no time."""
        if self.within is None or not self.turns:
            return self.full
        share = (self.within - (time.monotonic() - self.begun)) / (self.left + 1)
        rounds = int((share - mean(self.preparing)) / mean(self.turns))
        return replace(self.full, rounds=min(self.full.rounds, max(runner.MINIMUM, rounds)))

    def done(self, entry: dict[str, Any]) -> None:
        """A work is done."""
        preparing, measuring = entry["seconds"]
        self.preparing.append(preparing)
        self.turns.append(measuring / (entry["rounds"] + 1))


def save(folder: Path, found: dict[str, Any]) -> None:
    """results.json: written after each work."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(report.as_json(found), encoding="utf-8")


def main(words: list[str] | None = None) -> None:
    """Do what the options say."""
    options = parse(words)
    if options.list:
        show_works()
        return
    if options.peers == []:
        show_peers(options.envs)
        return
    if options.again is not None:
        found = report.from_json(options.again.read_text(encoding="utf-8"))
    else:
        found = measure(options)
    print(report.targets_as_text(report.results(found)))
    save(options.out, found)
    for folder in (options.out, *([ROOT / "docs"] if options.write else [])):
        (folder / "benchmarks.md").write_text(report.as_page(found), encoding="utf-8")
        plot.draw(found, folder / "benchmarks.svg")
    if options.write:
        report.write_targets(ROOT / "docs" / "performance.md", found)
    print(f"\nwritten: {options.out / 'results.json'}, benchmarks.md and benchmarks.svg beside it")


if __name__ == "__main__":
    main()
