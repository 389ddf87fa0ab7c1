"""The passes that say the same in cheaper calls."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import numpy as np

from autograd.compilation.folding import changed, frozen
from autograd.compilation.program import Guard, Program, Register, Step, finite_arrays
from autograd.engine.indexing import ARRAY, scatter

REDUCTIONS: Final = {
    np.sum: np.add,
    np.prod: np.multiply,
    np.max: np.maximum,
    np.min: np.minimum,
    np.amax: np.maximum,
    np.amin: np.minimum,
}
"""Functions that call the `reduce` of a ufunc and do nothing else, at three times its price."""


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


def sum_of_picked(program: Program) -> Program:
    """The sums over rows of zeros into which one entry of each row was put: these entries.

    That is what the derivative of a loss asks for that picks the entry of the right class."""
    made = {step.number: step for step in program.steps}
    steps = []
    for step in program.steps:
        picked = picked_entries(step, made, program)
        steps.append(step if picked is None else picked)
    return changed(program, steps=steps)


def picked_entries(step: Step, made: dict[int, Step], program: Program) -> Step | None:
    """The entries that such a sum gives back; None for any other step."""
    if step.function != np.add.reduce or not step.args or type(step.args[0]) is not Register:
        return None
    inner = made.get(step.args[0].number)
    if inner is None or inner.function is not scatter or len(inner.args) != 3:
        return None
    g, rows, _ = inner.args
    whole, example = program.examples[inner.number], program.examples[step.number]
    options = {name: x for name, x in step.kwargs.items() if name != "keepdims"}
    if options not in ({"axis": -1}, {"axis": 1}, {"axis": (1,)}, {"axis": (-1,)}):
        return None
    if inner.kwargs["index"] != (ARRAY, ARRAY) or whole.ndim != 2 or not whole.size:
        return None
    columns = program.example(inner.args[2]) if type(inner.args[2]) is Register else inner.args[2]
    if type(rows) is Register or columns.shape != rows.shape or rows.shape != whole.shape[:1]:
        return None
    if id(rows) in program.captured or not np.array_equal(rows, np.arange(len(rows))):
        return None
    data = program.example(g) if type(g) is Register else g
    if not isinstance(data, np.ndarray) or data.shape != rows.shape or data.dtype != whole.dtype:
        return None
    if type(g) is Register or id(g) in program.captured:
        return None
    entries = np.reshape(g + g.dtype.type(0), example.shape)  # -0.0 added to zeros is 0.0
    return step._replace(function=np.positive, args=(frozen(entries),), kwargs={})


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
