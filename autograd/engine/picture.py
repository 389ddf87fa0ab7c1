"""What `Value.graph` returns, as an interface: `autograd.views.Graph` is the one implementation.

The engine cannot import the views, which import the engine; so that an editor knows what a picture
can do, its methods are declared here.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from autograd.engine.node import Node

if TYPE_CHECKING:
    from pathlib import Path  # to import it takes as long as a quarter of this package


class Picture(ABC):
    """The graph below one or several Values, as it was when the picture was made.

    `print(picture)` shows a text tree, a notebook displays it, `show()` opens a page that steps
    through backward, `save("x.svg")` writes the format that the suffix names.  Drawings need
    Graphviz: without it `svg`, `html`, `show` and `save` to these formats raise
    `GraphvizMissingError`, which says what to install; everything else works.
    """

    # --- parts of it --------------------------------------------------------------------------
    @abstractmethod
    def focus(self, name: str | int | Node, radius: int = 2) -> Picture:
        """The surroundings of one node, up to `radius` edges away.

        `name` is a name in the picture, a number of a node, or a Value.  Raises KeyError, with the
        nearest names, where there is no such node.
        """

    @abstractmethod
    def fold(self, on: bool = True) -> Picture:
        """The same graph with its modules folded where it is large, or with `False` open."""

    @abstractmethod
    def diff(self, other: Picture) -> Picture:
        """The other picture, in which each node that differs from this one says what it was."""

    @abstractmethod
    def number(self, name: str | int | Node) -> int:
        """The number of a node, by name, number or Value.  Raises KeyError."""

    # --- in words -----------------------------------------------------------------------------
    @abstractmethod
    def explain(self, name: str | int | Node) -> str:
        """The chain-rule sum of a node: `grad(x) = 3*2 + 1*4 = 10`.  Raises KeyError."""

    @abstractmethod
    def text(
        self, ascii: bool | None = None, limit: int | None = 200, width: int | None = None
    ) -> str:
        """The text tree.

        ascii  True for letters, digits and signs only, False for line-drawing characters, None for
               what the terminal can show
        limit  nodes that are written at most; None for all
        width  columns of a line at most; None for those of the terminal, 80 where it has none
        """

    @abstractmethod
    def description(self) -> str:
        """The alternative text of the picture: what it shows, and what is wrong in the graph."""

    # --- formats ------------------------------------------------------------------------------
    @abstractmethod
    def svg(self) -> str:
        """The drawing as an SVG file.  Raises GraphvizMissingError."""

    @abstractmethod
    def html(self) -> str:
        """The page that steps through backward: one file that fetches nothing.  Raises
        GraphvizMissingError."""

    @abstractmethod
    def dot(self) -> str:
        """The drawing in the DOT language; needs no Graphviz."""

    @abstractmethod
    def mermaid(self) -> str:
        """The drawing as a Mermaid flowchart; needs no Graphviz."""

    @abstractmethod
    def json(self) -> str:
        """The whole graph in strict JSON, with what is wrong in it; needs no Graphviz."""

    # --- output -------------------------------------------------------------------------------
    @abstractmethod
    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file; its suffix decides the format (svg png pdf html dot mmd txt json).

        Raises ValueError for another suffix, GraphvizMissingError where the format needs Graphviz.
        """

    @abstractmethod
    def show(self) -> Path:
        """Write the page to a temporary file and open it in the browser; returns where it is."""
