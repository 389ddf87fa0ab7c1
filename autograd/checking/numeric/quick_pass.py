"""The first stage: a few evaluations an entry, kept only where everything agrees.

Two or three nested central differences, extrapolated, and one short one-sided difference that
exposes what the long ones cannot see: kinks, fine structure, stairs. An entry that raises any
doubt is left to the full ladder.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograd.checking.numeric.step_sweep import UNKNOWN, Slope, climb
from autograd.checking.numeric.noise_levels import EPS_SINGLE, TINY_SINGLE, noise_level
from autograd.checking.numeric.noise import EPS, SPACINGS, Window, window
from autograd.checking.numeric.probe import ExhaustedError, Flags, Floats, Line, Probe

SHORT, LONG, FINE = 0.00151, 0.0148, 1.0313e-6
NOISE_FACTOR = 5.0


Rows = NDArray[np.intp]


@dataclass
class Numeric:
    """Numerical derivatives of every output to every entry; all arrays have shape (n, m)."""

    value: Floats
    bar: Floats
    left: Floats
    right: Floats
    kind: NDArray[np.int8]
    jump: Flags
    natural: Floats

    @classmethod
    def unknown(cls, n: int, m: int) -> Numeric:
        """Nothing is known yet."""
        blank = np.full((n, m), np.nan)
        kind = np.full((n, m), UNKNOWN, dtype=np.int8)
        jump = np.zeros((n, m), dtype=bool)
        bar, natural = np.full((n, m), np.inf), np.zeros((n, m))
        return cls(blank.copy(), bar, blank.copy(), blank.copy(), kind, jump, natural)

    def merge(self, other: Numeric, rows: Rows, where: Flags) -> None:
        """Take the entries `where`, (k, m), of another one that holds these rows only."""
        for mine, new in zip(vars(self).values(), vars(other).values(), strict=True):
            part = mine[rows]
            part[where] = new[where]
            mine[rows] = part

    def put(self, i: int, slope: Slope, where: Flags) -> None:
        """Store what the ladder found for entry `i` and the outputs `where`."""
        pairs = ((self.value, slope.value), (self.bar, slope.bar), (self.left, slope.left))
        for mine, new in (*pairs, (self.right, slope.right), (self.natural, slope.natural)):
            mine[i, where] = new[where]
        self.kind[i, where] = slope.kind[where]
        self.jump[i, where] = slope.jump[where]


def shared_noise(probe: Probe, scales: Floats, rng: np.random.Generator) -> tuple[Floats, Flags]:
    """The noise of every output near the point, (m,), along one random signed direction.

    Also which outputs round more coarsely than float64 and still move: their noise is not white.
    """
    signs = rng.choice([-1.0, 1.0], scales.size) * rng.uniform(0.6, 1.0, scales.size)
    line = Line(probe, 1.0, direction=signs * scales)
    windows: list[Window] = []
    for spacing in SPACINGS:
        if spacing == SPACINGS[1] and not (windows[0].stairs > 0.5).any():
            continue
        if spacing > 2e-6 and not (windows[-1].stairs > 0.5).any():
            break
        windows.append(window(line, spacing))
    size = np.abs(probe.f0)
    flat = windows[0].stairs > 0.5
    least = np.min(np.stack([w.least for w in windows]), axis=0)
    coarse = flat & np.isfinite(least) & (least > 1e-10 * size)
    # A flat output may be a saturated float32; not where its neighbours are seen to be float64.
    single = bool(coarse.any()) or not np.isfinite(least).any()
    unit = np.where(flat, EPS_SINGLE if single else EPS, EPS)
    floor = np.fmax(0.5 * unit * size, np.where(flat & (size == 0), TINY_SINGLE, 0.0))
    noise = np.fmax(noise_level(windows, np.zeros(probe.size))[1], floor)
    return np.asarray(noise), np.asarray(coarse)


@dataclass
class Samples:
    """Values at fixed shares of the scale of each entry, (n, m); `h` and `tiny` (n, 1)."""

    plus: list[Floats]
    minus: list[Floats]
    ahead: Floats
    h: Floats
    tiny: Floats


def sample(probe: Probe, scales: Floats, rows: Rows, levels: int, reach: float) -> Samples:
    """Evaluate `2 * levels + 1` points for the entries in `rows`."""
    n, m = rows.size, probe.size
    centres = probe.x[rows]
    ulp = np.spacing(np.abs(centres) + scales[rows])
    h = np.maximum(np.round(reach * scales[rows] / 2 ** (levels - 1) / ulp), 1.0) * ulp
    tiny = np.maximum(np.round(FINE * scales[rows] / ulp), 1.0) * ulp
    plus = [np.empty((n, m)) for _ in range(levels)]
    minus = [np.empty((n, m)) for _ in range(levels)]
    ahead = np.empty((n, m))
    work = probe.x.copy()
    for r, i in enumerate(rows.tolist()):
        centre, step = centres[r], h[r]
        for k in range(levels):
            work[i] = centre + step
            plus[k][r] = probe(work)
            work[i] = centre - step
            minus[k][r] = probe(work)
            step = 2.0 * step
        work[i] = centre + tiny[r]
        ahead[r] = probe(work)
        work[i] = centre
    return Samples(plus, minus, ahead, h[:, None], tiny[:, None])


def screen(
    probe: Probe,
    scales: Floats,
    noise: Floats,
    claimed: Floats | None = None,
    levels: int = 3,
    rows: Rows | None = None,
) -> tuple[Numeric, Flags]:
    """Cheap derivatives of the entries in `rows` (all), and which are beyond doubt, (k, m).

    With a `claimed` derivative (n, m) two levels can be enough: two independent numbers agree.
    """
    rows = np.arange(scales.size) if rows is None else rows
    sizes = np.where(probe.f0 == 0, np.inf, np.abs(probe.f0))
    relative = float(np.median(noise / sizes)) if probe.size else EPS
    excess = max(relative / EPS, 1.0)  # noisier functions get longer steps
    reach = LONG * min(excess**0.2, 40.0) if levels == 3 else SHORT * min(excess**0.25, 130.0)
    s = sample(probe, scales, rows, levels, reach)
    central = [
        (p - q) / (2.0 * s.h * 2**k) for k, (p, q) in enumerate(zip(s.plus, s.minus, strict=True))
    ]
    value = (4.0 * central[0] - central[1]) / 3.0
    change = np.abs(value - central[0])
    reached = np.fmax(np.abs(s.plus[0]), np.abs(s.minus[0]))
    noise = np.fmax(noise, 0.5 * EPS * np.where(np.isfinite(reached), reached, 0.0))
    own = NOISE_FACTOR * noise / s.h
    bar = 1.5 * own + (3e-5 if claimed is not None else 1.0) * change
    ok = np.isfinite(bar)
    if levels == 3:
        first, second = value, (4.0 * central[1] - central[2]) / 3.0
        value = (16.0 * first - second) / 15.0
        bar = 1.6 * own + (0.03 if claimed is not None else 2.0) * np.abs(value - first)
        ok = change <= 0.5 * np.abs(second - central[1]) + own
        ok &= np.abs(value - first) <= 0.1 * change + own
    agreed = value if claimed is None else claimed[rows]
    with np.errstate(invalid="ignore"):
        ok &= np.abs(agreed - value) <= bar
        bend = (s.plus[0] + s.minus[0] - 2.0 * probe.f0) / s.h**2
        forward = (s.ahead - probe.f0) / s.tiny
        allowed = 2.0 * NOISE_FACTOR * noise / s.tiny + 0.1 * np.abs(bend) * s.tiny + bar
        ok &= np.abs(forward - agreed - 0.5 * bend * s.tiny) <= allowed
    numeric = Numeric.unknown(*value.shape)
    numeric.value, numeric.bar = value, np.where(np.isfinite(bar), bar, np.inf)
    numeric.kind[ok] = 0
    return numeric, np.asarray(ok)


def refine(probe: Probe, scales: Floats, numeric: Numeric, doubt: Flags, order: Rows) -> int:
    """Climb the full ladder for the entries in `order` and keep it for outputs in `doubt`.

    Returns how many entries were refined before the budget ended.
    """
    done = 0
    try:
        for i in order:
            numeric.put(int(i), climb(Line(probe, float(scales[i]), int(i))), doubt[i])
            done += 1
    except ExhaustedError:
        pass
    return done
