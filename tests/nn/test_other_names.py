"""Names of other libraries, answered with ours."""

from __future__ import annotations

import pytest

import nn
from nn.other_names import FUNCTIONS, OTHERS


def test_every_name_is_missing_and_its_advice_is_there() -> None:
    for theirs, ours in (FUNCTIONS | OTHERS).items():
        assert theirs not in nn.__all__, theirs
        assert hasattr(nn, ours.partition("(")[0]), ours
        with pytest.raises(AttributeError, match=ours.partition("(")[0]):
            getattr(nn, theirs)


def test_a_class_elsewhere_is_a_function_here() -> None:
    with pytest.raises(AttributeError, match=r"a function, nn\.relu, given without a call"):
        _ = nn.ReLU  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match=r"no attribute 'Banana'$"):
        _ = nn.Banana  # type: ignore[attr-defined]
    assert not hasattr(nn, "StepLR")
