"""Which module an operation belongs to, worked out from the parameters that it uses."""

from __future__ import annotations

from autograd.engine.value import Value

Path = tuple[str, ...]
# one-input operations that belong to the layer whose output they transform
FOLLOWS = frozenset(
    (
        *("tanh", "relu", "maximum", "sigmoid", "expit", "logistic", "softplus", "gelu", "silu"),
        *("elu", "leaky_relu", "softmax", "log_softmax", "reshape", "transpose", "dropout"),
        *("getitem", "sin", "exp", "negative"),
    )
)


def spread_paths(values: list[Value], paths: dict[int, Path]) -> dict[int, Path]:
    """Module paths of the operations, given those of the parameters.

    An operation that uses parameters belongs to the module that holds them; a sum of results of
    one module stays in it; an activation follows its input; everything else stays outside.
    """
    if not paths:
        return {}
    out = dict(paths)
    for v in values:
        if v.op is None or v.serial in out:
            continue
        held: list[Path] = []
        made: list[Path] = []
        outside = 0
        for u in v.inputs:
            if type(u) is Value:
                if u.serial in paths:
                    held.append(paths[u.serial])
                elif u.op is not None:
                    made.append(out.get(u.serial, ()))
                else:
                    outside += 1
        path: Path = ()
        if held:
            path = common(held)
        elif len(made) == 1 and not outside and v.op.name in FOLLOWS:
            path = made[0]
        elif len(made) > 1 and not outside:
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
        if other is first or other == first:
            continue
        n = 0
        while n < min(len(first), len(other)) and first[n] == other[n]:
            n += 1
        first = first[:n]
    return first
