"""Module: a tree of parameters, found by walking its attributes and named by their path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from autograd import Value, pytree
from nn import state
from nn.finding import (
    Searched,
    attributes,
    find_parameters,
    named_modules,
    part_at,
    refuse_output,
    set_at,
)
from nn.module_tree import open_module
from nn.summary import Summary
from nn.summary import summary as table

__all__ = ["Module", "find_parameters", "refuse_output", "summary"]


class Module(Searched):
    """What layers and networks derive from: Values, modules and containers as attributes.

    The parameters are the leaf Values found in the attributes, in lists, tuples, dicts and
    dataclasses and in the modules inside them, however nested, in the order in which the attributes
    were set.  A Value that is found twice is one parameter, under its first path.  Every leaf Value
    is trained, whatever its name; a constant is a number or an array.

    Raises TypeError where a Value that is the output of an operation stands among the parameters
    (a step would not reach what it was computed from), and for sets, which have no order.

    A module is also a tree, whose leaves are its parameters: a transform differentiates with
    respect to all of them, and the gradient is a module of the same structure.  Everything else in
    a module is static, and kept.  What a call stores in the module, while it is transformed, is
    lost with the copy that the transform makes.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.points = Value(2.0), [Value(0.0), Value(1.0)]
    ...     def __call__(self, x):
    ...         return self.slope * x + self.points[0]
    >>> [name for name, _ in Line().named_parameters()]
    ['slope', 'points.0', 'points.1']
    >>> from autograd import grad
    >>> grad(lambda line: line(3.0) ** 2)(Line()).slope.data
    36.0
    """

    if TYPE_CHECKING:  # at runtime only a module that defines it can be called

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            """What the module computes."""

    training: bool = True
    """Whether layers such as `Dropout` behave as in training: see `train` and `eval`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "forward" in vars(cls) and "__call__" not in vars(cls):
            cls.__call__ = cls.forward  # type: ignore[method-assign]

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes: another word for calling it.  A class may define `forward` in
        place of `__call__`, as it would in PyTorch."""
        if not callable(self):
            raise TypeError(f"{type(self).__name__} defines neither __call__ nor forward")
        return self(*args, **kwargs)

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Pairs of path and parameter, such as ("layers.0.w", Value(...)).

        In a gradient, and inside a transform, they are what stands where the parameters stood.
        """
        found = find_parameters(self)
        return list(zip(map(pytree.dotted, found.paths), found.parameters, strict=True))

    def parameters(self) -> list[Value]:
        """The parameters, each one once."""
        return find_parameters(self).parameters

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for p in self.parameters():
            if isinstance(p, Value):
                p.zero_grad()

    def named(self, prefix: str = "") -> Self:
        """Give every parameter without a label its path as label, for drawings and messages; the
        module itself is returned, so that `model = MLP(2, [1]).named("mlp")` can be written."""
        for path, p in self.named_parameters():
            if isinstance(p, Value) and not p.label:
                p.label = f"{prefix}.{path}" if prefix else path
        return self

    def to(self, namespace: Any) -> Self:
        """Make every parameter an array of another library, such as `cupy`; back by `to(numpy)`.

        The module itself is changed and returned; gradients start anew.  Raises TypeError for what
        has no `asarray`.

        >>> from nn import Linear
        >>> Linear(2, 1, seed=0).to(np).w.shape
        (2, 1)
        """
        if not hasattr(namespace, "asarray"):
            raise TypeError(
                f"to takes a module of arrays, such as numpy or cupy, got {namespace!r}"
            )
        for p in self.parameters():
            p.data = namespace.asarray(state.entries_of(p.data))
            p.zero_grad()
        for path in [*state.frozen_paths(self), *state.buffer_paths(self)]:
            set_at(self, path, namespace.asarray(state.entries_of(part_at(self, path))))
        return self

    # --- training and evaluation ------------------------------------------------------------------
    def named_modules(self) -> list[tuple[str, Module]]:
        """Pairs of path and module, such as ("layers.0", Linear(...)): this one first, as "", each
        one once."""
        return [(pytree.dotted(path), module) for path, module in named_modules(self)]

    def modules(self) -> list[Module]:
        """This module and those inside it, each one once."""
        return [module for _, module in named_modules(self)]

    def train(self, mode: bool = True) -> Self:
        """Let every layer behave as in training (`Dropout` drops, batch normalisation uses the
        statistics of the batch); with False as in use.  The module itself is returned."""
        for module in self.modules():
            object.__setattr__(module, "training", bool(mode))
        return self

    def eval(self) -> Self:
        """Let every layer behave as in use: `train(False)`.

        >>> from nn import Dropout
        >>> Dropout(0.5).eval()(np.ones(3))
        array([1., 1., 1.])
        """
        return self.train(False)

    # --- state ------------------------------------------------------------------------------------
    def named_buffers(self) -> list[tuple[str, Any]]:
        """Pairs of path and buffer: the arrays that are state and no parameters, such as running
        statistics.  A class names its own in `buffer_names`."""
        paths = state.buffer_paths(self)
        return [(pytree.dotted(path), part_at(self, path)) for path in paths]

    def with_state(self, buffers: Mapping[str, Any] | None = None, seed: Any = None) -> Self:
        """A copy for a function that changes nothing outside, such as one that is compiled: it has
        the same parameters.

        buffers  what its buffers begin with, by path; a call replaces them in the copy, whose
                 `named_buffers` are then the new ones, and nothing is written into
        seed     what it draws random numbers from, in place of the generators of its layers: a
                 NumPy Generator, or an int

        >>> from nn import BatchNorm1d
        >>> model = BatchNorm1d(1)
        >>> copy = model.with_state(buffers=dict(model.named_buffers()))
        >>> y = copy(np.array([[1.0], [3.0]]))
        >>> copy.running_mean, model.running_mean
        (array([0.2]), array([0.]))
        """
        found: Self = state.copy_with(self, buffers, seed)
        return found

    def state_dict(self) -> dict[str, Any]:
        """Copies of all parameters, frozen ones too, and of all buffers, by their paths.

        >>> from nn import Linear
        >>> {name: x.shape for name, x in Linear(2, 1, seed=0).state_dict().items()}
        {'w': (2, 1), 'b': (1,)}
        """
        return state.state_dict(self)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Self:
        """Take parameters and buffers from a state, such as `state_dict` returns; arrays are
        written in place, and the module itself is returned.

        strict  whether a key that the module has not, or that the state lacks, is an error

        Raises `StateError` (a ValueError and a KeyError) for such a key and for another shape,
        TypeError for a dtype that does not convert (complex numbers into floats); then nothing is
        changed.
        """
        state.load_state(self, state_dict, strict)
        return self

    def freeze(self, *patterns: str) -> Self:
        """Make constants of the parameters whose paths match: they are no parameters any more, no
        gradient is computed for them, and no optimiser made from now on steps them.

        patterns  paths, in which * stands for any text, or paths of modules: all below them; by
                  default every parameter

        Raises ValueError for a pattern that matches no parameter.

        >>> from nn import Linear, Sequential
        >>> model = Sequential(Linear(2, 3), Linear(3, 1)).freeze("layers.0")
        >>> [name for name, _ in model.named_parameters()]
        ['layers.1.w', 'layers.1.b']
        """
        state.freeze(self, patterns)
        return self

    def unfreeze(self, *patterns: str) -> Self:
        """Make parameters again of what `freeze` made constants of: the same Values as before, so
        that an optimiser that had them steps them again."""
        state.unfreeze(self, patterns)
        return self

    def frozen(self) -> list[str]:
        """The paths of the frozen parameters."""
        return [pytree.dotted(path) for path in state.frozen_paths(self)]

    def summary(self, *inputs: Any) -> Summary:
        """A table with a row for each module: its path, its class, the shapes of its parameters and
        how many numbers they are.

        inputs  what a call takes; the shape of what each module gives is shown, too

        >>> from nn import Linear, Sequential, relu
        >>> Sequential(Linear(2, 3), relu, Linear(3, 1)).summary(np.ones((5, 2)))
        path      module      output  parameters        count
        -----------------------------------------------------
        (model)   Sequential  (5, 1)
        layers.0  Linear      (5, 3)  w (2, 3), b (3,)      9
        layers.2  Linear      (5, 1)  w (3, 1), b (1,)      4
        -----------------------------------------------------
        13 parameters: 13 trained, 0 frozen
        """
        return table(self, inputs)

    def __repr__(self) -> str:
        lines = [f"  {name}: {summary(part)}" for name, part in shown(self).items()]
        return (
            "\n".join([f"{type(self).__name__}(", *lines, ")"])
            if lines
            else f"{type(self).__name__}()"
        )


pytree.register(Searched, open_module)


# --- repr ---------------------------------------------------------------------------------------
def shown(module: Module) -> dict[str, Any]:
    """The attributes in a module's repr."""
    return {name: part for name, part in attributes(module).items() if name != "training"}


def summary(part: Any) -> str:
    """One attribute in a module's repr."""
    if isinstance(part, Value):
        return f"{part.dtype} {part.shape}" if part.shape else f"{part.dtype} {part.data:.4g}"
    if isinstance(part, list | tuple) and any(isinstance(x, Module) for x in part):
        inner = "\n".join(f"  {i}: {summary(x)}" for i, x in enumerate(part)).replace("\n", "\n  ")
        return f"[\n  {inner}\n  ]"
    if isinstance(part, np.ndarray):
        return f"constant {part.dtype} {part.shape}"
    if callable(part) and not isinstance(part, Module):
        return getattr(part, "__name__", None) or getattr(part, "name", None) or repr(part)
    return repr(part).replace("\n", "\n  ")
