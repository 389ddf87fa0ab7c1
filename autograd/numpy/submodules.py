"""`import autograd.numpy.linalg`: the submodules of NumPy under a second name, as they are."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Final

HERE: Final = "autograd.numpy."


class SecondName(MetaPathFinder, Loader):
    """Finds `autograd.numpy.linalg` as the module `numpy.linalg` itself."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module of NumPy that is asked for under the name of this package."""
        if not fullname.startswith(HERE):
            return None
        if find_spec(f"numpy.{fullname.removeprefix(HERE)}") is None:
            return None
        return ModuleSpec(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        """Put NumPy's module in the place of a new one."""
        name = module.__name__
        sys.modules[name] = importlib.import_module(f"numpy.{name.removeprefix(HERE)}")


def install() -> None:
    """Ask this finder first: others would load a file of NumPy's a second time."""
    if not any(type(finder) is SecondName for finder in sys.meta_path):
        sys.meta_path.insert(0, SecondName())
