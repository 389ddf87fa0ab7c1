"""The gradient of a mini-batch in parts: by this process, by a cluster, and by MPI."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.parallel import Alone, Parallel, pack, team_of, unpack

ROOT = Path(__file__).resolve().parent.parent.parent
RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = RNG.integers(0, 3, 50)


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 8, seed=0), nn.tanh, nn.Linear(8, 3, seed=1))


def trained(workers: Any = None, epochs: int = 3) -> tuple[list[Any], list[float]]:
    model = network()
    optimiser = nn.SGD(model, lr=0.1, momentum=0.9)
    loss = nn.cross_entropy_with_logits
    h = nn.fit(
        *(model, X, LABELS, loss, optimiser, epochs),
        batch_size=16,
        seed=3,
        progress=False,
        workers=workers,
    )
    return [p.data for p in model.parameters()], h.train


def gradients(model: nn.Module) -> list[Any]:
    return [p.grad for p in model.parameters()]


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 60])
@pytest.mark.parametrize("rows", [slice(0, 50), slice(3, 20), RNG.permutation(50)[:11]])
def test_the_parts_add_up(parts: int, rows: Any) -> None:
    model, whole = network(), network()
    loss = Parallel(model, nn.cross_entropy_with_logits, X, LABELS, Alone(parts)).backward(rows)
    cost = nn.cross_entropy_with_logits(whole(X[rows]), LABELS[rows])
    cost.backward()
    assert loss == pytest.approx(cost.item(), rel=1e-14)
    for got, wanted in zip(gradients(model), gradients(whole), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-15)


def test_gradients_add_to_what_is_there() -> None:
    model, twice = network(), network()
    team = Parallel(model, nn.mse, X, X[:, :3], Alone(2))
    team.backward(slice(None))
    once = [g.copy() for g in gradients(model)]
    team = Parallel(twice, nn.mse, X, X[:, :3], Alone(2))
    team.backward(slice(None))
    team.backward(slice(None))
    for a, b in zip(once, gradients(twice), strict=True):
        np.testing.assert_allclose(2 * a, b)


def test_single_precision_stays() -> None:
    model = nn.Linear(4, 2, np.float32, seed=0)
    x, y = X.astype(np.float32), X[:, :2].astype(np.float32)
    Parallel(model, nn.mse, x, y, Alone(3)).backward(slice(None))
    assert [g.dtype for g in gradients(model)] == [np.float32, np.float32]


def test_fit_in_parts_is_fit() -> None:
    alone, losses = trained()
    together, also = trained(Alone(3))
    np.testing.assert_allclose(losses, also, rtol=1e-12)
    for a, b in zip(alone, together, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10)


def test_what_mpi_sends_comes_back() -> None:
    arrays = [X, np.float64(2.5), X[:, :1].astype(np.float32).T, np.ones((0, 3)), LABELS]
    for a, b in zip(arrays, unpack(pack(arrays), arrays), strict=True):
        np.testing.assert_array_equal(a, b)
        assert np.asarray(a).dtype == b.dtype


class FewSamples:
    """A communicator of two processes as the first sees it, the second without samples."""

    def Get_size(self) -> int:  # noqa: N802 (MPI's name)
        return 2

    def Get_rank(self) -> int:  # noqa: N802
        return 0

    def Bcast(self, buffer: Any) -> None:  # noqa: N802
        pass

    def allgather(self, x: Any) -> list[Any]:
        return [x, 0.0]

    def Allgather(self, own: Any, every: Any) -> None:  # noqa: N802
        every[0], every[1] = own, 0


def test_fewer_samples_than_processes() -> None:
    model, whole = network(), network()
    loss = Parallel(model, nn.mse, X, X[:, :3], FewSamples()).backward(slice(0, 1))
    cost = nn.mse(whole(X[:1]), X[:1, :3])
    cost.backward()
    assert loss == pytest.approx(cost.item())
    for got, wanted in zip(gradients(model), gradients(whole), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_what_is_no_team_is_refused() -> None:
    with pytest.raises(TypeError, match=r"a dask.distributed.Client or an mpi4py communicator"):
        team_of(4)
    with pytest.raises(TypeError, match="a Module whose parameters are Values"):
        Parallel(np.tanh, nn.mse, X, X, Alone(2))
    with pytest.raises(ValueError, match="at least one sample"):
        Parallel(network(), nn.mse, X, X, Alone(2)).backward(slice(0, 0))


class InChunks:
    """Samples in chunks, as far as the check goes."""

    chunks = ((2, 2),)


def test_samples_in_chunks_are_refused() -> None:
    with pytest.raises(TypeError, match="fit in memory"):
        Parallel(network(), nn.mse, InChunks(), X, Alone(2))


# --- a cluster ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    reason = "dask.distributed is not installed: pip install valuegrad[dask]"
    distributed = pytest.importorskip("distributed", reason=reason)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as made,
        distributed.Client(made) as found,
    ):
        yield found


def test_fit_on_a_cluster(client: Any) -> None:
    """The same bits as two parts in one process, and the same numbers as one process."""
    on_cluster, losses = trained(client, epochs=2)
    in_parts, also = trained(Alone(2), epochs=2)
    assert losses == also
    for a, b in zip(on_cluster, in_parts, strict=True):
        np.testing.assert_array_equal(a, b)


def test_samples_are_sent_once_and_parameters_once_a_step(client: Any) -> None:
    class Counting:
        def __init__(self) -> None:
            self.sent: list[Any] = []

        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def scatter(self, data: Any, **options: Any) -> Any:
            self.sent.append(data[0])
            return client.scatter(data, **options)

    counting = Counting()
    team = Parallel(network(), nn.mse, X, X[:, :3], counting)
    for _ in range(3):
        team.backward(slice(0, 10))
    assert [isinstance(x, tuple) for x in counting.sent] == [True, False, False, False]


# --- MPI ------------------------------------------------------------------------------------------
PROGRAM = """
import numpy as np
from mpi4py import MPI
from tests.nn.test_parallel import trained
parameters, losses = trained(MPI.COMM_WORLD)
every = MPI.COMM_WORLD.gather([p.tobytes() for p in parameters])
if MPI.COMM_WORLD.rank == 0:
    assert MPI.COMM_WORLD.size == 2
    assert every[0] == every[1], "the processes differ"
    print(repr(losses))
"""


def test_two_mpi_processes() -> None:
    launcher = shutil.which("mpirun", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    if importlib.util.find_spec("mpi4py") is None or launcher is None:
        pytest.skip("mpi4py or mpirun is not installed: pip install valuegrad[mpi]")
    done = subprocess.run(
        [launcher, "-n", "2", sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    _, losses = trained(Alone(2))
    assert done.stdout.strip() == repr(losses)


def test_layers_that_a_call_changes_are_refused() -> None:
    """Running statistics and generators would change in the processes, and not here."""
    x, y = np.ones((6, 3)), np.ones((6, 1))
    for layer, message in (
        (nn.BatchNorm1d(3), r"layers\.0: BatchNorm1d\(3\) keeps running statistics"),
        (nn.Dropout(0.5), r"layers\.0: Dropout\(0\.5\) draws random numbers"),
    ):
        model = nn.Sequential(layer, nn.Linear(3, 1, seed=0))
        with pytest.raises(TypeError, match=message):
            Parallel(model, nn.mse, x, y, Alone(parts=2))
        layer.eval()
        Parallel(model, nn.mse, x, y, Alone(parts=2)).backward(slice(0, 6))
    Parallel(nn.TransformerBlock(4, 2, 8, dropout=0.0), nn.mse, x, y, Alone(parts=2))
