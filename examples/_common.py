"""What examples share: the import path, the `--quick` flag, data, and pictures in `out/`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(os.environ.get("EXAMPLES_OUT", ROOT / "out"))
DATA = Path(__file__).resolve().parent / "data"
sys.path.insert(0, str(ROOT))


def quick(description: str | None) -> bool:
    """True where the script was called with --quick: fewer steps, a few seconds."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="fewer steps, a few seconds")
    return bool(parser.parse_args().quick)


def optional(module: str, consequence: str) -> Any:
    """An optional package; or None, and a note that says what happens without it."""
    try:
        return importlib.import_module(module)
    except ImportError:
        print(f"note: {module.partition('.')[0]} is not installed: {consequence}")
        return None


def needed(module: str) -> Any:
    """A package that the example cannot do without."""
    try:
        return importlib.import_module(module)
    except ImportError:
        name = module.partition(".")[0].replace("sklearn", "scikit-learn")
        sys.exit(f"this example needs {name}: pip install {name}")


def digits(
    dtype: Any = np.float32, held_out: int = 450, flat: bool = True
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Of 1,797 handwritten digits, those to train on and those that are held out: (x, y) each.

    x is (n, 64), 8 by 8 pixels between 0 and 1, or (n, 1, 8, 8) where it is not flat; y is 0 to 9.
    """
    x, y = needed("sklearn.datasets").load_digits(return_X_y=True)
    x = (x / 16).astype(dtype).reshape(-1, 64 if flat else 1, *(() if flat else (8, 8)))
    split = needed("sklearn.model_selection").train_test_split
    parts = split(x, y, test_size=held_out, random_state=0, stratify=y)
    return (parts[0], parts[2]), (parts[1], parts[3])


def names() -> list[str]:
    """1,323 given names, in small letters."""
    return (DATA / "names.txt").read_text("utf-8").split()


def letters() -> tuple[str, Callable[[str], list[int]]]:
    """The alphabet, whose first letter is a dot; and a function that makes numbers of a name, with
    a dot before it and one after it."""
    alphabet = ".abcdefghijklmnopqrstuvwxyz"
    return alphabet, lambda word: [alphabet.index(c) for c in f".{word}."]


def sunspots() -> tuple[Any, Any]:
    """The years 1700 to 2008, and the mean number of sunspots in each."""
    table = np.loadtxt(DATA / "sunspots.csv", delimiter=",", skiprows=2)
    return table[:, 0].astype(int), table[:, 1]


def figure(columns: int = 1) -> tuple[Any, Any]:
    """A figure and its axes, side by side; (None, None) without matplotlib."""
    matplotlib = optional("matplotlib", "no picture is drawn")
    if matplotlib is None:
        return None, None
    matplotlib.use("Agg")
    pyplot = importlib.import_module("matplotlib.pyplot")
    return pyplot.subplots(1, columns, figsize=(6 * columns, 4.5), layout="constrained")


def save(picture: Any, name: str) -> Path:
    """Write a figure into out/, and print its path."""
    OUT.mkdir(exist_ok=True)
    path = OUT / name
    picture.savefig(path, dpi=120)
    importlib.import_module("matplotlib.pyplot").close(picture)
    print(f"picture: {shown(path)}")
    return path


def shown(path: Path) -> str:
    """A path, relative to the current folder if it is inside."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
