"""Newton's method, by products of the Hessian with vectors: the Hessian is never formed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from autograd import grad, hessian_vector_product, pytree, stop_gradient
from nn.checks import check_keywords, fraction, not_negative
from nn.optimisers.base import Optimiser, State
from nn.optimisers.groups import Parameters
from nn.optimisers.lbfgs import joined, split
from nn.optimisers.leaves import data_of, gradients_like, rewrapped
from nn.optimisers.schedules import Rate, rate_at, whole

Loss = Callable[[Any], Any]


@final
class Newton(Optimiser):
    """x += lr * d, where d solves (H + damping) d = -g, with the Hessian H of the loss.

    The system is solved by conjugate gradients, each iteration of which is one product
    H v (`autograd.hessian_vector_product`).  Where the loss curves downwards along a direction they
    stop, and d is what was found so far, or minus the gradient: d always leads downhill.

    damping     added to the diagonal of H: steps become shorter, and lean to the gradient
    iterations  at most so many products with H for one step
    accuracy    the iterations end where the residual is so much shorter than the gradient

    A step needs the loss as a function of the parameters (a module, where they were given as one):

        newton = Newton(model)
        newton.step(lambda model: mse(model(x), y))

    Raises ValueError for complex parameters, for groups, and where the loss is missing.  (Nocedal
    and Wright, Numerical optimization, 2006, algorithm 7.1.)

    >>> from autograd import Value
    >>> p = [Value(3.0), Value(1.0)]
    >>> Newton(p).step(lambda p: p[0] ** 2 + 3 * p[0] * p[1] + 5 * p[1] ** 2)
    >>> [round(v.data, 9) + 0.0 for v in p]
    [0.0, 0.0]
    """

    damping: float
    iterations: int
    accuracy: float

    @check_keywords(learning_rate="lr", params="parameters", cg_steps="iterations")
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1.0,
        damping: float = 0.0,
        iterations: int = 100,
        accuracy: float = 1e-6,
    ) -> None:
        options = {"damping": damping, "iterations": iterations, "accuracy": accuracy}
        if parameters is not None and not isinstance(parameters, list | tuple | dict):
            parameters = parameters if hasattr(parameters, "parameters") else list(parameters)
        super().__init__(parameters, lr, **options)
        if self.groups and (len(self.groups) > 1 or len(self.groups[0]) > 1):
            raise ValueError("Newton takes all parameters as one vector: give it no groups")
        self.tree: Any = parameters

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        not_negative("damping", options["damping"])
        fraction("accuracy", options["accuracy"])
        whole("iterations", options["iterations"])
        return super().checked(options)

    def reset(self) -> None:
        """Forget all steps."""
        self.count = 0

    def init(self, parameters: Any) -> State:
        """The state before the first update: the count and the rate."""
        return {"count": 0.0} | ({} if callable(self.lr) else {"lr": rate_at(self.lr, 0)})

    def update(
        self, gradients: Any, state: State, parameters: Any, loss: Loss | None = None
    ) -> tuple[Any, State]:
        """The parameters after one step, and the state after it.

        loss  the function of the parameters that the gradients are of

        >>> Newton().update(6.0, {"count": 0.0, "lr": 1.0}, 3.0, lambda x: x * x)
        (0.0, {'count': 1.0, 'lr': 1.0})
        """
        if loss is None:
            raise ValueError(
                "Newton needs the loss as a function of the parameters: "
                "step(lambda model: mse(model(x), y)), update(gradients, state, parameters, loss)"
            )
        leaves, structure = pytree.flatten(parameters)
        slopes = [data_of(g) for g in gradients_like(structure, gradients, leaves)]
        plain = [data_of(x) for x in leaves]
        d = self.direction(loss, pytree.unflatten(structure, plain), joined(slopes))
        lr = rate_at(self.lr if callable(self.lr) else state["lr"], state["count"])
        parts = split(lr * d, plain)
        moved = [rewrapped(x + part, p) for x, part, p in zip(plain, parts, leaves, strict=True)]
        return pytree.unflatten(structure, moved), {**state, "count": state["count"] + 1}

    def direction(self, loss: Loss, parameters: Any, g: Any) -> Any:
        """d, as one vector."""
        leaves, structure = pytree.flatten(parameters)
        product = hessian_vector_product(loss)

        def times(v: Any) -> Any:
            found = product(parameters, pytree.unflatten(structure, split(v, leaves)))
            hv = joined(pytree.leaves_like(structure, stop_gradient(found)))
            return hv + self.damping * v if self.damping else hv

        return conjugate_gradients(times, -g, self.iterations, self.accuracy)

    def step(self, loss: Loss | None = None) -> None:
        """Change all parameters; their gradients are computed here, and need no backward."""
        if not self.parameters:
            raise ValueError(
                "this optimiser was made without parameters: give it the model, or use update"
            )
        if loss is None:
            raise ValueError(
                "Newton needs the loss as a function of the parameters: "
                "step(lambda model: mse(model(x), y))"
            )
        tree = stop_gradient(self.tree)
        state = {"count": self.count, "lr": rate_at(self.lr, self.count)}
        moved, _ = self.update(grad(loss)(tree), state, tree, loss)
        leaves, structure = pytree.flatten(self.tree)
        for p, x in zip(leaves, pytree.leaves_like(structure, moved), strict=True):
            if type(p.data) is np.ndarray:
                p.data[...] = x
            else:
                p.data = x
        self.count += 1

    def saved_slots(self) -> dict[str, Any]:
        """Nothing: every step begins anew."""
        return {}

    def taken_slots(self, given: dict[str, Any], options: Sequence[dict[str, Any]]) -> Any:
        """Nothing."""
        return None

    def restore_slots(self, taken: Any) -> None:
        """Nothing."""


def conjugate_gradients(
    times: Callable[[Any], Any], b: Any, iterations: int, accuracy: float
) -> Any:
    """x with A x = b, for A given as `times(v)`: symmetric, and positive along what is tried; else
    the iteration ends there.

    >>> conjugate_gradients(lambda v: np.array([2.0, 5.0]) * v, np.array([2.0, 5.0]), 9, 1e-12)
    array([1., 1.])
    """
    x, r = np.zeros_like(b), b
    p, size = r, float(np.vdot(r, r))
    goal = accuracy**2 * size
    for i in range(iterations):
        if size <= goal or size == 0:
            break
        ap = times(p)
        curvature = float(np.vdot(p, ap))
        if not curvature > 0:
            return b if i == 0 else x
        alpha = size / curvature
        x = x + alpha * p
        r = r - alpha * ap
        before, size = size, float(np.vdot(r, r))
        p = r + (size / before) * p
    return x
