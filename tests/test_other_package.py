"""The warning where the other package that is imported as `autograd` is installed too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import timeit
from pathlib import Path

import pytest

from autograd import other_package

ROOT = Path(__file__).resolve().parent.parent
OLDER = ("core", "tracer", "util", "builtins", "misc", "test_util", "wrap_util")
OLDER_FOLDERS = ("numpy", "scipy", "differential_operators")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has the package and its metadata, as pip leaves them."""
    site = tmp_path_factory.mktemp("clean") / "site-packages"
    shutil.copytree(
        ROOT / "autograd", site / "autograd", ignore=shutil.ignore_patterns("__pycache__")
    )
    (site / "valuegrad-0.1.0.dist-info").mkdir()
    (site / "autograd_gamma-0.5.0.dist-info").mkdir()
    return site


def import_from(*sites: Path) -> str:
    """What a script prints on stderr that imports the package from these folders."""
    script = sites[0].parent / "script.py"
    script.write_text("import autograd\nassert autograd.grad(lambda x: x * x)(2.0) == 4.0\n")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, sites)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    done = subprocess.run(
        [sys.executable, script],
        cwd=sites[0].parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stderr


def test_no_warning_in_a_clean_environment(installed: Path) -> None:
    assert other_package.traces(str(installed / "autograd"), [str(installed)]) == []
    assert "autograd-" not in import_from(installed)


@pytest.mark.parametrize("name", ["autograd-1.8.0.dist-info", "autograd-1.3-py3.11.egg-info"])
def test_their_metadata_beside_ours(installed: Path, tmp_path: Path, name: str) -> None:
    site = tmp_path / "lib"
    shutil.copytree(installed, site)
    (site / name).mkdir()
    printed = import_from(site)
    assert f"{site / name}. " in printed
    assert "pip uninstall autograd valuegrad" in printed
    assert f"{site.parent / 'script.py'}:1: UserWarning" in printed, "it points at the import"


def test_their_metadata_elsewhere_on_the_path(installed: Path, tmp_path: Path) -> None:
    other = tmp_path / "site-packages"
    (other / "autograd-1.8.0.dist-info").mkdir(parents=True)
    assert str(other / "autograd-1.8.0.dist-info") in import_from(installed, other)


def test_their_files_inside_ours(installed: Path, tmp_path: Path) -> None:
    site = tmp_path / "lib"
    shutil.copytree(installed, site)
    left = site / "autograd" / "numpy" / "numpy_vspaces.py"
    left.parent.mkdir(exist_ok=True)
    left.touch()
    assert str(left) in import_from(site)


def test_modules_of_the_same_names_are_no_sign(tmp_path: Path) -> None:
    package = tmp_path / "autograd"
    package.mkdir()
    for name in OLDER:
        (package / f"{name}.py").touch()
    for name in OLDER_FOLDERS:
        (package / name).mkdir()
        (package / name / "__init__.py").touch()
    assert other_package.traces(str(package), [str(tmp_path)]) == []


def test_folders_that_cannot_be_listed_are_passed_over(tmp_path: Path) -> None:
    gone = tmp_path / "gone" / "site-packages"
    assert other_package.traces(str(gone / "autograd"), [str(gone), ""]) == []


def test_it_costs_far_less_than_a_millisecond() -> None:
    assert min(timeit.repeat(other_package.warn_if_installed, number=10, repeat=5)) / 10 < 1e-3
