"""Random numbers: a generator among the arguments writes down what is drawn from it, and each call
draws anew; its state moves on as it would without `compile`."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from autograd.arrays.protocol import mapped
from autograd.compilation.program import Register
from autograd.compilation.recording import CannotRecord, Recorded, Recording

DRAWS: Final = frozenset(
    name
    for name in dir(np.random.Generator)
    if not name.startswith("_") and name not in ("bit_generator", "shuffle", "spawn")
)


def copy_of(generator: np.random.Generator) -> np.random.Generator:
    """A generator that gives the same numbers."""
    return copy.deepcopy(generator)


class Draw:
    """A method of a generator as a function: the generator is the first argument."""

    def __init__(self, name: str) -> None:
        self.name = self.__name__ = name

    def __call__(self, generator: Any, *args: Any, **kwargs: Any) -> Any:
        """What the method gives."""
        return getattr(generator, self.name)(*args, **kwargs)

    def __repr__(self) -> str:
        return f"Draw({self.name!r})"


METHODS: Final = {name: Draw(name) for name in DRAWS}
"""One for each method, so that equal steps have equal functions."""


class RecordingGenerator(np.random.Generator):
    """A generator in a function that is recorded: numbers are drawn from a copy of it."""

    def __init__(self, recording: Recording, register: Register, generator: Any) -> None:
        super().__init__(np.random.PCG64(0))
        self.recording, self.register, self.copied = recording, register, copy_of(generator)

    def draw(self, name: str, args: Any, kwargs: Any) -> Any:
        """One call of a method."""
        if kwargs.get("out") is not None:
            raise CannotRecord(f"{name}(out=...) writes into an array: use what it returns")
        recording = self.recording
        examples = mapped((args, kwargs), Recorded, lambda x: x.example)
        given = mapped((args, kwargs), Recorded, lambda x: x.register)
        y = getattr(self.copied, name)(*examples[0], **examples[1])
        number = recording.write(METHODS[name], (self.register, *given[0]), given[1], y, ())
        return recording.recorded(y, Register(number))

    @property
    def bit_generator(self) -> Any:
        """Refused: the state is known when the compiled function is called."""
        raise CannotRecord("the state of a generator is not known while a function is recorded")

    def shuffle(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: it changes an array in place."""
        raise CannotRecord("rng.shuffle changes an array in place: use rng.permuted or permutation")

    def spawn(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: generators are arguments."""
        raise CannotRecord("rng.spawn makes generators: spawn them outside, as arguments")


def drawing(name: str) -> Callable[..., Any]:
    """A method of the generator that is recorded."""

    def method(self: RecordingGenerator, *args: Any, **kwargs: Any) -> Any:
        return self.draw(name, args, kwargs)

    method.__name__ = name
    return method


for name in DRAWS:
    setattr(RecordingGenerator, name, drawing(name))
