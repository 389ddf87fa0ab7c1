"""NumPy's functions as NumPy lets one write them: by position and by name, with its integers, lists
and tuples, empty and 0-d arrays, other dtypes; and what it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.calls import check_call
from tests.derivatives import case_of
from tests.rules.test_numpy_calls import functions
from tests.samples import NUMPY_CALLS, Sample

X = np.array([[0.37, -1.21, 1.83, 0.52], [-0.66, 2.14, 0.95, -1.47], [1.18, -0.29, -1.92, 0.71]])
V = np.array([0.41, -0.87, 1.33])
W = np.array([2.61, 3.17, 4.73, 1.92, 2.26])
T = np.random.default_rng(0).permutation(24).reshape(2, 3, 4) * 0.17 - 1.9
Y = np.array([[1.12, -0.43], [0.81, 2.37], [-1.51, 0.66], [0.28, -0.74]])
Z = X + 1j * X[::-1]
SPECIAL = np.array([np.nan, 1.3, np.inf, -np.inf])

CALLS: dict[str, list[tuple[Any, ...]]] = {
    "append": [
        (lambda v: np.append(v, 1), X),
        (lambda v: np.append(v, [[1, 2, 3, 4]], axis=np.int64(0)), X),
        (lambda v: np.append(arr=v, values=v), X),
        (lambda v: np.append(v, [v[0, 0], 2]), X),
        (lambda v: np.append([1.0, 2.0], v), X),
        (lambda v: np.append(v, v[0], axis=0), X),
        (lambda v: np.append(v, []), X),
    ],
    "around": [
        (lambda v: np.around(v, decimals=-1), X),
    ],
    "array_split": [
        (lambda v: np.array_split(v, np.int64(2)), X),
        (lambda v: np.array_split(v, (1, 2)), X),
        (lambda v: np.array_split(v, np.array([1, 5]), axis=-1), X),
        (lambda v: np.array_split(v, 0), X),
    ],
    "astype": [
        (lambda v: np.astype(v, "f4"), X),
        (lambda v: np.astype(v, np.complex64, copy=False), X),
        (lambda v: np.astype(v, float, device="cpu"), X),
        (lambda v: np.astype(v, float, device="gpu"), X),
    ],
    "atleast_1d": [
        (lambda v: np.atleast_1d(v[0, 0], 2.0, [1.0, 2.0]), X),
    ],
    "atleast_2d": [
        (lambda v: np.atleast_2d(v, 1), X),
    ],
    "atleast_3d": [
        (lambda v: np.atleast_3d(v[0], v), X),
    ],
    "block": [
        (lambda v: np.block([[v, v], [np.zeros((1, 8))]]), X),
        (lambda v: np.block(v), X),
        (lambda v: np.block([v[0], 1.0]), X),
        (lambda v: np.block([[v, [v]]]), X),
        (lambda v: np.block([]), X),
        (lambda v: np.block((v, v)), X),
        (lambda v: np.block([v, []]), X),
        (lambda v: np.block([v, v[0]]), X),
    ],
    "broadcast_arrays": [
        (lambda v: np.broadcast_arrays(v, v[0], 1.0), X),
        (lambda v: np.broadcast_arrays(v, subok=True), X),
        (lambda v: np.broadcast_arrays(v, [1.0, 2.0, 3.0, 4.0]), X),
    ],
    "broadcast_to": [
        (lambda v: np.broadcast_to(v, [2, 3, 4]), X),
        (lambda v: np.broadcast_to(v[0, 0], np.int64(3)), X),
        (lambda v: np.broadcast_to(v[0], (0, 4)), X),
        (lambda v: np.broadcast_to(array=v, shape=(1, 3, 4), subok=True), X),
        (lambda v: np.broadcast_to(v, np.array([2, 3, 4])), X),
    ],
    "clip": [
        (lambda v: np.clip(v, -1, 1), X),
        (lambda v: np.clip(v, None, np.int64(1)), X),
        (lambda v: np.clip(v), X),
        (lambda v: np.clip(v, None, None), X),
        (lambda v: np.clip(v, 1, -1), X),
        (lambda v: np.clip(v, [0, 0, 0, 0], 1), X),
        (lambda v: np.clip(v, 0, 1, dtype=np.float32), X),
        (lambda v: np.clip(v, 0, 1, out=None), X),
        (lambda v: np.clip(v, a_min=0, max=1), X),
        (lambda v: np.clip(v, 0, 1, min=0), X),
        (lambda v: np.clip(v, 0, 1, where=True), X),
        (lambda v: np.clip(X, v[0], None), X + 0.05),
        (lambda v: np.clip(0.5, v, None), X),
        (lambda v: np.clip(v, 0), X),
        (lambda v: np.clip(v, 0, 1, casting="no"), X),
        (lambda v: np.clip(v, 0, 10), np.float32(X)),
        (lambda v: np.clip(v, None, 3), np.float16(X)),
        (lambda v: np.clip(v, min=None, max=0.5), X),
        (lambda v: np.clip(v, max=0.5), X),
        (lambda v: np.clip(np.arange(4), v[0], 2), X),
    ],
    "column_stack": [
        (lambda v: np.column_stack([v[:, 0], v]), X),
        (lambda v: np.column_stack(v), X),
        (lambda v: np.column_stack([v[0, 0], v[0, 1]]), X),
    ],
    "compress": [
        (lambda v: np.compress([True, False, True, True, False], v), X),
        (lambda v: np.compress([0, 0, 0, 0, 1], v, axis=1), X),
        (lambda v: np.compress([0, 1], v, axis=-1), X),
        (lambda v: np.compress([[0, 1]], v, axis=-1), X),
    ],
    "concat": [
        (lambda v: np.concat([v, np.float32(X)]), X),
    ],
    "concatenate": [
        (lambda v: np.concatenate((v, [[1.0, 2.0, 3.0, 4.0]])), X),
        (lambda v: np.concatenate([v, v[0]], axis=None), X),
        (lambda v: np.concatenate([v, v], axis=np.int64(-1)), X),
        (lambda v: np.concatenate([v, v[0]]), X),
        (lambda v: np.concatenate([v[0, 0], v[0, 1]]), X),
        (lambda v: np.concatenate([v], axis=0, out=None, dtype=np.float32, casting="same_kind"), X),
        (lambda v: np.concatenate([v], dtype=np.float32, casting="safe"), X),
        (lambda v: np.concatenate([v, np.zeros((0, 4))]), X),
        (lambda v: np.concatenate(v), X),
        (lambda v: np.concatenate([v[0, 0], [1.0]], axis=None), X),
        (lambda v: np.concatenate([v, [[1, 2, 3, 4]]], axis=0), X),
        (lambda v: np.concatenate([v[0], [v[0, 0], v[1, 1]]]), X),
        (lambda v: np.concatenate([v, v], dtype=int), X),
        (lambda v: np.concatenate(v for _ in range(2)), X),
    ],
    "copy": [
        (lambda v: np.copy(v), X),
        (lambda v: np.copy(v, order="F", subok=True), X),
        (lambda v: np.copy(v[0, 0]), X),
    ],
    "diag": [
        (lambda v: np.diag(v, np.int64(1)), X),
        (lambda v: np.diag(v[0], k=-2), X),
        (lambda v: np.diag(v[0, 0]), X),
        (lambda v: np.diag(v[0, :0], 2), X),
    ],
    "diagflat": [
        (lambda v: np.diagflat(v, np.int64(1)), X),
        (lambda v: np.diagflat(v[0, 0]), X),
    ],
    "diagonal": [
        (lambda v: np.diagonal(v, offset=np.int64(-1), axis1=1, axis2=0), X),
        (lambda v: np.diagonal(v, 9), X),
        (lambda v: np.diagonal(v, axis1=0, axis2=0), X),
        (lambda v: np.diagonal(v[0]), X),
    ],
    "dot": [
        (lambda v, w: np.dot(v, w), X, Y),
        (lambda v: np.dot(v, [1.0, 2.0, 3.0, 4.0]), X),
        (lambda v: np.dot([1.0, 2.0, 3.0], v), X),
        (lambda v: np.dot(2, v), X),
        (lambda v: np.dot(v, np.int64(3)), X),
        (lambda v: np.dot(a=v, b=2.0, out=None), X),
        (lambda v, w: np.dot(v, w), T, Y),
        (lambda v, w: np.dot(w, v.transpose(0, 2, 1)), T, X),
        (lambda v: np.dot(v, v), X),
        (lambda v: np.dot(v[0, 0], v[0, 1]), X),
        (lambda v: np.dot(v, np.arange(4)), X),
        (lambda v: np.dot(v, [v[0, 0]] * 4), X),
        (lambda v: v.dot([1.0, 2, 3, 4]), X),
        (lambda v: np.dot(v[:0].T, np.zeros((0, 2))), X),
    ],
    "dsplit": [
        (lambda v: np.dsplit(v, 2), X),
    ],
    "dstack": [
        (lambda v: np.dstack([v, v]), X),
        (lambda v: np.dstack(v), X),
    ],
    "einsum": [
        (lambda a, b: np.einsum(a, [0, 1], b, [1, 2]), X, Y),
        (lambda a, b: np.einsum(a, [0, 1], b, [1, 2], [0, 2]), X, Y),
        (lambda a, b: np.einsum(a, (0, 1), b, (1, 2), (2, 0)), X, Y),
        (lambda a: np.einsum(a, [0, 0]), X[:, :3]),
        (lambda a: np.einsum(a, [Ellipsis, 1], [1, Ellipsis]), T),
        (lambda a, b: np.einsum(a, [np.int64(0), 1], b, [1, 51], [0, 51]), X, Y),
        (lambda a: np.einsum(a, [1, 0]), X),
        (lambda a: np.einsum(a, [0, 1], []), X),
        (lambda a: np.einsum(a, [10, 3]), X),
        (lambda a: np.einsum(a, [0, 52]), X),
        (lambda a, b: np.einsum(a, [27, 30], b, [30, 2]), X, Y),
        (lambda a, b: np.einsum(a, np.array([0, 1]), b, [1, 2]), X, Y),
        (lambda a: np.einsum("ij,jk", a, [[1.0], [2], [3], [4]]), X),
        (lambda a: np.einsum("ij,j", [[1.0, 2.0, 3.0]], a), V),
        (lambda a: np.einsum("i,i", a, np.arange(3)), np.float32(V)),
        (lambda a: np.einsum(), V),
    ],
    "expand_dims": [
        (lambda v: np.expand_dims(v, [0, 2]), X),
        (lambda v: np.expand_dims(v, np.int64(0)), X),
        (lambda v: np.expand_dims(v, (0, 0)), X),
        (lambda v: np.expand_dims(a=v, axis=-1), X),
    ],
    "extract": [
        (lambda v: np.extract(v > 0, v), X),
        (lambda v: np.extract([1, 0, 1], v), X),
    ],
    "fix": [
        (lambda v: np.fix(v, out=None), X),
        (lambda v: np.fix(v), X),
    ],
    "flip": [
        (lambda v: np.flip(v, (0, 1)), X),
        (lambda v: np.flip(v, [0, 1]), X),
        (lambda v: np.flip(v, np.int64(0)), X),
        (lambda v: np.flip(v[0, 0]), X),
        (lambda v: np.flip(v, (0, 0)), X),
    ],
    "fliplr": [
        (lambda v: np.fliplr(v[0]), X),
    ],
    "flipud": [
        (lambda v: np.flipud(v[0, 0]), X),
    ],
    "full_like": [
        (lambda v: np.full_like(v, 2.0), X),
        (lambda v: np.full_like(v, v[0, 0], dtype=np.float32), X),
        (lambda v: np.full_like(v, v[0, 0], shape=np.int64(3), order="F", subok=False), X),
    ],
    "hsplit": [
        (lambda v: np.hsplit(v, [1, 2]), X),
        (lambda v: np.hsplit(v[0], 2), X),
        (lambda v: np.hsplit(v[0, 0], 2), X),
    ],
    "hstack": [
        (lambda v: np.hstack((v, v)), X),
        (lambda v: np.hstack([v[0], [1.0]]), X),
        (lambda v: np.hstack([v[0], [v[0, 0]]]), X),
        (lambda v: np.hstack([v[0, 0], v[0]]), X),
        (lambda v: np.hstack(v), X),
    ],
    "inner": [
        (lambda v: np.inner(v, [1.0, 2, 3, 4]), X),
        (lambda v: np.inner(3, v), X),
        (lambda v, w: np.inner(v, w), T, X),
        (lambda v: np.inner(v, v.T), X),
        (lambda v: np.inner(v, v), Z),
    ],
    "matmul": [
        (lambda v: np.matmul(v, [[1.0], [2], [3], [4]]), X),
        (lambda v: np.matmul(v, 2.0), X),
        (lambda v: v @ [1.0, 2, 3, 4], X),
        (lambda v: [1.0, 2, 3] @ v, X),
        (lambda v: np.matmul(T, v), Y),
        (lambda v: np.matmul(v, v), X),
        (lambda v: np.matmul(v, np.arange(4)), np.float32(X)),
        (lambda v: np.matmul(v, [v[0, 0], 1, 2, 3]), X),
    ],
    "matrix_transpose": [
        (lambda v: np.matrix_transpose(v), X),
        (lambda v: np.matrix_transpose(v[0]), X),
    ],
    "matvec": [
        (lambda v: np.matvec(v, [1.0, 2, 3, 4]), X),
        (lambda v: np.matvec(Z, v), X[0]),
        (lambda v: np.matvec(v, X[:, 0]), X),
        (lambda v: np.matvec(v[0], X[0]), X),
    ],
    "moveaxis": [
        (lambda v: np.moveaxis(v, [0], [1]), X),
        (lambda v: np.moveaxis(v, np.int64(0), np.int64(1)), X),
        (lambda v: np.moveaxis(v, (0, 1), (1,)), X),
    ],
    "outer": [
        (lambda v: np.outer(v, [1, 2]), X),
        (lambda v: np.outer([1.0, 2.0], v), V),
        (lambda v: np.outer(2.0, v), V),
        (lambda v: np.outer(a=v, b=v, out=None), V),
        (lambda v: np.outer(v, v), Z),
    ],
    "permute_dims": [
        (lambda v: np.permute_dims(v, axes=(1, 0)), X),
    ],
    "ravel": [
        (lambda v: np.ravel(v, "F"), X),
        (lambda v: np.ravel(v.T, "K"), X),
        (lambda v: np.ravel(v.T, "A"), X),
        (lambda v: np.ravel(v, order="Z"), X),
    ],
    "repeat": [
        (lambda v: np.repeat(v, np.int64(2)), X),
        (lambda v: np.repeat(v, (1, 2, 0), axis=0), X),
        (lambda v: np.repeat(v, [1, 2], axis=0), X),
        (lambda v: np.repeat(v, -1), X),
        (lambda v: np.repeat(v, [2]), X),
        (lambda v: np.repeat(v, 2.0), X),
        (lambda v: np.repeat(v[0, 0], 3), X),
        (lambda v: np.repeat(v, repeats=2, axis=np.int64(0)), X),
        (lambda v: np.repeat(v[0, 0], 3, axis=0), X),
    ],
    "reshape": [
        (lambda v: np.reshape(v, np.int64(-1)), X),
        (lambda v: np.reshape(v, [np.int64(2), -1]), X),
        (lambda v: np.reshape(v, (2, -1), "F"), X),
        (lambda v: np.reshape(v, (12,), copy=True), X),
        (lambda v: np.reshape(v, np.array([4, 3])), X),
        (lambda v: np.reshape(v, (-1, -1)), X),
        (lambda v: np.reshape(v, (4, 3), order="A"), X),
        (lambda v: np.reshape(v, (4, 3), order="K"), X),
        (lambda v: np.reshape(v, (2.0, 6)), X),
        (lambda v: np.reshape(a=v, shape=(4, 3)), X),
        (lambda v: np.reshape(v.T, (12,), copy=False), X),
        (lambda v: np.reshape(v, (12,), copy=False), X),
    ],
    "roll": [
        (lambda v: np.roll(v, np.int64(1)), X),
        (lambda v: np.roll(v, [1, 2], [0, 1]), X),
        (lambda v: np.roll(v, (1, 2), axis=1), X),
        (lambda v: np.roll(v, np.array([1, 2]), axis=(0, 1)), X),
        (lambda v: np.roll(v, 5, axis=-1), X),
        (lambda v: np.roll(v[:0], 5, axis=0), X),
        (lambda v: np.roll(v[0, 0], 5), X),
        (lambda v: np.roll(v, 1, axis=7), X),
        (lambda v: np.roll(v, 1, axis=np.int64(1)), X),
        (lambda v: np.roll(v, (1, 2, 3), axis=(0, 1)), X),
    ],
    "rollaxis": [
        (lambda v: np.rollaxis(v, np.int64(1)), X),
        (lambda v: np.rollaxis(v, -1, -1), X),
    ],
    "rot90": [
        (lambda v: np.rot90(v, np.int64(1), [1, 0]), X),
        (lambda v: np.rot90(v, 1, (0, 0)), X),
        (lambda v: np.rot90(v[0]), X),
        (lambda v: np.rot90(v, k=1, axes=(-1, 0)), X),
        (lambda v: np.rot90(v, 1, (0, 2)), X),
        (lambda v: np.rot90(v[:0]), X),
    ],
    "round": [
        (lambda v: np.round(v, np.int64(1)), W),
        (lambda v: np.round(v, 1.0), X),
        (lambda v: np.round(a=v, decimals=2, out=None), X),
    ],
    "split": [
        (lambda v: np.split(v, np.int64(2), axis=1), X),
        (lambda v: np.split(v, 2), X),
        (lambda v: np.split(v, [-1], 1), X),
        (lambda v: np.split(v, 0), X),
        (lambda v: np.split(v, 2.0, axis=1), X),
    ],
    "squeeze": [
        (lambda v: np.squeeze(v[None], axis=[0]), X),
        (lambda v: np.squeeze(v, axis=np.int64(0)), X),
        (lambda v: np.squeeze(v[0, 0]), X),
        (lambda v: np.squeeze(v[0, 0], axis=0), X),
        (lambda v: np.squeeze(v[None, :, :1], axis=(0, -1)), X),
        (lambda v: np.squeeze(v, axis=()), X),
    ],
    "stack": [
        (lambda v: np.stack((v, v), axis=np.int64(1)), X),
        (lambda v: np.stack(v), X),
        (lambda v: np.stack([v, v[0]]), X),
        (lambda v: np.stack([v, X], dtype=np.float32), X),
        (lambda v: np.stack([v[0, 0], 1, 2.5]), X),
        (lambda v: np.stack([v[0], [1, 2, 3, 4]]), X),
        (lambda v: np.stack([v[0], [v[0, 0], 1, 2, 3]]), X),
        (lambda v: np.stack(arrays=[v], axis=0, out=None, casting="safe"), X),
    ],
    "swapaxes": [
        (lambda v: np.swapaxes(v, np.int64(0), np.int64(-1)), X),
        (lambda v: np.swapaxes(a=v, axis1=0, axis2=1), X),
    ],
    "take": [
        (lambda v: np.take(v, np.int64(1)), X),
        (lambda v: np.take(v, (0, 1), axis=np.int64(-1)), X),
        (lambda v: np.take(v, [0, 20], mode="clip"), X),
        (lambda v: np.take(v, -1, 0), X),
        (lambda v: np.take(v, [7], mode="raise", axis=0), X),
        (lambda v: np.take(v, np.zeros((0, 2), int), axis=1), X),
        (lambda v: np.take(a=v, indices=[1], axis=0, out=None), X),
        (lambda v: np.take(v[0, 0], 0), X),
        (lambda v: np.take(v[0, 0], [0, 0]), X),
        (lambda v: np.take(v, [1], axis=None), X),
        (lambda v: np.take(v, [-5], axis=1, mode="wrap"), X),
        (lambda v: np.take(v, [1], mode="bogus"), X),
    ],
    "tensordot": [
        (lambda v, w: np.tensordot(v, w, axes=np.int64(1)), X, Y),
        (lambda v, w: np.tensordot(v, w, axes=(1, 0)), X, Y),
        (lambda v, w: np.tensordot(v, w, axes=[1, 0]), X, Y),
        (lambda v, w: np.tensordot(v, w, axes=([1], [0])), X, Y),
        (lambda v, w: np.tensordot(v, w, axes=((-1,), (-2,))), X, Y),
        (lambda v, w: np.tensordot(v, w, axes=np.array([[1], [0]])), X, Y),
        (lambda v, w: np.tensordot(v, w, axes=(np.int64(1), np.int64(0))), X, Y),
        (lambda v, w: np.tensordot(v, w), X, Y),
        (lambda v: np.tensordot(v, v), X),
        (lambda v: np.tensordot(v, v, 0), V),
        (lambda v: np.tensordot(v, v, ([0, 1], [0, 1])), X),
        (lambda v: np.tensordot(v, v, ([0, 1], [1, 0])), X),
        (lambda v: np.tensordot(v, [1.0, 2, 3], 1), V),
        (lambda v: np.tensordot(v, v, 3), X),
        (lambda v: np.tensordot(v, v, ([0], [0, 1])), X),
        (lambda v: np.tensordot(v, v, ([], [])), V),
        (lambda v: np.tensordot(v[:, :0], v[:, :0].T, 1), X),
        (lambda v: np.tensordot(v, 2.0, 0), V),
        (lambda v: np.tensordot(v, v, -1), V),
        (lambda v: np.tensordot(v, v, ([0, 0], [0, 0])), X),
        (lambda v: np.tensordot(v, T, axes=([0, 1], [1, 2])), X),
        (lambda v: np.tensordot(v, T, axes=(range(2), range(1, 3))), X),
        (lambda v: np.tensordot(v, v, 1.0), V),
        (lambda v: np.tensordot(v, v, (0,)), V),
    ],
    "tile": [
        (lambda v: np.tile(v, np.int64(2)), X),
        (lambda v: np.tile(v, np.array([2, 1, 1])), X),
        (lambda v: np.tile(v, []), X),
        (lambda v: np.tile(v[0, 0], 3), X),
        (lambda v: np.tile(v, (2, -1)), X),
        (lambda v: np.tile(A=v, reps=[1, 2]), X),
        (lambda v: np.tile(v[:0], 2), X),
        (lambda v: np.tile(v[0, 0], ()), X),
    ],
    "trace": [
        (lambda v: np.trace(v, offset=np.int64(1)), X),
        (lambda v: np.trace(v, dtype=np.float32), X),
        (lambda v: np.trace(v, out=None), X),
        (lambda v: np.trace(v[0]), X),
    ],
    "transpose": [
        (lambda v: np.transpose(v, np.array([1, 0])), X),
        (lambda v: np.transpose(v, (0, 0)), X),
        (lambda v: np.transpose(v, (0,)), X),
        (lambda v: np.transpose(v, None), X),
        (lambda v: np.transpose(v, [np.int64(1), 0]), X),
        (lambda v: np.transpose(v[0, 0], ()), X),
    ],
    "tril": [
        (lambda v: np.tril(v, np.int64(-1)), X),
        (lambda v: np.tril(v[0]), X),
        (lambda v: np.tril(v[0, 0]), X),
        (lambda v: np.tril(m=v, k=9), X),
        (lambda v: np.tril(v, 1.0), X),
    ],
    "triu": [
        (lambda v: np.triu(v[None], k=1), X),
    ],
    "unstack": [
        (lambda v: np.unstack(v, axis=np.int64(1)), X),
        (lambda v: np.unstack(v[0, 0]), X),
    ],
    "vdot": [
        (lambda v: np.vdot(v, X), X),
        (lambda v: np.vdot([[1.0, 2.0], [3.0, 4.0]], v), X[:2, :2]),
        (lambda v: np.vdot(v, 2.0), X[0, 0]),
        (lambda v: np.vdot(v, Z), Z),
        (lambda v: np.vdot(v, X[0]), X),
    ],
    "vecdot": [
        (lambda v: np.vecdot(v, X[0]), X),
        (lambda v: np.vecdot(v, X, axis=0), X),
        (lambda v: np.vecdot([1.0, 2, 3, 4], v), X),
        (lambda v: np.vecdot(v, Z), Z),
        (lambda v: np.vecdot(v, 2.0), X),
        (lambda v: np.vecdot(v, X[:, :2]), X),
        (lambda v: np.vecdot(v[:, :1], X), X),
    ],
    "vecmat": [
        (lambda v: np.vecmat([1.0, 2, 3], v), X),
        (lambda v: np.vecmat(v, X), V),
        (lambda v: np.vecmat(v[0, 0], X), X),
    ],
    "vsplit": [
        (lambda v: np.vsplit(v, 3), X),
        (lambda v: np.vsplit(v[0], 2), X),
    ],
    "vstack": [
        (lambda v: np.vstack((v, v[0])), X),
        (lambda v: np.vstack([v], dtype=np.float32, casting="unsafe"), X),
        (lambda v: np.vstack([v, [v[0, 0]] * 4]), X),
        (lambda v: np.vstack(v), X),
    ],
    "where": [
        (lambda v: np.where(v > 0, v, 0), X),
        (lambda v: np.where(True, v, v * 2), X),
        (lambda v: np.where([True, False, True, False], v, [1, 2, 3, 4]), X),
        (lambda v: np.where(v, 1.0, v), X),
        (lambda v: np.where(v > 0, v), X),
        (lambda v: np.where(np.zeros((0, 4), bool), v[:0], 1.0), X),
        (lambda v: np.where([True] * 4, [v[0, 0], v[0, 1], 1, 2], v[0]), X),
        (lambda v: np.where(v > 0, v, np.float32(1)), np.float32(X)),
        (lambda v: np.where(v > 0, 1.5, v), np.float32(X)),
        (lambda v: np.where(v > 0, np.arange(4), v), np.float32(X)),
        (lambda v: np.where(v > 0, v, 1j), X),
    ],
}
NUMBERED = [
    pytest.param(*call, id=f"{name}-{i}")
    for name, calls in CALLS.items()
    for i, call in enumerate([(c,) for c in calls])
]


@pytest.mark.parametrize("call", NUMBERED)
def test_calls(call: Any) -> None:
    f, *leaves = call
    check_call(f, *leaves)


@pytest.mark.parametrize("k", range(-5, 6))
def test_quarter_turns(k: int) -> None:
    check_call(lambda v: np.rot90(v, k), X)


SUBSCRIPTS: list[tuple[Any, ...]] = [
    ("ij,jk", X, Y),
    ("ij,jk->ik", X, Y),
    ("ij , jk -> ik", X, Y),
    ("ij->ji", X),
    ("ij->", X),
    ("ij", X),
    ("ji", X),
    ("i...->...", T),
    ("...", T),
    ("...i->...", T),
    ("...ij,...jk->...ik", T, Y),
    ("...ij,jk", T, Y),
    ("i...j->j...", T),
    ("ii->i", X[:, :3]),
    ("ii", X[:, :3]),
    ("iij->j", T[:, :2, :3]),
    ("ij,ij->i", X, X),
    ("ij,i->ij", X, V),
    ("i,j", V, W),
    ("i,i,i->i", V, V, V),
    ("ij,jk,kl->il", X, Y, Y.T),
    ("...,...", X, V[0]),
    (",ij", V[0], X),
    ("ab...,b...->a...", T, T[0]),
    ("ij...,jk...->ik...", T, T.transpose(1, 2, 0)[:, :, :]),
    ("i...,i...->...", X, X),
    ("bij,bjk->bik", T, T.transpose(0, 2, 1)),
    ("ij->j...", X),
    ("ij...->ij", X),
    ("Ij,jA", X, Y),
    ("iI", X),
    ("ij,ij->", X[:1], X),
    ("ii->", X[:, :1]),
    ("...ii->...i", T[:, :3, :3]),
    ("ik,kj->ij", X[:, :0], Y[:0]),
    ("ij,kj->ik", Z, Z),
    ("ij,jk->ikz", X, Y),
    ("ij,jk", X, X),
    ("ijk", X),
    ("i->ii", V),
    ("ij->ik", X),
    ("..ij", X),
    ("i.j", X),
    ("ij->i->j", X),
    ("ij,", X, V[0]),
    ("i1", X),
    ("ij...->...", X),
]
EINSUM_OPTIONS: list[dict[str, Any]] = [
    {"optimize": True},
    {"optimize": "greedy"},
    {"optimize": "optimal"},
    {"optimize": ["einsum_path", (0, 1)]},
    {"optimize": "no such way"},
    {"out": None},
    {"dtype": np.float64},
    {"dtype": np.float32},
    {"dtype": np.float32, "casting": "same_kind"},
    {"dtype": complex},
    {"order": "F"},
    {"order": "Q"},
    {"casting": "no"},
    {"no_such_option": 1},
]


@pytest.mark.parametrize("number", range(len(SUBSCRIPTS)))
def test_subscripts(number: int) -> None:
    text, *operands = SUBSCRIPTS[number]
    check_call(lambda *arrays: np.einsum(text, *arrays), *operands)


@pytest.mark.parametrize("options", EINSUM_OPTIONS, ids=str)
def test_options_of_einsum(options: dict[str, Any]) -> None:
    check_call(lambda a, b: np.einsum("ij,jk->ik", a, b, **options), X, Y)


# --- every sampled call, in other words -----------------------------------------------------------
def with_numpy_integers(x: Any) -> Any:
    """int -> np.int64, in tuples and lists too."""
    if type(x) is int:
        return np.int64(x)
    return type(x)(map(with_numpy_integers, x)) if type(x) in (tuple, list) else x


def with_lists(x: Any) -> Any:
    """Tuples as lists."""
    return [with_lists(item) for item in x] if type(x) in (tuple, list) else x


def with_tuples(x: Any) -> Any:
    """Lists as tuples."""
    return tuple(with_tuples(item) for item in x) if type(x) in (tuple, list) else x


def kinds(x: Any) -> Any:
    """The types of an argument and of what it holds."""
    return (type(x), [kinds(item) for item in x]) if type(x) in (tuple, list) else type(x)


WORDINGS = (with_numpy_integers, with_lists, with_tuples)
REWORDED = [
    pytest.param(functions()[name], sample, reword, id=f"{name}-{i}-{reword.__name__}")
    for name, samples in NUMPY_CALLS.items()
    if name in functions() and "." not in name
    for i, sample in enumerate(samples)
    for reword in WORDINGS
    if kinds(given := [*sample.args, *sample.params.values()]) != kinds([reword(x) for x in given])
]


@pytest.mark.parametrize(("function", "sample", "reword"), REWORDED)
def test_other_words_for_the_same(function: Any, sample: Sample, reword: Any) -> None:
    params = {name: reword(x) for name, x in sample.params.items()}
    case = case_of(function, [reword(x) for x in sample.args], params)
    check_call(case.f, *case.leaves, smooth=False)
