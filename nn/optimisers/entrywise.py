"""Optimisers whose formula treats each parameter for itself, entry by entry: the pure form, and the
same formula in place."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import Value, pytree
from autograd.extend import depends_on_variable
from nn.optimisers.base import Optimiser, State
from nn.optimisers.groups import Places, places_of
from nn.optimisers.leaves import (
    cast,
    conjugate,
    copy_if_written,
    data_of,
    gradients_like,
    is_complex,
    like_scalar,
    own_copy,
    rewrapped,
)
from nn.optimisers.schedules import rate_at
from nn.optimisers.states import take_array, take_count

WHOLE = 1 << 19
"""Up to so many entries an array is changed as a whole."""

BLOCK = 1 << 17
"""So many entries of a larger one are changed at a time: what a step computes in between stays in
the processor's cache, and needs no memory of the size of the array."""


class EntrywiseOptimiser(Optimiser):
    """What SGD, Adam and their like share: a formula for one parameter, its gradient and its slots,
    arrays of its shape in which the formula remembers what it has to.

    An optimiser of this kind is its options and three methods: `new_slots`, `coefficients` and
    `change`.
    """

    # --- the formula ----------------------------------------------------------------------------
    @abstractmethod
    def new_slots(self, x: Any, options: dict[str, Any]) -> dict[str, Any]:
        """What is remembered of a parameter, before the first step."""

    @abstractmethod
    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """The numbers of step `count` (1 for the first), the same for all parameters of a group."""

    @abstractmethod
    def change(self, g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]) -> Any:
        """The next x, given its gradient; new slots are written into `slots`.

        Written with `+=` and its like on x and on the slots, never on g: arrays of NumPy change in
        place, everything else is replaced."""

    def reset(self) -> None:
        """Forget all steps: the count and the moments begin anew."""
        self.count = 0
        self.missed = [0] * len(self.parameters)
        self.slots: list[dict[str, Any] | None] = [None] * len(self.parameters)
        self.completed: list[dict[str, Any]] = []

    # --- in place -------------------------------------------------------------------------------
    def step(self) -> None:
        """Change every parameter that has a gradient, in place where it is an array of NumPy.

        The gradient of a complex parameter z = a + ib is df/da - i df/db, so that the steepest
        descent goes along its conjugate.
        """
        if not self.parameters:
            raise ValueError(
                "this optimiser was made without parameters: give it the model, or use update"
            )
        count, start, slots, missed = self.count + 1, 0, self.slots, self.missed
        change = self.change
        settings = [self.options_of(group) for group in self.groups]
        if settings != self.completed:
            self.complete_slots(settings)
        rates = [rate_at(options["lr"], self.count) for options in settings]
        for group, options, lr in zip(self.groups, settings, rates, strict=True):
            usual = self.coefficients(options, lr, count)
            for i, p in enumerate(group["params"], start):
                if not p.has_grad:
                    missed[i] += 1
                    continue
                c = self.coefficients(options, lr, count - missed[i]) if missed[i] else usual
                g, x, own = p.grad, p.data, slots[i]
                if own is None:
                    own = slots[i] = self.new_slots(x, options)
                if type(g) is Value:
                    g = g.data
                if is_complex(g):
                    g = np.conjugate(g)
                if type(x) is not np.ndarray:
                    new = change(g, x, own, c)
                    p.data = new if type(new) is type(x) else like_scalar(new, x)
                elif x.size <= WHOLE:
                    change(g, x, own, c)
                else:
                    change_in_blocks(change, g, x, own, c)
            start += len(group["params"])
        self.count = count

    def complete_slots(self, settings: list[dict[str, Any]]) -> None:
        """Add the slots that options need which changed after the first step."""
        numbers = [k for k, group in enumerate(self.groups) for _ in group["params"]]
        for k, p, own in zip(numbers, self.parameters, self.slots, strict=True):
            if own is not None:
                new = self.new_slots(p.data, settings[k])
                own |= {name: slot for name, slot in new.items() if name not in own}
        self.completed = settings

    # --- pure -----------------------------------------------------------------------------------
    def init(self, parameters: Any) -> State:
        """The state before the first update of a tree of parameters.

        >>> from nn import Adam
        >>> Adam(lr=0.1).init(np.zeros(2))
        {'count': 0.0, 'lr': 0.1, 'slots': [{'m': array([0., 0.]), 's': array([0., 0.])}]}
        """
        leaves, _ = pytree.flatten(parameters)
        groups = self.groups or [{"params": leaves}]
        places = None
        if self.groups:
            places = places_of(parameters, leaves, [group["params"] for group in groups])
        settings = [self.options_of(group) for group in groups]
        state: State = {"count": 0.0}  # a float: `compile` makes a program for each int
        if not all(callable(options["lr"]) for options in settings):
            rates = [rate_at(options["lr"], 0) for options in settings]
            state["lr"] = rates if len(rates) > 1 else rates[0]
        numbers = places.groups if places else [0] * len(leaves)
        state["slots"] = [
            self.new_slots(data_of(x), settings[k]) if k >= 0 else {}
            for x, k in zip(leaves, numbers, strict=True)
        ]
        if places is not None:
            state["groups"] = places
        return state

    def update(self, gradients: Any, state: State, parameters: Any) -> tuple[Any, State]:
        """The parameters after one step down the gradients, and the state after it.

        Raises ValueError where gradients, state and parameters do not belong together.

        >>> from nn import SGD
        >>> SGD(lr=0.5).update({"w": 2.0}, {"count": 0.0, "lr": 0.5, "slots": [{}]}, {"w": 3.0})
        ({'w': 2.0}, {'count': 1.0, 'lr': 0.5, 'slots': [{}]})
        """
        leaves, structure = pytree.flatten(parameters)
        slopes = gradients_like(structure, gradients, leaves)
        if len(state["slots"]) != len(leaves):
            raise ValueError(
                f"the state belongs to {len(state['slots'])} parameters, these are {len(leaves)}: "
                "make one with init(parameters)"
            )
        boxed = not depends_on_variable([*slopes, *leaves])
        places: Places | None = state.get("groups")
        numbers = places.groups if places else (0,) * len(leaves)
        settings = [self.options_of(group) for group in self.groups or [{"params": []}]]
        rates, count = self.rates(settings, state), state["count"] + 1
        usual = [self.coefficients(*pair, count) for pair in zip(settings, rates, strict=True)]
        missing = [g is None and k >= 0 for g, k in zip(slopes, numbers, strict=True)]
        missed = state.get("missed") or ([0.0] * len(leaves) if any(missing) else None)
        results, new_slots = [], []
        for i, (g, p, k) in enumerate(zip(slopes, leaves, numbers, strict=True)):
            slots = state["slots"][i]
            if g is None or k < 0:
                results.append(p)
                new_slots.append(slots)
                continue
            c = usual[k]
            if missed is not None:
                c = self.coefficients(settings[k], rates[k], count - missed[i])
            x = copy_if_written(data_of(p) if boxed else p)
            slots = {name: copy_if_written(s) for name, s in slots.items()}
            g = conjugate(data_of(g) if boxed else g)
            try:
                changed = like_scalar(self.change(g, x, slots, cast(c, x)), x)
            except KeyError as error:
                raise ValueError(
                    f"the state has no {error} of parameter {i}: the options changed after init"
                ) from error
            results.append(rewrapped(changed, p) if boxed else changed)
            new_slots.append(slots)
        after = {**state, "count": count, "slots": new_slots}
        if missed is not None:
            after["missed"] = [m + float(no) for m, no in zip(missed, missing, strict=True)]
        return pytree.unflatten(structure, results), after

    def rates(self, settings: Sequence[dict[str, Any]], state: State) -> list[Any]:
        """The rate of each group: that in the state, or that of its schedule."""
        kept: Any = state.get("lr")
        several = kept if isinstance(kept, list | tuple) else [kept]
        return [
            rate_at(options["lr"] if callable(options["lr"]) else several[i], state["count"])
            for i, options in enumerate(settings)
        ]

    # --- state, saved and restored ----------------------------------------------------------------
    def saved_slots(self) -> dict[str, Any]:
        """The slots of each parameter by slot and path, and how many steps it had no gradient."""
        state: dict[str, Any] = {}
        for name, slots, missed in zip(self.names, self.all_slots(), self.missed, strict=True):
            state |= {f"{slot}.{name}": own_copy(s) for slot, s in slots.items()}
            if missed:
                state[f"missed.{name}"] = missed
        return state

    def taken_slots(self, given: dict[str, Any], options: Sequence[dict[str, Any]]) -> Any:
        """The slots and missed steps of a saved state."""
        slots: list[dict[str, Any] | None] = []
        for name, known in zip(self.names, self.all_slots(options), strict=True):
            slots.append({s: take_array(given, f"{s}.{name}", x) for s, x in known.items()})
        return slots, [take_count(given, f"missed.{name}", 0) for name in self.names]

    def restore_slots(self, taken: Any) -> None:
        """Continue with these."""
        self.slots, self.missed = taken

    def all_slots(self, options: Sequence[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
        """The slots of each parameter, new ones for those that made no step; with the options of
        each group where other ones are to come."""
        found: list[dict[str, Any]] = []
        settings = [self.options_of(group) for group in self.groups]
        for group, setting in zip(self.groups, options or settings, strict=True):
            for p in group["params"]:
                slots = None if options else self.slots[len(found)]
                found.append(self.new_slots(p.data, setting) if slots is None else slots)
        return found


def change_in_blocks(
    change: Callable[..., Any], g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]
) -> None:
    """`EntrywiseOptimiser.change` of a large array and its slots, block after block."""
    if not x.flags.c_contiguous or not all(s.flags.c_contiguous for s in slots.values()):
        change(g, x, slots, c)
        return
    g, x = np.ascontiguousarray(g).reshape(-1), x.reshape(-1)
    rows = [(name, s.reshape(-1)) for name, s in slots.items()]
    for start in range(0, x.size, BLOCK):
        part = slice(start, start + BLOCK)
        change(g[part], x[part], {name: s[part] for name, s in rows}, c)
