"""Write optimisers.json: where PyTorch's optimisers and schedules are after 1, 10 and 100 steps.

    python tests/nn/references/make_optimisers.py        # by an interpreter that has PyTorch

Made with PyTorch 2.13.0, in double precision, on one thread.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import torch

START = [1.5, -0.7, 0.2, 3.0, -2.0]
CURVATURE = [1.0, 0.3, 5.0, 0.05, 2.0]
KEPT = (1, 10, 100)

CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "SGD": ("SGD", {"lr": 0.05}),
    "SGD momentum": ("SGD", {"lr": 0.05, "momentum": 0.9}),
    "SGD nesterov": ("SGD", {"lr": 0.02, "momentum": 0.8, "nesterov": True}),
    "SGD dampening": ("SGD", {"lr": 0.05, "momentum": 0.9, "dampening": 0.4}),
    "SGD decay": ("SGD", {"lr": 0.05, "momentum": 0.5, "weight_decay": 0.1}),
    "RMSprop": ("RMSprop", {"lr": 0.01}),
    "RMSprop all": (
        "RMSprop",
        {"lr": 0.01, "alpha": 0.9, "momentum": 0.5, "centered": True, "weight_decay": 0.05},
    ),
    "Adagrad": ("Adagrad", {"lr": 0.1}),
    "Adagrad all": (
        "Adagrad",
        {"lr": 0.1, "lr_decay": 0.02, "weight_decay": 0.1, "initial_accumulator_value": 0.3},
    ),
    "Adam": ("Adam", {"lr": 0.02}),
    "Adam all": (
        "Adam",
        {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.1, "amsgrad": True},
    ),
    "AdamW": ("AdamW", {"lr": 0.02}),
    "AdamW all": (
        "AdamW",
        {"lr": 0.02, "betas": (0.8, 0.95), "eps": 1e-4, "weight_decay": 0.3, "amsgrad": True},
    ),
    "LBFGS": ("LBFGS", {"lr": 0.5, "max_iter": 1, "history_size": 5}),
    "LBFGS short": ("LBFGS", {"lr": 0.1, "max_iter": 1, "history_size": 2}),
}
"""Class and options."""

SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    "step": ("StepLR", {"step_size": 7, "gamma": 0.5}),
    "exponential": ("ExponentialLR", {"gamma": 0.95}),
    "cosine": ("CosineAnnealingLR", {"T_max": 40, "eta_min": 0.01}),
    "warm-up": ("LinearLR", {"start_factor": 0.25, "total_iters": 12}),
    "one-cycle": ("OneCycleLR", {"max_lr": 0.5, "total_steps": 40, "cycle_momentum": False}),
    "one-cycle early": (
        "OneCycleLR",
        {
            "max_lr": 0.5,
            "total_steps": 40,
            "cycle_momentum": False,
            "pct_start": 0.1,
            "div_factor": 10.0,
            "final_div_factor": 100.0,
        },
    ),
}
LOSSES = [1.0, 0.9, 0.8, 0.8, 0.81, 0.79995, 0.9, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6, 0.6] * 2


def gradient(x: torch.Tensor, t: int) -> torch.Tensor:
    """A bowl, and what changes from step to step."""
    noise = [0.3 * math.sin(t + i) for i in range(len(START))]
    return torch.tensor(CURVATURE, dtype=x.dtype) * (x - 1) + torch.tensor(noise, dtype=x.dtype)


def path(kind: str, options: dict[str, Any]) -> dict[str, list[float]]:
    """The parameter after some steps."""
    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    never = {"tolerance_grad": 0.0, "tolerance_change": -1.0} if kind == "LBFGS" else {}
    optimiser = getattr(torch.optim, kind)([x], **options, **never)
    found = {}
    for t in range(1, max(KEPT) + 1):
        x.grad = gradient(x.detach(), 0 if kind == "LBFGS" else t)
        optimiser.step((lambda: torch.zeros(())) if kind == "LBFGS" else None)
        if t in KEPT:
            found[str(t)] = x.detach().tolist()
    return found


def rates(kind: str, options: dict[str, Any]) -> list[float]:
    """The learning rate of each of 40 steps."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = getattr(torch.optim.lr_scheduler, kind)(optimiser, **options)
    found = []
    for _ in range(40):
        found.append(float(optimiser.param_groups[0]["lr"]))
        optimiser.step()
        schedule.step()
    return found


def plateau(**options: Any) -> list[float]:
    """The learning rate after each loss."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, **options)
    found = []
    for loss in LOSSES:
        schedule.step(loss)
        found.append(optimiser.param_groups[0]["lr"])
    return found


def main() -> None:
    """Write the file beside this one."""
    torch.set_num_threads(1)
    plateaus: list[dict[str, Any]] = [
        {"factor": 0.5, "patience": 2},
        {"factor": 0.1, "patience": 1, "cooldown": 3, "min_lr": 0.002},
        {"factor": 0.5, "patience": 1, "threshold": 0.2},
    ]
    found = {
        "pytorch": torch.__version__,
        "start": START,
        "curvature": CURVATURE,
        "optimisers": {
            name: {"class": kind, "options": options, "path": path(kind, options)}
            for name, (kind, options) in CASES.items()
        },
        "schedules": {
            name: {"class": kind, "options": options, "rates": rates(kind, options)}
            for name, (kind, options) in SCHEDULES.items()
        },
        "losses": LOSSES,
        "plateaus": [{"options": options, "rates": plateau(**options)} for options in plateaus],
    }
    text = json.dumps(found, indent=1)
    Path(__file__).with_name("optimisers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
