"""Which other libraries are here, and which interpreters have them."""

from __future__ import annotations

import importlib.util
import os

LIBRARIES = ("torch", "jax", "numba")
VARIABLE = "VALUEGRAD_PEERS"


def is_here(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def peers() -> list[str]:
    """Interpreters from the environment variable."""
    return [path for path in os.environ.get(VARIABLE, "").split(os.pathsep) if path]


def reason(name: str) -> str:
    return f"{name} is not installed here; set {VARIABLE} to an interpreter that has it and pytest"
