"""One recording of a function: what stands in for its arguments, and what it may not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd import pytree
from autograd.compilation.checks import same_bits
from autograd.compilation.program import Program, Register, Step
from autograd.compilation.random import RecordingGenerator
from autograd.compilation.recording import CannotRecord, Recording
from autograd.compilation.signature import RunEagerly, Signature, Static
from autograd.engine.node import make_node
from autograd.engine.value import Value, new_variable

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
        self.recording.usual = USUAL
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
        if self.recording.refused is not None:  # the function caught it, and went another way
            raise self.recording.refused
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
