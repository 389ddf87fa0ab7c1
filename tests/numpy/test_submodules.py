"""Submodules of NumPy under the name of the namespace are these submodules themselves."""

from __future__ import annotations

import importlib
import sys

import numpy
import numpy.testing
import pytest

import autograd.numpy as np
import autograd.numpy.linalg as npl
from autograd.numpy import fft, linalg, random
from autograd.numpy.linalg import norm
from autograd.numpy.random import default_rng
from autograd.numpy.submodules import SecondName, install


def test_the_same_modules() -> None:
    assert npl is linalg is np.linalg is numpy.linalg
    assert fft is numpy.fft
    assert random is np.random is numpy.random
    assert norm is numpy.linalg.norm
    assert default_rng is numpy.random.default_rng


@pytest.mark.parametrize("name", ["testing", "polynomial", "ma", "lib.stride_tricks", "typing"])
def test_import_by_name(name: str) -> None:
    assert importlib.import_module(f"autograd.numpy.{name}") is sys.modules[f"numpy.{name}"]
    assert sys.modules[f"numpy.{name}"].__name__ == f"numpy.{name}"
    spec = sys.modules[f"numpy.{name}"].__spec__
    assert spec is not None
    assert spec.name == f"numpy.{name}"


def test_a_module_that_is_not_there() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"autograd\.numpy\.nothing"):
        importlib.import_module("autograd.numpy.nothing")
    assert SecondName().find_spec("autograd.nothing", None) is None


def test_installed_once() -> None:
    install()
    assert sum(type(finder) is SecondName for finder in sys.meta_path) == 1
