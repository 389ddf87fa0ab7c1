"""Optimisers that step along the gradient, scaled entry by entry: SGD, RMSprop, Adagrad and Lion.

Defaults and formulas are PyTorch's (those of the papers where they agree).
"""

from __future__ import annotations

import math
from typing import Any, final

import numpy as np

from nn.checks import check_keywords, fraction, not_negative, positive
from nn.optimisers.entrywise import EntrywiseOptimiser
from nn.optimisers.groups import Parameters
from nn.optimisers.leaves import is_complex, real_zeros, zeros
from nn.optimisers.schedules import Rate, choose


@final
class SGD(EntrywiseOptimiser):
    """x -= lr * g; with momentum m: u = m * u + g, x -= lr * u.

    momentum      how much of the last direction is kept, 0 <= momentum < 1
    nesterov      look ahead: x -= lr * (g + momentum * u)
    weight_decay  adds weight_decay * x to g
    dampening     u = m * u + (1 - dampening) * g, from the second step on

    Raises ValueError for values out of range.

    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> SGD([p], lr=0.5).step()
    >>> p.data
    0.0
    """

    momentum: float
    nesterov: bool
    weight_decay: float
    dampening: float

    @check_keywords(learning_rate="lr", params="parameters")
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1e-3,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
        dampening: float = 0.0,
    ) -> None:
        super().__init__(
            parameters,
            lr,
            momentum=momentum,
            nesterov=nesterov,
            weight_decay=weight_decay,
            dampening=dampening,
        )

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        fraction("momentum", options["momentum"])
        not_negative("weight_decay", options["weight_decay"])
        if options["nesterov"] and (not options["momentum"] or options["dampening"]):
            raise ValueError("nesterov needs a momentum, such as 0.9, and no dampening")
        return super().checked(options)

    def new_slots(self, x: Any, options: dict[str, Any]) -> dict[str, Any]:
        """u, where there is a momentum."""
        return {"u": zeros(x)} if options["momentum"] else {}

    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """lr, momentum, what u takes of g, nesterov, weight decay."""
        dampening = options["dampening"]
        taken = choose(count > 1, 1.0 - dampening, 1.0) if dampening else 1.0
        return lr, options["momentum"], taken, options["nesterov"], options["weight_decay"]

    def change(self, g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]) -> Any:
        """One step."""
        lr, momentum, taken, nesterov, decay = c
        if decay:
            g = g + decay * x
        if momentum:
            u = slots["u"]
            u *= momentum
            u += g if type(taken) is float and taken == 1.0 else taken * g
            slots["u"] = u
            g = g + momentum * u if nesterov else u
        x -= lr * g
        return x


@final
class RMSprop(EntrywiseOptimiser):
    """x -= lr * g / (sqrt(s) + eps), with the running mean s of abs(g)**2.

    alpha         how much of the old mean is kept
    momentum      u = momentum * u + g / (sqrt(s) + eps), x -= lr * u
    centered      takes abs(the running mean of g)**2 from s: the variance
    weight_decay  adds weight_decay * x to g

    (Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012.)

    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> RMSprop([p], lr=0.1).step()
    >>> round(p.data, 6)
    2.0
    """

    alpha: float
    eps: float
    weight_decay: float
    momentum: float
    centered: bool

    @check_keywords(learning_rate="lr", params="parameters", rho="alpha", epsilon="eps")
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        options = {"alpha": alpha, "eps": eps, "weight_decay": weight_decay}
        super().__init__(parameters, lr, **options, momentum=momentum, centered=centered)

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        fraction("alpha", options["alpha"])
        fraction("momentum", options["momentum"])
        positive("eps", options["eps"])
        not_negative("weight_decay", options["weight_decay"])
        return super().checked(options)

    def new_slots(self, x: Any, options: dict[str, Any]) -> dict[str, Any]:
        """s; the mean of g where centered; u where there is a momentum."""
        slots = {"s": real_zeros(x)}
        if options["centered"]:
            slots["mean"] = zeros(x)
        if options["momentum"]:
            slots["u"] = zeros(x)
        return slots

    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """lr, alpha, eps, weight decay, momentum, centered."""
        names = ("alpha", "eps", "weight_decay", "momentum", "centered")
        return lr, *[options[name] for name in names]

    def change(self, g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]) -> Any:
        """One step."""
        lr, alpha, eps, decay, momentum, centered = c
        if decay:
            g = g + decay * x
        s = slots["s"]
        s *= alpha
        s += (1 - alpha) * squared(g)
        slots["s"] = s
        spread = s
        if centered:
            mean = slots["mean"]
            mean *= alpha
            mean += (1 - alpha) * g
            slots["mean"] = mean
            spread = larger_than_zero(s - squared(mean))
        root = sqrt(spread)
        root += eps
        step = g / root
        if momentum:
            u = slots["u"]
            u *= momentum
            u += step
            slots["u"] = u
            step = u
        x -= lr * step
        return x


@final
class Adagrad(EntrywiseOptimiser):
    """x -= lr * g / (sqrt(s) + eps), with the sum s of abs(g)**2 over all steps.

    lr_decay      the rate of step t is lr / (1 + (t - 1) * lr_decay)
    weight_decay  adds weight_decay * x to g
    start         s before the first step

    (Duchi, Hazan and Singer, Adaptive subgradient methods, 2011.)

    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> Adagrad([p], lr=0.5).step()
    >>> round(p.data, 6)
    2.5
    """

    lr_decay: float
    weight_decay: float
    start: float
    eps: float

    @check_keywords(
        learning_rate="lr",
        params="parameters",
        epsilon="eps",
        initial_accumulator_value="start",
    )
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        start: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(
            parameters, lr, lr_decay=lr_decay, weight_decay=weight_decay, start=start, eps=eps
        )

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        for name in ("lr_decay", "weight_decay", "start"):
            not_negative(name, options[name])
        positive("eps", options["eps"])
        return super().checked(options)

    def new_slots(self, x: Any, options: dict[str, Any]) -> dict[str, Any]:
        """s."""
        return {"s": real_zeros(x) + options["start"]}

    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """The rate of this step, eps, weight decay."""
        rate = lr / (1 + (count - 1) * options["lr_decay"]) if options["lr_decay"] else lr
        return rate, options["eps"], options["weight_decay"]

    def change(self, g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]) -> Any:
        """One step."""
        lr, eps, decay = c
        if decay:
            g = g + decay * x
        s = slots["s"]
        s += squared(g)
        slots["s"] = s
        root = sqrt(s)
        root += eps
        step = g / root
        step *= lr
        x -= step
        return x


@final
class Lion(EntrywiseOptimiser):
    """Steps of length lr in every direction: x -= lr * (sign(b1 * m + (1 - b1) * g)
    + weight_decay * x), then m = b2 * m + (1 - b2) * g, with betas (b1, b2).

    The rate is to be three to ten times smaller than Adam's, the decay as much larger.  (Chen et
    al., Symbolic discovery of optimization algorithms, 2023.)

    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> Lion([p], lr=0.5).step()
    >>> p.data
    2.5
    """

    betas: tuple[float, float]
    weight_decay: float

    @check_keywords(learning_rate="lr", params="parameters", beta="betas")
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1e-4,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr, betas=betas, weight_decay=weight_decay)

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        not_negative("weight_decay", options["weight_decay"])
        return super().checked({**options, "betas": checked_betas(options["betas"])})

    def new_slots(self, x: Any, options: dict[str, Any]) -> dict[str, Any]:
        """m."""
        return {"m": zeros(x)}

    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """lr, betas, weight decay."""
        return lr, *options["betas"], options["weight_decay"]

    def change(self, g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]) -> Any:
        """One step."""
        lr, first, second, decay = c
        m = slots["m"]
        direction = first * m
        direction += (1 - first) * g
        if decay:
            x *= 1 - lr * decay
        x -= lr * np.sign(direction)
        m *= second
        m += (1 - second) * g
        slots["m"] = m
        return x


# --- numbers and arrays alike ---------------------------------------------------------------------
def checked_betas(betas: Any) -> tuple[float, float]:
    """Two shares, each at least 0 and below 1."""
    if not isinstance(betas, tuple | list) or len(betas) != 2:
        raise TypeError(f"betas are two numbers, such as (0.9, 0.999), got {betas!r}")
    first, second = betas
    return fraction("betas[0]", first), fraction("betas[1]", second)


def squared(g: Any) -> Any:
    """abs(g) ** 2."""
    if is_complex(g):
        g = abs(g)
    return g * g


def sqrt(x: Any) -> Any:
    """The square root, a float for a float."""
    return math.sqrt(x) if type(x) is float else np.sqrt(x)


def larger_than_zero(x: Any) -> Any:
    """x, and 0 where rounding made it negative."""
    return max(x, 0.0) if type(x) is float else np.maximum(x, 0)
