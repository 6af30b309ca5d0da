"""The directive `op-table`: every primitive with its name in documents and how to write it, from the table of ops."""

from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

from gradgraph.engine.ops import FUNCTIONS, PRIMITIVES, Op
from gradgraph.words import symbol_text


class OpTable(Directive):
    """`.. op-table::` lists the primitives."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        parsed = nodes.Element()
        self.state.nested_parse(StringList(lines(), "ops"), self.content_offset, parsed)
        return parsed.children


def lines() -> list[str]:
    """Return the table as source text."""
    head = [".. list-table::", "   :header-rows: 1", "   :widths: 20 30 50", ""]
    rows = [("op", "in Python", "result")]
    rows += [(f"``{op.name}``", f"``{in_python(op)}``", op.doc) for op in PRIMITIVES.values()]
    return [
        *head,
        *[f"   {bullet} {cell}" for row in rows for bullet, cell in zip(("* -", "  -", "  -"), row, strict=True)],
    ]


def in_python(op: Op) -> str:
    """Return an expression that applies `op` to the values a and b."""
    if op.name in FUNCTIONS:
        return f"a.{op.name}()"
    symbol = symbol_text(op.symbol, dict.fromkeys(op.params, 2.0))
    if op.arity == 2:
        return f"a {symbol} b"
    return f"a{symbol}" if op.params else f"{symbol}a"


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("op-table", OpTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
