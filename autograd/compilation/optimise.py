"""The passes: each takes a program and gives one that computes the same, bit for bit, in fewer or
cheaper steps."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Hashable
from typing import Any, Final

import numpy as np

from autograd.arrays.protocol import mapped
from autograd.compilation.aliases import find_views, owners, protected
from autograd.compilation.blocks import fuse_elementwise
from autograd.compilation.program import Guard, Program, Register, Step, finite_arrays
from autograd.compilation.random import Draw
from autograd.compilation.scalars import group_numbers
from autograd.engine import kernels

Pass = Callable[[Program], Program]

LIKE: Final = frozenset((np.ones_like, np.zeros_like, np.empty_like, np.shape, np.ndim, np.size))
"""Functions of the shape and dtype of their first argument alone."""

COPIES: Final = frozenset(
    (
        *(np.copy, kernels.copy, np.positive, operator.pos, np.broadcast_to, np.reshape, np.astype),
        *(np.ravel, np.squeeze, kernels.astype, np.real, np.asarray, np.atleast_1d, float),
    )
)
"""Functions that give the entries of their first argument, if shape and dtype are the same."""

TRANSPOSES: Final = frozenset((np.matrix_transpose, np.transpose))

REDUCTIONS: Final = {
    np.sum: np.add,
    np.prod: np.multiply,
    np.max: np.maximum,
    np.min: np.minimum,
    np.amax: np.maximum,
    np.amin: np.minimum,
}
"""Functions that call the `reduce` of a ufunc and do nothing else, at three times its price."""


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


# --- cheaper ways to say it -----------------------------------------------------------------------
def fuse_finite(program: Program) -> Program:
    """Guards that everything is finite, each as one look at all arrays."""
    made = {step.number: step for step in program.steps}

    guards = []
    for guard in program.guards:
        found = finite_arrays(guard.registers[0], made) if guard.kind == "true" else None
        if found is not None and all(type(r) is Register for r in found):
            guard = Guard("finite", tuple(dict.fromkeys(found)))
        guards.append(guard)
    finite = [r for guard in guards if guard.kind == "finite" for r in guard.registers]
    others = [guard for guard in guards if guard.kind != "finite"]
    together = [Guard("finite", tuple(dict.fromkeys(finite)))] if finite else []
    return changed(program, guards=[*others, *together])


def call_ufuncs(program: Program) -> Program:
    """The ufunc's own methods in place of functions that call them."""
    return changed(program, steps=[called_directly(step, program) for step in program.steps])


def called_directly(step: Step, program: Program) -> Step:
    """One step without a detour."""
    ufunc = REDUCTIONS.get(step.function)
    if ufunc is None or not step.args:
        return without_initial(step, program)
    names = ("axis", "dtype", "out")[: len(step.args) - 1]
    options = {**dict(zip(names, step.args[1:], strict=False)), **step.kwargs}
    if len(step.args) > 4 or options.keys() - {"axis", "keepdims", "dtype", "initial", "where"}:
        return step
    if type(step.args[0]) is not Register:
        return step
    options = {"axis": None, **options}
    if options.get("keepdims") is False:
        del options["keepdims"]
    if options.get("dtype", 0) is None:
        del options["dtype"]
    if options.get("initial", 0) in (np._NoValue, None):
        del options["initial"]
    return step._replace(function=ufunc.reduce, args=step.args[:1], kwargs=options)


def without_initial(step: Step, program: Program) -> Step:
    """The largest of something, without the -inf to begin with that only an empty array needs."""
    if step.function != np.maximum.reduce or step.kwargs.get("initial") != -np.inf:
        return step
    x = step.args[0]
    if type(x) is not Register or not program.example(x).size:
        return step
    options = {name: part for name, part in step.kwargs.items() if name != "initial"}
    return step._replace(kwargs=options)


def multiply_by_dot(program: Program) -> Program:
    """`np.dot` of matrices in place of `np.matmul`: the same BLAS call, found sooner."""
    steps = []
    for step in program.steps:
        if step.function is np.matmul and not step.kwargs:
            found = [program.example(x) if type(x) is Register else x for x in step.args]
            if len(found) == 2 and all(map(is_plain_matrix, found)) and same_dtype(found):
                step = step._replace(function=np.dot)
        steps.append(step)
    return changed(program, steps=steps)


def is_plain_matrix(x: Any) -> bool:
    """Whether x is a matrix of floats that BLAS takes as it is."""
    return (
        isinstance(x, np.ndarray)
        and x.ndim == 2
        and min(x.shape) > 1
        and x.dtype in (np.float32, np.float64)
        and (x.flags.c_contiguous or x.flags.f_contiguous)
        and x.flags.aligned
    )


def same_dtype(arrays: list[Any]) -> bool:
    """Whether two arrays have one dtype."""
    return bool(arrays[0].dtype == arrays[1].dtype)


SAME_LOOP: Final = frozenset(
    (
        *(np.add, np.subtract, np.multiply, np.true_divide, np.maximum, np.minimum),
        *(np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
    )
)
"""Ufuncs that compute in the dtype of their arrays where the other operand is a Python number."""


def arrays_for_numbers(program: Program) -> Program:
    """Python numbers beside an array of floats as arrays of no axes, in its dtype: NumPy would make
    one at each call, which takes as long as a small sum."""
    made: dict[Hashable, Any] = {}
    steps = []
    for step in program.steps:
        if step.function in SAME_LOOP and len(step.args) == 2 and not step.kwargs:
            step = step._replace(args=with_arrays(step.args, program, made))
        steps.append(step)
    return changed(program, steps=steps)


def with_arrays(args: tuple[Any, ...], program: Program, made: dict[Hashable, Any]) -> Any:
    """Two operands, a Python number among them as an array of no axes."""
    for i, (number, other) in enumerate((args, args[::-1])):
        wide = program.example(other) if type(other) is Register else other
        if type(number) not in (int, float) or not isinstance(wide, np.ndarray) or not wide.ndim:
            continue
        if wide.dtype.kind != "f" or not wide.dtype.isnative:
            continue
        key = (type(number), repr(number), wide.dtype)
        if key not in made:
            with np.errstate(all="ignore"):
                made[key] = frozen(np.array(number, wide.dtype))
        return (made[key], other) if i == 0 else (other, made[key])
    return args


def drop_broadcasts(program: Program) -> Program:
    """Operands as they are where NumPy broadcasts them itself."""
    made = {step.number: step for step in program.steps}
    steps = []
    for step in program.steps:
        if isinstance(step.function, np.ufunc) and len(step.args) == 2 and not step.kwargs:
            step = step._replace(args=narrow_operands(step, made, program))
        steps.append(step)
        made[step.number] = step
    return changed(program, steps=steps)


def narrow_operands(step: Step, made: dict[int, Step], program: Program) -> tuple[Any, ...]:
    """Two operands of a ufunc, one of them before it was broadcast."""
    output = program.examples[step.number]
    for i, x in enumerate(step.args):
        inner = made.get(x.number) if type(x) is Register and not x.output else None
        if inner is None or inner.function is not np.broadcast_to:
            continue
        other = step.args[1 - i]
        wide = program.example(other) if type(other) is Register else other
        source = inner.args[0]
        if type(source) is not Register or not isinstance(wide, np.ndarray):
            continue
        narrow = program.example(source)
        if type(narrow) in (int, float, complex) or wide.shape != np.shape(output):
            continue
        if not isinstance(output, np.ndarray) or not output.flags.c_contiguous:
            continue
        if wide.flags.c_contiguous and np.ndim(narrow) <= wide.ndim:
            return (source, other) if i == 0 else (other, source)
    return step.args


def decides(step: Step) -> bool:
    """Whether a step looks at what the engine decided by, besides what it gives."""
    return bool(getattr(step.function, "decides", False))


def drop_dead(program: Program) -> Program:
    """Without steps that nobody uses; what draws random numbers stays."""
    needed = {y.number for y in program.outputs if type(y) is Register}
    needed |= {r.number for guard in program.guards for r in guard.registers}
    steps = []
    for step in reversed(program.steps):
        if step.number in needed or isinstance(step.function, Draw) or decides(step):
            steps.append(step)
            needed |= {r.number for r in step.uses}
    dead = program.saved.get("unused", 0) + len(program.steps) - len(steps)
    return changed(program, steps=steps[::-1], saved={**program.saved, "unused": dead})


SHORTER: Final[list[Pass]] = [
    *(fuse_finite, drop_dead, simplify, call_ufuncs, drop_broadcasts, drop_dead),
    *(arrays_for_numbers, multiply_by_dot),
]
"""The passes after which each step is still a call of NumPy, for every backend."""

PASSES: Final[list[Pass]] = [group_numbers, *SHORTER, fuse_elementwise]
"""The passes in the order in which they run: numbers first, since there may be tens of thousands of
them, which are a step or two then, and runs over blocks last, of what is left.  After the last,
outputs that would share memory get their own, and the buffers are planned."""


def optimise(program: Program, passes: list[Pass] = PASSES) -> Program:
    """The program after all passes."""
    if group_numbers in passes:  # numbers share no memory: nothing to be known of tens of thousands
        program = group_numbers(program)
    program = changed(program, views=find_views(program))
    before = owners(program)
    changed_program = program
    for change in passes:
        if change is not group_numbers:
            changed_program = change(changed_program)
    return protected(program, before, changed_program)
