"""Views of a computation graph: text, SVG, a page that steps through backward, DOT, Mermaid, JSON."""

from __future__ import annotations

from autograd.views.api import draw, draw_dot, graph
from autograd.views.graph import Graph
from autograd.views.layout import GraphvizMissing, LayoutFailed

__all__ = ["Graph", "GraphvizMissing", "LayoutFailed", "draw", "draw_dot", "graph"]
