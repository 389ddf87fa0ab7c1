"""The page about `vmap`: its lines, and its lists."""

from __future__ import annotations

import doctest

from docs import make_vmap


def test_the_page_about_vmap() -> None:
    """Its lines run, and its lists are those of this table."""
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(make_vmap.PAGE), module_relative=False, optionflags=options)
    assert found.attempted > 10
    assert found.failed == 0
    assert make_vmap.lists() in make_vmap.PAGE.read_text(encoding="utf-8"), "make_vmap is to be run"
