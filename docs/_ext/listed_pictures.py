"""The directive `listed-picture`: a graph of benchmarks/listed_graphs.py as it is drawn with default options.

`.. listed-picture:: chain of 40` writes an SVG file and shows it, smaller if it is too large for the page, as a link to
the file. `:fold:` asks for a fold. Where `dot` is missing, a picture that it would place has a sentence in its place.
"""

from functools import cache
from typing import Any, ClassVar, get_args

from docutils import nodes
from layout_pictures import figure_of, file_name, told_size
from sphinx.util.docutils import SphinxDirective

from benchmarks import listed_graphs
from gradgraph import Graph, ToolError, render
from gradgraph.graph.views import FoldMode


def _fold(given: str) -> str:
    if given not in get_args(FoldMode):
        raise ValueError(f"{given!r} is none of {', '.join(get_args(FoldMode))}")
    return given


@cache
def _graph(name: str) -> Graph:
    return listed_graphs.ALL[name]()


class ListedPicture(SphinxDirective):
    """`.. listed-picture:: name of a graph`, with the option `fold`."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = {"fold": _fold}

    def run(self) -> list[nodes.Node]:
        """Return the figure, or why there is none."""
        for source in (__file__, listed_graphs.__file__):
            self.env.note_dependency(source)
        name, fold = self.arguments[0], self.options.get("fold")
        if name not in listed_graphs.ALL:
            raise self.error(f"there is no graph {name} in benchmarks/listed_graphs.py")
        graph = _graph(name)
        try:
            drawing = render(graph, "svg", fold=fold, strict=True)
        except ToolError as error:
            reason = f"There is no picture here: {error.sentence}."
            return [nodes.paragraph(reason, reason)]
        view = drawing.view
        boxes = len(view.nodes) + len(view.folds) if view else 0
        counted = f"{len(graph):,} values" + ("" if boxes == len(graph) else f" in {boxes} boxes")
        file = file_name(name, fold or "default", "fold")
        return [figure_of(self.env, drawing, file, f"{name}, {counted}", f"{counted}, {told_size(drawing)}")]


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("listed-picture", ListedPicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
