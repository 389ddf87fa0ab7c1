"""`import autograd.numpy as np` has NumPy's names, and NumPy's own objects behind nearly all."""

from __future__ import annotations

import doctest
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

import autograd.numpy as np

ROOT = Path(__file__).resolve().parents[2]
LAZY = {"testing", "f2py", "ctypeslib", "distutils", "typing", "test"}
"""Names that NumPy loads at first use, and that take time."""


@pytest.mark.parametrize("name", sorted(set(dir(numpy)) - LAZY))
def test_every_name_is_numpys_own_object_or_one_of_ours(name: str) -> None:
    here, there = getattr(np, name), getattr(numpy, name)
    if name.startswith("__"):
        return
    if name in np.OURS:
        assert here is not there
        assert here.__doc__
    else:
        assert here is there


def test_all_and_dir() -> None:
    assert np.__all__ == numpy.__all__
    assert set(dir(np)) == {*dir(numpy), "WritableArray"}
    assert np.__version__ == numpy.__version__


def test_ours_are_names_of_numpy() -> None:
    assert set(np.OURS) - set(dir(numpy)) == {"WritableArray"}


def test_a_name_that_numpy_does_not_have() -> None:
    with pytest.raises(AttributeError, match=r"autograd\.numpy"):
        _ = np.no_such_name


def test_star_import() -> None:
    names: dict[str, object] = {}
    exec("from autograd.numpy import *", names)
    assert names["zeros"] is np.zeros
    assert names["sin"] is numpy.sin


def test_autograd_does_not_load_it() -> None:
    code = (
        "import sys, autograd; print('autograd.numpy' in sys.modules); "
        "print(autograd.numpy.zeros(2))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.split("\n")[:2] == ["False", "[0. 0.]"], done.stderr


def test_the_page_for_users_runs() -> None:
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    page = ROOT / "docs" / "writable.md"
    done = doctest.testfile(str(page), module_relative=False, optionflags=options)
    assert done.failed == 0
    assert done.attempted > 20


def test_dtypes_and_constants() -> None:
    assert np.float32 is numpy.float32
    assert np.pi == numpy.pi
    assert np.newaxis is None
    assert np.ndarray is numpy.ndarray
    assert isinstance(np.zeros(2), np.ndarray)
