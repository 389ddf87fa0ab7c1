"""Repeated eigenvalues and singular values, phases, and bases of a complement: the derivative where
the function has one, an error where it has none.

The references are the same functions written without a decomposition.
"""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd as ag
from autograd.rules.linalg.gauge import gaps_of
from tests.derivatives import Case, check_second_order, check_vjp
from tests.rules.linalg.functions import agree, hermitian, random, real_inner

Q = np.linalg.qr(random(4, 4, seed=1))[0]
U = np.linalg.qr(random(4, 4, seed=2, is_complex=True))[0]
SPECTRA = {
    "ones": [1.0, 1, 1, 1],
    "zeros": [0.0, 0, 0, 0],
    "two pairs": [1.0, 1, 2, 2],
    "triple": [1.0, 1, 1, 3],
    "opposite": [-1.0, -1, 1, 1],
    "rank two": [0.0, 0, 1, 2],
    "rank one": [0.0, 0, 0, 2],
    "distinct": [-0.4, 0.7, 1.6, 2.9],
}
CASES = [
    pytest.param((v * np.array(SPECTRA[name])) @ np.conj(v).T, id=f"{name}-{kind}")
    for kind, v, names in (
        ("diagonal", np.eye(4), ("ones", "zeros", "triple")),
        ("real", Q, ("ones", "two pairs", "opposite", "rank two", "distinct")),
        ("complex", U, ("triple", "two pairs", "rank one")),
    )
    for name in names
]


def weights(x: Any) -> Any:
    """Numbers to make a scalar of a matrix with."""
    return random(*x.shape, seed=5, is_complex=np.iscomplexobj(x))


@pytest.mark.parametrize("x", CASES)
def test_eigh_rebuilds_functions_of_a_matrix(x: Any) -> None:
    c, t = weights(x), hermitian(weights(x[::-1]))

    def cube(a: Any) -> Any:
        w, v = np.linalg.eigh(hermitian(a))
        return real_inner(c, (v * w**3) @ np.conj(v).T)

    def reference(a: Any) -> Any:
        h = hermitian(a)
        return real_inner(c, h @ h @ h)

    agree(cube, reference, x, t)


@pytest.mark.parametrize("x", CASES)
def test_eig_rebuilds_functions_of_a_matrix(x: Any) -> None:
    c, t = weights(x), weights(x[::-1])

    def cube(a: Any) -> Any:
        w, v = np.linalg.eig(a)
        return real_inner(c, (v * w**3) @ np.linalg.inv(v))

    agree(cube, lambda a: real_inner(c, a @ a @ a), x, t, rtol=1e-9)


@pytest.mark.parametrize(("shape", "full"), [((4, 4), True), ((4, 2), False), ((2, 4), True)])
@pytest.mark.parametrize("x", CASES)
def test_svd_rebuilds_functions_of_a_matrix(x: Any, shape: tuple[int, int], full: bool) -> None:
    x = x[: shape[0], : shape[1]]
    c, t = weights(x), weights(x[::-1])
    count = min(shape)

    def cube(a: Any) -> Any:
        u, s, vh = np.linalg.svd(a, full_matrices=full)
        return real_inner(c, (u[:, :count] * s**3) @ vh[:count])

    agree(cube, lambda a: real_inner(c, a @ np.conj(a).T @ a), x, t)


def test_batches_mix_repeated_and_distinct_values() -> None:
    x = np.stack([np.eye(3), np.diag([1.0, 2, 2]), np.zeros((3, 3)), random(3, 3)])
    c, t = random(3, 3, seed=3), random(4, 3, 3, seed=4)

    def cube(a: Any) -> Any:
        u, s, vh = np.linalg.svd(a)
        return np.sum(c * ((u * s[:, None] ** 3) @ vh))

    agree(cube, lambda a: np.sum(c * (a @ a.mT @ a)), x, t)


def projector(x: Any, count: int) -> Any:
    """On the space of the first eigenvectors."""
    v = np.linalg.eigh(hermitian(x))[1][:, :count]
    return v @ np.conj(v).T


@pytest.mark.parametrize("v", [Q, U], ids=["real", "complex"])
def test_projectors_on_groups_of_eigenvectors(v: Any) -> None:
    x = (v * np.array([1.0, 1, 2, 2])) @ np.conj(v).T
    c = weights(x)
    case = Case(lambda a: real_inner(c, projector(a, 2)), [x])
    check_vjp(case)
    check_second_order(case)
    split = lambda a: real_inner(c, projector(a, 1))
    with pytest.raises(ValueError, match="space that they span"):
        ag.grad(split)(x)
    t = hermitian(weights(x[::-1]))
    pushed = ag.jvp(case.f, (x,), (t,))[1]
    assert pushed == pytest.approx(real_inner(ag.grad(case.f)(x), t), rel=1e-12)


def test_first_digits_near_a_repeated_value() -> None:
    """Where two eigenvalues differ by d, a quotient has rounding errors of 1e-16 / d."""
    c = random(3, 3, seed=6)
    q = np.linalg.qr(random(3, 3, seed=7))[0]
    for digits in range(4, 18):
        x = hermitian((q * np.array([1, 1 + 10.0**-digits, 3])) @ q.T)

        def square(a: Any) -> Any:
            w, v = np.linalg.eigh(hermitian(a))
            return np.sum(c * ((v * w**2) @ v.T))

        wanted = ag.grad(lambda a: np.sum(c * (hermitian(a) @ hermitian(a))))(x)
        np.testing.assert_allclose(ag.grad(square)(x), wanted, rtol=0, atol=3e-8)


def test_second_derivatives_near_a_repeated_value() -> None:
    """The limit is right up to the square of the gap, its derivative up to the gap."""
    x, t = (Q * np.array([1, 1 + 1e-12, 1 + 1e-9, 2])) @ Q.T, hermitian(random(4, 4, seed=3))
    c = weights(x)

    def square(a: Any) -> Any:
        w, v = np.linalg.eigh(hermitian(a))
        return np.sum(c * ((v * w**2) @ v.T))

    reference = lambda a: np.sum(c * (hermitian(a) @ hermitian(a)))
    agree(square, reference, x, t, rtol=1e-7)
    twice = lambda f: ag.jvp(lambda a: ag.jvp(f, (a,), (t,))[1], (x,), (t,))[1]
    np.testing.assert_allclose(twice(square), twice(reference), rtol=1e-6)


def test_small_eigenvalues_are_not_taken_for_equal_ones() -> None:
    """1 / w changes by a factor 2 between eigenvalues 1e-9 and 2e-9: no limit is taken there."""
    x, c = np.diag([1e-9, 2e-9, 1.0]), random(3, 3, seed=8)

    def inverse(a: Any) -> Any:
        w, v = np.linalg.eigh(a)
        return np.sum(c * ((v / w) @ v.T))

    y = np.linalg.inv(x)
    wanted = -y @ c @ y
    wanted = np.tril(wanted + wanted.T) - np.diag(np.diag(wanted))
    np.testing.assert_allclose(ag.grad(inverse)(x), wanted, rtol=1e-6)


def test_logarithm_at_the_identity() -> None:
    """The cotangents of the vectors are rounding errors there, and no reason to refuse."""
    q = np.linalg.qr(random(4, 4, seed=9))[0]
    x, c = hermitian(q @ q.T), random(4, 4, seed=10)

    def logarithm(a: Any) -> Any:
        w, v = np.linalg.eigh(hermitian(a))
        return np.sum(c * ((v * np.log(w)) @ v.T))

    np.testing.assert_allclose(ag.grad(logarithm)(x), hermitian(c), atol=1e-12)


def test_single_precision_knows_its_own_rounding_errors() -> None:
    q = np.linalg.qr(random(4, 4, seed=11))[0].astype(np.float32)
    x, c = (q * np.float32([1, 1, 2, 2])) @ q.T, random(4, 4, seed=12).astype(np.float32)

    def square(a: Any) -> Any:
        w, v = np.linalg.eigh(a)
        return np.sum(c * ((v * w**2) @ v.T))

    x = hermitian(x)
    got = ag.grad(lambda a: square(hermitian(a)))(x)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, hermitian(c) @ x + x @ hermitian(c), atol=2e-5)


@pytest.mark.parametrize("name", ["eigh", "eig", "svd left", "svd right"])
def test_single_vectors_of_a_repeated_value_are_refused(name: str) -> None:
    x, t = np.diag([1.0, 1, 2]), random(3, 3)
    entries = {
        "eigh": lambda a: np.linalg.eigh(a).eigenvectors[1, 0],
        "eig": lambda a: np.linalg.eig(a).eigenvectors[1, 0],
        "svd left": lambda a: np.linalg.svd(a).U[0, 1],
        "svd right": lambda a: np.linalg.svd(a).Vh[1, 0],
    }
    f = entries[name]
    with pytest.raises(ValueError, match="stop_gradient"):
        ag.grad(f)(x)
    with pytest.raises(ValueError, match="stop_gradient"):
        ag.jvp(f, (x,), (t,))
    with pytest.raises(ValueError, match="stop_gradient"):
        ag.hessian(f)(x)


@pytest.mark.parametrize("shape", [(4, 2), (2, 4)])
def test_the_complement_is_known_as_a_space_only(shape: tuple[int, int]) -> None:
    x, t, c = random(*shape), random(*shape, seed=1), random(4, 4, seed=2)
    tall = shape[0] > shape[1]

    def basis(a: Any) -> Any:
        u, _, vh = np.linalg.svd(a)
        return u[:, 2:] if tall else vh[2:].T

    def reference(a: Any) -> Any:
        a = a if tall else a.T
        return np.sum(c * (np.eye(4) - a @ np.linalg.inv(a.T @ a) @ a.T))

    def projected(a: Any) -> Any:
        v = basis(a)
        return np.sum(c * (v @ v.T))

    agree(projected, reference, x, t)
    with pytest.raises(ValueError, match="full_matrices"):
        ag.grad(lambda a: basis(a)[0, 0])(x)
    with pytest.raises(ValueError, match="full_matrices"):
        ag.jvp(lambda a: basis(a)[0, 0], (x,), (t,))


def test_rounding_errors_are_no_reason_to_refuse() -> None:
    """At the least of a distance between spaces all cotangents are rounding errors."""
    x = random(4, 2)
    u = np.linalg.svd(x).U[:, 2:]
    target = u @ u.T + 1e-16 * random(4, 4)

    def distance(a: Any) -> Any:
        v = np.linalg.svd(a).U[:, 2:]
        return np.sum((v @ v.T - target) ** 2)

    np.testing.assert_allclose(ag.grad(distance)(x), np.zeros((4, 2)), atol=1e-14)
    y, pull = ag.vjp(np.linalg.svd, x)
    noise = type(y)(1e-17 * random(4, 4, seed=1), np.zeros(2), np.zeros((2, 2)))
    np.testing.assert_allclose(pull(noise)[0], np.zeros((4, 2)), atol=1e-15)


def test_one_further_vector_of_a_real_matrix_has_no_choice() -> None:
    x = random(3, 2)
    check_vjp(Case(lambda a: np.linalg.svd(a).U[:, 2], [x]))
    check_vjp(Case(lambda a: np.linalg.qr(a, mode="complete").Q[:, 2], [x]))


@pytest.mark.parametrize("triangle", ["L", "U"])
def test_phases_are_those_of_lapack(triangle: Any) -> None:
    """Entries of complex vectors, their imaginary parts included: as differences show them."""
    x = hermitian(random(3, 3, is_complex=True))
    check_vjp(Case(lambda a: np.linalg.eigh(a, UPLO=triangle).eigenvectors, [x]))
    y = random(3, 3, seed=1, is_complex=True)
    check_vjp(Case(lambda a: np.linalg.eig(a).eigenvectors, [y]))
    for shape in ((3, 3), (3, 2), (2, 3), (7, 2), (2, 7)):
        z = random(*shape, seed=2, is_complex=True)
        check_vjp(Case(lambda a: np.linalg.svd(a, full_matrices=False).U, [z]))
        check_vjp(Case(lambda a: np.linalg.svd(a, full_matrices=False).Vh, [z]))


def test_a_phase_that_nothing_fixes_is_refused() -> None:
    """The vectors of a diagonal matrix are unit vectors; all but one are 0 where they should be
    real."""
    x = np.diag([1.0 + 0j, 2, 3])
    v = np.linalg.eigh(x).eigenvectors
    place = int(np.argmax(np.abs(v[:, 1])))
    assert np.abs(v[0, 1]) == 0
    with pytest.raises(ValueError, match="stop_gradient"):
        ag.grad(lambda a: np.imag(np.linalg.eigh(a).eigenvectors[place, 1]))(x)
    size = ag.grad(lambda a: np.abs(np.linalg.eigh(a).eigenvectors[place, 1]))(x)
    np.testing.assert_array_equal(size, np.zeros((3, 3)))


def test_close_values_are_connected() -> None:
    """Three values of which the outer ones are not close by themselves."""
    w = 1 + np.array([0.0, 20.0, 40.0, 4e7]) * np.finfo(float).eps
    gaps = gaps_of(w[None, :] - w[:, None], w)
    np.testing.assert_array_equal(gaps.close[:3, :3], np.ones((3, 3)))
    np.testing.assert_array_equal(gaps.close[3], [False, False, False, True])
    np.testing.assert_array_equal(gaps.near, np.ones((4, 4)))


def test_fixed_weights_on_vectors_of_a_repeated_value_are_refused() -> None:
    """Such a sum depends on the choice of vectors, even where its first derivative does not; so it
    may be that the weights were computed out of sight."""
    x, c = np.eye(3), random(3, 3)
    y, pull = ag.vjp(np.linalg.eigh, x)
    with pytest.raises(ValueError, match="stop_gradient"):
        pull(type(y)(np.zeros(3), hermitian(c)))
    np.testing.assert_array_equal(pull(type(y)(np.ones(3), np.zeros((3, 3))))[0], np.eye(3))
    z, pull = ag.vjp(np.linalg.svd, x)
    with pytest.raises(ValueError, match="stop_gradient"):
        pull(type(z)(hermitian(c), np.zeros(3), np.zeros((3, 3))))
    with pytest.raises(ValueError, match="stop_gradient"):
        pull(type(z)(np.zeros((3, 3)), np.zeros(3), hermitian(c)))

    low = np.zeros((3, 2))
    low[0, 0] = 1
    z, pull = ag.vjp(lambda a: np.linalg.svd(a, full_matrices=False), low)
    with pytest.raises(ValueError, match="stop_gradient"):
        pull(type(z)(z.U * np.array([0.0, 1.0]), np.zeros(2), np.zeros((2, 2))))

    def exponential(a: Any, factorise: Any) -> Any:
        w, v = factorise(hermitian(a))
        return np.sum(c * ((v * np.exp(w)) @ v.T))

    with pytest.raises(ValueError, match="stop_gradient"):
        ag.grad(lambda a: exponential(a, ag.checkpoint(np.linalg.eigh)))(x)
    whole = ag.checkpoint(lambda a: exponential(a, np.linalg.eigh))
    np.testing.assert_allclose(ag.grad(whole)(x), np.e * hermitian(c), rtol=1e-13)


def test_backward_and_debug_know_repeated_values() -> None:
    x, c = np.eye(3), random(3, 3)

    def square(a: Any) -> Any:
        w, v = np.linalg.eigh(hermitian(a))
        return np.sum(c * ((v * w**2) @ v.T))

    v = ag.Value(x)
    square(v).backward()
    assert type(v.grad) is np.ndarray
    np.testing.assert_allclose(v.grad, 2 * hermitian(c), rtol=1e-13)
    with ag.debug():
        np.testing.assert_allclose(ag.grad(square)(x), 2 * hermitian(c), rtol=1e-13)


def test_the_page_of_conventions_runs() -> None:
    page = Path(ag.__file__).resolve().parent.parent / "docs" / "linalg.md"
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(page), module_relative=False, optionflags=flags)
    assert found.failed == 0
    assert found.attempted > 8
