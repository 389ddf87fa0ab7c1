"""Networks of scalar Values, with micrograd's interface: Neuron, Layer and MLP."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from autograd import Value
from nn.checks import take_synonyms
from nn.module import Module


class Uniform(Protocol):
    """A source of random numbers: the module `random`, `random.Random`, or a NumPy Generator."""

    def uniform(self, low: float, high: float, /) -> float:
        """A number between low and high."""


Source = Uniform | int | None


def source_of(seed: Source) -> Uniform:
    """Where random numbers come from: a seed makes a source of its own, None is `random`."""
    if seed is None:
        return random
    return random.Random(int(seed)) if isinstance(seed, int | np.integer) else seed


class Neuron(Module):
    """relu(w . x + b), one number from a sequence of `nin` numbers or Values.

    nin     how many inputs
    nonlin  False for a linear neuron, without the relu
    seed    an int, `random.Random(1)` or a NumPy Generator; by default the module `random`, as in
            micrograd

    The weights begin uniform in (-1, 1), the bias 0.  Raises ValueError for another number of
    inputs.

    >>> n = Neuron(2, seed=random.Random(1))
    >>> n, len(n.parameters())
    (ReLUNeuron(2), 3)
    """

    @take_synonyms(rng="seed")
    def __init__(self, nin: int, nonlin: bool = True, seed: Source = None) -> None:
        source = source_of(seed)
        self.w = [Value(float(source.uniform(-1, 1))) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin

    def __call__(self, x: Iterable[Any]) -> Value:
        """The neuron's output for one sample."""
        x = numbers(x)
        if len(x) != len(self.w):
            raise ValueError(f"this neuron takes {len(self.w)} inputs, {len(x)} were given")
        act = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        return act.relu() if self.nonlin else act

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons side by side, with the same inputs: a list of outputs, or one Value for one.

    >>> Layer(2, 2, nonlin=False)
    Layer of [LinearNeuron(2), LinearNeuron(2)]
    """

    @take_synonyms(rng="seed")
    def __init__(self, nin: int, nout: int, nonlin: bool = True, seed: Source = None) -> None:
        source = source_of(seed)
        self.neurons = [Neuron(nin, nonlin, source) for _ in range(nout)]

    def __call__(self, x: Iterable[Any]) -> Any:
        """The outputs for one sample."""
        x = numbers(x)
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multi-layer perceptron of scalar Values: all layers but the last with a relu.

    nin    how many inputs
    nouts  how many neurons in each layer

    A call takes one sample: a sequence of `nin` numbers or Values.

    >>> model = MLP(2, [3, 1], seed=random.Random(0))
    >>> len(model.parameters()), model.named_parameters()[0][0]
    (13, 'layers.0.neurons.0.w.0')
    """

    @take_synonyms(rng="seed")
    def __init__(self, nin: int, nouts: Sequence[int], seed: Source = None) -> None:
        sizes = [nin, *nouts]
        last = len(nouts) - 1
        source = source_of(seed)
        self.layers = [Layer(sizes[i], sizes[i + 1], i != last, source) for i in range(len(nouts))]

    def __call__(self, x: Iterable[Any]) -> Any:
        """The last layer's output for one sample."""
        out: Any = x
        for layer in self.layers:
            out = layer(out if isinstance(out, list | np.ndarray) or out is x else [out])
        return out

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"


def numbers(x: Iterable[Any]) -> Sequence[Any]:
    """The inputs as a sequence; an array as Python floats, faster than NumPy's scalars."""
    if isinstance(x, np.ndarray):
        return x.tolist()
    return x if isinstance(x, list | tuple) else list(x)
