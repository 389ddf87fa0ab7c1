"""A gradient of the wrong shape: which mistake gives that shape."""

from __future__ import annotations

import numpy as np

from autograd.checking.diagnose.sample import Finding
from autograd.checking.subjects.flat_trees import is_numeric
from autograd.checking.subjects.subject import ShapeError, Subject

UNSUMMED = "the input was broadcast: is the sum of the gradient over the broadcast axes missing?"
SUMMED = "the gradient is too small: is np.broadcast_to missing, or a sum too many?"


def shape_finding(subject: Subject, mistake: ShapeError) -> Finding | None:
    """The likely reason why a gradient does not have the shape of its input."""
    if mistake.gradient is None or not is_numeric(mistake.gradient):
        return None
    have = np.shape(mistake.gradient)
    target = subject.inputs.places[mistake.place]
    want = target.shape
    if reaches(want, have):
        return Finding("broadcast", UNSUMMED)
    for place in subject.inputs.places:
        if place.shape == have and place is not target:
            text = f"this is the shape of input {place.argument} ({place.name})"
            return Finding("swapped", f"{text}: are the two swapped?")
    if len(have) == 2 and have[::-1] == want:
        return Finding("transposed", "this is the shape transposed: is a .T missing?")
    if reaches(have, want):
        return Finding("broadcast", SUMMED)
    if int(np.prod(have)) == int(np.prod(want)):
        return Finding("shape", "the number of entries is right: is a reshape missing?")
    return None


def reaches(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    """Whether `small` broadcasts to `large` and differs from it."""
    try:
        return small != large and np.broadcast_shapes(small, large) == large
    except ValueError:
        return False
