"""A `graphviz.Digraph` that a notebook can show without the `dot` program."""

from __future__ import annotations

from typing import Any

from autograd.views.computation_graph import Graph

try:
    import graphviz
except ImportError as error:
    raise ImportError(
        "draw_dot returns a graphviz.Digraph: run `pip install graphviz`. "
        "graph(v) draws without that package"
    ) from error


class QuietDigraph(graphviz.Digraph):  # type: ignore[misc]
    """A Digraph whose notebook display falls back to the wheel's Graphviz, then to text."""

    picture: Graph

    def _repr_mimebundle_(self, *args: Any, **options: Any) -> dict[str, str]:
        """The drawing where there is any Graphviz, else the text tree with advice; never raises."""
        return self.picture._repr_mimebundle_()


def digraph(lines: list[str], format: str, picture: Graph) -> graphviz.Digraph:
    """The Digraph with these statements."""
    out = QuietDigraph("valuegrad", format=format)
    out.body.extend(f"\t{line}\n" for line in lines)
    out.picture = picture
    return out
