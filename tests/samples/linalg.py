"""Samples of `np.linalg`: matrices whose eigenvalues and singular values keep away from each other
and from 0."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.samples.draw import Sample, call, complexes, floats, start

start(__name__)


def unitary(*shape: int, kind: Any = floats) -> Any:
    """Matrices with orthonormal columns, no wider than tall."""
    return np.linalg.qr(kind(*shape))[0]


def hermitian(*shape: int, kind: Any = floats, low: float = -1.2) -> Any:
    """Hermitian matrices with eigenvalues at a distance of 1.5 from each other."""
    v = unitary(*shape, kind=kind)
    return (v * (low + 1.5 * np.arange(shape[-1]))) @ np.conj(v).mT


def positive_definite(*shape: int, kind: Any = floats) -> Any:
    """Hermitian matrices with eigenvalues from 1 on."""
    return hermitian(*shape, kind=kind, low=1.0)


def matrices(*shape: int, kind: Any = floats) -> Any:
    """Matrices with singular values 1, 2.1, 3.2, ..."""
    count = min(shape[-2:])
    u = unitary(*shape[:-1], count, kind=kind)
    v = unitary(*shape[:-2], shape[-1], count, kind=kind)
    return (u * (1 + 1.1 * np.arange(count))) @ np.conj(v).mT


def of_rank(rank: int, *shape: int, kind: Any = floats) -> Any:
    """Matrices of a given rank."""
    return matrices(*shape[:-1], rank, kind=kind) @ matrices(rank, shape[-1], kind=kind)


def diagonalisable(*shape: int, kind: Any = floats) -> Any:
    """Matrices with real eigenvalues 1, 2.5, 4, ... and vectors that are not orthogonal."""
    n = shape[-1]
    v = np.eye(n) + 0.2 * kind(*shape)
    return (v * (1 + 1.5 * np.arange(n))) @ np.linalg.inv(v)


def turning() -> Any:
    """A real matrix with a pair of complex eigenvalues."""
    return np.array([[0.3, -1.4, 0.2], [1.1, 0.5, -0.3], [0.4, 0.1, 2.6]])


BATCH = (2, 3, 3)

ROWS: dict[str, list[Sample]] = {
    "inv": [
        call(matrices(3, 3)),
        call(matrices(*BATCH, kind=complexes)),
        call(matrices(1, 1)),
        call(np.zeros((0, 0))),
        call(np.zeros((0, 2, 2))),
    ],
    "solve": [
        call(matrices(3, 3), floats(3, 2)),
        call(matrices(*BATCH), floats(3, 1)),
        call(matrices(3, 3), floats(2, 3, 2)),
        call(matrices(2, 2, kind=complexes), floats(2, 1)),
        call(matrices(2, 2), np.array([[1, 2], [3, 4]])),
        call(matrices(2, 2), np.zeros((2, 0))),
    ],
    "det": [
        call(matrices(3, 3)),
        call(matrices(*BATCH)),
        call(matrices(2, 2, kind=complexes)),
        call(floats(1, 1)),
        call(np.zeros((0, 0))),
    ],
    "slogdet": [
        call(matrices(3, 3)),
        call(matrices(*BATCH)),
        call(matrices(*BATCH, kind=complexes)),
        call(-np.eye(1)),
    ],
    "cholesky": [
        call(positive_definite(3, 3)),
        call(positive_definite(*BATCH), upper=True),
        call(positive_definite(3, 3, kind=complexes)),
        call(positive_definite(2, 2, kind=complexes), upper=True),
        call(np.array([[2.25]])),
    ],
    "qr": [
        call(matrices(3, 3), mode="reduced"),
        call(matrices(4, 2), mode="reduced"),
        call(matrices(2, 3, 2, kind=complexes), mode="reduced"),
        call(matrices(3, 2), mode="complete"),
        call(matrices(3, 3, kind=complexes), mode="complete"),
    ],
    "eigh": [
        call(hermitian(3, 3)),
        call(hermitian(*BATCH), UPLO="U"),
        call(hermitian(3, 3, kind=complexes), UPLO="L"),
        call(hermitian(2, 2, 2, kind=complexes), UPLO="U"),
    ],
    "eig": [
        call(diagonalisable(3, 3)),
        call(turning()),
        call(diagonalisable(2, 2, 2, kind=complexes)),
        call(np.array([[0.7]])),
    ],
    "svd": [
        call(matrices(3, 3)),
        call(matrices(4, 2), full_matrices=False),
        call(matrices(2, 2, 3), full_matrices=False),
        call(matrices(3, 2)),
        call(matrices(3, 3, kind=complexes)),
        call(matrices(3, 2, kind=complexes), full_matrices=False),
    ],
    "pinv": [
        call(matrices(3, 2), rcond=1e-15),
        call(matrices(2, 3, kind=complexes), rcond=1e-15),
        call(matrices(2, 2, 3), rcond=(1e-15, 1e-12)),
    ],
    "lstsq": [
        call(matrices(4, 2), floats(4, 2), rcond=1e-15),
        call(matrices(2, 3, kind=complexes), complexes(2, 1), rcond=1e-15),
    ],
    "norm": [
        call(floats(2, 3), ord=2),
        call(complexes(2, 3), ord=2, axis=0),
        call(floats(2, 3), ord=3, axis=-1, keepdims=True),
        call(complexes(2, 3), ord=2.5, axis=(0, 1)),
        call(floats(2, 3), ord=-1, axis=1),
        call(floats(3), ord=0.5),
    ],
}

ORDERS = (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
COMPLEX = matrices(2, 3, 2, kind=complexes)
POWERS = (None, 0, 1, -1, 2, -2, 3, 2.5, 0.5, np.inf, -np.inf)

CALLS: dict[str, list[Sample]] = {
    **{f"linalg.{name}": ROWS[name] for name in ("inv", "det", "slogdet", "eig")},
    # --- systems ------------------------------------------------------------------------
    "linalg.solve": [
        call(matrices(3, 3), floats(3)),
        call(matrices(*BATCH), floats(3)),
        call(matrices(*BATCH), floats(2, 3, 2)),
        call(matrices(2, 2, kind=complexes), complexes(2)),
        call(matrices(2, 2), np.array([1, 2])),
        call(np.array([[2, 1], [1, 3]]), floats(2)),
    ],
    "linalg.tensorinv": [
        call(matrices(6, 6).reshape(2, 3, 6), ind=2),
        call(matrices(4, 4).reshape(4, 2, 2), 1),
    ],
    "linalg.tensorsolve": [
        call(matrices(4, 4).reshape(2, 2, 4), floats(2, 2)),
        call(matrices(4, 4).reshape(4, 2, 2), floats(4)),
        call(np.moveaxis(matrices(6, 6).reshape(2, 3, 6), -1, 0), floats(2, 3), axes=(0,)),
    ],
    "linalg.matrix_power": [
        *[call(matrices(3, 3), n) for n in (-3, -1, 0, 1, 2, 3, 5, np.int64(6))],
        call(matrices(2, 2, 2, kind=complexes), 3),
    ],
    "linalg.multi_dot": [
        call([floats(2, 3), floats(3, 2)]),
        call([floats(2, 3), floats(3, 4), floats(4, 2)]),
        call([floats(3), floats(3, 1), floats(1, 4), floats(4, 2)]),
        call((floats(2), floats(2, 3), floats(3))),
        call([complexes(2, 2), floats(2, 3), floats(3)]),
    ],
    # --- factorisations -----------------------------------------------------------------
    "linalg.cholesky": [
        call(positive_definite(3, 3)),
        call(positive_definite(3, 3, kind=complexes), upper=True),
    ],
    "linalg.qr": [
        call(matrices(3, 2)),
        call(matrices(2, 4)),
        call(matrices(2, 2, 3, kind=complexes), "r"),
        call(matrices(2, 3), mode="complete"),
        call(matrices(3, 2), mode="complete"),
        call(matrices(4, 2), mode="r"),
    ],
    "linalg.eigh": [
        call(hermitian(3, 3)),
        call(hermitian(2, 2, kind=complexes), "U"),
        call(np.array([[0.7]])),
    ],
    "linalg.eigvalsh": [
        call(hermitian(3, 3)),
        call(hermitian(*BATCH, kind=complexes), UPLO="U"),
    ],
    "linalg.eigvals": [
        call(diagonalisable(3, 3)),
        call(turning()),
        call(diagonalisable(2, 2, 2, kind=complexes)),
    ],
    "linalg.svd": [
        call(matrices(3, 3)),
        call(matrices(3, 2), False),
        call(matrices(2, 3), compute_uv=False),
        call(matrices(2, 3, kind=complexes), full_matrices=False),
        call(hermitian(3, 3), hermitian=True),
        call(hermitian(3, 3, kind=complexes), True, False, hermitian=True),
    ],
    "linalg.svdvals": [call(matrices(2, 3)), call(matrices(2, 3, 2, kind=complexes))],
    "linalg.pinv": [
        call(matrices(3, 2)),
        call(matrices(2, 2, 3, kind=complexes)),
        call(matrices(3, 2), rcond=1e-10),
        call(matrices(3, 2), rtol=None),
        call(matrices(2, 3, 2), rtol=np.array([1e-9, 1e-12])),
        call(hermitian(3, 3), hermitian=True),
        call(hermitian(2, 2, kind=complexes), hermitian=True),
    ],
    "linalg.lstsq": [
        call(matrices(4, 2), floats(4)),
        call(matrices(4, 2), floats(4, 3), rcond=None),
        call(matrices(2, 4), floats(2), rcond=-1),
        call(matrices(3, 2, kind=complexes), complexes(3), rcond=1e-10),
        call(matrices(3, 2), np.array([1, 2, 4])),
        call(matrices(3, 3), floats(3, 1)),
    ],
    # --- norms --------------------------------------------------------------------------
    "linalg.norm": [
        call(floats(3)),
        call(floats(2, 3)),
        call(floats(2, 3, 2)),
        call(floats()),
        *[call(floats(4), ord=ord) for ord in POWERS],
        *[call(complexes(2, 3), ord=ord, axis=1) for ord in POWERS],
        *[call(matrices(2, 3), ord=ord) for ord in ORDERS],
        *[
            call(matrices(2, 3, 2, kind=complexes), ord=ord, axis=(1, 2), keepdims=True)
            for ord in ORDERS
        ],
        *[call(np.moveaxis(matrices(2, 3, 2), -1, 0), ord=ord, axis=(-2, 0)) for ord in ORDERS],
        call(floats(2, 3), axis=(0, 1), keepdims=True),
        call(floats(2, 3, 2), axis=-2, keepdims=True),
        call(floats(2, 3), None, np.int64(0)),
        call(floats(2, 3), 2, 1, True),
        call(matrices(2, 3), -2, (0, 1)),
        call(floats(0)),
    ],
    "linalg.vector_norm": [
        call(floats(2, 3)),
        call(floats(2, 3), keepdims=True, ord=3),
        call(floats(2, 3, 2), axis=(0, -1), ord=1),
        call(complexes(2, 3, 2), axis=(0, 1), keepdims=True, ord=np.inf),
        call(complexes(2, 3), axis=1, ord=0.5),
    ],
    "linalg.matrix_norm": [
        *[call(matrices(2, 3), ord=ord) for ord in ORDERS[1:]],
        call(matrices(2, 3, 2, kind=complexes), keepdims=True),
    ],
    "linalg.cond": [
        *[call(matrices(3, 3), p=p) for p in ORDERS if p != "nuc"],
        call(matrices(3, 2)),
        call(matrices(2, 3, 3, kind=complexes), p=-2),
        call(matrices(2, 2, 2), p=1),
    ],
    # --- aliases ------------------------------------------------------------------------
    "linalg.trace": [call(floats(2, 3, 4), offset=1), call(complexes(3, 3))],
    "linalg.diagonal": [call(floats(2, 3, 4), offset=-1), call(complexes(3, 3))],
    "linalg.cross": [
        call(floats(3), floats(3)),
        call(floats(2, 3), floats(3)),
        call(floats(3, 2), complexes(3, 2), axis=0),
    ],
    "linalg.outer": [call(floats(2), complexes(3))],
    "linalg.tensordot": [
        call(floats(2, 3), floats(3, 2), axes=1),
        call(floats(2, 3), floats(2, 3)),
    ],
    "linalg.matmul": [call(floats(2, 3), floats(3)), call(floats(2, 2, 3), complexes(3, 1))],
    "linalg.matrix_transpose": [call(floats(2, 3, 4))],
    "linalg.vecdot": [
        call(floats(2, 3), floats(3)),
        call(complexes(3, 2), complexes(3, 1), axis=0),
    ],
}
