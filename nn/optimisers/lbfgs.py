"""L-BFGS: steps of Newton, with the curvature read off the last gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np

from autograd import pytree
from autograd.extend import depends_on_variable
from nn.checks import check_keywords
from nn.optimisers.base import Optimiser, State
from nn.optimisers.groups import Parameters
from nn.optimisers.leaves import data_of, gradients_like, is_complex, own_copy, rewrapped
from nn.optimisers.schedules import Rate, choose, rate_at, whole
from nn.optimisers.states import take_array

CURVED = 1e-10
"""A pair of a step and a change of the gradient is kept where their product is above this."""


@final
class LBFGS(Optimiser):
    """x += lr * d, where d is minus the gradient, times an estimate of the inverse Hessian that is
    made of the last `history` steps and the changes of the gradient along them.

    The first step has a length of at most lr (in the L1 norm of d).  It is for losses over all
    samples, and without noise: with mini-batches the changes of the gradient say little.  One
    `step()` is one evaluation of the gradient, as PyTorch's LBFGS with max_iter=1; `minimize` looks
    along d for a good length.  All parameters form one vector, so there are no groups; a parameter
    without a gradient stays.

    Raises ValueError for complex parameters, and for groups.  (Nocedal and Wright, Numerical
    optimization, 2006, algorithm 7.4.)

    >>> from autograd import Value
    >>> p = Value([3.0, -4.0])
    >>> descent = LBFGS([p])
    >>> for _ in range(15):
    ...     descent.zero_grad()
    ...     (np.array([1.0, 5.0]) * p * p).sum().backward()
    ...     descent.step()
    >>> bool(np.abs(p.data).max() < 1e-6)
    True
    """

    history: int

    @check_keywords(
        learning_rate="lr", params="parameters", history_size="history", memory="history"
    )
    def __init__(
        self, parameters: Parameters | None = None, lr: Rate = 1.0, history: int = 10
    ) -> None:
        super().__init__(parameters, lr, history=history)
        if len(self.groups) > 1:
            raise ValueError("LBFGS takes all parameters as one vector: give it no groups")

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        whole("history", options["history"])
        return super().checked(options)

    def reset(self) -> None:
        """Forget all steps: the count and the history begin anew."""
        self.count = 0
        self.state: State | None = None

    # --- pure -----------------------------------------------------------------------------------
    def init(self, parameters: Any) -> State:
        """The state before the first update of a tree of parameters.

        >>> LBFGS(lr=0.1, history=2).init([np.zeros(2), 1.0])["steps"]
        [array([0., 0., 0.]), array([0., 0., 0.])]
        """
        zero = np.zeros_like(joined([data_of(x) for x in pytree.flatten(parameters)[0]]))
        state: State = {"count": 0.0}
        if not callable(self.rate()):
            state["lr"] = rate_at(self.rate(), 0)
        count = self.history
        state |= {"direction": zero, "length": 0.0, "previous": zero, "scale": 1.0}
        return state | {"steps": [zero] * count, "changes": [zero] * count, "rho": [0.0] * count}

    def update(self, gradients: Any, state: State, parameters: Any) -> tuple[Any, State]:
        """The parameters after one step, and the state after it.

        Raises ValueError where gradients, state and parameters do not belong together.
        """
        leaves, structure = pytree.flatten(parameters)
        slopes = gradients_like(structure, gradients, leaves)
        boxed = not depends_on_variable([*slopes, *leaves])
        plain = [data_of(p) if boxed else p for p in leaves]
        parts = [
            0.0 * x if g is None else (data_of(g) if boxed else g)
            for g, x in zip(slopes, plain, strict=True)
        ]
        g = joined(parts)
        if np.shape(g) != np.shape(state["previous"]):
            raise ValueError(
                "the state belongs to other parameters: make one with init(parameters)"
            )
        step, after = self.next_step(g, state, moving([s is not None for s in slopes], plain))
        moved = [x + part for x, part in zip(plain, split(step, plain), strict=True)]
        if boxed:
            moved = [rewrapped(x, p) for x, p in zip(moved, leaves, strict=True)]
        return pytree.unflatten(structure, moved), after

    def rate(self) -> Rate:
        """The learning rate, or its schedule."""
        lr: Rate = self.options_of(self.groups[0] if self.groups else {"params": []})["lr"]
        return lr

    def next_step(self, g: Any, state: State, mask: Any = None) -> tuple[Any, State]:
        """What to add to the vector of all parameters, and the state after it.

        mask  0 for what has no gradient and stays, else 1; None where all have one
        """
        rate = self.rate()
        lr = rate_at(rate if callable(rate) else state["lr"], state["count"])
        first = state["count"] == 0
        state = remembered(g, state)
        d = direction(g, state) if mask is None else in_dtype(mask, g) * direction(g, state)
        short = choose(first, 1.0 / np.maximum(np.sum(abs(g)), 1.0), 1.0)
        length = in_dtype(lr * short, g)
        after = {**state, "count": state["count"] + 1, "direction": d, "length": length}
        return length * d, after | {"previous": g}

    # --- in place -------------------------------------------------------------------------------
    def step(self) -> None:
        """Change all parameters, in place where they are arrays of NumPy."""
        if not self.parameters:
            raise ValueError(
                "this optimiser was made without parameters: give it the model, or use update"
            )
        if not any(p.has_grad for p in self.parameters):
            return
        data = [data_of(p) for p in self.parameters]
        if self.state is None:
            self.state = self.init(data)
        if "lr" in self.state:
            self.state["lr"] = rate_at(self.rate(), self.count)
        g = joined([data_of(p.grad) for p in self.parameters])
        mask = moving([p.has_grad for p in self.parameters], data)
        step, self.state = self.next_step(g, self.state, mask)
        self.count += 1
        for p, part in zip(self.parameters, split(step, data), strict=True):
            if type(p.data) is np.ndarray:
                p.data += part
            else:
                p.data = p.data + part

    # --- state ----------------------------------------------------------------------------------
    def saved_slots(self) -> dict[str, Any]:
        """The history, one entry for each vector."""
        return {name: own_copy(x) for name, x in self.vectors().items()}

    def vectors(self) -> dict[str, Any]:
        """The leaves of the state by name."""
        state = self.state or self.init([data_of(p) for p in self.parameters])
        found = {name: state[name] for name in ("direction", "length", "previous", "scale")}
        for name in ("steps", "changes", "rho"):
            found |= {f"{name}.{i}": x for i, x in enumerate(state[name])}
        return found

    def taken_slots(self, given: dict[str, Any], options: Sequence[dict[str, Any]]) -> Any:
        """The history of a saved state."""
        state = {name: take_array(given, name, x) for name, x in self.vectors().items()}
        for name in ("steps", "changes", "rho"):
            state[name] = [state.pop(f"{name}.{i}") for i in range(self.history)]
        return state

    def restore_slots(self, taken: Any) -> None:
        """Continue with this history."""
        rate = self.rate()
        self.state = {"count": self.count, **taken} | ({} if callable(rate) else {"lr": rate})


# --- the two loops ------------------------------------------------------------------------------
def remembered(g: Any, state: State) -> State:
    """The state with the last step and the change of the gradient along it as the newest pair,
    where the curvature is positive; before the first step nothing changes."""
    y, s = g - state["previous"], state["length"] * state["direction"]
    curvature = np.sum(y * s)
    kept = curvature > CURVED
    safe = choose(kept, curvature, 1.0)
    size = choose(kept, np.sum(y * y), 1.0)

    def shifted(old: list[Any], new: Any) -> list[Any]:
        pairs = zip([*old[1:], new], old, strict=True)
        return [choose(kept, after, before) for after, before in pairs]

    return {
        **state,
        "steps": shifted(state["steps"], s),
        "changes": shifted(state["changes"], y),
        "rho": shifted(state["rho"], in_dtype(1.0 / safe, g)),
        "scale": choose(kept, in_dtype(safe / size, g), state["scale"]),
    }


def direction(g: Any, state: State) -> Any:
    """-H g, with the inverse Hessian H of the pairs; a pair of zeros adds nothing."""
    pairs = list(zip(state["steps"], state["changes"], state["rho"], strict=True))
    q, alphas = -g, []
    for s, y, rho in reversed(pairs):
        alpha = rho * np.sum(s * q)
        alphas.append(alpha)
        q = q - alpha * y
    q = state["scale"] * q
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + s * (alpha - rho * np.sum(y * q))
    return q


# --- one vector -----------------------------------------------------------------------------------
def joined(parts: list[Any]) -> Any:
    """Numbers and arrays as one vector."""
    if any(is_complex(x) for x in parts):
        raise ValueError(
            "curvature is known of real parameters only: use SGD or Adam for complex ones"
        )
    return np.concatenate([np.reshape(x, (-1,)) for x in parts])


def moving(has_gradient: list[bool], like: list[Any]) -> Any:
    """A vector of 1 for the entries that have a gradient and 0 for the others; None where all
    have one."""
    if all(has_gradient):
        return None
    parts = zip(has_gradient, like, strict=True)
    return np.concatenate([np.full(int(np.prod(np.shape(x))), float(has)) for has, x in parts])


def split(vector: Any, like: list[Any]) -> list[Any]:
    """A vector as numbers and arrays in the shapes and dtypes of others."""
    found, start = [], 0
    for x in like:
        shape = np.shape(x)
        size = int(np.prod(shape, dtype=int))
        part = np.reshape(vector[start : start + size], shape)
        start += size
        if isinstance(x, float) and isinstance(part, np.ndarray):
            found.append(type(x)(part))
        else:
            found.append(in_dtype(part, x))
    return found


def in_dtype(x: Any, like: Any) -> Any:
    """x in the dtype of another array; a Python float for a number."""
    if isinstance(x, float) and type(x) is not float:
        x = float(x)
    if hasattr(x, "astype") and hasattr(like, "dtype") and x.dtype != like.dtype:
        return x.astype(like.dtype)
    return x
