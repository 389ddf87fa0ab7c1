"""The pass that computes beforehand: constants folded, no-ops dropped, repetitions found."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Hashable
from typing import Any, Final

import numpy as np

from autograd.arrays.protocol import mapped
from autograd.compilation.program import Guard, Program, Register, Step
from autograd.compilation.random import Draw
from autograd.engine import kernels

LIKE: Final = frozenset((np.ones_like, np.zeros_like, np.empty_like, np.shape, np.ndim, np.size))
"""Functions of the shape and dtype of their first argument alone."""

COPIES: Final = frozenset(
    (
        *(np.copy, kernels.copy, np.positive, operator.pos, np.broadcast_to, np.reshape, np.astype),
        *(np.ravel, np.squeeze, kernels.astype, np.real, np.asarray, np.atleast_1d, float),
    )
)
"""Functions that give the entries of their first argument, if shape and dtype are the same."""


# --- what is computed beforehand ------------------------------------------------------------------
def simplify(program: Program) -> Program:
    """Constants folded, no-ops dropped, and what is computed twice computed once.

    Nothing is computed from an array that somebody else holds: it may change."""
    known: dict[Register, Any] = {}
    seen: dict[Hashable, int] = {}
    steps: list[Step] = []
    saved = Counter(program.saved)

    def current(register: Register) -> Any:
        if register in known:
            return known[register]
        whole = known.get(Register(register.number), MISSING)
        if whole is MISSING:
            return register
        if type(whole) is Register:
            return Register(whole.number, whole.output + register.output)
        for i in register.output:
            whole = whole[i]
        return whole

    for step in program.steps:
        args, kwargs = mapped((step.args, step.kwargs), Register, current)
        step = step._replace(args=args, kwargs=kwargs)
        place = Register(step.number)
        if is_foldable(step, program):
            known[place] = frozen(program.examples[step.number])
            saved["constant"] += 1
            continue
        same = unchanged(step, program)
        if same is not None:
            known[place] = same
            saved["that change nothing"] += 1
            continue
        key = key_of(step)
        if key in seen:
            known[place] = Register(seen[key])
            saved["computed twice"] += 1
            continue
        if key is not None:
            seen[key] = step.number
        steps.append(step)
    guards = [
        guard._replace(registers=tuple(map(current, guard.registers))) for guard in program.guards
    ]
    return changed(
        program,
        steps=steps,
        guards=list(dict.fromkeys(g for g in map(without_constants, guards) if g is not None)),
        outputs=[current(y) if type(y) is Register else y for y in program.outputs],
        saved=dict(saved),
    )


MISSING: Final = object()


def changed(program: Program, **fields: Any) -> Program:
    """The program with other fields."""
    return Program(**{**vars(program), **fields})


def without_constants(guard: Guard) -> Guard | None:
    """A guard without what is known already; None where nothing is left."""
    left = tuple(r for r in guard.registers if type(r) is Register)
    return guard._replace(registers=left) if left else None


def frozen(x: Any) -> Any:
    """A constant that nobody can write into."""
    if isinstance(x, np.ndarray):
        x = x.copy("K") if x.base is not None or x.flags.writeable else x
        x.flags.writeable = False
    if isinstance(x, tuple | list):
        return type(x)(map(frozen, x)) if not hasattr(x, "_fields") else type(x)(*map(frozen, x))
    return x


def is_foldable(step: Step, program: Program) -> bool:
    """Whether the result of a step is known beforehand."""
    if isinstance(step.function, Draw):
        return False
    if step.function in LIKE:
        return not any(True for x in step.uses if x not in step.args[:1])
    return not step.uses and not holds_captured((step.args, step.kwargs), program.captured)


def holds_captured(x: Any, captured: set[int]) -> bool:
    """Whether an array of somebody else's is among the arguments."""
    if isinstance(x, tuple | list):
        return any(holds_captured(part, captured) for part in x)
    if isinstance(x, dict):
        return any(holds_captured(part, captured) for part in x.values())
    while isinstance(x, np.ndarray):
        if id(x) in captured:
            return True
        x = x.base
    return False


def unchanged(step: Step, program: Program) -> Register | None:
    """The register that a step only repeats; None where it computes something."""
    if not step.args or len(step.args) > 3:
        return None
    f, first = step.function, step.args[0]
    candidates: list[Any] = []
    if f in COPIES:
        candidates = [first]
    elif len(step.args) == 2 and not step.kwargs:
        second = step.args[1]
        if f in (np.multiply, operator.mul):
            candidates = [first if is_all(second, 1) else second if is_all(first, 1) else None]
        elif (f in (np.true_divide, operator.truediv) and is_all(second, 1)) or (
            f in (np.subtract, operator.sub) and is_all(second, 0)
        ):
            candidates = [first]
    for x in candidates:
        if type(x) is Register and is_same(x, step, program):
            return x
    return None


def is_all(x: Any, number: int) -> bool:
    """Whether a constant is this number everywhere (0 with its sign: x - -0.0 is not x)."""
    if isinstance(x, np.ndarray):
        if x.flags.writeable or not x.size or x.dtype.kind not in "fiu":
            return False
        return bool((x == number).all()) and not (number == 0 and np.signbit(x).any())
    if type(x) in (int, float) or isinstance(x, np.floating | np.integer):
        return bool(x == number) and not (number == 0 and bool(np.signbit(x)))
    return False


def is_same(x: Register, step: Step, program: Program) -> bool:
    """Whether the result of a step is of the class, shape, dtype and layout of x."""
    before, after = program.example(x), program.examples[step.number]
    if type(before) is not type(after):
        return False
    if not isinstance(before, np.ndarray):
        return not isinstance(before, tuple | list)
    same = before.shape == after.shape and before.dtype == after.dtype
    return same and (
        before.strides == after.strides or (before.flags.c_contiguous and after.flags.c_contiguous)
    )


def key_of(step: Step) -> Hashable | None:
    """What two steps that compute the same have in common; None where a step is not repeated."""
    if isinstance(step.function, Draw):
        return None
    try:
        key = (step.function, part_key(step.args), part_key(step.kwargs))
        hash(key)
    except TypeError:
        return None
    return key


def part_key(x: Any) -> Hashable:
    """An argument of a call, hashable: numbers with their class and sign, arrays by identity."""
    if type(x) is Register:
        return x
    if isinstance(x, tuple | list):
        return (type(x), *map(part_key, x))
    if isinstance(x, dict):
        return (dict, *[(name, part_key(part)) for name, part in x.items()])
    if isinstance(x, slice):
        return (slice, x.start, x.stop, x.step)
    if isinstance(x, np.ndarray):
        return ("array", id(x))
    if isinstance(x, int | float | complex | np.generic):
        return (type(x), repr(x))
    return (type(x), x)
