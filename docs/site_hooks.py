"""What the site does to pages and docstrings: links that leave the folder `docs` lead to the
repository, and docstrings are written as Markdown.  Loaded by mkdocs alone (`mkdocs.yml`)."""

from __future__ import annotations

import re
from typing import Any

import griffe

from docs.docstrings import as_markdown

OUTSIDE = re.compile(r"\]\((?:\.\./)+((?!\.\.)[\w./-]+(?:#[\w-]+)?)\)")
DEPTH = re.compile(r"(?:\.\./)+")


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Links that climb out of `docs`, as links to the repository."""
    inside = page.file.src_uri.count("/")

    def target(match: re.Match[str]) -> str:
        climbed = DEPTH.search(match[0])
        if climbed is None or climbed[0].count("../") <= inside:
            return match[0]
        return f"]({config['repo_url']}/blob/main/{match[1]})"

    return OUTSIDE.sub(target, markdown)


class Docstrings(griffe.Extension):
    """Rewrites every docstring as Markdown before it is shown."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """An object of the API that has been found."""
        if obj.docstring:
            obj.docstring.value = as_markdown(obj.docstring.value)
