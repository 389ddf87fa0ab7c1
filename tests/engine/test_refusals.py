"""What a Value has not: every refusal says what to do instead."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from autograd import Value
from autograd.engine.refusals import ADVICE, refuse, refuse_out


@pytest.mark.parametrize("name", ADVICE)
def test_advice(name: str) -> None:
    v = Value([1.0, 2.0])
    with pytest.raises(AttributeError, match=f"'Value' object has no attribute {name!r}: ") as e:
        getattr(v, name)
    assert str(e.value).endswith(ADVICE[name])
    assert e.value.name == name
    assert e.value.obj is v
    assert not hasattr(v, name)
    assert getattr(v, name, None) is None


def test_an_editor_does_not_offer_them() -> None:
    for v in (Value(1.0), Value([1.0]), Value(1.0) * 2):
        assert not set(dir(v)) & set(ADVICE)
        assert {"data", "grad", "backward", "sum", "__add__"} <= set(dir(v))


def test_advice_is_for_what_an_array_or_micrograds_value_has() -> None:
    older = {"itemset", "newbyteorder", "ptp", "to_device"}  # of NumPy 1, or of NumPy 2 alone
    for name in set(ADVICE) - older - {"_backward"}:
        assert hasattr(np.ndarray, name)


def test_copies_and_pickles_do_not_stumble_over_them() -> None:
    v = Value([1.0, 2.0], label="v")
    for other in (copy.copy(v), copy.deepcopy(v), pickle.loads(pickle.dumps(v))):
        np.testing.assert_array_equal(other.data, v.data)


def test_refusal_of_a_plain_number() -> None:
    with pytest.raises(TypeError, match=r"float\(v\) would silently lose .*v\.item\(\)"):
        refuse("float(v)")


@pytest.mark.parametrize("out", [np.zeros(2), (np.zeros(2),), (None, np.zeros(2)), 0, [None]])
def test_out_is_refused(out: Any) -> None:
    with pytest.raises(TypeError, match=r"np\.sum\(out=\.\.\.\)"):
        refuse_out("sum", out)


@pytest.mark.parametrize("out", [None, (None,), (None, None)])
def test_no_out_is_no_out(out: Any) -> None:
    refuse_out("sum", out)
