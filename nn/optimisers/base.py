"""What optimisers share: parameters in groups, a pure `update`, `step` in place, and their state.

An optimiser is a formula.  `update(gradients, state, parameters)` applies it to trees and changes
nothing; `step()` applies the same formula to the parameters that the optimiser was made from, into
their arrays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Self

from autograd import Value
from nn.optimisers.groups import Parameters, groups_of, named_values, names_over
from nn.optimisers.schedules import Rate, checked_rate
from nn.optimisers.states import load_options, options_of, take_count

State = dict[str, Any]


class Optimiser(ABC):
    """How gradients become steps.  The learning rate `lr` is a number or a schedule, a function of
    the number of steps made; it may be changed between steps, as all options may.

    Parameters are a Module, or a list (nested, or a dict) of Values and Modules; one that a module
    holds twice is stepped once. A parameter whose gradient was not computed, because the loss does
    not use it, stays as it is, with its moments.

    Groups with options of their own are given as a list of dicts,
    `[{"params": model.layers[0], "lr": 0.01}, {"params": model.layers[2]}]`: "params" as above, and
    any options of the optimiser; the others are those of the optimiser.  `groups` holds these
    dicts, whose options may be changed between steps, too.

    Without parameters, as in `Adam(lr=1e-3)`, an optimiser has its pure form only:

        state = optimiser.init(parameters)
        parameters, state = optimiser.update(gradients, state, parameters)

    Parameters and gradients are trees of one structure: a Module, a dict, a list, an array; a
    gradient may be None, and its parameter then stays.  The state is a tree of dicts, lists, arrays
    and numbers; `state["count"]` counts the updates (a float, since `compile` takes ints for
    constants), `state["lr"]` is the rate (one for each group, where there are groups; a schedule is
    asked instead), which may be set between updates. Nothing that is given changes. The formulas
    run on arrays of every library, and are recorded by `compile`. Inside of a transform derivatives
    pass through an update; outside, Values (as in a Module) are taken by their data, and what comes
    out is a Module of new Values.

    Raises TypeError for an option that the optimiser does not have and for what is no parameter,
    ValueError where there is nothing to optimise, where a parameter is given twice, and for the
    parameters of another model.
    """

    lr: Rate
    count: int

    def __init__(self, parameters: Parameters | None, lr: Rate, **options: Any) -> None:
        self.option_names = (*options, "lr")
        self.read = attrgetter(*self.option_names)
        self.last_read: Any = None
        self.last_options: dict[str, Any] = {}
        for name, setting in self.checked({"lr": lr, **options}).items():
            setattr(self, name, setting)
        self.groups: list[dict[str, Any]] = []
        self.parameters: list[Value] = []
        self.names: list[str] = []
        if parameters is not None:
            given = groups_of(parameters, self.option_names, type(self).__name__)
            for group in given:
                self.options_of(group)
            named = [named_values(group["params"]) for group in given]
            self.groups = [
                {**group, "params": found.values} for group, found in zip(given, named, strict=True)
            ]
            self.parameters = [p for found in named for p in found.values]
            self.names = names_over(named)
        if len(set(map(id, self.parameters))) < len(self.parameters):
            raise ValueError("a parameter stands in two groups: each belongs to one")
        self.reset()

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        return {**options, "lr": checked_rate(options["lr"])}

    def options_of(self, group: dict[str, Any]) -> dict[str, Any]:
        """The options of a group: its own, else the optimiser's; checked where they changed."""
        settings = self.read(self)
        plain = len(group) == 1
        if plain and settings == self.last_read:
            return self.last_options
        own = dict(zip(self.option_names, settings, strict=True))
        if not plain:
            own |= own_options(group)
        checked = self.checked(own)
        if plain:
            self.last_read, self.last_options = settings, checked
        return checked

    def __repr__(self) -> str:
        options = {"lr": self.lr} | {name: getattr(self, name) for name in self.option_names}
        text = ", ".join(f"{name}={setting!r}" for name, setting in options.items())
        groups = f" in {len(self.groups)} groups" if len(self.groups) > 1 else ""
        return f"{type(self).__name__}({text})  # {len(self.parameters)} parameters{groups}"

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.parameters:
            p.zero_grad()

    # --- what each optimiser is -------------------------------------------------------------------
    @abstractmethod
    def step(self) -> None:
        """Change the parameters along their gradients, in place where they are NumPy's arrays."""

    @abstractmethod
    def init(self, parameters: Any) -> State:
        """The state before the first update of a tree of parameters."""

    @abstractmethod
    def update(self, gradients: Any, state: State, parameters: Any) -> tuple[Any, State]:
        """The parameters after one step down the gradients, and the state after it."""

    @abstractmethod
    def reset(self) -> None:
        """Forget all steps: the count and what is remembered of them begin anew."""

    @abstractmethod
    def saved_slots(self) -> dict[str, Any]:
        """What is remembered of the steps made, as entries of a flat dict."""

    @abstractmethod
    def taken_slots(self, given: dict[str, Any], options: Sequence[dict[str, Any]]) -> Any:
        """The same, taken out of a saved state and checked; `options` are those of each group."""

    @abstractmethod
    def restore_slots(self, taken: Any) -> None:
        """Continue with what `taken_slots` gave."""

    # --- state, saved and restored ----------------------------------------------------------------
    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on, but for parameters and gradients: a flat dict of
        numbers, arrays (copies) and the optimiser's name, to be saved and loaded again.

        >>> from nn import SGD
        >>> SGD({"w": Value(3.0)}, lr=0.1, momentum=0.9).state_dict()["u.w"]
        0.0
        """
        state: dict[str, Any] = {"optimiser": type(self).__name__, "count": self.count}
        state |= options_of({name: getattr(self, name) for name in self.option_names}, "options")
        for k, group in enumerate(self.groups):
            state |= options_of(own_options(group), f"groups.{k}")
        return state | self.saved_slots()

    def load_state_dict(self, state: dict[str, Any]) -> Self:
        """Continue from a `state_dict`, with the options that it was saved with; the optimiser
        itself is changed and returned.

        Raises ValueError, and changes nothing, where the state is that of another optimiser or of
        other parameters: a name that is missing or unknown, another shape or dtype.
        """
        given = dict(state)
        kind = given.pop("optimiser", None)
        if kind != type(self).__name__:
            raise ValueError(f"this is the state of {kind!r}, not of {type(self).__name__!r}")
        count = take_count(given, "count")
        options = load_options({n: getattr(self, n) for n in self.option_names}, given, "options")
        groups = [
            load_options(own_options(group), given, f"groups.{k}")
            for k, group in enumerate(self.groups)
        ]
        settings = [self.checked({**options, **group}) for group in groups]
        taken = self.taken_slots(given, settings)
        if given:
            raise ValueError(
                f"the state has what this {type(self).__name__} has not: "
                f"{', '.join(sorted(given))}; make the optimiser with the options and parameters "
                "that were saved"
            )
        for name, setting in self.checked(options).items():
            setattr(self, name, setting)
        for group, own in zip(self.groups, groups, strict=True):
            group.update(own)
        self.count = count
        self.restore_slots(taken)
        return self


def own_options(group: dict[str, Any]) -> dict[str, Any]:
    """The options that a group has of its own."""
    return {name: setting for name, setting in group.items() if name != "params"}
