"""A run of elementwise steps over the blocks of large arrays: one step, which prints itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final, final

import numpy as np

from autograd.arrays.protocol import mapped
from autograd.compilation.emit import BY_NAME, Printed, Printer
from autograd.compilation.program import Program, Register, Step, registers_in
from autograd.compilation.threads import run_blocks

CACHE: Final = 2**19
"""Bytes that a thread's arrays of one block may take: half of what a core's own cache has."""

SHARED: Final = 200_000
"""Work in nanoseconds from which on threads share it."""

CHEAP: Final = frozenset(
    (
        *(np.add, np.subtract, np.multiply, np.divide, np.negative, np.absolute, np.positive),
        *(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
        *(np.logical_and, np.logical_or, np.logical_not, np.maximum, np.minimum, np.square),
        *(np.bitwise_and, np.bitwise_or, np.invert, np.isfinite, np.isnan, np.sqrt, np.fabs),
        *(np.where, np.astype, np.broadcast_to, np.conjugate, np.sign, np.reciprocal),
        *(np.sum, np.add.reduce),
    )
)
"""Functions that take about 0.3 ns an entry in the cache; others, such as sin, 1 to 10."""

SUMS: Final = (np.sum, np.add.reduce)


def nanoseconds(function: Any) -> float:
    """What an entry costs, roughly."""
    return 0.3 if function in CHEAP else 1.0 if function in (np.exp, np.tanh) else 8.0


def is_filled(step: Step) -> bool:
    """Whether a step gives an array of one number."""
    return step.function is np.broadcast_to and bool(step.args) and not step.kwargs.keys() - SHAPE


SHAPE: Final = frozenset(("shape",))


# --- how NumPy adds -------------------------------------------------------------------------------
def halves(size: int) -> tuple[int, int]:
    """Where NumPy cuts the entries that it adds: in the middle, at a multiple of eight."""
    first = size // 2
    first -= first % 8
    return first, size - first


@lru_cache(256)
def cut(size: int, largest: int) -> tuple[tuple[int, int], ...]:
    """The blocks of an array, cut where NumPy's sum cuts; `largest` is 128 at least.

    >>> cut(1000, 300)
    ((0, 248), (248, 496), (496, 744), (744, 1000))
    """
    edges: list[tuple[int, int]] = []
    pending = [(0, size)]
    while pending:
        start, length = pending.pop()
        if length <= largest:
            edges.append((start, start + length))
        else:
            first, rest = halves(length)
            pending += [(start + first, rest), (start, first)]
    return tuple(edges)


@lru_cache(256)
def cut_rows(count: int, largest: int) -> tuple[tuple[int, int], ...]:
    """The blocks of some rows.

    >>> cut_rows(10, 4)
    ((0, 4), (4, 8), (8, 10))
    """
    return tuple([(i, min(i + largest, count)) for i in range(0, count, largest)])


def join(parts: Sequence[Any], size: int, largest: int) -> Any:
    """The sum of an array from the sums of its blocks, as NumPy's sum joins them.

    >>> x = np.random.default_rng(0).normal(size=100_000)
    >>> parts = [np.add.reduce(x[start:stop]) for start, stop in cut(x.size, 1000)]
    >>> bool(join(parts, x.size, 1000) == np.add.reduce(x))
    True
    """
    left = iter(parts)

    def joined(length: int) -> Any:
        if length <= largest:
            return next(left)
        first, rest = halves(length)
        return joined(first) + joined(rest)

    return joined(size)


def finite_or_nan(x: Any) -> float:
    """0 where all entries of a block are finite, else NaN.

    >>> finite_or_nan(np.array([1e300, -1e300])), finite_or_nan(np.array([1.0, np.inf]))
    (0.0, nan)
    """
    if math.isfinite(np.vdot(x, x)) or bool(np.isfinite(x).all()):
        return 0.0
    return math.nan


# --- the run --------------------------------------------------------------------------------------
@final
class Run(Printed):
    """Elementwise steps on arrays of one shape, and the sums of what they give.

    inputs  the registers that it takes
    wanted  the numbers of the steps whose results it gives, a tuple
    finite  the numbers of the steps whose results must be finite: what it gives has one number
            more, which is NaN where they are not
    rows    whether blocks are rows, since an operand is broadcast, and not parts of the flat array
    """

    __name__ = "run"

    def __init__(
        self,
        program: Program,
        shape: tuple[int, ...],
        steps: Sequence[Step],
        wanted: Sequence[int],
        finite: Sequence[int],
        rows: bool,
    ) -> None:
        self.steps, self.wanted, self.finite = steps, wanted, finite
        self.shape, self.rows = shape, rows
        inside = {step.number for step in steps}
        found = dict.fromkeys(registers_in([(step.args, step.kwargs) for step in steps]))
        self.inputs = [register for register in found if register.number not in inside]
        self.examples = {register: program.example(register) for register in found}
        self.results = {step.number: program.examples[step.number] for step in steps}
        self.sums = [step.number for step in steps if step.function in SUMS]
        total = sum(nanoseconds(step.function) for step in steps) * math.prod(shape)
        self.shared = total > SHARED

    def forget(self, light: Callable[[Any], Any]) -> None:
        """Let go of the arrays of the recording."""
        self.examples = {key: light(x) for key, x in self.examples.items()}
        self.results = {key: light(x) for key, x in self.results.items()}

    def __call__(self, *given: Any) -> tuple[Any, ...]:
        """The results, one step after the other: what the blocks give in less time."""
        known: dict[Register, Any] = dict(zip(self.inputs, given, strict=True))
        for step in self.steps:
            args, kwargs = mapped((step.args, step.kwargs), Register, known.__getitem__)
            with np.errstate(**dict(step.errors)):  # type: ignore[arg-type]
                known[Register(step.number)] = step.function(*args, **kwargs)
        results = [known[Register(number)] for number in self.wanted]
        if self.finite:
            results.append(sum(finite_or_nan(known[Register(number)]) for number in self.finite))
        return tuple(results)

    def lines(self, printer: Printer, step: Step) -> list[str]:
        """The text, in the text of a program."""
        return BlockText(self, printer, step).text


class BlockText:
    """The text of one run: a function of one block, and the call that runs it over all."""

    def __init__(self, run: Run, printer: Printer, step: Step) -> None:
        self.run, self.printer = run, printer
        self.before: list[str] = []
        self.inner: list[str] = []
        self.errors: Any = ()
        self.checks: list[str] = []
        self.slices: list[str] = []
        self.words: dict[Register, str] = {}
        self.outside = set(run.inputs)
        self.slots: list[tuple[str, np.dtype[Any]]] = []
        self.free: list[int] = []
        self.slot_of: dict[int, int] = {}
        self.last = self.find_last_uses()
        registers = dict(zip(run.inputs, step.args, strict=True))
        for register in run.inputs:
            self.words[register] = printer.name(registers[register])
        self.start, self.stop = printer.fresh("start"), printer.fresh("stop")
        self.arrays = self.make_results()
        for i, member in enumerate(run.steps):
            self.print_member(i, member)
            if member.number in run.finite:  # while it is in the cache
                check = printer.fresh("finite")
                call = f"{printer.function(finite_or_nan)}({self.words[Register(member.number)]})"
                self.write(member, f"{check} = {call}")
                self.checks.append(check)
            self.release(i)
        self.text = self.assembled(step)

    def write(self, step: Step, line: str) -> None:
        """A line of the function of one block, under the error settings of its step."""
        if step.errors != self.errors:
            self.errors = step.errors
            if step.errors:
                settings = ", ".join(f"{name}={mode!r}" for name, mode in step.errors)
                self.inner.append(f"with np.errstate({settings}):")
        self.inner.append(f"    {line}" if step.errors else line)

    def find_last_uses(self) -> dict[int, int]:
        """The last step at which each result is used."""
        last = {}
        for i, member in enumerate(self.run.steps):
            last[member.number] = i
            for register in registers_in(member.args):
                last[register.number] = i
        return last

    def make_results(self) -> dict[int, str]:
        """Names for the arrays that are handed out, made before the blocks are computed."""
        made = {}
        for number in self.run.wanted:
            if number not in self.run.sums:
                name = made[number] = self.printer.fresh("y")
                dtype = self.run.results[number].dtype
                self.before.append(f"{name} = np.empty({self.run.shape}, {dtype.str!r})")
        return made

    # --- one step ---------------------------------------------------------------------------------
    def print_member(self, i: int, step: Step) -> None:
        """The line of one step."""
        number, function = step.number, step.function
        register = Register(number)
        if is_filled(step):
            word = self.printer.fresh("filled")
            self.before.append(f"{word} = np.asarray({self.word(step.args[0])})[()]")
            self.words[register] = word
            return
        words = [self.word(x) for x in step.args]
        if function in SUMS:
            total = self.words[register] = self.printer.fresh("total")
            self.write(step, f"{total} = np.add.reduce({words[0]})")
            return
        if isinstance(function, np.ufunc):
            self.release_operands(i, step)
        out = self.target(number)
        if function is np.where:
            self.write(step, f"np.copyto({out}, {words[2]})")
            self.write(step, f"np.copyto({out}, {words[1]}, where={words[0]})")
        elif function is np.astype:
            self.write(step, f"np.copyto({out}, {words[0]}, casting='unsafe')")
        else:
            words.append(f"out={out}" if function in BY_NAME else out)
            self.write(step, f"{self.printer.function(function)}({', '.join(words)})")
        self.words[register] = out

    def word(self, x: Any) -> str:
        """How an operand is written in a block."""
        if type(x) is not Register:
            if isinstance(x, np.ndarray) and x.ndim:
                return self.part(self.printer.argument(x), x)
            return self.printer.argument(x)
        word = self.words[x]
        if x in self.outside:
            self.outside.discard(x)
            example = self.run.examples[x]
            if isinstance(example, np.ndarray) and example.ndim:
                word = self.words[x] = self.part(word, example)
        return word

    def part(self, word: str, x: Any) -> str:
        """The part of an array from outside that belongs to a block."""
        run = self.run
        if not run.rows:
            if x.shape != run.shape:
                return word  # of one entry
            whole = self.printer.fresh("flat")
            self.before.append(f"{whole} = {word}.reshape(-1)")
        elif x.ndim == len(run.shape) and x.shape[0] == run.shape[0]:
            whole = word
        else:
            return word
        part = self.printer.fresh("part")
        self.slices.append(f"{part} = {whole}[{self.start}:{self.stop}]")
        return part

    def target(self, number: int) -> str:
        """Where the result of a step goes: the array that is handed out, or a thread's own."""
        if number in self.arrays:
            return self.part(self.arrays[number], self.run.results[number])
        dtype = self.run.results[number].dtype
        for slot in self.free:
            if self.slots[slot][1] == dtype:
                self.free.remove(slot)
                break
        else:
            slot = len(self.slots)
            self.slots.append((self.printer.fresh("t"), dtype))
        self.slot_of[number] = slot
        return self.slots[slot][0]

    def release_operands(self, i: int, step: Step) -> None:
        """A ufunc may write over an operand that nothing needs any more."""
        for register in registers_in(step.args):
            if self.last[register.number] == i and register.number in self.slot_of:
                self.free.append(self.slot_of.pop(register.number))

    def release(self, i: int) -> None:
        """What is not needed after a step gives its array back."""
        for number in [n for n in self.slot_of if self.last[n] <= i]:
            self.free.append(self.slot_of.pop(number))

    # --- the whole --------------------------------------------------------------------------------
    def assembled(self, step: Step) -> list[str]:
        """All lines."""
        run, fresh = self.run, self.printer.fresh
        largest, blocks = self.layout()
        scratch = [name for name, _ in self.slots]
        length = f"[:{self.stop} - {self.start}]"
        block, parts = fresh("block"), fresh("parts")
        sums = [number for number in run.wanted if number in run.sums]
        given = [self.words[Register(number)] for number in sums]
        given += self.checks
        inner = [*[f"{name} = {name}{length}" for name in scratch], *self.slices, *self.inner]
        inner.append(f"return {', '.join(given)}," if given else "return ()")
        tail = (largest, *run.shape[1:]) if run.rows else (largest,)
        spec = tuple([(tail, dtype.str) for _, dtype in self.slots])
        helper = self.printer.function(run_blocks)
        outputs = []
        for number in run.wanted:
            if number in run.sums:
                column = f"[part[{sums.index(number)}] for part in {parts}]"
                total = f"{math.prod(run.shape)}, {largest}"
                outputs.append(f"{self.printer.function(join)}({column}, {total})")
            else:
                outputs.append(self.arrays[number])
        if run.finite:
            outputs.append(f"sum(x for part in {parts} for x in part[{len(sums)}:])")
        return [
            *self.before,
            f"def {block}({', '.join([self.start, self.stop, *scratch])}):",
            *[f"    {line}" for line in inner],
            f"{parts} = {helper}({block}, {blocks}, {spec}, {run.shared})",
            f"{self.printer.name(Register(step.number))} = {', '.join(outputs)},",
        ]

    def layout(self) -> tuple[int, str]:
        """How many entries, or rows, a block has at most, and the expression for the blocks."""
        run = self.run
        width = sum(dtype.itemsize for _, dtype in self.slots)
        width += 8 * (len(self.slices) + 1)
        largest = 2 ** int(math.log2(max(CACHE // width, 1024)))
        if not run.rows:
            size = math.prod(run.shape)
            return largest, f"{self.printer.function(cut)}({size}, {largest})"
        largest = max(1, largest // math.prod(run.shape[1:]))
        return largest, f"{self.printer.function(cut_rows)}({run.shape[0]}, {largest})"
