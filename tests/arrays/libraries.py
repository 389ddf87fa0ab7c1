"""Array libraries that the rule table is run on, and what each row does there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from tests.arrays.test_refusing import CALLS, ROWS, WORKS
from tests.derivatives import Case, case_of, close
from tests.samples import Sample


class Library(NamedTuple):
    """An array library.

    wrap      a NumPy array as one of its arrays
    compute   the entries of one of its arrays, as NumPy's
    counting  a context that counts the computations of lazy arrays
    """

    name: str
    wrap: Callable[[Any], Any]
    compute: Callable[[Any], Any]
    counting: Callable[[], Any]


class Support(NamedTuple):
    """How many of a row's samples pass on a library, and the first error of one that does not."""

    passed: int
    count: int
    error: str


@contextmanager
def never_computed() -> Iterator[None]:
    """Nothing to count: the arrays are never lazy."""
    yield


MISSING_IN_DASK = frozenset(
    [
        "apply_along_axis",
        "bincount",
        "cholesky",
        "convolve",
        "correlate",
        "det",
        "eig",
        "eigh",
        "histogram",
        "histogram2d",
        "histogram_bin_edges",
        "histogramdd",
        "interp",
        "linalg.cholesky",
        "linalg.cond",
        "linalg.det",
        "linalg.eig",
        "linalg.eigh",
        "linalg.eigvals",
        "linalg.eigvalsh",
        "linalg.lstsq",
        "linalg.pinv",
        "linalg.qr",
        "linalg.slogdet",
        "linalg.svd",
        "linalg.svdvals",
        "lstsq",
        "median",
        "nanmean",
        "nanmedian",
        "nanpercentile",
        "nanquantile",
        "nanstd",
        "nanvar",
        "partition",
        "percentile",
        "pinv",
        "poly",
        "polydiv",
        "polymul",
        "qr",
        "quantile",
        "real_if_close",
        "roots",
        "setdiff1d",
        "setxor1d",
        "slogdet",
        "sort",
        "sort_complex",
        "svd",
        "union1d",
        "unique",
        "unique_all",
        "unique_counts",
        "unique_inverse",
        "unique_values",
        "unwrap",
    ]
)
"""Rows and functions of which the first sample does not run on Dask's arrays, because a function or
an option that NumPy has is not in Dask: docs/arrays.md says which."""


def dask_library() -> Library | None:
    """Dask's arrays, in two chunks where the first axis allows it; None where it is missing."""
    if find_spec("dask") is None:
        return None
    import dask
    import dask.array as da

    def wrap(x: Any) -> Any:
        if not isinstance(x, np.ndarray) or not x.ndim:
            return x
        return da.from_array(x, chunks=-1)

    @contextmanager
    def counting() -> Iterator[None]:
        def refuse(*args: Any, **kwargs: Any) -> Any:
            raise AssertionError("something was computed on the way")

        with dask.config.set(scheduler=refuse):
            yield

    return Library(f"Dask {dask.__version__}", wrap, np.asarray, counting)


def cupy_library() -> Library | None:
    """CuPy's arrays on a GPU; None where there is none."""
    if find_spec("cupy") is None:
        return None
    import cupy

    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError:
        return None

    def wrap(x: Any) -> Any:
        return cupy.asarray(x) if isinstance(x, np.ndarray) and x.ndim else x

    return Library(f"CuPy {cupy.__version__}", wrap, cupy.asnumpy, never_computed)


def numpy_library() -> Library:
    """NumPy itself."""
    return Library(f"NumPy {np.__version__}", lambda x: x, np.asarray, never_computed)


def support(library: Library, function: Any, samples: list[Sample], works: list[Any]) -> Support:
    """Run the samples of a row; samples without arrays are left out."""
    passed = count = 0
    error = ""
    for sample in samples:
        case = case_of(function, sample.args, sample.params)
        if not any(isinstance(x, np.ndarray) and x.ndim for x in case.leaves):
            continue
        for work in works:
            count += 1
            try:
                run(library, case, work)
                passed += 1
            except Exception as raised:
                error = error or f"{type(raised).__name__}: {raised}".splitlines()[0]
    return Support(passed, count, error)


def run(library: Library, case: Case, work: Any) -> None:
    """One work on a library's arrays gives what it gives on NumPy's."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", category=FutureWarning)  # Dask: "falling back to NumPy"
        with library.counting():
            got = work(case, library.wrap)
        wanted = work(case, lambda x: x)
        close([library.compute(y) for y in got], wanted, 1e-10, library.name)


def rows() -> dict[str, tuple[Any, list[Sample]]]:
    """Every row and every composed function with its samples."""
    found: dict[str, tuple[Any, list[Sample]]] = {}
    for call in [*ROWS, *CALLS]:
        assert call.id is not None
        function, sample = call.values
        name = call.id.rsplit("-", 1)[0]
        if name not in found or found[name][0] is not function:  # the function after its row
            found[name] = (function, [])
        found[name][1].append(sample)  # type: ignore[arg-type]
    return found


__all__ = [
    "MISSING_IN_DASK",
    "WORKS",
    "cupy_library",
    "dask_library",
    "numpy_library",
    "rows",
    "support",
]
