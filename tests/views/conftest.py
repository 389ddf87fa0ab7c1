"""Fixtures of the view tests: a headless Chromium and the pages that it opens, shared by all."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograd.views.computation_graph import Graph
from tests.views.browser import Browser, Page, find_browser
from tests.views.pages import GRAPHS


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        reason = "NOT TESTED: no Chromium found (apt-get install chromium), so no page was opened"
        warnings.warn(reason, stacklevel=1)
        print(reason)
        pytest.skip(reason)
    with Browser(program) as opened:
        yield opened


class Pages:
    """Pages by name, each written when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.graphs: dict[str, Callable[[], Graph]] = dict(GRAPHS)

    def __getitem__(self, name: str) -> Path:
        path = self.folder / f"{name}.html"
        return path if path.exists() else self.graphs[name]().save(path)


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))


class Opened:
    """Opens pages and checks at the end that nothing went wrong in any of them."""

    def __init__(self, browser: Browser, pages: Pages) -> None:
        self.browser, self.pages = browser, pages
        self.opened: list[Page] = []

    def __call__(self, name: str | Path, **options: object) -> Page:
        path = name if isinstance(name, Path) else self.pages[name]
        page = self.browser.page(path, **options)
        self.opened.append(page)
        return page


@pytest.fixture
def open_page(browser: Browser, pages: Pages) -> Iterator[Opened]:
    opened = Opened(browser, pages)
    yield opened
    for page in opened.opened:
        page.run("1") if not page.blocked else None
        assert page.errors == []
        assert {url.partition("#")[0] for url in page.requests} == {page.address}
        page.close()
