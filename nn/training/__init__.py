"""The training loop, its history, its callbacks and its checkpoints."""

from __future__ import annotations

from nn.training.checkpoint import Checkpoint
from nn.training.fit import TrainingWarning, fit, train_step
from nn.training.history import History
from nn.training.run import Run

__all__ = ["Checkpoint", "History", "Run", "TrainingWarning", "fit", "train_step"]
