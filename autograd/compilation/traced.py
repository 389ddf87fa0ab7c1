"""One program of a compiled function: from the recording of one call to the code that runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd import pytree
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
from autograd.compilation.checks import same_bits
from autograd.compilation.drawing import Pictures, pictures
from autograd.compilation.emit import Printed, Printer
from autograd.compilation.jax_backend import JaxProgram
from autograd.compilation.optimise import SHORTER, optimise
from autograd.compilation.program import Program, Register, Step
from autograd.compilation.random import RecordingGenerator
from autograd.compilation.recording import NUMBERS, CannotRecord, Recording
from autograd.compilation.report import Report, memory_of
from autograd.compilation.results import Results
from autograd.compilation.signature import RunEagerly, Signature, Static, identifier
from autograd.engine import ancestry, reverse
from autograd.engine.node import make_node
from autograd.engine.primitive import Primitive
from autograd.engine.value import Value, new_variable, record_output

Function = Callable[..., Any]

USUAL: Final[dict[str, Any]] = {
    "divide": "warn",
    "over": "warn",
    "under": "ignore",
    "invalid": "warn",
}
"""NumPy's error settings while a function is recorded; a call runs under those of the caller."""


ADVICE: Final = (
    "raised while autograd.compile recorded the function, on arrays whose entries are not known: "
    "they take NumPy's functions and operators; entries cannot be written (join parts by np.stack, "
    "np.concatenate or np.where), and isinstance(x, np.ndarray) is False"
)


class Recorder:
    """One recording of a function: the arguments with recording arrays in place of what is traced.

    standins  the Values in place of those among the arguments
    given     the texts of what the caller gave, by the id of what stands in for it
    """

    def __init__(self, f: Function, args: Any, kwargs: Any, signature: Signature, static: Static):
        self.f, self.signature = f, signature
        self.recording = Recording()
        self.start = new_variable(0.0).serial
        self.given: dict[int, str] = {}
        self.standins: list[Value] = []
        self.kept: list[Any] = []
        self.inputs = [self.input(x) for x in signature.leaves]
        self.values = self.values_in_place()
        pairs = list(zip(signature.leaves, self.inputs, strict=True))
        self.waiting = [pair for i, pair in enumerate(pairs) if i not in signature.hidden]
        self.held = {id(pairs[i][0]): pairs[i][1] for i in signature.hidden}
        self.args = [
            x if static.has_position(i) else self.tree(x, f"args[{i}]") for i, x in enumerate(args)
        ]
        self.kwargs = {
            name: x if name in static.names else self.tree(x, f"kwargs[{name!r}]")
            for name, x in kwargs.items()
        }
        if self.waiting:
            raise RunEagerly("the arguments have another order as a tree")

    def input(self, x: Any) -> Any:
        """An input of the program."""
        if isinstance(x, np.random.Generator):
            register = Register(self.recording.program.new_number())
            self.recording.program.inputs.append(register.number)
            self.recording.program.examples[register.number] = None
            generator = RecordingGenerator(self.recording, register, x)
            self.given[id(generator)] = f"leaves[{len(self.kept)}]"
            self.kept.append(generator)
            return generator
        self.kept.append(None)
        return self.recording.input(x)

    def values_in_place(self) -> dict[int, Value]:
        """For each Value among the arguments one that stands in for it, by its id."""
        found: dict[int, Value] = {}
        for i, (place, v) in enumerate(self.signature.owned):
            data = self.inputs[place]
            standin = make_node(Value, data.copy() if data.shape == () else data, None, ())
            if hasattr(data, "__number__"):
                standin.data = data.copy()
            else:
                standin.data = data
            found[id(v)] = standin
            self.given[id(standin)] = f"values[{i}]"
            self.standins.append(standin)
        return found

    def tree(self, x: Any, text: str) -> Any:
        """An argument with what is recorded in place of its leaves."""
        leaves, structure = pytree.flatten(x)
        made = pytree.unflatten(structure, [self.leaf(leaf) for leaf in leaves])
        if self.held:
            put_in_place(made, self.held)
        if type(made) not in (int, bool, str, float, type(None)):
            self.given.setdefault(id(made), text)
            self.kept.append(made)
        return made

    def leaf(self, x: Any) -> Any:
        """What stands in for one leaf."""
        taken = x.data if type(x) is Value else x
        if type(x) is Value and id(x) in self.values and not self.is_next(taken):
            return self.values[id(x)]
        if not self.is_next(taken):
            return x
        standin = self.waiting.pop(0)[1]
        return self.values[id(x)] if type(x) is Value else standin

    def is_next(self, x: Any) -> bool:
        """Whether x is the next input."""
        return bool(self.waiting) and self.waiting[0][0] is x

    # --- running --------------------------------------------------------------------------------
    def run(self) -> Any:
        """The result of the function, recorded."""
        before = contents_of((self.args, self.kwargs))
        try:
            with np.errstate(**USUAL):
                result = self.f(*self.args, **self.kwargs)
        except (TypeError, ValueError, AttributeError, IndexError) as error:
            if not isinstance(error, CannotRecord):
                error.add_note(ADVICE)
            raise
        for thing, held in before:
            if not same_contents(held, contents(thing)):
                raise CannotRecord(
                    f"{name_of(self.f)} changes a {type(thing).__name__} among its arguments: "
                    "return a new tree instead, as in `return {**state, 'count': count}`"
                )
        self.check_values()
        return result

    def check_values(self) -> None:
        """What a function may not do with the Values that it is given."""
        for place, standin in zip(self.signature.owned, self.standins, strict=True):
            name = self.signature.names[place[0]]
            check_untouched(standin, self.inputs[place[0]], name)


def contents(thing: Any) -> list[Any] | None:
    """What a container or an instance holds, in order; None for anything else."""
    if isinstance(thing, dict):
        return [part for pair in thing.items() for part in pair]
    if isinstance(thing, tuple | list):
        return list(thing)
    state = getattr(thing, "__dict__", None)
    if isinstance(state, dict) and pytree.opener_of(type(thing)) is not None:
        return [part for pair in state.items() for part in pair]
    return None


def contents_of(tree: Any) -> list[tuple[Any, list[Any]]]:
    """All containers and instances of trees, with what they hold."""
    found: list[tuple[Any, list[Any]]] = []
    seen: set[int] = set()
    things = [tree]
    for thing in things:  # grows while it is walked
        held = contents(thing) if id(thing) not in seen else None
        if held is not None:
            seen.add(id(thing))
            found.append((thing, held))
            things.extend(held)
    return found


def same_contents(before: list[Any], after: list[Any] | None) -> bool:
    """Whether a container holds the same objects in the same order."""
    if after is None or len(before) != len(after):
        return False
    return all(x is y for x, y in zip(before, after, strict=True))


def put_in_place(tree: Any, others: dict[int, Any]) -> None:
    """In the containers and instances of a tree, that nobody else has, other objects in place of
    those of these ids."""
    for thing, _ in contents_of(tree):
        place: Any = thing if isinstance(thing, dict | list) else getattr(thing, "__dict__", {})
        for key, part in place.items() if isinstance(place, dict) else enumerate(place):
            if id(part) in others:
                place[key] = others[id(part)]


def check_untouched(v: Value, data: Any, name: str) -> None:
    """TypeError where a Value that is not the function's own was changed by it."""
    if v._grad is not None:
        v._grad = None
        raise CannotRecord(
            f"backward() inside a compiled function leaves a gradient in {name}, which belongs to "
            "the caller: use value_and_grad, and return the gradient"
        )
    now = v.data
    same = now is data or getattr(now, "register", now) is getattr(data, "register", data)
    if not same:
        raise CannotRecord(
            f"a compiled function writes {name}.data, which belongs to the caller: return the new "
            "tree, as in `def step(model, state, batch): ... return model, state`"
        )


def name_of(f: Any) -> str:
    """The name of a function, for messages and sources."""
    return getattr(f, "__name__", type(f).__name__)


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
        self.recorded.captured = {id(x) for x in self.captures.arrays}
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
            "run": Again(self, values, args, kwargs),
            "count": len(values),
            "hidden": hidden,
        }
        inputs = (*values, *hidden)
        if len(data) == 1:
            return [make_node(Value, data[0], COMPILED, inputs, params)]
        return list(record_output(COMPILED, data, inputs, params))


class Again:
    """The function, run with other Values in place of those among the arguments: the outputs that
    depend on them."""

    def __init__(self, traced: Traced, values: list[Any], args: Any, kwargs: Any) -> None:
        self.traced, self.values, self.args, self.kwargs = traced, values, args, kwargs

    def __call__(self, variables: list[Any]) -> list[Any]:
        """The outputs, with these Values in place."""
        new = {id(v): w for v, w in zip(self.values, variables, strict=True)}
        leaves, structure = pytree.flatten((self.args, self.kwargs))
        args, kwargs = pytree.unflatten(structure, [new.get(id(x), x) for x in leaves])
        outputs = pytree.flatten(self.traced.f(*args, **kwargs))[0]
        return [outputs[i] for i in self.traced.leaf_places]


def contributions(
    wanted: Any, g: Any, y: Any, *inputs: Any, run: Again, count: int, hidden: tuple[Value, ...]
) -> list[Any]:
    """Run the function again, recording it, and pull g back through it."""
    mark = new_variable(0.0).serial
    variables = [new_variable(x) for x in inputs[:count]]
    outputs = run(variables)
    several = len(outputs) > 1
    grads: dict[Value, Any] = {}
    for v, c in zip(outputs, g if several else [g], strict=True):
        if c is not None and type(v) is Value:
            grads[v] = grads[v] + c if v in grads else c
    targets = (*variables, *hidden)
    order = ancestry.computed_ancestors(outputs, mark)
    inner, active = ancestry.dependents(order, targets)
    record = type(y) is Value or any(type(c) is Value for c in grads.values())
    grads = reverse.pullback(inner, grads, active, record=record)
    return [grads.get(v) for v in targets]


COMPILED: Final = Primitive(contributions, "compiled")
COMPILED.vjp_all = contributions


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


def check_untouched_data(v: Value, data: Any) -> None:
    """TypeError where the data of a Value that a function captures were replaced."""
    if v.data is not data:
        v.data = data
        raise CannotRecord(
            f"a compiled function writes the data of {v.label or 'a Value'} that it captures: pass "
            "it as an argument, and return the new one"
        )


def same_program(a: Program, b: Program) -> bool:
    """Whether two recordings are of the same calls with the same constants."""
    if len(a) != len(b) or a.guards != b.guards:
        return False
    return all(map(same_step, a.steps, b.steps))


def same_step(a: Step, b: Step) -> bool:
    """Whether two steps are the same call."""
    return a.function == b.function and same_parts((a.args, a.kwargs), (b.args, b.kwargs))


def same_parts(a: Any, b: Any) -> bool:
    """Whether two arguments of calls are the same, arrays bit for bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same_parts, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_parts(a[name], b[name]) for name in a)
    if isinstance(a, np.ndarray):
        return same_bits(a, b)
    return a is b or bool(a == b) or a != a
