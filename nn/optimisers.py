"""Gradient descent: SGD and Adam.  A step changes `p.data`: arrays in place, numbers anew."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, final

import numpy as np

from autograd import Value, pytree
from nn.checks import check_keywords, fraction, not_negative, positive
from nn.module import Module, find_parameters, refuse_output

Parameters = Module | Iterable[Any]


class Optimiser(ABC):
    """What optimisers share: the list of parameters and the learning rate `lr`, which may be
    changed between steps.

    Parameters are a Module, or a list (nested, or a dict) of Values and Modules; one that appears
    twice is stepped once.  A parameter whose gradient was not computed, because the loss does not
    use it, stays as it is, with its moments.

    Groups with options of their own are given as a list of dicts,
    `[{"params": model.layers[0], "lr": 0.01}, {"params": model.layers[2]}]`: "params" as above, and
    any options of the optimiser; the others are those of the optimiser.  `groups` holds these
    dicts, whose options may be changed between steps, too.

    Raises TypeError for an option that the optimiser does not have and for what is no parameter,
    ValueError where there is nothing to optimise and where two groups hold the same parameter.
    """

    lr: float

    def __init__(self, parameters: Parameters, lr: float, **options: Any) -> None:
        if isinstance(parameters, Value):
            raise TypeError("an optimiser takes a Module or a list of Values, not one: write [v]")
        for name, setting in self.checked({"lr": lr, **options}).items():
            setattr(self, name, setting)
        self.groups = [
            {**group, "params": leaf_values(group["params"])}
            for group in self.groups_of(parameters, {"lr", *options})
        ]
        self.parameters: list[Value] = [p for group in self.groups for p in group["params"]]
        if len(set(map(id, self.parameters))) < len(self.parameters):
            raise ValueError("a parameter stands in two groups: each belongs to one")
        self.state: list[Any] = [None] * len(self.parameters)

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        return {**options, "lr": positive("lr", float(options["lr"]))}

    def groups_of(self, parameters: Parameters, known: set[str]) -> list[dict[str, Any]]:
        """The groups, their options checked; one without options where no groups are given."""
        if (
            isinstance(parameters, dict)
            and "params" in parameters
            and {*parameters} - known == {"params"}
        ):
            parameters = [parameters]
        elif isinstance(parameters, Iterable) and not isinstance(
            parameters, Module | list | tuple | dict
        ):
            parameters = list(parameters)
        if not (isinstance(parameters, list | tuple) and any(map(is_group, parameters))):
            return [{"params": parameters}]
        for group in parameters:
            if not is_group(group):
                raise TypeError(
                    'either all parameters stand in groups, dicts with the key "params", or none'
                )
            for name in {*group} - {*known, "params"}:
                raise TypeError(
                    f"a group has no option {name!r}: {type(self).__name__} knows "
                    f"{', '.join(sorted(known))}"
                )
            self.checked({**self.options(known), **group})
        return list(parameters)

    def options(self, names: Iterable[str]) -> dict[str, Any]:
        """The optimiser's own settings of these names."""
        return {name: getattr(self, name) for name in names}

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.parameters:
            p.zero_grad()

    def step(self) -> None:
        """Change every parameter that has a gradient.

        The gradient of a complex parameter z = a + ib is df/da - i df/db, so that the steepest
        descent goes along its conjugate.
        """
        state = self.state
        start = 0
        for group in self.groups:
            rule = self if len(group) == 1 else self.with_options(group)
            for i, p in enumerate(group["params"], start):
                if not p.has_grad:
                    continue
                g, x = p.grad, p.data
                if type(g) is Value:
                    g = g.data
                if is_complex(g):
                    g = np.conjugate(g)
                change, state[i] = rule.change(g, x, state[i])
                if type(x) is np.ndarray:
                    x -= change
                elif hasattr(x, "__array_function__"):
                    p.data = x - change  # an array of another library, perhaps not writable
                else:
                    p.data = type(x)(x - change)
            start += len(group["params"])

    def with_options(self, group: dict[str, Any]) -> Optimiser:
        """This optimiser with the options of a group in place of its own."""
        own = {name: setting for name, setting in group.items() if name != "params"}
        rule = copy.copy(self)
        for name, setting in self.checked({**vars(self), **own}).items():
            if name in own:
                setattr(rule, name, setting)
        return rule

    @abstractmethod
    def change(self, g: Any, x: Any, state: Any) -> tuple[Any, Any]:
        """What to subtract from x, given its gradient g and its state; and the new state."""


@final
class SGD(Optimiser):
    """x -= lr * g; with momentum m: u = m * u + g, x -= lr * u.

    momentum      how much of the last direction is kept, 0 <= momentum < 1
    nesterov      look ahead: x -= lr * (g + momentum * u)
    weight_decay  adds weight_decay * x to g

    Raises ValueError for values out of range.

    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> SGD([p], lr=0.5).step()
    >>> p.data
    0.0
    """

    momentum: float
    nesterov: bool
    weight_decay: float

    @check_keywords(learning_rate="lr", params="parameters")
    def __init__(
        self,
        parameters: Parameters,
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            parameters, lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay
        )

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        fraction("momentum", options["momentum"])
        not_negative("weight_decay", options["weight_decay"])
        if options["nesterov"] and not options["momentum"]:
            raise ValueError("nesterov needs a momentum, such as 0.9")
        return super().checked(options)

    def change(self, g: Any, x: Any, state: Any) -> tuple[Any, Any]:
        """The step, and the velocity u."""
        if self.weight_decay:
            g = g + self.weight_decay * x
        if not self.momentum:
            return self.lr * g, None
        u = 0 * g if state is None else state
        u *= self.momentum
        u += g
        return self.lr * (g + self.momentum * u if self.nesterov else u), u


@final
class Adam(Optimiser):
    """Steps of about lr in every direction: x -= lr * m / (sqrt(s) + eps), with the running means
    m of g and s of abs(g)**2, both divided by 1 - beta ** step to make up for their start at 0.

    betas         how much of the old mean is kept, for m and s
    weight_decay  adds weight_decay * x to g; with `decoupled` (AdamW) the means do not see it, and
                  x -= lr * weight_decay * x

    Raises ValueError for values out of range.

    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> Adam([p], lr=0.5).step()
    >>> round(p.data, 6)
    2.5
    """

    betas: tuple[float, float]
    eps: float
    weight_decay: float
    decoupled: bool

    @check_keywords(learning_rate="lr", params="parameters", beta="betas", epsilon="eps")
    def __init__(
        self,
        parameters: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled: bool = False,
    ) -> None:
        super().__init__(
            parameters, lr, betas=betas, eps=eps, weight_decay=weight_decay, decoupled=decoupled
        )

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        first, second = options["betas"]
        fraction("betas[0]", first)
        fraction("betas[1]", second)
        positive("eps", options["eps"])
        not_negative("weight_decay", options["weight_decay"])
        return super().checked({**options, "betas": (first, second)})

    def change(self, g: Any, x: Any, state: Any) -> tuple[Any, Any]:
        """The step, and (m, s, number of steps)."""
        if self.weight_decay and not self.decoupled:
            g = g + self.weight_decay * x
        size = abs(g) if is_complex(g) else g
        m, s, count = state or (0 * g, 0 * size, 0)  # arrays change in place, numbers are replaced
        first, second = self.betas
        count += 1
        m *= first
        m += (1 - first) * g
        s *= second
        s += (1 - second) * (size * size)
        root = (s / (1 - second**count)) ** 0.5
        root += self.eps
        step = m * (self.lr / (1 - first**count))
        step /= root
        if self.weight_decay and self.decoupled:
            step += self.lr * self.weight_decay * x
        return step, (m, s, count)


# --- parameters ---------------------------------------------------------------------------------
def is_group(thing: Any) -> bool:
    """True for a dict that gives parameters options of their own."""
    return isinstance(thing, dict) and "params" in thing


def leaf_values(parameters: Any) -> list[Value]:
    """The parameters in a module, list or dict, each one once; TypeError where something that is no
    parameter stands beside them."""
    if isinstance(parameters, Value):
        return [parameters]
    found = find_parameters(parameters).parameters
    values = [p for p in found if isinstance(p, Value)]
    if not values:
        raise ValueError(
            "there is nothing to optimise: the module or list holds no leaf Value (a module of "
            "arrays becomes one to train with tree_map(Value, model))"
        )
    for path, leaf in pytree.leaves_with_paths(parameters):
        if isinstance(leaf, Value):
            refuse_output(path, leaf)
        elif not path[-1].attribute:
            raise TypeError(
                f"{pytree.dotted(path)} is of type {type(leaf).__name__}, not a parameter; groups "
                'with options of their own are dicts with the key "params"'
            )
    return values


def is_complex(g: Any) -> bool:
    """True for a complex number or array."""
    return type(g) is complex or (type(g) is not float and g.dtype.kind == "c")
