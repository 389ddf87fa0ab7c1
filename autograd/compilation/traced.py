"""One program of a compiled function: from the recording of one call to the code that runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.compilation.buffers import Plan, plan
from autograd.compilation.captures import (
    EFFECTS,
    UNREPEATABLE,
    Captures,
    put_back,
    random_state,
    same_state,
    state_of,
)
from autograd.compilation.checks import is_frozen
from autograd.compilation.connection import COMPILED, Again
from autograd.compilation.drawing import Pictures, pictures
from autograd.compilation.emit import Printed, Printer
from autograd.compilation.jax_backend import JaxProgram
from autograd.compilation.optimise import SHORTER, optimise
from autograd.compilation.recorder import (
    Recorder,
    check_untouched_data,
    name_of,
    same_program,
)
from autograd.compilation.recording import NUMBERS, CannotRecord
from autograd.compilation.report import Report, memory_of
from autograd.compilation.results import Results
from autograd.compilation.signature import RunEagerly, Signature, Static, identifier
from autograd.engine.node import make_node
from autograd.engine.value import Value, record_output

Function = Callable[..., Any]


class Traced:
    """A function, recorded at one signature.

    match     takes (args, kwargs) and gives the inputs and the Values among the arguments, or None
    holds     whether what the function captures is what it was
    recorded  the program as it was recorded
    program   after the passes
    run       its code
    build     makes the result of what `run` gives
    """

    def __init__(
        self,
        f: Function,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        static: Static,
        signature: Signature,
        backend: str = "numpy",
    ) -> None:
        self.f, self.static, self.backend = f, static, backend
        self.eager = False
        self.why_eager = ""
        self.drawn: list[int] = []
        self.signature = signature
        self.captures = Captures(f, self.signature.statics)
        self.match, self.holds = self.signature.match, self.captures.holds
        try:
            recorder, result = self.record(args, kwargs)
            self.check_repeatable(recorder, args, kwargs)
            self.finish(recorder, result)
        except RunEagerly as reason:
            self.eager = True
            self.why_eager = str(reason)

    def check_repeatable(self, recorder: Recorder, args: Any, kwargs: Any) -> None:
        """TypeError where a second recording is another one."""
        if self.captures.names & UNREPEATABLE:
            again, _ = self.record(args, kwargs)
            if not same_program(recorder.recording.program, again.recording.program):
                raise CannotRecord(
                    f"{name_of(self.f)} is not the same when it is run again: random numbers drawn "
                    "inside, or the time, would be those of the recording at each call. Pass a "
                    "np.random.Generator (or the numbers) as an argument"
                )

    # --- recording ------------------------------------------------------------------------------
    def record(self, args: Any, kwargs: Any) -> tuple[Recorder, Any]:
        """One recording, with all that it may not do looked for."""
        captures = self.captures
        sources = [*captures.generators, *self.signature.generators]
        drawn = [(source, state_of(source)) for source in sources]
        try:
            return self.checked_recording(args, kwargs, drawn)
        except BaseException:
            for source, state in drawn:
                put_back(source, state)
            raise

    def checked_recording(
        self, args: Any, kwargs: Any, drawn: list[tuple[Any, Any]]
    ) -> tuple[Recorder, Any]:
        """`record`, which puts back the states of the sources of random numbers."""
        captures = self.captures
        gradients = [(v, v._grad, v.data) for v in captures.values]
        for attempt in range(3):  # another thread may draw in between
            recorder = Recorder(self.f, args, kwargs, self.signature, self.static)
            before = random_state()
            result = recorder.run()
            if random_state() == before:
                break
            if attempt == 2:
                raise CannotRecord(
                    f"{name_of(self.f)} draws random numbers, which would be those of the "
                    "recording at each call: pass a np.random.Generator as an argument"
                )
        for source, state in drawn:
            if not same_state(state_of(source), state):
                raise CannotRecord(
                    f"{name_of(self.f)} draws from a generator that is no argument, and would give "
                    "the numbers of the recording at each call: pass it as an argument"
                )
        for v, g, data in gradients:
            if v._grad is not g:
                v._grad = g
                raise CannotRecord(
                    "backward() inside a compiled function leaves a gradient in "
                    f"{v.label or 'a Value'} that the function captures: use value_and_grad, and "
                    "pass the Value as an argument"
                )
            check_untouched_data(v, data)
        changed = next(captures.changed({}), None)
        if changed is not None:
            raise CannotRecord(
                f"{name_of(self.f)} changes {changed}, which is no argument: that would happen "
                "when it is recorded and never again. Return the new value instead"
            )
        return recorder, result

    def finish(self, recorder: Recorder, result: Any) -> None:
        """The code, made of a recording."""
        self.signature.arrays += self.captures.arrays
        results = Results(
            result,
            self.signature,
            self.captures,
            recorder.given,
            recorder.standins,
            recorder.start,
        )
        self.build = results.build
        self.drawn = [
            i for i, x in enumerate(self.signature.leaves) if isinstance(x, np.random.Generator)
        ]
        if self.drawn and results.connected:
            raise RunEagerly("random numbers would be drawn again where a gradient is asked for")
        self.connects, self.hidden = bool(results.connected), results.hidden
        self.data_places = results.data_places
        self.leaf_places = results.places
        self.recorded = recorder.recording.program
        self.recorded.outputs = list(results.outputs)
        self.recorded.captured = {id(x) for x in self.captures.arrays if not is_frozen(x)}
        if self.backend == "jax":
            self.run_by_jax()
            return
        self.program = optimise(self.recorded)
        self.plan = plan(self.program)
        printer = Printer(self.program, self.plan, self.signature.names)
        text = printer.source("run", constants=False)
        namespace = dict(printer.constants)
        exec(compile(text, f"<compiled {name_of(self.f)}>", "exec"), namespace)
        self.run: Function = namespace["run"]
        self.make_buffers: Function | None = namespace.get("make_buffers")
        self.free: list[Any] = []
        self.forget()

    def forget(self) -> None:
        """Let go of the arrays of the recording: of large ones shape, dtype and layout stay."""
        self.signature.leaves.clear()
        self.signature.owned.clear()
        for step in self.program.steps:
            if isinstance(step.function, Printed):
                step.function.forget(without_entries)
        for examples in (self.recorded.examples, self.program.examples):
            for number, x in examples.items():
                if type(x) not in NUMBERS:
                    examples[number] = without_entries(x)

    def report(self, programs: int, eager: int) -> Report:
        """What compiling saved."""
        if self.eager:
            empty = (0, 0)
            return Report(
                *(name_of(self.f), 0, 0, {}, 0, empty, empty, [], [], programs, eager),
                why_eager=self.why_eager,
            )
        buffers, reused = memory_of(self.program, self.plan)
        compared = [check.what for check in self.captures.checks if check.compares]
        return Report(
            name_of(self.f),
            len(self.recorded),
            len(self.program),
            self.program.saved,
            len(self.program.guards),
            buffers,
            reused,
            list(dict.fromkeys(compared)),
            sorted(self.captures.names & EFFECTS),
            programs,
            eager,
        )

    def pictures(self) -> Pictures:
        """The program as recorded, and as it runs."""
        return pictures(self.recorded, self.program, self.signature.names)

    def run_by_jax(self) -> None:
        """The code, for `jax.jit`."""
        self.program, self.plan = optimise(self.recorded, SHORTER), Plan()
        self.run = self.by_jax = JaxProgram(self.program, self.signature.names)
        self.make_buffers = None

    @property
    def source(self) -> str:
        """The program as text that runs by itself."""
        if self.backend == "jax":
            return self.by_jax.source
        printer = Printer(self.program, self.plan, self.signature.names)
        return printer.source(identifier(name_of(self.f)))

    # --- a call ---------------------------------------------------------------------------------
    def call(
        self, leaves: list[Any], values: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """The result at the inputs that `match` found."""
        if self.make_buffers is None:
            y = self.run(*leaves)
        else:
            try:
                buffers = self.free.pop()
            except IndexError:
                buffers = self.make_buffers()
            try:
                y = self.run(*leaves, buffers)
            finally:
                self.free.append(buffers)
        connected = self.connect(y, values, args, kwargs) if self.connects else None
        return self.build(y, connected, values, leaves, args, kwargs)

    def connect(
        self, y: list[Any], values: list[Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> list[Any]:
        """The outputs that depend on Values of the caller, as nodes through which gradients flow:
        the function is run again, recorded, where a gradient is asked for."""
        data = tuple([y[i] for i in self.data_places])
        hidden = tuple(self.hidden)
        params = {
            "run": Again(self.f, self.leaf_places, values, args, kwargs),
            "count": len(values),
            "hidden": hidden,
        }
        inputs = (*values, *hidden)
        if len(data) == 1:
            return [make_node(Value, data[0], COMPILED, inputs, params)]
        return list(record_output(COMPILED, data, inputs, params))


def without_entries(x: Any) -> Any:
    """A large array as one of the same shape, dtype and layout that takes no memory, since nobody
    writes into it; anything else as it is."""
    if isinstance(x, tuple | list):
        parts = map(without_entries, x)
        return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)
    if isinstance(x, np.ndarray) and (x.nbytes > LARGE or x.base is not None):
        return np.empty_like(x) if x.nbytes > LARGE else x.copy("K")
    return x


LARGE: Final = 100_000
"""Arrays of more bytes are not kept after the recording."""
