"""Adam and AdamW: steps of about the learning rate in every direction."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from nn.checks import check_keywords, not_negative, positive
from nn.optimisers.entrywise import EntrywiseOptimiser
from nn.optimisers.first_order import checked_betas, sqrt, squared
from nn.optimisers.groups import Parameters
from nn.optimisers.leaves import real_zeros, zeros
from nn.optimisers.schedules import Rate


class MeanOptimiser(EntrywiseOptimiser):
    """What Adam and AdamW share: running means, options and the step that both make."""

    def checked(self, options: dict[str, Any]) -> dict[str, Any]:
        """The options, each one in range."""
        positive("eps", options["eps"])
        not_negative("weight_decay", options["weight_decay"])
        return super().checked({**options, "betas": checked_betas(options["betas"])})

    def new_slots(self, x: Any, options: dict[str, Any]) -> dict[str, Any]:
        """m and s, and the largest s where it is asked for."""
        slots = {"m": zeros(x), "s": real_zeros(x)}
        if options["amsgrad"]:
            slots["largest"] = real_zeros(x)
        return slots

    def change(self, g: Any, x: Any, slots: dict[str, Any], c: tuple[Any, ...]) -> Any:
        """One step."""
        first, second, rate, eps, decay, shrink = c
        if decay:
            g = g + decay * x
        m, s = slots["m"], slots["s"]
        m *= first
        m += (1 - first) * g
        square = squared(g)
        square *= 1 - second
        s *= second
        s += square
        slots["m"], slots["s"] = m, s
        if "largest" in slots:
            s = slots["largest"] = raised(slots["largest"], s)
        root = sqrt(s)
        root += eps
        step = m / root
        step *= rate
        if type(shrink) is not float or shrink != 1.0:
            x *= shrink
        x -= step
        return x


@final
class Adam(MeanOptimiser):
    """Steps of about lr in every direction: x -= lr * m / (sqrt(s) + eps), with the running means
    m of g and s of abs(g)**2, both divided by 1 - beta ** step to make up for their start at 0.

    betas         how much of the old mean is kept, for m and s
    weight_decay  adds weight_decay * x to g; with `decoupled` (AdamW) the means do not see it, and
                  x -= lr * weight_decay * x
    amsgrad       takes the largest s so far for s

    Raises ValueError for values out of range.  (Kingma and Ba, Adam, 2015.)

    >>> from autograd import Value
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
    amsgrad: bool

    @check_keywords(learning_rate="lr", params="parameters", beta="betas", epsilon="eps")
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled: bool = False,
        amsgrad: bool = False,
    ) -> None:
        options = {"betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(parameters, lr, **options, decoupled=decoupled, amsgrad=amsgrad)

    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """The numbers of one step."""
        return adam_coefficients(options, lr, count, options["decoupled"])


@final
class AdamW(MeanOptimiser):
    """Adam with weight decay beside the gradient, which the means do not see:
    x -= lr * (m / (sqrt(s) + eps) + weight_decay * x).

    The options are those of `Adam`.  (Loshchilov and Hutter, Decoupled weight decay regularization,
    2019.)

    >>> from autograd import Value
    >>> p = Value(3.0)
    >>> (p * p).backward()
    >>> AdamW([p], lr=0.5, weight_decay=0.1).step()
    >>> round(p.data, 6)
    2.35
    """

    betas: tuple[float, float]
    eps: float
    weight_decay: float
    amsgrad: bool

    @check_keywords(learning_rate="lr", params="parameters", beta="betas", epsilon="eps")
    def __init__(
        self,
        parameters: Parameters | None = None,
        lr: Rate = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        options = {"betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(parameters, lr, **options, amsgrad=amsgrad)

    def coefficients(self, options: dict[str, Any], lr: Any, count: Any) -> tuple[Any, ...]:
        """The numbers of one step."""
        return adam_coefficients(options, lr, count, True)


def adam_coefficients(
    options: dict[str, Any], lr: Any, count: Any, decoupled: bool
) -> tuple[Any, ...]:
    """The numbers of one step.

    With a = 1 - b1 ** t and b = 1 - b2 ** t, lr * (m / a) / (sqrt(s / b) + eps) is
    (lr * sqrt(b) / a) * m / (sqrt(s) + eps * sqrt(b)), which leaves the arrays less to do.
    """
    first, second = options["betas"]
    decay = options["weight_decay"]
    root = sqrt(1 - power(second, count))
    rate = lr * root / (1 - power(first, count))
    shrink = 1 - lr * decay if decoupled and decay else 1.0
    return first, second, rate, root * options["eps"], 0.0 if decoupled else decay, shrink


def raised(a: Any, b: Any) -> Any:
    """The larger of a and b, written into a where a can be written into."""
    if type(a) is float:
        return max(a, b)
    return np.maximum(a, b, out=a) if type(a) is np.ndarray else np.maximum(a, b)


def power(beta: float, count: Any) -> Any:
    """beta ** count."""
    return beta**count if isinstance(count, int | float) else np.power(beta, count)
