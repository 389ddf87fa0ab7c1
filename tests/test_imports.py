"""Imports point one way, read from the source.  The order is a list of folders; inside a folder no
files import each other in a circle, imports for type checkers included."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import autograd

ROOT = Path(__file__).resolve().parent.parent
FLOORS = (
    (
        "autograd.engine",
        "autograd.arrays",
        "autograd.pytree",
        "autograd.user_frame",
        "autograd.other_package",
    ),
    ("autograd.rules",),
    ("autograd.transforms", "autograd.extend", "autograd.debugging", "autograd.numpy"),
    ("autograd.compilation",),
    ("autograd",),
    ("autograd.checking", "autograd.views"),
    ("autograd.__main__", "nn"),
)
"""Folders and the modules beside them, lowest floor first.  What stands on one floor does not
import each other; `autograd` alone is `autograd/__init__.py`."""

LAZY = {
    ("autograd/checking/pytest_plugin.py", "autograd.checking.gradcheck"): "pytest loads plugins",
    ("autograd/views/entry.py", "autograd.views.digraph.digraph"): "the package graphviz is slow",
}
"""Imports inside functions, and why they are lazy."""

BY_NAME = {
    ("autograd/engine/value.py", "autograd.views"): "a Value shows its graph",
    ("autograd/compilation/drawing.py", "autograd.views"): "a compiled function shows its graphs",
    ("autograd/compilation/jax_backend.py", "jax"): "it is optional",
    ("autograd/compilation/jax_backend.py", "jax.experimental"): "it is optional",
    ("autograd/__init__.py", "autograd.numpy"): "it costs time, and few need it",
    ("nn/saving.py", "safetensors"): "an extra",
    ("nn/saving.py", "safetensors.numpy"): "an extra",
}
"""Calls of `import_module` with the name of a module, and why."""

MODULES_OF_USERS = {"autograd.pytree", "autograd.extend", "autograd.debugging"}
"""What is public beside `autograd.__all__`."""

VIEWS_NAME = {
    "autograd.engine.node.Node",
    "autograd.engine.node.Observer",
    "autograd.engine.picture.Picture",
    "autograd.engine.primitive.Primitive",
    "autograd.engine.value.Value",
    "autograd.user_frame",
}
"""The types of the engine, and whose code is running: any file of `views` may import these."""

VIEWS_CALL = {
    "autograd/views/engine_calls.py": {
        "autograd.engine.node.observe",
        "autograd.engine.primitive.zero_vjp",
        "autograd.engine.reverse.pullback",
        "autograd.engine.reverse.with_numpy_scalars",
    },
    "autograd/views/capture.py": {
        "autograd.engine.indexing.index_text",
        "autograd.engine.ancestry.ancestors",
    },
    "autograd/views/stored.py": {"autograd.engine.arrays.can_decide"},
    "autograd/views/phrases.py": {"autograd.engine.arrays.is_foreign"},
    "autograd/views/running.py": {
        "autograd.engine.conversion.freeze",
        "autograd.engine.reverse.pullback",
    },
}
"""The functions of the engine that `views` call, and where."""

SLOTS = {"_grad", "_notes", "_first", "_second"}
"""The attributes of a node that are the engine's."""


# --- reading the source ---------------------------------------------------------------------------
def name_of(path: Path) -> str:
    """A file as pages name it, on every system: autograd/rules/shape.py"""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """autograd/rules/shape.py -> autograd.rules.shape"""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = sorted([*(ROOT / "autograd").rglob("*.py"), *(ROOT / "nn").rglob("*.py")])
MODULES = {module_of(path) for path in SOURCES}
EVERY_SOURCE = pytest.mark.parametrize("path", SOURCES, ids=name_of)


@cache
def tree_of(path: Path) -> ast.Module:
    """The source of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> list[str]:
    """What of the project an import statement names."""
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
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def nodes_at_load(tree: ast.AST, types: bool) -> Iterator[ast.AST]:
    """The statements of a module outside its functions; with `types`, also those that only type
    checkers read."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if not types and is_type_checking(child):
            continue
        yield child
        yield from nodes_at_load(child, types)


def imports_of(path: Path, types: bool) -> set[str]:
    """What a module imports when it is loaded, or when its types are checked."""
    return {name for node in nodes_at_load(tree_of(path), types) for name in imported(node)}


def module_named(name: str) -> str:
    """The module behind `from module import name`."""
    names = name.split(".")
    for length in range(len(names), 0, -1):
        if ".".join(names[:length]) in MODULES:
            return ".".join(names[:length])
    raise LookupError(name)


def place_of(module: str) -> str:
    """The entry of `FLOORS` that a module belongs to."""
    for place in sorted((place for floor in FLOORS for place in floor), key=len, reverse=True):
        if module == place or (module.startswith(place + ".") and place != "autograd"):
            return place
    raise LookupError(f"{module} has no place in FLOORS")


def floor_of(module: str) -> int:
    """The floor of a module, 0 for the lowest."""
    return next(i for i, floor in enumerate(FLOORS) if place_of(module) in floor)


# --- the order of folders -------------------------------------------------------------------------
def test_every_module_has_a_place() -> None:
    used = {place_of(module) for module in MODULES}
    assert used == {place for floor in FLOORS for place in floor}


@EVERY_SOURCE
def test_imports_point_down(path: Path) -> None:
    here = module_of(path)
    for name in imports_of(path, types=here != "autograd"):
        there = module_named(name)
        if place_of(there) != place_of(here):
            below = floor_of(there) < floor_of(here)
            assert below, f"{name_of(path)} imports {name}, which is not below it"


@pytest.mark.parametrize("types", [False, True], ids=["at run time", "for type checkers"])
def test_there_are_no_circles(types: bool) -> None:
    """`autograd/__init__.py` names what it offers to type checkers, and is left out there."""
    graph: dict[str, set[str]] = {}
    for path in SOURCES:
        here = module_of(path)
        names = imports_of(path, types=types and here != "autograd")
        graph[here] = {module_named(name) for name in names} - {here}
    done: set[str] = set()
    while len(done) < len(graph):
        free = [module for module in graph if module not in done and graph[module] <= done]
        assert free, f"a circle among {sorted(set(graph) - done)}"
        done.update(free)


def test_lazy_imports_are_in_use() -> None:
    assert set(LAZY) == {(name_of(path), name) for path in SOURCES for name in late_imports(path)}


def late_imports(path: Path) -> list[str]:
    """The imports inside the functions of a module."""
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    found = [node for node in ast.walk(tree_of(path)) if isinstance(node, functions)]
    return [name for node in found for inner in ast.walk(node) for name in imported(inner)]


@EVERY_SOURCE
def test_no_import_inside_a_function_and_no_star(path: Path) -> None:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert [alias.name for alias in node.names] != ["*"]
    for name in late_imports(path):
        assert (name_of(path), name) in LAZY, f"{name} is imported late"


def test_imports_by_name() -> None:
    """A module that is loaded through its name as a string is hidden from the tests above."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                found |= {
                    (name_of(path), a.value) for a in node.args if isinstance(a, ast.Constant)
                }
    assert found == set(BY_NAME)


# --- what nn and the views may use ----------------------------------------------------------------
def files_below(folder: str) -> list[Path]:
    """The sources of a folder."""
    return [path for path in SOURCES if (ROOT / folder) in path.parents]


@pytest.mark.parametrize("path", files_below("nn"), ids=name_of)
def test_nn_uses_public_names_only(path: Path) -> None:
    names = {name for node in ast.walk(tree_of(path)) for name in imported(node)}
    for name in names:
        package, _, rest = name.partition(".")
        if package == "nn" or not rest:
            continue
        in_module = any(name == m or name.startswith(m + ".") for m in MODULES_OF_USERS)
        assert rest in autograd.__all__ or in_module, f"{name} is not public"
    for node in ast.walk(tree_of(path)):  # `import autograd`, then `autograd.engine`
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "autograd":
            assert node.attr in autograd.__all__, f"autograd.{node.attr} is not public"


@pytest.mark.parametrize("path", files_below("autograd/views"), ids=name_of)
def test_views_use_their_interface_to_the_engine_only(path: Path) -> None:
    allowed = VIEWS_NAME | VIEWS_CALL.get(name_of(path), set())
    for name in {name for node in ast.walk(tree_of(path)) for name in imported(node)}:
        if name.startswith("autograd.views"):
            continue
        assert name in allowed or name.rpartition(".")[0] in allowed, f"{name} is the engine's"


def test_what_views_call_is_in_use() -> None:
    for name, calls in VIEWS_CALL.items():
        assert calls <= imports_of(ROOT / name, types=False), name


@pytest.mark.parametrize("path", [*files_below("nn"), *files_below("autograd/views")], ids=name_of)
def test_no_attribute_that_is_the_engines(path: Path) -> None:
    """`v.grad`, `v.has_grad`, `v.inputs` and `v.label` are there to be read by everyone."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in SLOTS, f"line {node.lineno}: .{node.attr}"


# --- names and cost -------------------------------------------------------------------------------
def output_of(code: str) -> str:
    """What a program prints in a new process."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_import_is_light() -> None:
    """`import autograd` loads NumPy and the engine, and no checker, view or other package."""
    code = "import sys; import autograd; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    heavy = "import sys, autograd; print([m for m in sys.modules if m.startswith('autograd.')])"
    loaded = output_of(code).split()
    for package in ("matplotlib", "graphviz", "pygraphviz", "sklearn", "scipy", "tqdm", "pytest"):
        assert package not in loaded
    for package in ("autograd.views", "autograd.checking", "autograd.numpy"):
        assert f"'{package}" not in output_of(heavy)


def test_names_of_the_older_package_stay_free() -> None:
    """`autograd.numpy` is there, and means what it means in that package."""
    reserved = ("scipy", "core", "tracer", "util", "test_util", "builtins", "misc")
    modules = {
        module_of(path).split(".")[1] for path in SOURCES if len(module_of(path).split(".")) > 1
    }
    assert not modules & {*reserved, "differential_operators", "wrap_util"}
