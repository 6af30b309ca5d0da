"""The directive `text-drawing`: a graph drawn in Unicode and in ASCII as the docs are built.

`.. text-drawing:: tests/goldens/mlp` draws the `graph.json` in a folder of goldens, and warns if that is not the
drawing accepted there. `.. text-drawing:: MODULE:CALLABLE` draws what a function in `examples/` returns.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives

from gradgraph import export, focus, fold, load, render

ROOT = Path(__file__).parent.parent.parent


class TextDrawing(Directive):
    """Options: `golden` names the accepted drawing, `lines` keeps so many first ones; the others are render's."""

    required_arguments = 1
    option_spec: ClassVar = {
        "golden": directives.unchanged,
        "lines": directives.positive_int,
        "style": directives.unchanged,
        "focus": directives.unchanged,
        "max-nodes": directives.positive_int,
        "max-rows": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        """Two literal blocks, or one when only the first lines are shown."""
        graph = self._graph()
        view = focus(graph, self.options["focus"]) if "focus" in self.options else graph
        if "max-nodes" in self.options:
            view = fold(view, max_nodes=self.options["max-nodes"])
        wanted = {"style": "style", "max-rows": "max_rows"}
        chosen = {name: self.options[option] for option, name in wanted.items() if option in self.options}
        blocks: list[nodes.Node] = []
        for charset, ending in (("unicode", "txt"), ("ascii", "ascii.txt")):
            drawing = str(render(view, "text", charset=charset, **chosen))
            if "golden" in self.options:
                self._compare(drawing, f"{self.options['golden']}.{ending}")
            if "lines" in self.options:
                drawing = "\n".join(drawing.splitlines()[: self.options["lines"]])
            blocks.append(nodes.literal_block(drawing, drawing, language="text"))
        return blocks[:1] if "lines" in self.options else blocks

    def _graph(self) -> Any:
        name = self.arguments[0]
        if ":" not in name:
            return load(ROOT / name / "graph.json")
        module, _, function = name.partition(":")
        sys.path.insert(0, str(ROOT / "examples"))
        try:
            return export(getattr(import_module(module), function)())
        finally:
            sys.path.pop(0)

    def _compare(self, drawing: str, golden: str) -> None:
        accepted = (ROOT / self.arguments[0] / golden).read_text(encoding="utf-8")
        if drawing != accepted:
            message = f"{self.arguments[0]}/{golden} is not what is drawn now"
            self.state.document.reporter.warning(message, line=self.lineno)


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("text-drawing", TextDrawing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
