"""Views of a computation graph: text, SVG, DOT, Mermaid, JSON, and a page that steps backward."""

from __future__ import annotations

from autograd.views.api import draw, draw_dot, graph, mimebundle
from autograd.views.graph import Graph
from autograd.views.layout import DrawingError, GraphvizMissingError

__all__ = [
    "Graph",
    "GraphvizMissingError",
    "DrawingError",
    "draw",
    "draw_dot",
    "graph",
    "mimebundle",
]
