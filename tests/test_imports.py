"""Imports point one way, read from the source: engine <- rules <- composite <- transforms <-
{checking, views} <- nn.  None inside a function dodges a cycle."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted([*(ROOT / "autograd").rglob("*.py"), *(ROOT / "nn").rglob("*.py")])
RULES, COMPOSITE, TRANSFORMS, TOOLS, COMMAND, NETWORKS = range(1, 7)
LAYERS = {
    "autograd.rules": RULES,
    "autograd.rules.composite": COMPOSITE,
    "autograd.transforms.trace": TRANSFORMS,
    "autograd.transforms.derivatives": TRANSFORMS,
    "autograd.transforms.jacobians": TRANSFORMS,
    "autograd.extend": TRANSFORMS,
    "autograd.transforms.checkpointing": TRANSFORMS,
    "autograd.debugging": TRANSFORMS,
    "autograd.checking": TOOLS,
    "autograd.views": TOOLS,
    "autograd.__main__": COMMAND,
    "autograd": TRANSFORMS,
    "nn": NETWORKS,
}
"""The layer of a module: that of its longest prefix here; any other module of autograd is the
engine, layer 0."""
LAZY = {
    ("autograd/checking/picture.py", "autograd.views.graph"): "the one picture that a report has",
    ("autograd/checking/pytest_plugin.py", "autograd.checking.gradcheck"): "pytest loads plugins",
    ("autograd/views/entry.py", "autograd.views.digraph.digraph"): "the package graphviz is slow",
}
"""Imports inside functions, and why they are lazy."""


def module_of(path: Path) -> str:
    """autograd/rules/shape.py -> autograd.rules.shape"""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path) for path in SOURCES}


def layer_of(module: str) -> int:
    """The layer; 0 for the engine."""
    names = module.split(".")
    for length in range(len(names), 1, -1):
        prefix = ".".join(names[:length])
        if prefix in LAYERS:
            return LAYERS[prefix]
    if len(names) == 1 or names[0] == "nn":
        return LAYERS[names[0]]
    return 0


def imported(node: ast.AST) -> list[str]:
    """The modules of the project that an import statement names."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        names = [f"{node.module}.{alias.name}" for alias in node.names]
    else:
        return []
    return [name for name in names if name.split(".")[0] in ("autograd", "nn")]


def is_type_checking(node: ast.AST) -> bool:
    """`if TYPE_CHECKING:`"""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def runtime_imports(tree: ast.Module) -> list[str]:
    """What a module imports when it is loaded."""
    late = ast.FunctionDef | ast.AsyncFunctionDef
    hidden = {
        id(x)
        for node in ast.walk(tree)
        if is_type_checking(node) or isinstance(node, late)
        for x in ast.walk(node)
    }
    return [name for node in ast.walk(tree) if id(node) not in hidden for name in imported(node)]


def module_named(name: str) -> str:
    """The module behind `from module import name`."""
    names = name.split(".")
    for length in range(len(names), 0, -1):
        if ".".join(names[:length]) in MODULES:
            return ".".join(names[:length])
    raise LookupError(name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path: Path) -> None:
    tree = ast.parse(path.read_text())
    own = module_of(path)
    for name in runtime_imports(tree):
        other = module_named(name)
        assert layer_of(other) <= layer_of(own), f"{own} imports {other}, which is above it"
        if layer_of(own) == TOOLS:
            same = other.split(".")[:2] == own.split(".")[:2]
            assert same or layer_of(other) < TOOLS, f"{own} imports its neighbour {other}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_inside_a_function_and_no_star(path: Path) -> None:
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert [alias.name for alias in node.names] != ["*"]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for name in (name for inner in ast.walk(node) for name in imported(inner)):
                assert (str(path.relative_to(ROOT)), name) in LAZY, f"{name} is imported late"


def test_there_are_no_cycles() -> None:
    graph: dict[str, set[str]] = {}
    for path in SOURCES:
        own = module_of(path)
        graph[own] = {module_named(n) for n in runtime_imports(ast.parse(path.read_text()))} - {own}
    done: set[str] = set()
    while len(done) < len(graph):
        free = [m for m in graph if m not in done and graph[m] <= done]
        assert free, f"a cycle among {sorted(set(graph) - done)}"
        done.update(free)


def test_import_is_light() -> None:
    """`import autograd` loads NumPy and the engine, and no checker, view or other package."""
    code = "import sys; import autograd; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    heavy = "import sys, autograd; print([m for m in sys.modules if m.startswith('autograd.')])"
    run = lambda c: (
        subprocess.run(
            [sys.executable, "-c", c], capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
    )
    loaded = run(code).split()
    for package in ("matplotlib", "graphviz", "pygraphviz", "sklearn", "scipy", "tqdm", "pytest"):
        assert package not in loaded
    for package in ("autograd.views", "autograd.checking"):
        assert f"'{package}" not in run(heavy)


def test_names_of_the_older_package_stay_free() -> None:
    reserved = ("numpy", "scipy", "core", "tracer", "util", "test_util", "builtins", "misc")
    modules = {
        module_of(path).split(".")[1] for path in SOURCES if len(module_of(path).split(".")) > 1
    }
    assert not modules & {*reserved, "differential_operators", "wrap_util"}
