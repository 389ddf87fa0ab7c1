"""Every number by which the checker decides, each with its reason; nothing else decides.

None of them is a tolerance for the user to choose: error bars come from the measured noise and the
seen rate of convergence, and these numbers say how many bars, how much noise and how many steps
make a decision. They were set by the calibration tests (random functions with known derivatives)
and by the corpus; change one only with both at hand.
"""

from __future__ import annotations

import numpy as np

# --- rounding -------------------------------------------------------------------------------------
EPS = float(np.finfo(np.float64).eps)
EPS_SINGLE = float(np.finfo(np.float32).eps)
TINY_SINGLE = float(np.finfo(np.float32).tiny)

HALF_UNIT = 0.5
"""A correctly rounded value is off by at most half a unit in the last place."""

VALUE_ROUNDING = 4 * EPS
"""Every slope that is returned carries the rounding of its own few operations."""

# --- noise: differences on fine grids -------------------------------------------------------------
GRID_HALF = 8
"""Points of a grid on each side: enough for sixth differences in a window on either side."""

SPACINGS = (1.37e-12, 1.19e-9, 1.07e-6, 1.13e-4, 0.93e-2)
"""From just above rounding to a hundredth of the scale; no round numbers, so that no grid falls in
step with stairs or periods of the function."""

DIFFERENCE_ORDERS = (3, 4, 5, 6)
"""Lower differences still see the function, higher ones add nothing."""

FLAT_SHARE = 0.5
"""With more than half of all neighbours equal, a grid shows stairs, not noise."""

NOISE_DECAY = 0.4
"""From one order of differences to the next, noise keeps its size; a smooth function, seen finely,
loses more than this."""

NOISE_SHARE = 1e-3
"""What is larger than this share of the function's variation is structure, not noise."""

KINK_GROWTH = 10.0
"""Roughness that grows tenfold from one spacing to the next comes from kinks."""

NEAR_GRIDS = 4
"""The coarsest spacing sees the function itself; only those before it may raise the noise."""

FAR_NOISE_FACTOR = 5.0
"""A coarse grid may fall in step with the structure that it measures."""

STAIR_LEAST, STAIR_MOST = 1e-10, 1e-3
"""Moves between these shares of the value, on a flat grid, are the stairs of a lower precision."""

SINGLE_GRIDS = 3
"""The first three grids, up to 1e-6 of the scale, on one of which a float32 moves."""

STAIR_LOW, STAIR_HALF = 2e-3, 0.02
"""A least move up to the first share may be a unit of float16 (2**-10 of the value at most); where
all values are numbers of 16 bits, up to the second (a few units of bfloat16, 2**-7 each)."""

STAIR_NOISE = 0.5
"""Two roundings, of the input and of the output, have this standard deviation at most, in stairs
(one has 0.29)."""

EPS_HALF, EPS_BRAIN, TINY_HALF, HALF_VALUES = 2.0**-10, 2.0**-7, 2.0**-24, 2
"""The units of float16 and of bfloat16, the smallest float16, and how many different values, all of
16 bits, show that an output is computed so."""

FIT_REACHES, FIT_POINTS, FIT_DEGREES = (0.55, 0.21, 0.071, 0.023), 40, (3, 5, 7)
"""Polynomials of these degrees through so many values on each side, up to these shares of the
scale: hundreds of units of float16 away, and near enough for a smooth function."""

FIT_LEAST_NOISE, FIT_MOST_NOISE = 0.29, 4.0
"""The standard deviation of one rounding, in stairs; residuals of more than a few stairs are no
rounding: the function itself moves too fast for the fit."""

SHORT_SPACING = 2e-6
"""The quick pass looks at longer grids only while the shorter ones show stairs."""

BLIND_VARIATION, BLIND_SIZE = 1e-2, 1e-4
"""Noise above these shares of the variation and of the largest value is structure that no step
resolves: nothing can be said."""

# --- the step sweep: which steps ------------------------------------------------------------------
STEP_RATIO = 4.0
"""Steps fall by four: each extrapolation gains two digits, and 20 steps span 12 decades."""

STEP_OFFSET = 0.8731
"""No step is a round fraction of the scale, where periods and table spacings would hide."""

SMALLEST_STEP = 1e-13
"""Relative to the point; below, x + h differs from x by a few units only."""

STEP_COUNT = 560
"""Falling by four, this many steps lead from 1 below the smallest float, and from the largest to 1
and further."""

LONGEST_SWEEP = 44
"""Steps at most; with more, half are taken about 1 and half about the point's own scale."""

LINE_STEPS = 21
"""Along a direction, t has no unit: from a quarter down to rounding."""

OWN_SCALE_REACH, OWN_SCALE_SHARE = 2.0, 1e-3
"""Steps about the own scale of a tiny point: up to twice its size, or this share of its array's."""

# --- the step sweep: extrapolation ----------------------------------------------------------------
SWEEP_NOISE = 6.0
"""A bar covers six standard deviations of the noise of a difference: many candidates are compared,
and the smallest bar is chosen."""

TRUNCATION_FACTOR = 2.0
"""The rest of the series is estimated from its neighbours, and doubled."""

SLOWEST_GAIN = 1.0 / 16.0
"""No column is trusted to converge faster than this for each step."""

CONVERGING = 0.8
"""A column whose steps shrink by less than this does not converge."""

FINER_SLACK = 2.0
"""A finer difference may be off by twice the distance that its own truncation explains."""

GROWTH_STEPS, GROWTH_NOISE, GROWTH_SCATTER = 8, 20.0, 0.1
"""Slopes diverge where the last eight grow by one power within 0.1, all 20 times their noise."""

# --- the step sweep: which kind of slope ----------------------------------------------------------
CLEAR_BARS = 3.0
"""A gap of three bars is a difference. Bars hold in 4999 of 5000 calibration cases."""

KINK_BARS = 2.0
"""One-sided bars are wider than central ones: two of both together separate the sides."""

KINK_NOISE, KINK_STEADY, KINK_STEPS = 24.0, 0.2, 3
"""Of a kink, second differences over h stay within a fifth of the gap of the slopes, at three
steps at least where they are 24 times the noise (four times the bar of one difference)."""

BEND_NOISE, BEND_SHRINK, BEND_STEPS = 6.0, 0.6, 3
"""A smooth function's second differences over h fall by four from step to step. Three steps clear
of the noise that keep 0.6 or more are a suspicion of a kink."""

INFINITE_POWER, JUMP_POWER, JUMP_POWER_MOST = 0.05, 0.95, 1.05
"""Slopes that grow as 1 / h jump; as a smaller power, they are infinite (sqrt at 0)."""

STILL_REACH = 1e-3
"""An output that does not move within this share of the scale has the slope 0."""

RAISED_NOISE = 3.0
"""Noise seen from further off, three times the noise from near, may be fine structure."""

SHARP_SLOPE, SHARPER_BAR = 1e-3, 0.1
"""Short steps resolve a slope of their own where its bar is this share of it; and they say more
than the long ones where their bar is ten times narrower."""

# --- the quick pass: steps ------------------------------------------------------------------------
SHORT_STEP, LONG_STEP, FINE_STEP = 0.00151, 0.0148, 1.0313e-6
"""In units of the scale: the longest step of two levels and of three, and the short one-sided
difference that sees kinks and fine structure."""

LONG_STEP_POWER, LONG_STEP_MOST = 0.2, 40.0
SHORT_STEP_POWER, SHORT_STEP_MOST = 0.25, 130.0
"""Noisier functions get longer steps: the power balances the noise over h with the truncation of
the extrapolation, h**4 or h**6 (the optimum is flat)."""

LINE_STEP, LINE_FINE_STEP = 0.0049, 1.03e-6
"""The same along a direction of all entries."""

LINE_LEVELS = 4
"""Step lengths along a direction before the step sweep is asked."""

# --- the quick pass: bars -------------------------------------------------------------------------
QUICK_NOISE = 5.0
"""Standard deviations in a bar of the quick pass, which compares no candidates."""

NOISE_GAIN_TWO, NOISE_GAIN_THREE = 1.5, 1.6
"""What extrapolation of two and of three levels makes of the noise of the shortest difference: at
worst (4 + 1/2) / 3 = 1.5 and (16 * 1.5 + 3/4) / 15 = 1.65, where all signs conspire."""

AGREED_TWO, AGREED_THREE = 3e-5, 0.03
"""The share of the last change that is the bar where the claim agrees: two independent numbers
within this distance do not agree by chance."""

ALONE_TWO, ALONE_THREE = 1.0, 2.0
"""The same without a claim to agree with: the whole last change, and twice the smaller one."""

FALLING, FALLING_TWICE = 0.5, 0.1
"""Three levels converge where the changes fall at least so; for a smooth function they fall by 4
and by 16."""

FORWARD_NOISE, LINE_FORWARD_NOISE = 2.0 * QUICK_NOISE, 10.0
FORWARD_BEND = 0.1
"""The one-sided difference may be off by its noise and a tenth of its curvature term."""

FEW_ENTRIES = 16
"""With fewer entries `numeric_grad` takes the step sweep at once."""

# --- comparing entries ----------------------------------------------------------------------------
CLAIM_ROUNDING = 1e-10
"""A claim may be rounded by this share of itself: backwards sum up terms that cancel."""

ROW_ROUNDING = 64 * EPS
"""And by this share of the largest entry for the same output, which took part in its sums."""

CLEAR_SHARE, CLEAR_NATURAL, CLEAR_ROW = 3e-3, 1e-4, 1e-3
"""An entry is decided where an error would show from this share on: of the entry, of the natural
size of a slope (the output over the scale), or of the largest entry for the same output."""

CLEAR_LAST = 0.1
"""After the step sweep, which finds the narrowest bar there is, an entry is decided where an error
of this share of the largest entry would show; the resolution says so."""

CLEAR_ALWAYS = 1e-25
"""Below this no size says anything."""

CLAIM_ROUNDED = 0.1
"""A tiny claim that changes by this share when its input is rounded is rounding of a slope of 0."""

RESOLUTION_MOST = 0.3
"""A PASS must have seen an error of this share of the largest entry of an input: a factor of 2 that
stays within three bars makes a resolution of 0.6 or more."""

STILL_ZERO, STILL_NONZERO = 1e-2, 1e-4
"""Where the output does not move and the claim is below one float32 unit, this bar (as a share of
the natural size) is enough: with a numerical slope of 0, and else."""

BLURRED = 1e-9
"""A bar above this share of the largest entry is worth longer steps."""

SMALL_SCALE = 0.05
"""Entries below it may have a scale of 1 all the same: steps of that length sharpen them."""

FIRST_BATCH = 12
"""Entries that get the step sweep before anything is decided: a failure needs no more."""

LOW_PRECISION, LOW_PRECISION_ROW = 4.0, 0.1
"""A gradient returned in float32 is off by a few of its units, and by a tenth of that of the
largest entry of its row."""

CLAIM_SPREAD = 4.0
"""How many times the seen spread of a claim over roundings of its input is granted."""

CLAIM_MOVES = (3.0, -5.0, 7.0)
"""The roundings by which the input is moved to see that spread."""

ENTRIES_MOST, SIDE_MOST, SECONDS_MOST = 120_000, 1200, 2.5
"""Up to this size, length of a side and estimated time every entry is compared; beyond, by
projections."""

LEAST_COST = 2e-6
"""Seconds of one evaluation, where the clock saw less."""

# --- kinks along directions -----------------------------------------------------------------------
BEND_STEP, BEND_STEP_NOISE, BEND_STEP_MOST = 1e-6, 1e3, 0.02
"""Differences beside a kink, in scales: short, but a thousand times the noise over the slope."""

BEND_REACH = 40.0
"""Nearby points lie up to forty such steps off: few differences then cross a kink, and those have
a mean slope of both sides, which is a valid one too."""

BEND_SLACK, BEND_CURVATURE = 1e-6, 100.0
"""A slope beside the point differs from the one at it by its curvature times the distance."""

BEND_CLEAR = 1e-3
"""A slope along a direction that differs by this share from the sum over the entries is a kink."""

BEND_LINES, BEND_ENTRIES = 3, 8
"""Random directions, and single entries that are looked at beside them."""

BEND_POINTS_LEAST, BEND_POINTS, BEND_ROUNDS = 12, 400, 3
"""Nearby points for each direction: a few at random, at most so many in all, and three rounds of
them before a claim is called invalid."""

BEND_SEARCH = (0.1, 0.3, 1.0)
"""Every other one lies so far from the best one yet: the part of the space that has the claimed
slope may be a narrow cone."""

# --- projections ----------------------------------------------------------------------------------
OUTPUT_ROWS, DIRECTIONS = 4, 4
"""Projections of outputs and directions of inputs: 16 numbers, of which 7 are independent against
wrong entries that cancel."""

OWN_DIRECTIONS, OWN_ROWS, OWN_OUTPUTS = 2, 2, 8
"""Directions of each input by itself; projections of each output array, up to so many arrays."""

WEIGHT_LEAST, WEIGHT_MOST = 0.6, 1.0
VECTOR_LEAST, VECTOR_MOST = 0.5, 1.5
"""Sizes of random weights and of random vectors: none hides an entry, no two cancel exactly."""

FAR_MOVE, OWN_MOVE = 100.0, 1.0
"""Every other direction moves a nonzero entry by at most its own size, which sees small entries;
the others by up to 100 times."""

SLOW_EVALUATIONS = 100
"""Where the budget does not allow this many evaluations, the noise is taken from rounding."""

ROUNDING_NOISE = SLOW_NOISE = 8 * EPS
"""The noise of a value where it is not measured, as a share of the value."""

PROJECTION_NATURAL = 1e3
"""A projection is decided to `CLEAR_NATURAL` times this, a tenth of its usual size."""

ROUGH_STEPS = (1.0, 1e-3, 1e-6)
"""Lengths tried, as shares of `LINE_STEP`, until a rough slope is finite."""

ROUGH_ROUNDING = 64 * EPS

ENTRY_EVALUATIONS = 2000
"""The budget of one entry, one line or one other point."""

# --- contracts ------------------------------------------------------------------------------------
SAME_OUTPUT = 1e-12
"""Outputs and gradients of equal inputs: threads may add in another order, no more."""

SAME_SUM = 1e-9
"""The sum of two partial gradients, rounded along two ways."""

NONLINEAR = 1e-4
"""Of the largest entry: a backward in float32 stays below it, abs(g) and g * g do not."""

SMALL_COTANGENT = 1024.0
"""g is divided by it, which is exact."""

OTHER_SHARE = 0.75
"""And another cotangent is added with this weight, which is exact as well."""

REPEATED_PAIRS = 3
"""Pairs of inputs that are passed as one array."""

NEARBY_MOVE, NEARBY_REPEATS = 0.0113, 5
"""Where the gradient is not right, the function is evaluated so many times, at the point and this
many scales beside it: it may vary only there (a cache, a branch with randomness)."""

PLAIN_MOVE = 0.037
"""The second point, in scales, at which plain arrays must give the bits that Values give."""

# --- further checks -------------------------------------------------------------------------------
TAYLOR_FIRST, TAYLOR_LAST = 4, 20
"""Powers of 1/2 that are the steps of the Taylor test."""

TAYLOR_NOISE, TAYLOR_SLOPE = 64 * EPS, 1e-3
"""A remainder below this share of the values is rounding; the slope counts by its step."""

TAYLOR_LINEAR = 1e-9
"""A remainder that starts below this share is none: the function is linear."""

TAYLOR_RIGHT = 1.7
"""Between the rate 2 of a right gradient and the rate 1 of a wrong one, nearer to 2."""

MODES_AGREE = 1e-7
"""Forward and reverse mode share their rules, not their order of sums."""

GRADIENT_ROUNDING = 1e-6
"""Slopes of a gradient that differ by less may differ by the gradient's own rounding."""

SECOND_MOVE = 1e4
"""A direction of the second order moves a nonzero entry by at most this many times its size."""

SECOND_NOISE, ELSEWHERE_NOISE = 4 * EPS, 2 * EPS
"""Rounding of a gradient, and of one output, as shares of their sizes."""

# --- other points ---------------------------------------------------------------------------------
NEAR_SHARES = (0.083, 0.0071, 5.3e-4)
"""How far a near point lies from the input, in scales; the nearer ones where the first is outside
of the domain, beyond a kink or unclear."""

MANY_SIGNS = 16
"""With so many entries, random signs flip some and leave some."""

NEAR_INPUTS = 4
"""Up to so many inputs have a direction of their own at other points."""

ELSEWHERE_SHARE = 1e-6
"""At another point an error counts from this share of the entries along the direction on: it is
found with one direction only, and a backward may be rounded in another way there."""

NEAR_SIDES = 4
"""Beside a kink so many points must be wrong: one of them lies on each side, as likely as not."""

ROUND_DENOMINATOR, ROUND_MOST = 24.0, 2400.0
"""Multiples of 1/24 up to 100 are round: sums of halves, thirds, quarters and eighths."""

WAY_POINTS, WAY_TAIL = 33, 1e-6
"""So many Chebyshev nodes between two points; the last quarter of the coefficients of a function
with a kink is about 1e-3 of its range, of one that is analytic below this share."""

SINGLE_ULPS = (0.0, 2.0, -2.0)
"""The moves, in units of the low precision, that show its rounding."""

SINGLE_SHARE, SINGLE_SPREAD, SINGLE_LEAST = 1e3, 8.0, 1e-30
"""The low gradient may be off by a thousand units of the largest entry, or eight spreads."""

# --- naming a mistake -----------------------------------------------------------------------------
PATTERN_BARS, PATTERN_SHARE, PATTERN_SIZE = 8.0, 1e-6, 1e-11
"""Two entries are equal for a pattern within eight bars, this share of the entry and this share of
the largest one."""

SAME_FACTOR = 1e-6
"""Two constant factors are the same number."""

LIKELY_FACTOR = 1e-3
"""One entry suggests a constant within this; the pattern must then hold for all."""

CONSTANT_CLAIM = 1e-9
"""Entries this close are all one number."""

SINGLE_CLAIM, SINGLE_CLAIM_BARS = 2e-7, 8.0
"""An error of float32 rounding: a float32 unit of the entry and eight bars."""

SECOND_POINTS = (0.31, 0.07, 0.011)
"""How far, in scales, the second point may lie at which a pattern must hold as well."""

SECOND_POINT_LEAST = 0.3
"""Every entry moves by this share of that at least."""

SAMPLED_ENTRIES = 24
"""Entries of a large gradient that are compared with the patterns."""

VARIANCE_ENTRIES, VARIANCE_SHARE = 4, 0.05
"""A variance's term is fitted by one number to so many entries at least, and that number is 1 up to
what is usually added to a variance so that it is not zero."""

CONSTANT_ENTRIES = 3
"""So many equal errors along an axis are no chance."""

NEIGHBOURS = 8
"""Entries along each axis through a wrong one that are looked at, and twice as many elsewhere."""

MAP_ENTRIES, MAP_CHUNK, MAP_SHARE = 10_000, 256, 1e-5
"""A map of errors is measured for arrays up to 100 x 100; a quick difference shows an error from
this share on."""

MAP_SECONDS, MAP_EVALUATIONS = 30.0, 10**6
"""What a map may cost when a picture asks for it."""

SAMPLE_EVALUATIONS, SAMPLE_SECONDS = 1500, 3.0
"""The mistake in a large gradient is looked for where about so many evaluations take no longer."""

PLACES_SHOWN = 4
"""Indices of wrong entries that a sentence lists."""

SMALL_SHARE = 2.0**-40
"""A cotangent so small passes through any clip of gradients, and is an exact share."""

FAR_STEPS = (0.4, 1.1, 2.3)
"""A function that is flat at a point may move in steps: so far away, in scales, it is looked at."""

CLOSE_MOVE = 1e-3
"""A mistake at one point only is gone at this distance, in scales."""

PERMUTED_MOST = 200
"""Axes up to this length are compared in any order."""

NODES_MOST, RULE_SECONDS_ALL, RULE_SECONDS, RULE_EVALUATIONS = 200, 10.0, 3.0, 60_000
"""How many operations of a graph are checked on their own, and the budgets of all and of each."""

# --- budgets --------------------------------------------------------------------------------------
SHRINK_BELOW = 5.0
"""A check that took longer, in seconds, is not repeated to find a smaller input."""

SHRINK_SECONDS, SHRINK_TRIES, SHRINK_SIZE = 1.5, 24, 20_000

SHRINK_EVALUATIONS, SHRINK_CHECK_SECONDS = 20_000, 2.0

CLOCK_EVERY, SLOW_EVALUATION = 16, 0.01
"""The clock is looked at after this many evaluations, or after each one that takes so long."""

BAR_SECONDS, BAR_EVALUATION = 1.0, 0.02
"""A progress bar shows where the check, or one evaluation, is expected to take longer."""

# --- slow functions -------------------------------------------------------------------------------
SLOW_CALLS, SLOW_ENTRY_CALLS, SLOW_ENTRIES, SLOW_SECONDS = 100, 5, 40, 5.0
"""A function is slow where so many calls, and so many more an entry (up to so many: beyond, there
are projections), take longer than this."""

SLOW_FOR_SURE = 0.1
"""Seconds of a call that is not timed again."""

SLOW_STEP, SLOW_STEP_AGAIN = 0.87e-4, 2.9e-3
"""The step of the first difference, in scales, which errs by 1e-8 of a smooth slope and by 1e-3 of
one in float32; and the step of a second one, where the first does not agree."""

SLOW_AGREE, SLOW_ROW, SLOW_KINK = 1e-3, 1e-3, 0.1
"""A difference agrees with a claim within this share of itself, or of this share of the largest
for the same output; slopes of two sides that differ by a tenth are looked at as a kink."""

SLOW_OUTPUTS, SLOW_DIRECTIONS, SLOW_AGAIN = 3, 4, 2
"""Up to so many outputs are looked at one by one; directions, if there is no time for all entries;
and lines that are measured a second time, once one of them is surely wrong."""

SLOW_SHARE, SLOW_EXTRA, SLOW_EXTRA_CALLS = 0.5, 1.0 / 3.0, 8
"""The share of the seconds that the differences may take, up to which more is asked, and how many
calls that takes."""

CLOCKED_COST = 2e-3
"""A function that takes longer looks at the clock before each call, so that `seconds` holds."""
