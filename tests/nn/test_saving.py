"""Files: what is written comes back, and what is damaged is an error that changes nothing."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors
from safetensors.numpy import save_file

import nn
from nn import saving
from nn.saving import FileError, load, save


def network(seed: int = 0) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(3, 4, dtype=np.float32, seed=seed),
        nn.BatchNorm1d(4, dtype=np.float32),
        nn.tanh,
        nn.Linear(4, 2, seed=seed + 1),
    )


class Part:
    """What an optimiser or a schedule is to a file."""

    def __init__(self, **state: Any) -> None:
        self.state = state

    def state_dict(self) -> dict[str, Any]:
        return dict(self.state)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if set(state) != set(self.state):
            raise ValueError("other keys")
        self.state = dict(state)


def part_of(seed: int) -> Part:
    draw = np.random.default_rng(seed)
    return Part(
        moment=draw.normal(size=(3, 4)).astype(np.float32),
        count=seed,
        rate=0.1 + seed,
        kind="cosine",
        nothing=None,
        flags=[True, 2, float("inf"), {"deep": [1.5]}],
        waves=draw.normal(size=3) + 1j * draw.normal(size=3),
        empty=np.zeros((2, 0)),
        single=np.array(7, np.int16),
    )


def same(a: Any, b: Any) -> None:
    assert list(a) == list(b) or set(a) == set(b)
    for key in a:
        assert type(a[key]) is type(b[key]), key
        np.testing.assert_array_equal(a[key], b[key])
        assert getattr(a[key], "dtype", None) == getattr(b[key], "dtype", None)


def test_model_optimiser_and_schedule_come_back(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    model, optimiser, schedule = network(), part_of(3), part_of(5)
    model(np.ones((4, 3)) * np.arange(4.0)[:, None])  # running statistics
    save(path, model=model, optimiser=optimiser, schedule=schedule)
    other, left, right = network(8), part_of(1), part_of(2)
    saved = load(path, model=other, optimiser=left, schedule=right)
    same(other.state_dict(), model.state_dict())
    same(left.state, optimiser.state)
    same(right.state, schedule.state)
    same(saved, model.state_dict())
    same(saved.parts["schedule"], schedule.state)
    assert list(saved.parts) == ["optimiser", "schedule"]
    one = network(4)
    load(path, one)  # a part of it alone
    same(one.state_dict(), model.state_dict())


def test_parts_without_a_model_and_a_state_as_a_dict(tmp_path: Path) -> None:
    path = tmp_path / "x"
    save(path, optimiser=part_of(3), numbers={"a": 1.5})
    saved = load(path)
    assert dict(saved) == {} and saved.parts["numbers"] == {"a": 1.5}
    save(path, {"w": np.arange(3), "gain": 2.0})
    same(load(path), {"w": np.arange(3), "gain": 2.0})
    mlp = nn.MLP(2, [3, 1], seed=0)
    save(path, mlp)
    other = nn.MLP(2, [3, 1], seed=1)
    load(path, other)
    assert [p.data for p in other.parameters()] == [p.data for p in mlp.parameters()]


def test_arrays_of_every_dtype_and_order(tmp_path: Path) -> None:
    kinds = [f"{k}{n}" for k, sizes in (("i", 1248), ("u", 1248), ("f", 248)) for n in str(sizes)]
    state: dict[str, Any] = {k: np.arange(6).astype(k).reshape(2, 3).T for k in kinds}
    state |= {"bool": np.array([True, False]), "c8": np.array([1 + 2j], np.complex64)}
    state["big"] = np.arange(3.0).astype(">f8")
    save(tmp_path / "x", state)
    found = load(tmp_path / "x")
    same(found, state | {"big": np.arange(3.0)})
    found["f8"][0] = 9  # memory of its own


def test_files_of_others(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    model = network()
    save_file(model.state_dict(), path, {"format": "pt"})
    other = network(5)
    assert load(path, other).parts == {}
    same(other.state_dict(), model.state_dict())
    save_file({"0.weight": np.ones((2, 3)), "0.bias": np.ones(2)}, path)
    linear = nn.Sequential(nn.Linear(3, 2))
    linear.load_state_dict(nn.from_torch(linear, load(path)))
    np.testing.assert_array_equal(linear[0].w.data, np.ones((3, 2)))  # type: ignore[attr-defined]


def test_what_others_read(tmp_path: Path) -> None:
    save(tmp_path / "x", network(), optimiser=part_of(1))
    with safetensors.safe_open(tmp_path / "x", framework="np") as file:
        assert set(network().state_dict()) < set(file.keys())
        np.testing.assert_array_equal(
            file.get_tensor("layers.0.w"), network().state_dict()["layers.0.w"]
        )


def test_bfloat16_is_read_as_float32(tmp_path: Path) -> None:
    header = b'{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}'
    upper = np.array([1.5, -3.0], np.float32).view(np.uint32) >> 16
    raw = len(header).to_bytes(8, "little") + header + upper.astype("<u2").tobytes()
    (tmp_path / "x").write_bytes(raw)
    same(load(tmp_path / "x"), {"a": np.array([1.5, -3.0], np.float32)})
    (tmp_path / "x").write_bytes(raw.replace(b'"BF16"', b'"U_16"'))
    with pytest.raises(FileError):
        load(tmp_path / "x")


# --- damage ---------------------------------------------------------------------------------------
def test_every_byte_counts(tmp_path: Path) -> None:
    """Each byte of a file, flipped in one bit and replaced by another: an error, and no change."""
    path = tmp_path / "x"
    model = nn.Linear(2, 1, dtype=np.float32, seed=0)
    save(path, model, rest={"count": 3})
    raw = path.read_bytes()
    other = nn.Linear(2, 1, dtype=np.float32, seed=1)
    before = other.state_dict()
    for place in range(len(raw)):
        for change in (1, 32, 128):
            changed = bytearray(raw)
            changed[place] ^= change
            path.write_bytes(changed)
            with pytest.raises(FileError, match=r"damaged|cut short|pickle"):
                load(path, other)
    same(other.state_dict(), before)


def test_every_length_counts(tmp_path: Path) -> None:
    path = tmp_path / "x"
    save(path, nn.Linear(2, 1, seed=0))
    raw = path.read_bytes()
    for length in range(len(raw)):
        path.write_bytes(raw[:length])
        with pytest.raises(FileError):
            load(path)
    path.write_bytes(raw + b"\0")
    with pytest.raises(FileError):
        load(path)


def test_other_formats_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(pickle.dumps({"w": 1.0}))
    with pytest.raises(FileError, match="is a pickle, which may run any code"):
        load(path)
    np.savez(path.with_suffix(".npz"), w=np.ones(2))
    with pytest.raises(FileError, match="pickle"):
        load(path.with_suffix(".npz"))
    path.write_bytes(b"hello, world, this is text")
    with pytest.raises(FileError, match="no safetensors file"):
        load(path)
    path.write_bytes(b"")
    with pytest.raises(FileError, match="cut short: 0 bytes"):
        load(path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nothing")
    for body in (b"[1]", b'{"__metadata__":3}', b'{"a":{"dtype":"F32","shape":[9]}}'):
        path.write_bytes(len(body).to_bytes(8, "little") + body)
        with pytest.raises(FileError):
            load(path)


def test_parts_are_loaded_together_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x"
    save(path, network(), optimiser=part_of(3))
    model, wrong = network(7), Part(other=1.0)
    before = model.state_dict()
    with pytest.raises(ValueError, match="other keys"):
        load(path, model, optimiser=wrong)
    same(model.state_dict(), before)
    with pytest.raises(KeyError, match=r"no part 'schedule'.*'model', 'optimiser'"):
        load(path, model, schedule=part_of(1))
    with pytest.raises(nn.StateError, match=r"unknown key 'layers\.0\.w'"):
        load(path, nn.Linear(2, 1), optimiser=part_of(1))
    with pytest.raises(TypeError, match="has no load_state_dict"):
        load(path, 3)
    same(model.state_dict(), before)


# --- writing --------------------------------------------------------------------------------------
def test_an_interrupted_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x"
    save(path, {"w": np.ones(2)})

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(os, name, interrupted)
            save(path, {"w": np.zeros(2)})
        same(load(path), {"w": np.ones(2)})
        assert [p.name for p in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"a": np.array([object()])}, "a has dtype object"),
        ({"a": np.ones(2, np.longdouble)}, "a has dtype"),
        ({"a": lambda: 0}, "a is of type function"),
        ({"a": (1, 2)}, "a is of type tuple"),
        ({"a": [1, {2: 3}]}, "a is of type dict"),
        ({1: 2.0}, "keys of a state are text"),
        ({"a::b": np.ones(2)}, "has '::' in it"),
        (3.0, "is a float: save takes"),
        (None, "nothing to save"),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, state: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        save(tmp_path / "x", state)
    assert not list(tmp_path.iterdir())


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "safetensors", None)
    with pytest.raises(ImportError, match="pip install safetensors"):
        save(tmp_path / "x", {"a": np.ones(2)})


def test_the_sum_is_that_of_the_file(tmp_path: Path) -> None:
    save(tmp_path / "x", {"a": np.ones(2)})
    raw = (tmp_path / "x").read_bytes()
    place = raw.index(b'"sha256":"') + 10
    blank = raw[:place] + b"0" * 64 + raw[place + 64 :]
    assert saving.digest(blank).encode() == raw[place : place + 64]


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    state = {"a": np.ones(2)}
    with pytest.raises(OSError, match="no file that can be replaced"):
        save(tmp_path, state)
    with pytest.raises(FileNotFoundError, match="make it first"):
        save(tmp_path / "nowhere" / "x", state)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(OSError, match="no file that can be replaced"):
            save(tmp_path / "pipe", state)
    assert not list(tmp_path.glob(".*"))
