"""Models, optimisers and schedules in files, in the safetensors format: arrays and plain text, so
that reading a file can run no code.

The arrays of a model have their paths as names, those of any other part the name of the part and
two colons in front (`optimiser::...`).  What is no array (numbers, text, None) stands as JSON in
the metadata, and so does a SHA-256 sum of the whole file.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from autograd import Value
from nn.finding import Searched
from nn.state import entries_of, state_dict

State = dict[str, Any]

FORMAT = "valuegrad"
"""The value of "format" in the metadata, and the key of what is no array."""
SUM = "sha256"
BLANK = "0" * 64
"""What stands in place of the sum while it is computed."""
BETWEEN = "::"


class FileError(ValueError):
    """A file that is no safetensors file, or that is cut short or damaged."""


class Saved(dict[str, Any]):
    """What a file holds: the state of the model, and `parts`, the states of all other parts."""

    def __init__(self, model: State, parts: dict[str, State]) -> None:
        super().__init__(model)
        self.parts = parts


def safetensors() -> Any:
    """The package, loaded for the first file.  ImportError names the extra."""
    try:
        return importlib.import_module("safetensors")
    except ImportError as error:
        raise ImportError(
            "files need the package safetensors: run `pip install safetensors` (the extra `files`)"
        ) from error


# --- saving ---------------------------------------------------------------------------------------
def save(path: str | os.PathLike[str], model: Any = None, **parts: Any) -> None:
    """Write a model, and what else belongs to it, into a file.

    path   of the file; `.safetensors` is its usual ending
    model  a Module, or a state: a dict of path -> array
    parts  further parts by any name, such as optimiser=... and schedule=...: anything with a
           `state_dict`, or a state, whose entries are arrays, numbers, text, None, and lists of
           these

    The file is written beside its place and moved there at the end, so that there is never half a
    file.  Raises TypeError for what cannot be written so, OSError where the place is no regular
    file or in no folder; pickle is never used.

    >>> import tempfile
    >>> from nn import Linear
    >>> path = tempfile.mkdtemp() + "/line.safetensors"
    >>> save(path, Linear(2, 1, seed=0))
    >>> model = Linear(2, 1)
    >>> _ = load(path, model)
    >>> bool((model.w.data == Linear(2, 1, seed=0).w.data).all())
    True
    """
    given = parts if model is None else {"": model, **parts}
    if not given:
        raise TypeError("there is nothing to save: give a model, or parts by name")
    arrays: dict[str, Any] = {}
    rest: dict[str, State] = {}
    for part, thing in given.items():
        for key, x in state_of(part, thing).items():
            name = f"{part}{BETWEEN}{key}" if part else key
            if not part and BETWEEN in key:
                raise TypeError(f"the key {key!r} of the model has {BETWEEN!r} in it")
            if is_array(x):
                arrays[name] = plain_array(name, x)
            else:
                check_json(name, x)
                rest.setdefault(part, {})[key] = x
        rest.setdefault(part, {})
    text = json.dumps(rest)
    write_whole(Path(path), encoded(arrays, text))


def state_of(part: str, thing: Any) -> State:
    """The state of what is to be saved."""
    if isinstance(thing, Searched):
        return state_dict(thing)
    found = thing.state_dict() if hasattr(thing, "state_dict") else thing
    if not isinstance(found, Mapping):
        raise TypeError(
            f"{part or 'model'} is a {type(thing).__name__}: save takes what has a state_dict, or "
            "a dict of path -> array"
        )
    for key in found:
        if not isinstance(key, str):
            raise TypeError(f"the keys of a state are text, {part or 'model'} has {key!r}")
    return dict(found)


def is_array(x: Any) -> bool:
    """True for an array or a Value of one; numbers, text and lists are no arrays."""
    x = x.data if isinstance(x, Value) else x
    return hasattr(x, "shape") and hasattr(x, "dtype")


def plain_array(name: str, x: Any) -> Any:
    """The entries of an array, in one piece."""
    x = entries_of(x.data if isinstance(x, Value) else x)
    found = np.asarray(x, order="C")
    if found.dtype.kind not in "fiubc" or found.dtype.itemsize > 16 or found.dtype == np.longdouble:
        raise TypeError(f"{name} has dtype {found.dtype}, which the format does not have")
    if found.dtype.byteorder == ">":
        found = found.astype(found.dtype.newbyteorder("<"))
    return found


def check_json(name: str, x: Any) -> None:
    """TypeError for what JSON would not give back as it is."""
    if isinstance(x, list):
        for part in x:
            check_json(name, part)
    elif isinstance(x, dict) and all(isinstance(key, str) for key in x):
        for part in x.values():
            check_json(name, part)
    elif not (x is None or type(x) in (bool, int, float, str)):
        raise TypeError(
            f"{name} is of type {type(x).__name__}: a state holds arrays, numbers, text, None, and "
            "lists and dicts of these"
        )


def encoded(arrays: dict[str, Any], text: str) -> bytes:
    """The bytes of a file, with the sum of all of them."""
    library = safetensors()
    complex_names = [name for name, x in arrays.items() if x.dtype == np.complex128]
    for name in complex_names:  # the format has none: two floats for each
        x = arrays[name]
        arrays[name] = np.stack([x.real, x.imag], axis=-1)
    metadata = {"format": FORMAT, FORMAT: text, SUM: BLANK, "complex": json.dumps(complex_names)}
    importlib.import_module("safetensors.numpy")
    raw: bytes = library.numpy.save(arrays, metadata)
    start = place_of_sum(raw, BLANK)
    return raw[:start] + digest(raw).encode() + raw[start + 64 :]


def place_of_sum(raw: bytes, text: str) -> int:
    """Where the sum stands in a file; FileError where it stands nowhere."""
    place = raw.find(f'"{SUM}":"{text}"'.encode())
    if place < 0:
        raise FileError("the check sum is not where it should be: the file is damaged")
    return place + len(SUM) + 4


def digest(raw: bytes) -> str:
    """The SHA-256 sum of a file in which the sum is blank."""
    return hashlib.sha256(raw).hexdigest()


def write_whole(path: Path, raw: bytes) -> None:
    """Write a file, so that at each moment the old one or the whole new one is there."""
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is no file that can be replaced: give the path of a regular file")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent}: make it first")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(beside, "xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


# --- loading --------------------------------------------------------------------------------------
def load(path: str | os.PathLike[str], model: Any = None, **parts: Any) -> Saved:
    """Read a file that `save` wrote, or any safetensors file.

    model, parts  what to load into, by the names under which they were saved: a Module, and what
                  else has a `load_state_dict`

    Returns what the file holds: a dict of path -> array for the model, with the states of all other
    parts in its attribute `parts`.  A file of another program is taken as that of a model.

    Raises FileError (a ValueError) where the file is damaged, cut short or in another format,
    KeyError where it has no such part, and what `load_state_dict` raises where the state does not
    fit; then neither the model nor any part is changed.
    """
    saved = decoded(path, Path(path).read_bytes())
    targets = parts if model is None else {"": model, **parts}
    for part, target in targets.items():
        if part and part not in saved.parts:
            raise KeyError(f"{path} has no part {part!r}: it has {['model', *saved.parts]}")
        if not hasattr(target, "load_state_dict"):
            raise TypeError(f"{part or 'model'} has no load_state_dict: {target!r}")
    before = {part: target.state_dict() for part, target in targets.items()}
    done: list[str] = []
    try:
        for part, target in targets.items():
            done.append(part)
            target.load_state_dict(saved.parts[part] if part else dict(saved))
    except BaseException:
        for part in done:
            targets[part].load_state_dict(before[part])
        raise
    return saved


def decoded(path: Any, raw: bytes) -> Saved:
    """The contents of a file."""
    metadata = header_of(path, raw).get("__metadata__", {})
    ours = metadata.get("format") == FORMAT or FORMAT in metadata or SUM in metadata
    if ours:
        check_sum(path, raw, metadata)
    try:
        entries = safetensors().deserialize(raw)
    except Exception as error:
        raise FileError(f"{path} is damaged: {error}") from error
    arrays = {name: array_from(path, name, entry) for name, entry in entries}
    if not ours:
        return Saved(arrays, {})
    for name in json.loads(metadata["complex"]):
        pairs = arrays[name]
        arrays[name] = pairs[..., 0] + 1j * pairs[..., 1]
    states: dict[str, State] = {part: {} for part in json.loads(metadata[FORMAT])}
    for name, x in arrays.items():
        part, _, key = name.partition(BETWEEN) if BETWEEN in name else ("", "", name)
        states.setdefault(part, {})[key] = x
    for part, rest in json.loads(metadata[FORMAT]).items():
        states[part] |= rest
    return Saved(states.pop("", {}), states)


def header_of(path: Any, raw: bytes) -> dict[str, Any]:
    """What stands before the arrays, as JSON."""
    size = int.from_bytes(raw[:8], "little")
    if len(raw) < 8 or size > len(raw) - 8:
        if raw[:2] == b"PK" or raw[:1] == b"\x80":
            raise FileError(
                f"{path} is a pickle, which may run any code: save the model as safetensors, in "
                "PyTorch with safetensors.torch.save_file"
            )
        raise FileError(f"{path} is no safetensors file, or it is cut short: {len(raw)} bytes")
    try:
        found = json.loads(raw[8 : 8 + size])
    except ValueError as error:
        raise FileError(f"{path} is no safetensors file, or it is damaged: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("__metadata__", {}), dict):
        raise FileError(f"{path} is no safetensors file, or it is damaged: its header is no dict")
    return found


def check_sum(path: Any, raw: bytes, metadata: Mapping[str, Any]) -> None:
    """FileError where a file is not what was written."""
    known = metadata.get(SUM)
    whole = isinstance(known, str) and len(known) == len(BLANK) and known.isascii()
    if whole:
        start = raw.find(f'"{SUM}":"{known}"'.encode()) + len(SUM) + 4
        blank = raw[:start] + BLANK.encode() + raw[start + len(BLANK) :]
        whole = digest(blank) == known
    if not whole:
        raise FileError(f"{path} is damaged: its check sum is not that of its bytes")


DTYPES = {
    **{f"F{8 * n}": np.dtype(f"<f{n}") for n in (2, 4, 8)},
    **{f"I{8 * n}": np.dtype(f"<i{n}") for n in (1, 2, 4, 8)},
    **{f"U{8 * n}": np.dtype(f"<u{n}") for n in (1, 2, 4, 8)},
    "BOOL": np.dtype(bool),
    "C64": np.dtype("<c8"),
    "BF16": np.dtype("<u2"),
}
"""The dtypes of the format.  A bfloat16 is the upper half of a float32."""


def array_from(path: Any, name: str, entry: Mapping[str, Any]) -> Any:
    """One array of a file, in memory of its own."""
    if entry["dtype"] not in DTYPES:
        raise FileError(f"{path}: {name} has dtype {entry['dtype']}, which NumPy does not have")
    found = np.frombuffer(entry["data"], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    if entry["dtype"] == "BF16":
        return (found.astype(np.uint32) << 16).view(np.float32)
    return found.copy()
