"""Which module an operation belongs to, worked out from the parameters that it uses."""

from __future__ import annotations

from autograd.value import Value

Path = tuple[str, ...]
FOLLOWS = frozenset(  # one-input operations that belong to the layer whose output they transform
    "tanh relu maximum sigmoid logistic softplus gelu silu swish elu leaky_relu softmax "
    "log_softmax reshape transpose dropout sin getitem exp negative".split()
)


def spread_paths(values: list[Value], paths: dict[int, Path]) -> dict[int, Path]:
    """Module paths of the operations, given those of the parameters.

    An operation that uses parameters belongs to the module that holds them; a sum of results of
    one module stays in it; an activation follows its input; everything else stays outside.
    """
    if not paths:
        return {}
    out = dict(paths)
    own = {serial for serial in paths}
    for v in values:
        if v.op is None or v.serial in out:
            continue
        inputs = [u for u in v.inputs if type(u) is Value]
        held = [out[u.serial] for u in inputs if u.serial in own]
        made = [out.get(u.serial, ()) for u in inputs if u.op is not None]
        path: Path = ()
        if held:
            path = common([*held])
        elif len(inputs) == 1 and made and v.op.name in FOLLOWS:
            path = made[0]
        elif len(inputs) > 1 and made and len(made) == len(inputs):
            path = common(made)
        if path:
            out[v.serial] = path
    return out


def common(paths: list[Path]) -> Path:
    """The longest path that all begin with.

    >>> common([("mlp", "layers.0"), ("mlp", "layers.1")])
    ('mlp',)
    """
    first = paths[0]
    for other in paths[1:]:
        n = 0
        while n < min(len(first), len(other)) and first[n] == other[n]:
            n += 1
        first = first[:n]
    return first
