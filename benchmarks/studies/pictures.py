"""How long pictures take:  python -m benchmarks.studies.pictures

Each line is the best of three runs; the targets are those of the project's issue on pictures.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograd import Value, graph
from autograd.views import placement
from tests.views.cases import large_loss, long_chain


def best(f: Callable[[], Any], runs: int = 3) -> float:
    """Seconds of the fastest run; layouts are not reused between runs."""
    times = []
    for _ in range(runs):
        placement.place.cache_clear()
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return min(times)


def unnamed(total: Value) -> Any:
    """The graph where no module can be found by name."""
    return graph(total)


def page_speed(path: Path) -> str:
    """How long the page takes to open, and one step in it."""
    from tests.views.browser import Browser, find_browser

    program = find_browser()
    if program is None:
        return "not measured (no Chromium)"
    with Browser(program) as browser:
        start = time.perf_counter()
        page = browser.page(path)
        opened = time.perf_counter() - start
        step = page.run(
            "(()=>{const t=performance.now();for(let i=0;i<500;i++)"
            "document.querySelector('#next').click();return (performance.now()-t)/500})()"
        )
    return f"opens in {opened:.2f} s, one step {step:.2f} ms"


def main() -> None:
    """Print one line for each measurement."""
    total, net = large_loss()
    named = graph(total, names={"net": net})
    count = len(named.snapshot.nodes)
    print(f"graph of scalars, {count:,} nodes, {len(named.snapshot.edges):,} edges")
    folder = Path(tempfile.mkdtemp())
    rows = [
        ("snapshot with names and modules (target 0.2 s)", lambda: graph(total)),
        ("folded SVG (target 1 s)", lambda: graph(total, names={"net": net}).svg()),
        ("folded SVG where no module is known", lambda: unnamed(total).svg()),
        ("text", lambda: str(graph(total))),
        ("page with every module's drawing", lambda: named.save(folder / "page.html")),
    ]
    for name, f in rows:
        print(f"  {name:52s} {best(f):7.3f} s")
    print(f"  in Chromium: {page_speed(folder / 'page.html')}")
    print(f"  the page's file is {(folder / 'page.html').stat().st_size / 1e6:.1f} MB")
    deep = long_chain(50_000)
    chain = graph(deep)
    print("chain of 100,001 nodes")
    for name, f in [
        ("snapshot", lambda: graph(deep)),
        ("text", lambda: chain.text()),
        ("folded SVG", lambda: graph(deep).svg()),
    ]:
        print(f"  {name:52s} {best(f, 1):7.3f} s")


if __name__ == "__main__":
    main()
