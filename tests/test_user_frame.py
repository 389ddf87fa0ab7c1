"""Whose code is running: the user's frames and the library's."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

import autograd as ag
import nn
from autograd import Value, user_frame
from autograd.user_frame import (
    LIBRARIES,
    calling_frame,
    calling_line,
    is_library,
    raising_line,
    source_text,
    with_text,
)


def here(offset: int = 0) -> str:
    """`file:line` of the caller."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return f"{__file__}:{frame.f_back.f_lineno + offset}"


def frame_of(file: str, name: str = "somewhere") -> FrameType:
    """A frame of code that was compiled from a file of this name."""
    scope: dict[str, Any] = {"__name__": name, "sys": sys}
    exec(compile("def f():\n    return sys._getframe()\n", file, "exec"), scope)
    frame: FrameType = scope["f"]()
    return frame


@pytest.mark.parametrize("module", [ag, nn, np, user_frame, np.linalg])
def test_files_of_the_library_and_of_numpy(module: Any) -> None:
    assert is_library(frame_of(module.__file__))


def test_files_beside_the_library_are_the_users() -> None:
    """A folder whose name begins as the library's does is another folder."""
    root = Path(ag.__file__).parent.parent
    for name in ("autograd_extras/x.py", "nnn.py", "script.py", "tests/nn/x.py", "autograd.py"):
        assert not is_library(frame_of(str(root / name)))
    assert not is_library(frame_of("<stdin>"))
    assert all(folder.endswith(os.sep) for folder in LIBRARIES)


@pytest.mark.parametrize("name", ["IPython.core.interactiveshell", "traitlets.config"])
def test_the_machinery_of_a_notebook_is_not_the_users(name: str) -> None:
    assert is_library(frame_of("/somewhere/x.py", name))
    assert not is_library(frame_of("/somewhere/x.py", "IPythonish"))


def test_the_line_that_calls() -> None:
    assert calling_line() == here()
    frame = calling_frame()
    assert frame is not None
    assert frame.f_code.co_name == "test_the_line_that_calls"


def test_frames_of_the_library_and_of_numpy_are_passed_over() -> None:
    """An operation that is recorded below NumPy and the library names the user's line."""
    with ag.debug():
        direct, at_direct = np.sum(np.tanh(Value([1.0]))), here()
        method, at_method = Value([1.0, 2.0]).mean(), here()
        layer, at_layer = nn.Linear(1, 1)(Value([[1.0]])), here()
    assert direct.source == at_direct
    assert method.source == at_method
    assert layer.source == at_layer


def test_where_there_is_no_users_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_frame, "is_library", lambda frame: True)
    assert calling_frame() is None
    assert calling_line() == ""


def test_where_frames_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(depth: int) -> Any:
        raise ValueError("no frames")

    monkeypatch.setattr(sys, "_getframe", refuse)
    assert calling_frame() is None
    monkeypatch.delattr(sys, "_getframe")
    assert calling_line() == ""


def raises_in_a_rule(x: Any) -> Any:
    return np.reshape(x, (7, 7))


def test_the_users_line_in_a_traceback() -> None:
    """The innermost one: the call that the library refused, not what the library did then."""
    line = inspect.getsourcelines(raises_in_a_rule)[1] + 1
    try:
        ag.grad(raises_in_a_rule)(np.ones(3))
    except ValueError as error:
        found = raising_line(error.__traceback__)
    wanted = f"{__file__}:{line} in raises_in_a_rule: return np.reshape(x, (7, 7))"
    assert found == wanted
    assert raising_line(None) == ""


def test_the_text_of_a_line() -> None:
    place = here()
    assert source_text(place) == "place = here()"
    assert with_text(place) == f"{place}: place = here()"


@pytest.mark.parametrize("place", ["", "nowhere", "nowhere:", "nowhere.py:3", f"{__file__}:99999"])
def test_lines_that_cannot_be_read(place: str) -> None:
    assert source_text(place) == ""
    assert with_text(place) == place


def test_a_colon_in_a_path(tmp_path: Path) -> None:
    """As in C:\\folder\\file.py on Windows."""
    assert source_text(f"x:{tmp_path / 'no.py'}:1") == ""
    script = tmp_path / "script.py"
    script.write_text("first\n  second  \n", encoding="utf-8")
    assert source_text(f"{script}:2") == "second"
