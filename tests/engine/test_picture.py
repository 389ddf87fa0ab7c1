"""The interface of a picture, which `autograd.Graph` fills."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import autograd as ag
from autograd import Value
from autograd.engine.picture import Picture

METHODS = sorted(Picture.__abstractmethods__)


def parameters(method: Any) -> list[tuple[str, Any]]:
    return [(p.name, p.default) for p in inspect.signature(method).parameters.values()]


def test_a_value_returns_one() -> None:
    picture = (Value(2.0) * 3.0).graph()
    assert isinstance(picture, Picture)
    assert type(picture) is ag.Graph


def test_it_is_an_interface() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Picture()  # type: ignore[abstract]
    assert {name for name in vars(Picture) if not name.startswith("_")} == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_graph_has_it_with_the_same_parameters(name: str) -> None:
    declared, real = getattr(Picture, name), getattr(ag.Graph, name)
    assert parameters(declared) == parameters(real)
    assert inspect.get_annotations(declared)["return"] in ("Picture", "str", "Path", "int")
    assert inspect.getdoc(declared)


def test_what_a_graph_can_do_is_declared() -> None:
    """An editor completes what `v.graph()` can do."""
    public = {n for n, m in vars(ag.Graph).items() if inspect.isfunction(m) and n[0] != "_"}
    assert public - {"drawing"} == set(METHODS)  # for the writers of the views
