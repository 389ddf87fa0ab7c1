"""What examples share: the import path, the `--quick` flag, the digits, pictures in `out/`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(os.environ.get("EXAMPLES_OUT", ROOT / "out"))
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


def digits(dtype: Any = "float32") -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Handwritten digits: (x, y) of 1347 to train on, and (x, y) of 450 that are held out.

    x is (samples, 64): 8 by 8 pixels between 0 and 1; y is the digit, 0 to 9.
    """
    x, y = needed("sklearn.datasets").load_digits(return_X_y=True)
    split = needed("sklearn.model_selection").train_test_split
    parts = split((x / 16).astype(dtype), y, test_size=450, random_state=0, stratify=y)
    return (parts[0], parts[2]), (parts[1], parts[3])


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
