"""Write losses.json: values and gradients of PyTorch's activations and losses.

    python tests/nn/references/make_losses.py        # by an interpreter that has PyTorch

Made with PyTorch 2.13.0, in double precision, on one thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 (PyTorch's own name for it)

POINTS = [-1e4, -800.0, -30.0, -3.0, -1.2, -0.4, 0.0, 0.3, 0.9, 2.6, 3.0, 30.0, 800.0, 1e4]
SHARES = [0.0625, 0.25, 0.5, 0.7, 0.999]
LOGITS = [[1.5, -0.7, 0.2], [1e4, -1e4, 0.0], [-1e4, 3.0, 1e4], [0.3, 0.3, 0.3], [-2.0, 0.1, 5.0]]
LABELS = [0, 1, 2, 2, 1]
IGNORED = [0, -100, 2, -100, 1]
SOFT = [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0], [0.1, 0.8, 0.1]]
WEIGHT = [0.5, 2.0, 1.25]
SCORES = [2.5, -1e4, 0.3, -0.4, 1e4, 1.0, -3.0]
BITS = [1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
PARTS = [1.0, 0.25, 0.0, 0.6, 0.5, 0.9, 0.1]
TARGETS = [2.0, -1e4 + 0.5, 0.3, 5.0, -1e4, 0.0, -2.0]
VARIANCE = [1.0, 0.25, 1e-9, 4.0, 2.0, 0.5, 1e-6]
ROWS = [[2.0, -1.0, 0.5], [1e4, 3.0, -1e4], [0.1, 0.2, 0.3]]
LOGS = [[-0.1, -3.0, -1e4], [-1e4, 0.0, -5.0], [-1.0] * 3, [-2.0, -0.2, -9.0], [0.0, -1.0, -30.0]]
CLASSES = [0, 2, 1]

Function = Callable[[torch.Tensor], torch.Tensor]
ACTIVATIONS: dict[str, Function] = {
    "elu": F.elu,
    "elu 0.3": lambda x: F.elu(x, 0.3),
    "selu": F.selu,
    "mish": F.mish,
    # F.hardsigmoid has a derivative of 1/6 in single precision
    "hard_sigmoid": lambda x: F.relu6(x + 3) / 6,
    "silu": F.silu,
    "gelu": F.gelu,
    "gelu tanh": lambda x: F.gelu(x, approximate="tanh"),
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "softsign": F.softsign,
    "softplus": F.softplus,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}


def tensor(x: Any) -> torch.Tensor:
    """Numbers in double precision; integers stay."""
    return torch.tensor(x, dtype=torch.float64 if torch.tensor(x).is_floating_point() else None)


Loss = Callable[..., torch.Tensor]
LOSSES: dict[str, tuple[Loss, Any, Any, list[dict[str, Any]]]] = {
    "mse": (F.mse_loss, SCORES, TARGETS, [{}]),
    "mae": (F.l1_loss, SCORES, TARGETS, [{}]),
    "huber": (F.huber_loss, SCORES, TARGETS, [{}, {"delta": 0.3}]),
    "cross_entropy_with_logits": (
        F.cross_entropy,
        LOGITS,
        LABELS,
        [
            {},
            {"weight": WEIGHT},
            {"label_smoothing": 0.1},
            {"weight": WEIGHT, "label_smoothing": 0.1},
        ],
    ),
    "cross_entropy_with_logits ignored": (
        F.cross_entropy,
        LOGITS,
        IGNORED,
        [
            {"ignore_index": -100},
            {"ignore_index": -100, "weight": WEIGHT},
            {"ignore_index": -100, "weight": WEIGHT, "label_smoothing": 0.2},
        ],
    ),
    "cross_entropy_with_logits soft": (
        F.cross_entropy,
        LOGITS,
        SOFT,
        [{}, {"weight": WEIGHT}, {"weight": WEIGHT, "label_smoothing": 0.1}],
    ),
    "nll": (F.nll_loss, LOGITS, LABELS, [{}, {"weight": WEIGHT}]),
    "nll ignored": (
        F.nll_loss,
        LOGITS,
        IGNORED,
        [{"ignore_index": -100}, {"ignore_index": -100, "weight": WEIGHT}],
    ),
    "kl_divergence": (F.kl_div, LOGITS, SOFT, [{}]),
    "kl_divergence log": (F.kl_div, LOGITS, LOGS, [{"log_target": True}]),
    "binary_cross_entropy_with_logits": (
        F.binary_cross_entropy_with_logits,
        SCORES,
        BITS,
        [{}, {"pos_weight": 3.0}, {"weight": VARIANCE}, {"weight": 0.5, "pos_weight": 0.1}],
    ),
    "binary_cross_entropy_with_logits parts": (
        F.binary_cross_entropy_with_logits,
        SCORES,
        PARTS,
        [{}, {"pos_weight": 3.0}],
    ),
    "binary_cross_entropy": (
        F.binary_cross_entropy,
        [0.1, 0.5, 0.9, 0.25],
        [0.0, 1.0, 0.3, 1.0],
        [{}, {"weight": [1.0, 2.0, 0.5, 0.0]}],
    ),
    "hinge": (
        F.multi_margin_loss,
        ROWS,
        CLASSES,
        [{}, {"margin": 0.5}, {"p": 2}],
    ),
}


def derivative(loss: Loss, x: Any, *args: Any, **options: Any) -> dict[str, Any]:
    """The value of a loss, and the gradient of its sum."""
    v = tensor(x).requires_grad_()
    y = loss(v, *args, **options)
    y.sum().backward()
    assert v.grad is not None
    return {"value": y.detach().tolist(), "gradient": v.grad.tolist()}


def main() -> None:
    """Write the file beside this one."""
    torch.set_num_threads(1)
    found: dict[str, Any] = {"pytorch": torch.__version__, "points": POINTS, "shares": SHARES}
    found["activations"] = {name: derivative(f, POINTS) for name, f in ACTIVATIONS.items()}
    found["logit"] = derivative(torch.logit, SHARES)
    found["logit eps"] = derivative(lambda p: torch.logit(p, eps=0.1), SHARES)
    found["normalise"] = [derivative(lambda x, p=p: F.normalize(x, p=p), LOGITS) for p in (1, 2)]
    slope = tensor([0.25, 0.5, -0.1]).requires_grad_()
    found["prelu"] = derivative(lambda x: F.prelu(x, slope), LOGITS)
    assert slope.grad is not None
    found["prelu"]["slopes"] = slope.grad.tolist()
    losses = []
    for name, (loss, x, y, every) in LOSSES.items():
        reductions = ["mean", "sum", "none"]
        if name.startswith("kl"):
            reductions.append("batchmean")
        for options in every:
            numbers = {k: tensor(o) if "weight" in k else o for k, o in options.items()}
            for reduction in reductions:
                case = derivative(loss, x, tensor(y), reduction=reduction, **numbers)
                kept = {"loss": name, "x": x, "y": y, "options": options, "reduction": reduction}
                losses.append(kept | case)
    for full in (False, True):
        for reduction in ("mean", "sum", "none"):
            options = {"full": full, "reduction": reduction}
            variance = tensor(VARIANCE).requires_grad_()
            case = derivative(F.gaussian_nll_loss, SCORES, tensor(TARGETS), variance, **options)
            assert variance.grad is not None
            case |= {"options": {"full": full}, "reduction": reduction}
            case |= {"loss": "gaussian_nll", "x": SCORES, "y": TARGETS, "variance": VARIANCE}
            losses.append(case | {"slopes": variance.grad.tolist()})
    found["losses"] = losses
    text = json.dumps(found, indent=None, separators=(",", ":")).replace('{"loss"', '\n{"loss"')
    Path(__file__).with_name("losses.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
