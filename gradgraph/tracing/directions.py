"""The order in which an engine, or a function that makes closures, has the operands, as other rows prove it.

An engine may keep its operands last first, as they come off a stack. Of a row that either order recomputes, such as a
sum or a difference of equal data, only the other rows can tell.
"""

from collections import defaultdict
from typing import Any

from gradgraph.op_laws import COMMUTATIVE
from gradgraph.tracing.agreeing import Making
from gradgraph.tracing.closures import Plan
from gradgraph.tracing.rows import Row, RowReader

SEQUENCE = "sequence"
"""What decides on rows with operands in a sequence and no closure: all such rows of the graph."""


class Directions:
    """The orders that rows of one graph have shown."""

    def __init__(self, reader: RowReader) -> None:
        self._reader = reader
        self._shown: dict[Any, set[bool]] = defaultdict(set)

    def learn(self, key: Plan | str, *, is_reversed: bool) -> None:
        """Note the order that a row has shown."""
        self._shown[_hashed(key)].add(is_reversed)

    def follow(self, row: Row, making: Making) -> Making:
        """Return a making in the order that other rows have shown.

        Raises EngineError if they disagree, or if none has shown any and it is a closure that has to be believed.
        """
        key = making.unsure
        shown = self._shown.get(_hashed(key), set())
        symbol = row.symbol or "?" if making.op is None else making.op.symbol
        if isinstance(key, Plan) and (len(shown) != 1 or key.rebound):
            if making.op is not None and making.op.name in COMMUTATIVE:
                return making
            found = f"both give {row.data!r}" if making.agrees else f"no order gives {row.data!r}"
            self._reader.refuse(row.value, f"the order of the operands of a {symbol!r} is not known: {found}")
        if len(shown) == 2:
            what = "other values have theirs in both orders"
            self._reader.refuse(row.value, f"the order of the operands of a {symbol!r} is not known: {what}")
        return making._replace(operands=making.operands[::-1]) if True in shown else making


def _hashed(key: Any) -> Any:
    return key if isinstance(key, str) else id(key)
