"""Views of a computation graph: text, SVG, DOT, Mermaid, JSON, and a page that steps backward."""

from __future__ import annotations

from autograd.views.computation_graph import Graph
from autograd.views.entry import draw, draw_dot, graph, mimebundle
from autograd.views.placement import DrawingError, GraphvizMissingError
from autograd.views.recording import Recording, record

__all__ = [
    "Graph",
    "GraphvizMissingError",
    "DrawingError",
    "Recording",
    "draw",
    "draw_dot",
    "graph",
    "mimebundle",
    "record",
]
