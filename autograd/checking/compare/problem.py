"""What one check compares: a subject, its natural steps, and its own random numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.checking.numeric.probe import Floats, Probe
from autograd.checking.subjects.subject import Subject
from autograd.checking.subjects.value_subject import ValueSubject
from autograd.checking.thresholds import PLAIN_MOVE

Pull = Callable[[Floats], Floats]


class Problem:
    """A subject with its scales (n,) and the generator of all random directions.

    Functions with randomness are reset before every evaluation and every pullback.
    """

    def __init__(self, subject: Subject, seed: int) -> None:
        self.subject = subject
        self.seed = seed
        self.rng = np.random.default_rng(seed)
        self.scales = subject.inputs.scales()

    @property
    def x(self) -> Floats:
        """The point, (n,)."""
        return self.subject.inputs.x

    def probe(self, evaluations: int, seconds: float) -> Probe:
        """The function as a bounded probe; on plain arrays where that gives the same bits."""
        if isinstance(self.subject, ValueSubject):
            self.subject.try_plain(self.x + PLAIN_MOVE * self.scales)
        forward = self.subject.forward if self.subject.reseed is None else self.forward
        return Probe(forward, self.x, evaluations, seconds)

    def forward(self, flat: Floats) -> Floats:
        """The outputs at a point, (m,)."""
        self.reset_randomness()
        return self.subject.forward(flat)

    def vjp_at(self, flat: Floats) -> Pull:
        """The pullback at a point: from a cotangent (m,) to a gradient (n,)."""
        self.reset_randomness()
        return self.subject.vjp_at(flat)

    def reset_randomness(self) -> None:
        """Call the user's `reseed`, where one was given."""
        if self.subject.reseed is not None:
            self.subject.reseed()
