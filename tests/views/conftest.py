"""Fixtures of the view tests: a headless Chromium, shared by all."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from tests.views.browser import Browser, find_browser


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
