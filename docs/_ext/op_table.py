"""The directive `op-table`: every primitive with its name in documents and how to write it, from the table of ops."""

from typing import Any

from tables import Written, list_table

from gradgraph.engine.ops import FUNCTIONS, PRIMITIVES, Op
from gradgraph.words import symbol_text


class OpTable(Written):
    """`.. op-table::` lists the primitives."""

    def lines(self) -> list[str]:
        """Return the table."""
        return lines()


def lines() -> list[str]:
    """Return the table as source text."""
    rows = [[f"``{op.name}``", f"``{in_python(op)}``", op.doc] for op in PRIMITIVES.values()]
    return list_table(["op", "in Python", "result"], [20, 30, 50], rows, "ops")


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
