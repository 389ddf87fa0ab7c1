"""Linear algebra and complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.checking.corpus.battery import draw, pair

R = draw(3)
A = R.normal(size=(3, 3)) + 2 * np.eye(3)
B = R.normal(size=(3, 2))
SPD = A @ A.T + np.eye(3)
inv = np.linalg.inv

pair(
    "inv",
    inv,
    A,
    lambda g, a: -inv(a).T @ g @ inv(a).T,
    no_transpose=lambda g, a: -inv(a) @ g @ inv(a),
    sign=(lambda g, a: inv(a).T @ g @ inv(a).T, "sign"),
    one_side=lambda g, a: -inv(a).T @ g,
)
pair(
    "solve",
    np.linalg.solve,
    (A, B),
    lambda g, a, b: (-np.linalg.solve(a.T, g) @ np.linalg.solve(a, b).T, np.linalg.solve(a.T, g)),
    no_transpose=lambda g, a, b: (
        -np.linalg.solve(a.T, g) @ np.linalg.solve(a, b).T,
        np.linalg.solve(a, g),
    ),
    sign=lambda g, a, b: (
        np.linalg.solve(a.T, g) @ np.linalg.solve(a, b).T,
        np.linalg.solve(a.T, g),
    ),
    matrix_lost=lambda g, a, b: (0 * a, np.linalg.solve(a.T, g)),
)
pair(
    "determinant",
    np.linalg.det,
    A,
    lambda g, a: g * np.linalg.det(a) * inv(a).T,
    no_transpose=(lambda g, a: g * np.linalg.det(a) * inv(a), "transposed"),
    no_det=lambda g, a: g * inv(a).T,
)
pair(
    "slogdet",
    lambda a: np.linalg.slogdet(a)[1],
    A,
    lambda g, a: g * inv(a).T,
    no_transpose=(lambda g, a: g * inv(a), "transposed"),
    det_left=lambda g, a: g * np.linalg.det(a) * inv(a).T,
)
pair(
    "trace of product",
    lambda a, b: np.trace(a @ b),
    (A, SPD[:, ::-1].copy()),
    lambda g, a, b: (g * b.T, g * a.T),
    no_transpose=(lambda g, a, b: (g * b, g * a), "transposed"),
)
pair(
    "quadratic form",
    lambda x, a: x @ a @ x,
    (B[:, 0], A),
    lambda g, x, a: (g * (a + a.T) @ x, g * np.outer(x, x)),
    twice_a=lambda g, x, a: (2 * g * a @ x, g * np.outer(x, x)),
    once=lambda g, x, a: (g * a @ x, g * np.outer(x, x)),
)
pair(
    "frobenius norm",
    np.linalg.norm,
    A,
    lambda g, a: g * a / np.linalg.norm(a),
    squared=(lambda g, a: g * 2 * a, "extra factor", "missing factor"),
    no_norm=lambda g, a: g * a,
)
pair(
    "matrix power",
    lambda a: a @ a @ a,
    A,
    lambda g, a: g @ (a @ a).T + a.T @ g @ a.T + (a @ a).T @ g,
    three_squares=lambda g, a: 3 * g @ (a @ a).T,
    middle_lost=lambda g, a: g @ (a @ a).T + (a @ a).T @ g,
)
pair(
    "gram",
    lambda a: a.T @ a,
    B,
    lambda g, a: a @ (g + g.T),
    twice_g=lambda g, a: 2 * a @ g,
    once=lambda g, a: a @ g,
)


def phi(m: Any) -> Any:
    return np.tril(m) - 0.5 * np.diag(np.diag(m))


def cholesky_vjp(g: Any, a: Any, half: bool = True, sym: bool = True) -> Any:
    low = np.linalg.cholesky(0.5 * (a + a.T))
    p = phi(low.T @ np.tril(g)) if half else np.tril(low.T @ np.tril(g))
    s = inv(low).T @ p @ inv(low)
    return 0.5 * (s + s.T) if sym else s


def sym_cholesky(a: Any) -> Any:
    return np.linalg.cholesky(0.5 * (a + a.T))


pair(
    "cholesky",
    sym_cholesky,
    SPD,
    cholesky_vjp,
    full_diagonal=lambda g, a: cholesky_vjp(g, a, half=False),
    unsymmetrised=lambda g, a: cholesky_vjp(g, a, sym=False),
)


def eigh_vjp(g: Any, a: Any) -> Any:
    v = np.linalg.eigh(0.5 * (a + a.T))[1]
    return (v * g) @ v.T


pair(
    "eigvalsh",
    lambda a: np.linalg.eigvalsh(0.5 * (a + a.T)),
    SPD,
    eigh_vjp,
    transposed_vectors=lambda g, a: (np.linalg.eigh(a)[1].T * g) @ np.linalg.eigh(a)[1],
    reversed_order=lambda g, a: eigh_vjp(g[::-1], a),
)


def svd_vjp(g: Any, a: Any) -> Any:
    u, _, vt = np.linalg.svd(a, full_matrices=False)
    return (u * g) @ vt


pair(
    "singular values",
    lambda a: np.linalg.svd(a, compute_uv=False),
    B,
    svd_vjp,
    squared=lambda g, a: svd_vjp(2 * g * np.linalg.svd(a, compute_uv=False), a),
)
pair(
    "outer",
    np.outer,
    (B[:, 0], A[0, :2]),
    lambda g, x, y: (g @ y, g.T @ x),
    no_transpose_sum=lambda g, x, y: (g.sum(1), g.sum(0)),
    wrong_factor=lambda g, x, y: (g @ y, g.sum(0) * x.sum()),
)
pair(
    "kron",
    np.kron,
    (B, A[:2, :2]),
    lambda g, a, b: (
        np.einsum("ikjl,kl->ij", g.reshape(3, 2, 2, 2), b),
        np.einsum("ikjl,ij->kl", g.reshape(3, 2, 2, 2), a),
    ),
    b_transposed=lambda g, a, b: (
        np.einsum("ikjl,lk->ij", g.reshape(3, 2, 2, 2), b),
        np.einsum("ikjl,ij->kl", g.reshape(3, 2, 2, 2), a),
    ),
)
pair(
    "einsum",
    lambda a, b: np.einsum("ij,jk,ki->i", a, b, a),
    (A, SPD),
    lambda g, a, b: (
        np.einsum("i,jk,ki->ij", g, b, a) + np.einsum("i,ij,jk->ki", g, a, b),
        np.einsum("i,ij,ki->jk", g, a, a),
    ),
    one_of_two=lambda g, a, b: (
        np.einsum("i,jk,ki->ij", g, b, a),
        np.einsum("i,ij,ki->jk", g, a, a),
    ),
)
pair(
    "triangle",
    lambda a: np.tril(a) @ np.ones(3),
    A,
    lambda g, a: np.tril(np.outer(g, np.ones(3))),
    full=lambda g, a: np.outer(g, np.ones(3)),
    upper=lambda g, a: np.triu(np.outer(g, np.ones(3))),
    diagonal_lost=lambda g, a: np.tril(np.outer(g, np.ones(3)), -1),
)
pair(
    "least squares",
    lambda a, b: np.sum((a @ np.array([1.0, -2.0]) - b) ** 2),
    (B, A[0]),
    lambda g, a, b: (
        2 * g * np.outer(a @ np.array([1.0, -2.0]) - b, [1.0, -2.0]),
        -2 * g * (a @ np.array([1.0, -2.0]) - b),
    ),
    sign=lambda g, a, b: (
        2 * g * np.outer(a @ np.array([1.0, -2.0]) - b, [1.0, -2.0]),
        2 * g * (a @ np.array([1.0, -2.0]) - b),
    ),
)

# --- complex numbers: the convention is Re(g dy) = Re(c dx) ---------------------------------------
Z = np.array([0.3 + 1j, -1.2 + 0.4j, 0.7 - 0.2j])
pair(
    "complex exp",
    np.exp,
    Z,
    lambda g, z: g * np.exp(z),
    conjugated=(lambda g, z: g * np.conj(np.exp(z)), "conjugate"),
    real_part=lambda g, z: g * np.real(np.exp(z)),
)
pair(
    "complex cube",
    lambda z: z**3,
    Z,
    lambda g, z: g * 3 * z**2,
    conjugated=(lambda g, z: g * 3 * np.conj(z) ** 2, "conjugate"),
    no_3=(lambda g, z: g * z**2, "factor"),
)
pair(
    "absolute value squared",
    lambda z: np.real(z * np.conj(z)),
    Z,
    lambda g, z: g * 2 * np.conj(z),
    other_convention=(lambda g, z: g * 2 * z, "conjugate", "convention"),
    wirtinger_half=(lambda g, z: g * np.conj(z), "factor"),
)
pair(
    "complex abs",
    np.abs,
    Z,
    lambda g, z: g * np.conj(z) / np.abs(z),
    other_convention=(lambda g, z: g * z / np.abs(z), "conjugate", "convention"),
    sign=(lambda g, z: -g * np.conj(z) / np.abs(z), "sign"),
)
pair(
    "angle",
    np.angle,
    Z,
    lambda g, z: g * np.conj(1j * z) / np.abs(z) ** 2,
    sign=(lambda g, z: -g * np.conj(1j * z) / np.abs(z) ** 2, "sign"),
    no_norm=lambda g, z: g * np.conj(1j * z),
)
pair(
    "real part",
    np.real,
    Z,
    lambda g, z: g + 0j,
    times_2=(lambda g, z: 2 * g + 0j, "factor"),
    imaginary=lambda g, z: 1j * g,
)
pair(
    "imaginary part",
    np.imag,
    Z,
    lambda g, z: -1j * g,
    sign=lambda g, z: 1j * g,
)
pair(
    "conjugate",
    lambda z: np.conj(z) * 2,
    Z,
    lambda g, z: 2 * np.conj(g),
    plain=lambda g, z: 2 * g,
)
pair(
    "complex matmul",
    lambda a, z: a @ z,
    ((A + 1j * SPD).astype(complex), Z),
    lambda g, a, z: (np.outer(g, z), a.T @ g),
    hermitian=lambda g, a, z: (np.outer(g, np.conj(z)), np.conj(a).T @ g),
    no_transpose=lambda g, a, z: (np.outer(g, z), a @ g),
)
