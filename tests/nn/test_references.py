"""Every layer gives what PyTorch gives with the same weights: outputs, gradients of inputs and
parameters, buffers; in float64 and float32.

The numbers are those of `make_references.py`, so that PyTorch need not be installed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value
from nn.torch_layout import from_torch, to_torch, torch_names
from tests.nn.make_references import flat, read
from tests.nn.reference_cases import CASES, call_of, inputs_of, name_of, seeds_of

TOLERANCE = {np.float64: 2e-13, np.float32: 3e-5}


@cache
def stored() -> dict[str, Any]:
    return read()


def numbers_of(number: int, dtype: Any) -> dict[str, Any]:
    """What PyTorch gave."""
    start = f"{name_of(number)}/{np.dtype(dtype)}/"
    found = {k.removeprefix(start): x for k, x in stored().items() if k.startswith(start)}
    assert found, "make the references anew: python -m tests.nn.make_references"
    return found


def part(found: dict[str, Any], name: str) -> dict[str, Any]:
    return {k.removeprefix(f"{name}/"): x for k, x in found.items() if k.startswith(f"{name}/")}


def layer_of(number: int, dtype: Any) -> Any:
    case = CASES[number]
    kind = getattr(nn, case.layer)
    own = {} if case.layer in NO_DTYPE else {"dtype": dtype}
    return kind(*case.args, **case.options, **own).train(case.train)


NO_DTYPE = ("Flatten", "Dropout", *(name for name in nn.__all__ if "Pool" in name))


def close(found: Any, wanted: Any, dtype: Any, what: str) -> None:
    scale = max(1.0, float(np.max(np.abs(wanted), initial=0.0)))
    assert found.shape == wanted.shape, what
    assert found.dtype == wanted.dtype, what
    np.testing.assert_allclose(found, wanted, atol=TOLERANCE[dtype] * scale, rtol=0, err_msg=what)


def call(layer: Any, number: int, inputs: list[Any], dtype: Any) -> list[Any]:
    case = CASES[number]
    given = (inputs[0], tuple(inputs[1:])) if case.layer == "LSTM" and inputs[1:] else inputs
    return flat(layer(*given, **call_of(case, dtype)))


@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=["float64", "float32"])
@pytest.mark.parametrize("number", range(len(CASES)), ids=name_of)
def test_layer(number: int, dtype: Any) -> None:
    found = numbers_of(number, dtype)
    layer = layer_of(number, dtype)
    layer.load_state_dict(from_torch(layer, part(found, "state")))
    inputs = inputs_of(number, dtype)
    if CASES[number].layer != "Embedding":
        inputs = [Value(x) for x in inputs]
    outputs = call(layer, number, inputs, dtype)
    wanted = part(found, "output")
    assert len(outputs) == len(wanted)
    seeds = seeds_of(number, outputs, dtype)
    for i, y in enumerate(outputs):
        close(y.data if isinstance(y, Value) else y, wanted[str(i)], dtype, f"output {i}")
    sum((y * g).sum() for y, g in zip(outputs, seeds, strict=True)).backward()
    for i, x in part(found, "input").items():
        close(inputs[int(i)].grad, x, dtype, f"gradient of input {i}")
    names = torch_names(layer)
    for ours, p in layer.named_parameters():
        theirs, turned = names[ours]
        grad = p.grad.T if turned else p.grad
        close(grad, found[f"grad/{theirs}"], dtype, f"gradient of {theirs}")
    assert len(part(found, "grad")) == len(layer.parameters())
    after = to_torch(layer)
    for name, x in part(found, "after").items():
        close(after[name], x, dtype, f"buffer {name}")


@pytest.mark.parametrize("number", range(len(CASES)), ids=name_of)
def test_plain_arrays_give_the_same(number: int) -> None:
    """Without a gradient: a model of arrays, called with arrays."""
    if CASES[number].layer == "Embedding":
        return
    found = numbers_of(number, np.float64)
    layer = layer_of(number, np.float64)
    layer.load_state_dict(from_torch(layer, part(found, "state")))
    layer.freeze() if layer.parameters() else None
    assert layer.parameters() == []
    outputs = call(layer, number, inputs_of(number, np.float64), np.float64)
    for i, x in part(found, "output").items():
        assert type(outputs[int(i)]) is np.ndarray
        close(outputs[int(i)], x, np.float64, f"output {i}")


def test_every_layer_has_a_reference() -> None:
    kinds = {name for name in nn.modules.__all__ if name != "Sequential"}
    assert {case.layer for case in CASES} == kinds
