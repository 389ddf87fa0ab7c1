"""Write the reference numbers with PyTorch, which the tests then need not have:

    python -m tests.nn.make_references

For each case of `reference_cases.py`, in float64 and float32: the state of PyTorch's layer, its
outputs, the gradients of inputs and parameters, and the buffers after the call.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from tests.nn.reference_cases import CASES, THEIR_NAMES, call_of, inputs_of, name_of, seeds_of

FILE = Path(__file__).with_name("references") / "layers.npz"


def flat(y: Any) -> list[Any]:
    """The outputs that are arrays."""
    if isinstance(y, tuple | list):
        return [part for item in y for part in flat(item)]
    return [] if y is None else [y]


def numbers_of(number: int, dtype: Any, torch: Any) -> dict[str, Any]:
    """The reference numbers of a case."""
    case = CASES[number]
    torch.manual_seed(number)
    kind = torch.float64 if dtype is np.float64 else torch.float32
    made = getattr(torch.nn, THEIR_NAMES.get(case.layer, case.layer))(*case.args, **case.options)
    made = made.to(torch.float64)
    source = np.random.default_rng(2000 + number)
    for name, p in [*made.named_parameters(), *made.named_buffers()]:
        if p.dtype.is_floating_point and case.layer != "Embedding":
            drawn = source.normal(size=tuple(p.shape)) / 2
            p.data = torch.from_numpy(abs(drawn) + 0.2 if name.endswith("_var") else drawn)
    made = made.to(kind).train(case.train)
    state = {f"state/{k}": v.numpy().copy() for k, v in made.state_dict().items()}
    inputs = [torch.from_numpy(x) for x in inputs_of(number, dtype)]
    for x in inputs:
        x.requires_grad_(x.dtype.is_floating_point)
    call = {
        k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v
        for k, v in call_of(case, dtype).items()
    }
    given = (inputs[0], tuple(inputs[1:])) if case.layer == "LSTM" and inputs[1:] else inputs
    outputs = flat(made(*given, **call))
    seeds = seeds_of(number, outputs, dtype)
    total = sum((y * torch.from_numpy(g)).sum() for y, g in zip(outputs, seeds, strict=True))
    total.backward()
    found = {f"output/{i}": y.detach().numpy() for i, y in enumerate(outputs)}
    found |= {f"input/{i}": x.grad.numpy() for i, x in enumerate(inputs) if x.grad is not None}
    found |= {f"grad/{k}": p.grad.numpy() for k, p in made.named_parameters()}
    found |= {f"after/{k}": v.numpy() for k, v in made.named_buffers()}
    return state | found


def main() -> None:
    """Write the file."""
    import torch

    FILE.parent.mkdir(exist_ok=True)
    rows: dict[str, list[Any]] = {"float64": [], "float32": [], "int64": []}
    index: dict[str, Any] = {}
    for number in range(len(CASES)):
        for dtype in (np.float64, np.float32):
            for key, x in numbers_of(number, dtype, torch).items():
                if dtype is np.float32 and key.startswith("state/"):
                    continue  # that in float64, rounded
                kept = rows[str(x.dtype)]
                start = sum(part.size for part in kept)
                name = f"{name_of(number)}/{np.dtype(dtype)}/{key}"
                index[name] = str(x.dtype), start, list(x.shape)
                kept.append(x.reshape(-1))
    columns: dict[str, Any] = {name: np.concatenate(parts) for name, parts in rows.items()}
    np.savez_compressed(FILE, index=np.array(json.dumps(index)), **columns)
    print(f"{len(CASES)} layers, {len(index)} arrays, {FILE.stat().st_size} bytes: {FILE}")


def read() -> dict[str, Any]:
    """All reference numbers by case, dtype and name."""
    with np.load(FILE) as file:
        columns = dict(file)
    found = {}
    for name, (dtype, start, shape) in json.loads(str(columns["index"])).items():
        found[name] = columns[dtype][start : start + math.prod(shape)].reshape(shape)
        if "/state/" in name:
            other = found[name].astype(np.float32 if dtype == "float64" else dtype)
            found[name.replace("/float64/state/", "/float32/state/")] = other
    return found


if __name__ == "__main__":
    main()
