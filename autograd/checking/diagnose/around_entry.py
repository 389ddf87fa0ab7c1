"""Around a wrong entry of a large gradient: which others are wrong, a map of all, and the mistake.

The gradient is one of a few projected outputs, so that an entry takes a few evaluations.
"""

from __future__ import annotations

import numpy as np

from autograd.checking import thresholds as limit
from autograd.checking.compare.entries import compare_entries
from autograd.checking.compare.problem import Problem
from autograd.checking.compare.projections import Projected
from autograd.checking.diagnose.name_mistake import name_mistake
from autograd.checking.diagnose.patterns import lengths_of
from autograd.checking.diagnose.sample import Finding, JacobianSample
from autograd.checking.numeric.derivatives import SMOOTH, Rows
from autograd.checking.numeric.probe import ExhaustedError, Flags, Floats, Probe
from autograd.checking.numeric.quick_pass import quick_pass, shared_noise
from autograd.checking.subjects.flat_trees import Place

Others = dict[str, tuple[Floats, tuple[int, ...], Floats]]


class Neighbourhood:
    """The entries of one input at which projected claims can be compared with differences."""

    def __init__(self, problem: Problem, narrow: Probe, found: Projected, place: Place) -> None:
        self.problem, self.narrow, self.place = problem, narrow, place
        self.gradients = found.gradients
        self.noise, _ = shared_noise(narrow, problem.scales, problem.rng)

    def compare(self, rows: Rows) -> tuple[Flags, Flags, Floats]:
        """Which of some entries (flat, of all inputs) are wrong and which are undecided, and the
        errors as shares of the larger of claim and measurement."""
        claimed = self.gradients[:, rows].T
        numeric, _ = quick_pass(
            self.narrow, self.problem.scales, self.noise, self.gradients.T, levels=2, rows=rows
        )
        scales = self.problem.scales[rows]
        known = np.isfinite(numeric.value) & np.isfinite(numeric.bar)
        numeric.kind[known] = SMOOTH
        compared = compare_entries(claimed, numeric, self.narrow.f0, scales)
        far = compared.wrong & ~close(claimed, numeric.value)
        with np.errstate(invalid="ignore", divide="ignore"):
            size = np.fmax(np.abs(claimed), np.abs(numeric.value))
            share = np.where(size > 0, compared.error / size, 0.0)
        unknown = ~known.any(axis=1)
        worst = np.max(np.where(far, share, 0.0), axis=1)
        return np.asarray(far.any(axis=1)), np.asarray(unknown), worst

    def neighbours(self, entry: int) -> str:
        """How many of the entries around a wrong one are wrong as well, and where; "" for none."""
        groups = self.groups(entry)
        if not groups:
            return ""
        counts, wrong_all, seen_all = [], 0, 0
        for text, rows in groups:
            wrong, unknown, _ = self.compare(rows)
            seen, bad = int(np.sum(~unknown)), int(np.sum(wrong & ~unknown))
            wrong_all, seen_all = wrong_all + bad, seen_all + seen
            counts.append(f"{bad} of {seen} {text}")
        return f"of {seen_all} other entries looked at, {wrong_all} are wrong: {', '.join(counts)}"

    def groups(self, entry: int) -> list[tuple[str, Rows]]:
        """Entries to look at: along each axis through the wrong one, and elsewhere."""
        place, rng = self.place, self.problem.rng
        width = 2 if place.is_complex else 1
        local = (entry - place.start) // width
        shape = place.shape
        if place.size // width < 2 or not shape:
            return []
        where = np.unravel_index(local, shape)
        grid = np.arange(place.size // width).reshape(shape)
        found: list[tuple[str, Rows]] = []
        used = {local}
        if len(shape) > 1:
            for axis in range(len(shape) - 1, -1, -1):
                index = tuple(slice(None) if k == axis else int(w) for k, w in enumerate(where))
                others = np.setdiff1d(grid[index], [local])
                if others.size:
                    chosen = rng.permutation(others)[: limit.NEIGHBOURS]
                    found.append((line_text(where, axis), chosen))
                    used |= set(chosen.tolist())
        else:
            near = [k for k in range(local - 4, local + 5) if 0 <= k < shape[0] and k != local]
            found.append((f"next to [{local}]", np.array(near, dtype=np.intp)))
            used |= set(near)
        rest = np.setdiff1d(rng.permutation(grid.size)[: 4 * limit.NEIGHBOURS], list(used))
        if rest.size:
            found.append(("elsewhere", rng.permutation(rest)[: 2 * limit.NEIGHBOURS]))
        return [(text, place.start + rows * width) for text, rows in found]

    def error_map(self) -> Floats:
        """The relative error of every entry, in the shape of the input; NaN where it is unknown."""
        place = self.place
        self.narrow.deadline += limit.MAP_SECONDS
        self.narrow.left += limit.MAP_EVALUATIONS
        errors = np.full(place.size, np.nan)
        for start in range(0, place.size, limit.MAP_CHUNK):
            rows = np.arange(start, min(start + limit.MAP_CHUNK, place.size))
            try:
                _, unknown, share = self.compare(place.start + rows)
            except ExhaustedError:
                break
            errors[rows] = np.where(unknown, np.nan, share)
        if place.is_complex:
            errors = np.fmax(errors[::2], errors[1::2])
        return np.asarray(errors.reshape(place.shape))


def close(claimed: Floats, value: Floats) -> Flags:
    """Whether two numbers are the same up to what a quick difference can be off."""
    return np.asarray(
        np.abs(claimed - value) <= limit.MAP_SHARE * np.fmax(np.abs(claimed), np.abs(value))
    )


def line_text(where: tuple[np.intp, ...], axis: int) -> str:
    """A line of an array in words."""
    if len(where) == 2:
        return f"in row {int(where[0])}" if axis == 1 else f"in column {int(where[1])}"
    index = ", ".join(":" if k == axis else str(int(w)) for k, w in enumerate(where))
    return f"in [{index}]"


# --- the mistake ----------------------------------------------------------------------------------
def name_from_sample(
    problem: Problem, probe: Probe, around: Neighbourhood, entry: int
) -> list[Finding]:
    """Compare a part of the Jacobian, entries around a wrong one, with the known patterns."""
    place = around.place
    if place.is_complex or probe.cost * limit.SAMPLE_EVALUATIONS > limit.SAMPLE_SECONDS:
        return []
    local = problem.rng.choice(place.size, min(limit.SAMPLED_ENTRIES, place.size), replace=False)
    rows = np.unique(np.append(local + place.start, entry))
    columns = moved_outputs(problem, probe, rows)
    if columns.size == rows.size:  # else factors of outputs would be mistaken for aligned ones
        columns = columns[:-1]
    if columns.size < 1:
        return []
    moved = problem.x + limit.SECOND_POINTS[1] * problem.scales * problem.rng.uniform(
        limit.SECOND_POINT_LEAST, 1.0, problem.x.size
    )
    here = sample_at(problem, problem.x, place, rows, columns)
    try:
        there = sample_at(problem, moved, place, rows, columns)
    except Exception:  # outside the domain
        there = None
    named = name_mistake(here, there, place.name)
    size = f"{rows.size} x {columns.size} entries of the Jacobian"
    return [Finding(f.kind, f"in a sample of {size}: {f.text}") for f in named]


def moved_outputs(problem: Problem, probe: Probe, rows: Rows) -> Rows:
    """The outputs that move most with each of some entries, and a few others."""
    found = set(problem.rng.choice(probe.size, min(4, probe.size), replace=False).tolist())
    for row in rows:
        x = probe.x.copy()
        x[row] += limit.LINE_STEP * problem.scales[row]
        change = np.abs(np.asarray(probe(x)) - probe.f0)
        most = np.argsort(np.where(np.isfinite(change), change, 0.0))[-2:]
        found |= {int(k) for k in most if change[k] > 0}
    return np.array(sorted(found), dtype=np.intp)


def sample_at(
    problem: Problem, x: Floats, place: Place, rows: Rows, columns: Rows
) -> JacobianSample:
    """The claimed and the measured derivative of some outputs to some entries."""
    subject = problem.subject

    def few_outputs(flat: Floats) -> Floats:
        return np.asarray(problem.forward(flat)).reshape(-1)[columns]

    part = Probe(few_outputs, x, limit.ENTRY_EVALUATIONS * 10)
    noise, _ = shared_noise(part, problem.scales, problem.rng)
    pull = problem.vjp_at(x)
    claimed_all = np.empty((problem.x.size, columns.size))
    g = np.zeros(subject.outputs.x.size)
    for k, column in enumerate(columns):
        g[column] = 1.0
        claimed_all[:, k] = pull(g.copy())
        g[column] = 0.0
    local = rows - place.start

    def measured(of: Rows) -> tuple[Floats, Floats]:
        numeric, _ = quick_pass(part, problem.scales, noise, rows=of)
        good = np.isfinite(numeric.value) & np.isfinite(numeric.bar)
        value = np.where(good, numeric.value, claimed_all[of])
        return value, np.where(good, numeric.bar, 0.0)

    true, bar = measured(rows)
    others: Others = {
        p.name: (x[p.start + local], (rows.size,), measured(p.start + local)[0])
        for p in subject.inputs.places
        if p is not place and p.shape == place.shape and p.is_complex == place.is_complex
    }
    return JacobianSample(
        claimed_all[rows], true, bar, x[rows], (rows.size,), part.f0, (columns.size,), others,
        array_shape=place.shape, rows=local, lengths=lengths_of(subject, place),
    )  # fmt: skip
