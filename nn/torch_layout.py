"""States in PyTorch's names and layouts: a model's weights from there, and for there.

Layers here have PyTorch's names and layouts, but for two: `Linear` has w (inputs, outputs) and b
where PyTorch has weight (outputs, inputs) and bias, and the layers of a `Sequential` are
`layers.0`, ... where PyTorch has `0`, ...
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.finding import named_modules
from nn.modules.containers import Sequential
from nn.modules.linear import Linear
from nn.state import StateError, data_of, entries_of, state_dict, state_paths

State = dict[str, Any]


def torch_names(model: Any) -> dict[str, tuple[str, bool]]:
    """For each path of a model's state PyTorch's name, and whether the matrix is transposed."""
    modules = dict(named_modules(model))
    found = {}
    for name, path in state_paths(model).items():
        steps = []
        turned = False
        for k, key in enumerate(path):
            owner = modules.get(path[:k])
            step = str(key.name)
            if isinstance(owner, Sequential) and step == "layers":
                continue
            if isinstance(owner, Linear) and step in ("w", "b"):
                turned = step == "w"
                step = {"w": "weight", "b": "bias"}[step]
            steps.append(step)
        found[name] = ".".join(steps), turned
    return found


def from_torch(model: Any, state: Mapping[str, Any]) -> State:
    """A state in PyTorch's names and layouts as one for `model.load_state_dict`.

    model  a Module of the same structure
    state  a dict of name -> array (or CPU tensor), such as `nn.load` reads from a safetensors file

    Raises StateError where the state lacks one of the model's names, or has one more.

    >>> from nn import Linear, Sequential, relu
    >>> model = Sequential(Linear(2, 3), relu)
    >>> state = from_torch(model, {"0.weight": np.ones((3, 2)), "0.bias": np.zeros(3)})
    >>> {name: x.shape for name, x in state.items()}
    {'layers.0.w': (2, 3), 'layers.0.b': (3,)}
    """
    names = torch_names(model)
    missing = [theirs for theirs, _ in names.values() if theirs not in state]
    unknown = set(state) - {theirs for theirs, _ in names.values()}
    if missing or unknown:
        raise StateError(
            f"the state does not fit this {type(model).__name__}, in PyTorch's names: it lacks "
            f"{missing or 'nothing'}, and {sorted(unknown) or 'nothing'} in it is unknown"
        )
    found = {}
    for ours, (theirs, turned) in names.items():
        x = np.asarray(entries_of(data_of(state[theirs])))
        found[ours] = x.T if turned else x
    return found


def to_torch(model: Any) -> State:
    """The state of a model in PyTorch's names and layouts: `nn.save(path, nn.to_torch(model))`
    writes a file that PyTorch's `load_state_dict` takes.

    >>> from nn import Linear, Sequential
    >>> {name: x.shape for name, x in to_torch(Sequential(Linear(2, 3))).items()}
    {'0.weight': (3, 2), '0.bias': (3,)}
    """
    state = state_dict(model)
    return {
        theirs: np.array(np.asarray(state[ours]).T if turned else state[ours], order="C")
        for ours, (theirs, turned) in torch_names(model).items()
    }
