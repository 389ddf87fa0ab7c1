"""Networks of scalar Values, with micrograd's interface: Neuron, Layer and MLP."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np

from autograd import Value, relu
from nn.checks import take_synonyms
from nn.module import Module
from nn.module_errors import located
from nn.modules.inputs import check_sizes
from nn.modules.lookup import activation_of, identity


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


Activation = str | Callable[[Any], Any] | None


class Neuron(Module):
    """relu(w . x + b), one number from a sequence of `nin` numbers or Values.

    nin         how many inputs
    nonlin      False for a linear neuron, without the activation
    seed        an int, `random.Random(1)` or a NumPy Generator; by default the module `random`, as
                in micrograd
    activation  in place of the relu: a name, such as "tanh", or a function

    The weights begin uniform in (-1, 1), the bias 0.  Raises ValueError for another number of
    inputs and for an unknown name.

    >>> n = Neuron(2, seed=random.Random(1))
    >>> n, len(n.parameters())
    (ReLUNeuron(2), 3)
    >>> Neuron(2, activation="tanh")
    TanhNeuron(2)
    """

    @take_synonyms(rng="seed")
    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        seed: Source = None,
        activation: Activation = None,
    ) -> None:
        check_sizes("Neuron", nin=nin)
        source = source_of(seed)
        self.w = [Value(float(source.uniform(-1, 1))) for _ in range(nin)]
        self.b = Value(0.0)
        self.activation = relu if activation is None else activation_of(activation)
        self.nonlin = nonlin and self.activation is not identity

    def __call__(self, x: Iterable[Any]) -> Value:
        """The neuron's output for one sample."""
        x = numbers(x)
        if len(x) != len(self.w):
            raise located(
                self,
                ValueError(f"this neuron takes {len(self.w)} inputs, {len(x)} were given: {self}"),
            )
        act = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        if not self.nonlin:
            return act
        return act.relu() if self.activation is relu else self.activation(act)

    def __repr__(self) -> str:
        name = getattr(self.activation, "__name__", "")
        kind = "ReLU" if name == "relu" else name.strip("<>").title().replace("_", "")
        return f"{kind if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """`nout` neurons side by side, with the same inputs: a list of outputs, or one Value for one.

    >>> Layer(2, 2, nonlin=False)
    Layer of [LinearNeuron(2), LinearNeuron(2)]
    """

    @take_synonyms(rng="seed")
    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        seed: Source = None,
        activation: Activation = None,
    ) -> None:
        check_sizes("Layer", nin=nin, nout=nout)
        source = source_of(seed)
        self.neurons = [Neuron(nin, nonlin, source, activation) for _ in range(nout)]

    def __call__(self, x: Iterable[Any]) -> Any:
        """The outputs for one sample."""
        x = numbers(x)
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multi-layer perceptron of scalar Values: all layers but the last with a relu.

    nin         how many inputs
    nouts       how many neurons in each layer
    seed        as in `Neuron`
    activation  by name or as a function: of every layer, the last one too; or one for each layer,
                such as ["tanh", "tanh", "linear"]

    A call takes one sample: a sequence of `nin` numbers or Values.

    >>> model = MLP(2, [3, 1], seed=random.Random(0))
    >>> len(model.parameters()), model.named_parameters()[0][0]
    (13, 'layers.0.neurons.0.w.0')
    >>> MLP(3, [2, 1], activation="tanh")
    MLP of [Layer of [TanhNeuron(3), TanhNeuron(3)], Layer of [TanhNeuron(2)]]
    """

    @take_synonyms(rng="seed")
    def __init__(
        self,
        nin: int,
        nouts: Sequence[int],
        seed: Source = None,
        activation: Activation | Sequence[Activation] = None,
    ) -> None:
        count = len(nouts)
        if activation is None:
            each: list[Any] = [None] * (count - 1) + ["linear"]
        elif isinstance(activation, str) or callable(activation):
            each = [activation] * count
        else:
            each = list(activation)
        if len(each) != max(count, 1):
            raise ValueError(f"MLP: {len(each)} activations for {count} layers")
        sizes = [nin, *nouts]
        source = source_of(seed)
        self.layers = [
            Layer(sizes[i], sizes[i + 1], seed=source, activation=each[i]) for i in range(count)
        ]

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
