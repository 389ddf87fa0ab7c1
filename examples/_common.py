"""What the examples share: the import path, the `--quick` flag, and pictures in `out/`."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"
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


def digits(held_out: float = 0.25, flat: bool = True) -> tuple[Any, Any, Any, Any]:
    """scikit-learn's 1,797 handwritten digits of 8 by 8 pixels, brightness 0 to 1, in float32:
    x_train, x_test, y_train, y_test.

    flat  x is (n, 64); else (n, 1, 8, 8), pictures of one channel
    """
    x, y = needed("sklearn.datasets").load_digits(return_X_y=True)
    x = (x / 16).astype("float32")
    split = needed("sklearn.model_selection").train_test_split
    parts: list[Any] = split(
        x if flat else x.reshape(-1, 1, 8, 8), y, test_size=held_out, random_state=0, stratify=y
    )
    return parts[0], parts[1], parts[2], parts[3]


def lines_of(name: str) -> list[str]:
    """The lines of a file beside the examples, without its remarks."""
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def names() -> list[str]:
    """Some 400 given names."""
    return lines_of("names.txt")


def sunspots() -> tuple[Any, Any]:
    """The years 1700 to 1988, and the mean number of sunspots in each."""
    spots = np.array(" ".join(lines_of("sunspots.txt")).split(), dtype=float)
    return np.arange(1700, 1700 + len(spots)), spots


def letters() -> tuple[str, Callable[[str], list[int]]]:
    """The letters, with a dot that begins and ends a word as number 0; and a function that turns a
    word into numbers, both dots included."""
    alphabet = ".abcdefghijklmnopqrstuvwxyz"
    return alphabet, lambda word: [alphabet.index(c) for c in f".{word}."]


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
    print(f"picture: {shown(path)}")
    return path


def shown(path: Path) -> str:
    """A path, relative to the current folder if it is inside."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
