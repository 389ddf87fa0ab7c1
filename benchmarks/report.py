"""What was measured: as JSON, as a table for the terminal, and as the page of the documentation."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import targets
from benchmarks.runner import Outcome
from benchmarks.work import COMPILED, EAGER, HAND, NN, NN_COMPILED, PEERS, Work
from benchmarks.works import EVERY

OURS = (EAGER, COMPILED, NN, NN_COMPILED)
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))
BEGIN, END = "<!-- targets: begin -->", "<!-- targets: end -->"


# --- numbers --------------------------------------------------------------------------------------
def seconds(value: float) -> str:
    """A time with three digits and its unit."""
    for size, unit in UNITS:
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.2g} ns"


def size(value: float) -> str:
    """A number of bytes."""
    for unit, text in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= unit:
            return f"{value / unit:.3g} {text}"
    return f"{value:.0f} B"


def best_peer(outcomes: dict[str, Outcome]) -> Outcome | None:
    """The fastest of the other packages that was timed."""
    names = {peer.name for peer in PEERS}
    timed = [o for o in outcomes.values() if o.status == "timed" and o.contestant in names]
    return min(timed, key=lambda o: o.time, default=None)


def limit_of(outcomes: dict[str, Outcome]) -> Outcome | None:
    """The derivatives by hand, where they were timed."""
    found = outcomes.get(HAND.name)
    return found if found is not None and found.status == "timed" else None


def times(a: float, b: Outcome | None) -> str:
    """How many times as long as another one, or nothing where there is none."""
    return f"{a / b.time:.3g}" if b is not None else ""


# --- JSON -----------------------------------------------------------------------------------------
def as_json(report: dict[str, Any]) -> str:
    """The whole report."""
    plain = {
        **report,
        "works": [
            {**w, "outcomes": [asdict(o) for o in w["outcomes"].values()]} for w in report["works"]
        ],
    }
    return json.dumps(plain, indent=1) + "\n"


def from_json(text: str) -> dict[str, Any]:
    """The report that `as_json` wrote."""
    report: dict[str, Any] = json.loads(text)
    for work in report["works"]:
        work["outcomes"] = {o["contestant"]: Outcome(**o) for o in work["outcomes"]}
    return report


def results(report: dict[str, Any]) -> dict[str, dict[str, Outcome]]:
    """Of each work, the outcome of each contestant."""
    return {work["work"]: work["outcomes"] for work in report["works"]}


# --- tables ---------------------------------------------------------------------------------------
HEAD = ("", "time", "spread", "of best peer", "of by hand", "memory", "first call")


def table(work: Work, outcomes: dict[str, Outcome]) -> list[tuple[str, ...]]:
    """A row for each contestant: the cells of HEAD; a name and a reason for those not timed."""
    peer, limit = best_peer(outcomes), limit_of(outcomes)
    compiles = {contestant.name for contestant in work.by if contestant.compiles}
    found: list[tuple[str, ...]] = []
    for name, outcome in outcomes.items():
        if outcome.status != "timed":
            shown = outcome.reason if outcome.status != "failed" else f"failed: {outcome.reason}"
            found.append((name, shown))
            continue
        low, high = outcome.spread
        memory = ""
        if outcome.memory:
            memory = size(outcome.memory)
            if work.nodes:
                memory = f"{outcome.memory / work.nodes:.0f} B a node"
        found.append(
            (
                name,
                seconds(outcome.time),
                f"{seconds(low)} to {seconds(high)}" if len(outcome.seconds) > 1 else "one call",
                times(outcome.time, peer),
                times(outcome.time, limit),
                memory,
                seconds(outcome.first) if name in compiles else "",
            )
        )
    return found


def title(work: Work) -> str:
    """What is computed and what is returned."""
    return f"{work.title}: {work.outputs}" + (f", {work.dtype}" if work.dtype else "")


def as_text(work: Work, outcomes: dict[str, Outcome], busy: float) -> str:
    """The table of one work for a terminal."""
    widths = (24, 11, 22, 15, 12, 14, 12)
    lines = [f"\n{title(work)}", f"({work.name}; others used {busy:.0%} of the machine)"]
    lines.append(
        "".join(
            f"{cell:>{w}}" if i else f"{cell:{w}}"
            for i, (cell, w) in enumerate(zip(HEAD, widths, strict=True))
        )
    )
    for row in table(work, outcomes):
        if len(row) == 2:
            lines.append(f"{row[0]:{widths[0]}} - {row[1]}")
        else:
            cells = zip(row, widths, strict=True)
            lines.append(
                "".join(f"{c:>{w}}" if i else f"{c:{w}}" for i, (c, w) in enumerate(cells))
            )
    return "\n".join(lines)


def targets_as_text(found: dict[str, dict[str, Outcome]]) -> str:
    """Every target, reached or missed, for a terminal."""
    lines = ["\ntargets: our time divided by theirs"]
    for _, target, ratio in targets.rows(found):
        ours, theirs = targets.names(target)
        measured = "      -" if ratio is None else f"{ratio:7.3g}"
        lines.append(
            f"{target.title:44} {ours:22} / {theirs:22} {measured} of {target.limit:<7.3g} "
            f"{targets.verdict(target, ratio)}"
        )
    return "\n".join(lines)


# --- the page -------------------------------------------------------------------------------------
def overview(report: dict[str, Any]) -> list[str]:
    """One row for each work: ours, the best peer and by hand."""
    names = [c.name for c in OURS]
    lines = [
        "| work | "
        + " | ".join(names)
        + " | best peer | by hand | best of ours: of best peer | of by hand |",
        "|---|" + "---:|" * (len(names) + 4),
    ]
    found = results(report)
    for work in EVERY:
        if work.name not in found:
            continue
        outcomes = found[work.name]
        peer, limit = best_peer(outcomes), limit_of(outcomes)
        ours = [outcomes.get(name) for name in names]
        timed = [o.time for o in ours if o is not None and o.status == "timed"]
        best = min(timed, default=None)
        cells = [seconds(o.time) if o is not None and o.status == "timed" else "" for o in ours]
        cells.append(f"{seconds(peer.time)} ({peer.contestant})" if peer else "")
        cells.append(seconds(limit.time) if limit else "")
        cells += [times(best, peer) if best else "", times(best, limit) if best else ""]
        lines.append(f"| [{work.name}](#{work.name}) | " + " | ".join(cells) + " |")
    return lines


def details(report: dict[str, Any]) -> list[str]:
    """The table of each work under its name."""
    lines: list[str] = []
    by_name = {w["work"]: w for w in report["works"]}
    for work in EVERY:
        if work.name not in by_name:
            continue
        entry = by_name[work.name]
        lines += ["", f"### {work.name}", "", f"{title(work)}."]
        lines += [
            f"Others used {entry['others_before']:.0%} of the machine before and "
            f"{entry['others_during']:.0%} meanwhile.",
            "",
            "| " + " | ".join(HEAD) + " |",
            "|---|" + "---:|" * (len(HEAD) - 1),
        ]
        reasons: dict[str, list[str]] = {}
        for row in table(work, entry["outcomes"]):
            if len(row) == 2:
                reasons.setdefault(row[1], []).append(row[0])
            else:
                lines.append("| " + " | ".join(row) + " |")
        if reasons:
            lines += ["", *(f"- {', '.join(names)}: {why}" for why, names in reasons.items())]
    return lines


def as_page(report: dict[str, Any]) -> str:
    """docs/benchmarks.md."""
    machine = report["machine"]
    busy = [w["others_during"] for w in report["works"]]
    versions = ", ".join(
        f"{package} {version}"
        for v in report["versions"].values()
        for package, version in v.items()
        if package not in ("numpy", "jaxlib", "scipy")
    )
    lines = [
        "# Benchmarks",
        "",
        "Written by `python -m benchmarks --write`. How it measures stands in",
        "[benchmarks/README.md](../benchmarks/README.md), what was wanted and what limits it in",
        "[performance.md](performance.md). Compare ratios: times belong to the machine.",
        "",
        f"- {report['date']}, {report['settings']}",
        f"- {machine['processor']}, {machine['cores']} cores, {size(machine['memory'])} of memory, "
        f"{machine['system']}",
        f"- Python {machine['python']}, NumPy {machine['numpy']} with {machine['blas']}",
        f"- valuegrad {report['valuegrad']}; {versions}",
        f"- others used {min(busy, default=0):.0%} to {max(busy, default=0):.0%} of the machine "
        f"meanwhile (median {median(busy or [0]):.0%})",
        "",
        "![Times divided by those of NumPy by hand](benchmarks.svg)",
        "",
        "## All works",
        "",
        *overview(report),
        "",
        "## Each work",
        "",
        "Medians of turns, and the range of the middle half of them. Memory is what the process",
        "takes at most during the second call, more than before the first one. The first call is",
        "shown where a function is compiled.",
        *details(report),
        "",
    ]
    return "\n".join(lines)


def write_targets(page: Path, report: dict[str, Any]) -> None:
    """Put the table of targets between the two marks of docs/performance.md."""
    text = page.read_text(encoding="utf-8")
    before, found, rest = text.partition(BEGIN)
    _, also, after = rest.partition(END)
    if not (found and also):
        raise ValueError(f"{page} has no {BEGIN} and {END}, between which the table belongs")
    found_rows = targets.rows(results(report))
    counts = [targets.verdict(target, ratio) for _, target, ratio in found_rows]
    summary = ", ".join(
        f"{counts.count(word)} {word}" for word in ("reached", "missed", "not measured")
    )
    busy = median([work["others_during"] for work in report["works"]] or [0.0])
    date = f"Measured on {report['date']}, others using {busy:.0%} of the machine: {summary}."
    lines = [BEGIN, date, "", *targets.as_table(results(report)), END]
    page.write_text(before + "\n".join(lines) + after, encoding="utf-8")
