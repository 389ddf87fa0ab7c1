"""Dask's arrays: every row of the table, what is refused, and a worker that dies."""

from __future__ import annotations

import doctest
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Value, grad, value_and_grad
from tests.arrays.libraries import MISSING_IN_DASK, WORKS, dask_library, rows, support
from tests.arrays.test_refusing import value_and_pulled
from tests.samples import floats

da = pytest.importorskip("dask.array", reason="Dask is not installed: pip install valuegrad[dask]")
distributed = pytest.importorskip("distributed", reason="dask.distributed is not installed")
import dask  # noqa: E402

LIBRARY = dask_library()
ROWS = rows()


@pytest.mark.parametrize("name", ROWS)
def test_first_sample_of_every_row(name: str) -> None:
    """All samples, in every mode: `python -m docs.make_arrays`."""
    assert LIBRARY is not None
    function, samples = ROWS[name]
    found = support(LIBRARY, function, samples[:1], [value_and_pulled])
    if name in MISSING_IN_DASK:
        assert found.error, "Dask has it now: take it off the list"
    else:
        assert found.passed == found.count, found.error


def test_works_are_known() -> None:
    assert len(WORKS) == 3


def logistic(w: Any, x: Any, y: Any) -> Any:
    return np.mean(np.log1p(np.exp(-y * (x @ w))))


def data(chunks: int = 100) -> tuple[Any, Any]:
    x = da.random.default_rng(0).normal(size=(1000, 3), chunks=(chunks, 3))
    return x, np.sign(x[:, 0] - 0.3 * x[:, 1])


@pytest.fixture
def refuse_computing() -> Iterator[None]:
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("something was computed")

    with dask.config.set(scheduler=refuse):
        yield


@pytest.mark.usefixtures("refuse_computing")
def test_nothing_is_computed() -> None:
    x, y = data()
    slope = grad(logistic)(np.zeros(3), x, y)
    assert isinstance(slope, da.Array)
    assert slope.shape == (3,)
    w = Value(np.zeros(3))
    loss = logistic(w, x, y)
    loss.backward()
    assert isinstance(w.grad, da.Array)
    assert "not computed" in repr(loss) or "dask" in repr(loss)
    assert "not computed" in loss.graph().text()


def test_gradient_over_chunks() -> None:
    x, y = data()
    value, slope = dask.compute(*value_and_grad(logistic)(np.full(3, 0.1), x, y))
    plain = value_and_grad(logistic)(np.full(3, 0.1), *dask.compute(x, y))
    np.testing.assert_allclose(value, plain[0], rtol=1e-13)
    np.testing.assert_allclose(slope, plain[1], rtol=1e-11)


def test_broadcast_gradient_has_its_shape() -> None:
    x, _ = data()
    slope = grad(lambda b: np.sum(np.tanh(x + b)))(np.zeros(3))
    assert slope.shape == (3,)
    np.testing.assert_allclose(slope.compute(), np.sum(1 - np.tanh(x.compute()) ** 2, axis=0))


def test_what_dask_cannot_do_names_the_operation() -> None:
    x = Value(da.from_array(floats(4, 6), chunks=2))
    with pytest.raises(NotImplementedError) as raised:
        np.reshape(x, (3, 8))
    assert "raised while computing reshape of dask.array.core.Array" in raised.value.__notes__[0]


def test_a_lazy_mask_is_refused() -> None:
    x, _ = data()
    with pytest.raises(TypeError, match=r"shape .*not known"):
        Value(x)[x > 0]
    with pytest.raises(TypeError, match=r"shape .*not known"):
        Value(floats(1000, 3))[x > 0]


def test_fit_takes_chunks() -> None:
    x, y = data()
    model = nn.Linear(3, 1, seed=0)

    def loss(scores: Any, sides: Any) -> Any:
        return np.mean(np.log1p(np.exp(-sides * scores[:, 0])))

    h = nn.fit(model, x, y, loss, nn.SGD(model, lr=0.5), 3, batch_size=40, progress=False)
    assert h.train[-1] < 0.5 * h.train[0] or h.train[-1] < 0.3
    scores = model(x.compute()).data[:, 0]
    assert np.mean((scores > 0) == (y.compute() > 0)) > 0.9


def test_batches_of_chunks_hold_every_sample_once() -> None:
    x = da.arange(25, chunks=10)
    seen = [a for a, b in nn.batches(x, np.arange(25), size=4, seed=3) for a in a.tolist()]
    assert sorted(seen) == list(range(25))
    assert seen != sorted(seen)
    again = [a for a, b in nn.batches(x, np.arange(25), size=4, seed=3) for a in a.tolist()]
    assert seen == again
    for a, b in nn.batches(x, np.arange(25), size=4, seed=None):
        assert type(a) is np.ndarray
        np.testing.assert_array_equal(a, b)


# --- a cluster ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as made,
        distributed.Client(made) as client,
    ):
        yield client


def slow_identity(block: Any) -> Any:
    import time

    time.sleep(0.2)
    return block


def test_a_worker_dies_in_the_middle_of_a_gradient(cluster: Any) -> None:
    x, y = data(chunks=50)
    slow = x.map_blocks(slow_identity, dtype=x.dtype)
    wanted = grad(logistic)(np.full(3, 0.1), *dask.compute(x, y, scheduler="synchronous"))
    pending = cluster.compute(grad(logistic)(np.full(3, 0.1), slow, y))
    processes = cluster.run(os.getpid)
    assert len(processes) == 2
    while not any(cluster.processing().values()):
        pass
    os.kill(next(iter(processes.values())), signal.SIGKILL)
    np.testing.assert_allclose(pending.result(timeout=60), wanted, rtol=1e-11)


def test_the_lines_of_the_page_run() -> None:
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    page = Path(__file__).resolve().parent.parent.parent / "docs" / "arrays.md"
    found = doctest.testfile(str(page), module_relative=False, optionflags=options)
    assert found.attempted > 8
    assert found.failed == 0
