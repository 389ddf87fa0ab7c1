"""A gradient of the wrong shape: what it looks like it should have been."""

from __future__ import annotations

import numpy as np

from autograd.checking.subject import ShapeMistake, Subject


def shape_finding(subject: Subject, mistake: ShapeMistake) -> list[str]:
    """The likely reason why a gradient does not have the shape of its input."""
    if mistake.gradient is None:
        return []
    have = np.shape(mistake.gradient)
    want = subject.inputs.places[mistake.place].shape
    for place in subject.inputs.places:
        if place.shape == have and place is not subject.inputs.places[mistake.place]:
            return [f"this is the shape of input {place.argument} ({place.name}): are the two swapped?"]
    if len(have) == 2 and have[::-1] == want:
        return ["this is the shape transposed: is a .T missing?"]
    if reaches(want, have):
        return ["the input was broadcast: is the sum of the gradient over the broadcast axes missing?"]
    if reaches(have, want):
        return ["the gradient would have to be broadcast: is np.broadcast_to missing (or a sum too many)?"]
    if int(np.prod(have)) == int(np.prod(want)):
        return ["the number of entries is right: is a reshape missing?"]
    return []


def reaches(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    """Whether `small` broadcasts to `large` and differs from it."""
    try:
        return small != large and np.broadcast_shapes(small, large) == large
    except ValueError:
        return False
