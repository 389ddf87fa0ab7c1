"""Recurrent layers: RNN, LSTM and GRU."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any, final

import numpy as np
from numpy.typing import DTypeLike

from autograd import Value, affine, relu, sigmoid
from nn.activations import tanh
from nn.checks import take_synonyms
from nn.module import Module
from nn.module_errors import located
from nn.modules.dropout import Dropout
from nn.modules.inputs import Seed, check_sizes, dtype_of, float_dtype, float_input, shape_error


class Recurrent(Module):
    """What the recurrent layers share: parameters, layers above each other, both directions.

    The parameters of layer k are weight_ih_l<k> (gates * hidden_size, inputs), weight_hh_l<k>
    (gates * hidden_size, hidden_size), bias_ih_l<k> and bias_hh_l<k> (gates * hidden_size,); those
    of the reversed direction have `_reverse` at the end of their names.
    """

    gates: int
    states: int
    weight_hh_l0: Any

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        options: dict[str, Any],
        dtype: DTypeLike,
        seed: Seed,
    ) -> None:
        name = type(self).__name__
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "num_layers": num_layers}
        check_sizes(name, **sizes)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.bias, self.batch_first = bool(options["bias"]), bool(options["batch_first"])
        self.bidirectional = bool(options["bidirectional"])
        source = np.random.default_rng(seed)
        self.drop = Dropout(options["dropout"], seed=source.spawn(1)[0])
        self.dtype = float_dtype(name, dtype)
        bound = 1 / math.sqrt(hidden_size)
        for layer in range(num_layers):
            inputs = input_size if layer == 0 else hidden_size * self.directions
            rows = self.gates * hidden_size
            shapes: dict[str, tuple[int, ...]] = {
                "weight_ih": (rows, inputs),
                "weight_hh": (rows, hidden_size),
            }
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)} if self.bias else {}
            for suffix in ("", "_reverse")[: self.directions]:
                for key, shape in shapes.items():
                    drawn = source.uniform(-bound, bound, shape).astype(self.dtype)
                    setattr(self, f"{key}_l{layer}{suffix}", Value(drawn))

    @property
    def directions(self) -> int:
        """1, or 2 for a layer in both directions."""
        return 2 if self.bidirectional else 1

    def __call__(self, x: Any, initial: Any = None) -> Any:
        """The outputs of the last layer at all steps, and the last states of all layers."""
        x = float_input(self, x, dtype_of(self.weight_hh_l0))
        alone = x.ndim == 2
        if x.ndim not in (2, 3) or x.shape[-1] != self.input_size:
            order = "samples, steps" if self.batch_first else "steps, samples"
            raise shape_error(self, f"x of shape ({order}, {self.input_size})", x)
        if alone:
            x = np.expand_dims(x, 1)
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        starts = self.starts(x, initial, alone)
        lasts: list[tuple[Any, ...]] = []
        for layer in range(self.num_layers):
            if layer:
                x = self.drop(x)
            outputs = []
            for way, suffix in enumerate(("", "_reverse")[: self.directions]):
                place = layer * self.directions + way
                state = tuple(start[place] for start in starts)
                steps, last = self.run(x, state, f"l{layer}{suffix}", bool(way))
                outputs.append(steps)
                lasts.append(last)
            x = outputs[0] if len(outputs) == 1 else np.concatenate(outputs, axis=-1)
        ends = [np.stack([last[k] for last in lasts]) for k in range(self.states)]
        if alone:
            x, ends = x[:, 0], [end[:, 0] for end in ends]
        elif self.batch_first:
            x = np.swapaxes(x, 0, 1)
        return x, ends[0] if self.states == 1 else tuple(ends)

    def starts(self, x: Any, initial: Any, alone: bool) -> list[Any]:
        """The first states, (num_layers * directions, samples, hidden_size) each."""
        shape = (self.num_layers * self.directions, x.shape[1], self.hidden_size)
        if initial is None:
            data = x.data if isinstance(x, Value) else x
            return [np.zeros_like(data, shape=shape)] * self.states
        given = [initial] if self.states == 1 else list(initial)
        expected = (shape[0], shape[2]) if alone else shape
        if len(given) != self.states:
            raise located(
                self, ValueError(f"{self!r} takes {self.states} states, got {len(given)}")
            )
        found = []
        for state in given:
            state = float_input(self, state, x.dtype)
            if state.shape != expected:
                raise shape_error(self, f"a first state of shape {expected}", state)
            found.append(np.expand_dims(state, 1) if alone else state)
        return found

    def run(
        self, x: Any, state: tuple[Any, ...], name: str, backwards: bool
    ) -> tuple[Any, tuple[Any, ...]]:
        """One layer in one direction: its outputs at all steps, and its last state."""
        w_ih, w_hh = (getattr(self, f"{key}_{name}") for key in ("weight_ih", "weight_hh"))
        b_ih = b_hh = None
        if self.bias:
            b_ih, b_hh = (getattr(self, f"{key}_{name}") for key in ("bias_ih", "bias_hh"))
        across, into = np.transpose(w_hh), np.transpose(w_ih)
        entering = x @ into if b_ih is None else affine(x, into, b_ih)
        outputs = []
        order = range(x.shape[0])
        for i in reversed(order) if backwards else order:
            h = state[0]
            kept = h @ across if b_hh is None else affine(h, across, b_hh)
            state = self.cell(entering[i], kept, state)
            outputs.append(state[0])
        return np.stack(outputs[::-1] if backwards else outputs), state

    @abstractmethod
    def cell(self, entering: Any, kept: Any, state: tuple[Any, ...]) -> tuple[Any, ...]:
        """One step: the new state, from what the gates get of the input and of the last output."""

    def parts(self, x: Any) -> list[Any]:
        """What each gate gets."""
        n = self.hidden_size
        return [x[:, k * n : (k + 1) * n] for k in range(self.gates)]

    def __repr__(self) -> str:
        more = [f"num_layers={self.num_layers}"] if self.num_layers > 1 else []
        more += ["batch_first=True"] if self.batch_first else []
        more += ["bidirectional=True"] if self.bidirectional else []
        return (
            f"{type(self).__name__}({', '.join([f'{self.input_size}, {self.hidden_size}', *more])})"
        )


@final
class RNN(Recurrent):
    """h' = tanh(weight_ih @ x + bias_ih + weight_hh @ h + bias_hh), step by step.

    input_size, hidden_size  how many numbers x and h hold at a step
    num_layers     layers above each other: each takes the outputs of the one below
    nonlinearity   "tanh" or "relu"
    bias           False for none
    batch_first    whether x and the outputs are (samples, steps, ...) and not (steps, samples, ...)
    dropout        in training, between the layers
    bidirectional  whether a second pass goes backwards; outputs of both stand side by side
    dtype, seed    of the parameters, as in `Linear`

    A call takes x (steps, samples, input_size), or (steps, input_size) for one sample, and a first
    state (num_layers * directions, samples, hidden_size), by default zeros.  It returns the outputs
    (steps, samples, directions * hidden_size) and the last states, in the shape of the first.
    Raises ValueError for another shape.

    >>> outputs, last = RNN(3, 4, seed=0)(np.ones((5, 2, 3)))
    >>> outputs.shape, last.shape
    ((5, 2, 4), (1, 2, 4))
    """

    gates, states = 1, 1

    @take_synonyms(rng="seed")
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"RNN: nonlinearity is 'tanh' or 'relu', got {nonlinearity!r}")
        self.nonlinearity = nonlinearity
        options = {"bias": bias, "batch_first": batch_first, "dropout": dropout}
        options["bidirectional"] = bidirectional
        super().__init__(input_size, hidden_size, num_layers, options, dtype, seed)

    def cell(self, entering: Any, kept: Any, state: tuple[Any, ...]) -> tuple[Any, ...]:
        """One step."""
        f = tanh if self.nonlinearity == "tanh" else relu
        return (f(entering + kept),)


class Gated(Recurrent):
    """What LSTM and GRU share: the options of `RNN`, without nonlinearity."""

    @take_synonyms(rng="seed")
    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        dtype: DTypeLike = np.float64,
        seed: Seed = None,
    ) -> None:
        options = {"bias": bias, "batch_first": batch_first, "dropout": dropout}
        options["bidirectional"] = bidirectional
        super().__init__(input_size, hidden_size, num_layers, options, dtype, seed)


@final
class LSTM(Gated):
    """Long short-term memory: with the gates i, f, g, o of weight_ih @ x + bias_ih + weight_hh @ h
    + bias_hh, c' = sigmoid(f) * c + sigmoid(i) * tanh(g) and h' = sigmoid(o) * tanh(c').

    The options are those of `RNN`, without nonlinearity.  The state is a pair (h, c).

    >>> outputs, (h, c) = LSTM(3, 4, num_layers=2, seed=0)(np.ones((5, 2, 3)))
    >>> outputs.shape, h.shape, c.shape
    ((5, 2, 4), (2, 2, 4), (2, 2, 4))
    """

    gates, states = 4, 2

    def cell(self, entering: Any, kept: Any, state: tuple[Any, ...]) -> tuple[Any, ...]:
        """One step."""
        i, f, g, o = self.parts(entering + kept)
        c = sigmoid(f) * state[1] + sigmoid(i) * tanh(g)
        return sigmoid(o) * tanh(c), c


@final
class GRU(Gated):
    """Gated recurrent units: with what the gates r, z, n get of x (i) and of h (k),
    h' = (1 - sigmoid(i_z + k_z)) * tanh(i_n + sigmoid(i_r + k_r) * k_n) + sigmoid(i_z + k_z) * h.

    The options are those of `RNN`, without nonlinearity.

    >>> outputs, last = GRU(3, 4, batch_first=True, seed=0)(np.ones((2, 5, 3)))
    >>> outputs.shape, last.shape
    ((2, 5, 4), (1, 2, 4))
    """

    gates, states = 3, 1

    def cell(self, entering: Any, kept: Any, state: tuple[Any, ...]) -> tuple[Any, ...]:
        """One step."""
        (i_r, i_z, i_n), (k_r, k_z, k_n) = self.parts(entering), self.parts(kept)
        z = sigmoid(i_z + k_z)
        new = tanh(i_n + sigmoid(i_r + k_r) * k_n)
        return (new + z * (state[0] - new),)
