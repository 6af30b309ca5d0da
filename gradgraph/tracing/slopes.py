"""The op of a value whose engine keeps local derivatives, and no name of it: the one that gives them and the data."""

import math
from collections.abc import Iterator

from gradgraph.engine.ops import PRIMITIVES
from gradgraph.tracing.agreeing import Agreement, Making
from gradgraph.tracing.dropped import dropped_number, fitting, rounded
from gradgraph.tracing.rows import Row

BINARY = ("add", "mul", "sub", "div", "pow")
_UNARY = ("exp", "log", "tanh", "relu", "sigmoid", "sqrt", "sin", "cos", "neg", "abs")


class Slopes:
    """Finds the ops of one graph that local derivatives tell."""

    def __init__(self, agreement: Agreement) -> None:
        self._agreement = agreement

    def ways(self, row: Row) -> Iterator[Making]:
        """Yield the way that gives both the data and the local derivatives of a row.

        At 0, a square, a ReLU and an absolute value have the same, and a sine has those of tanh: then there is none.
        Away from 0, a ReLU comes before an absolute value, and a change of sign does.
        """
        functions = self._functions(row)
        if len(functions) > 1 and not self._agreement.number(row.kept[0]):
            return
        if functions:
            yield next(iter(functions.values()))
            return
        for way in self._operators(row):
            if self._fits(row, way):
                yield way
                return
        changed = [name for name, holds in fitting(row.local, row.data).items() if holds]
        if len(changed) == 1:
            way = Making(PRIMITIVES[changed[0]], tuple(row.kept))
            if not self._agreement.gives(row, way):  # an operand has changed since; else its slopes would fit too
                yield way

    def _functions(self, row: Row) -> dict[str, Making]:
        """Return the functions of one operand that give the data and the local derivative of a row, by name."""
        if len(row.kept) != 1:
            return {}
        kept, (local,) = tuple(row.kept), row.local
        ways = {name: Making(PRIMITIVES[name], kept) for name in _UNARY}
        found = {name: way for name, way in ways.items() if self._fits(row, way)}
        if row.data and math.isfinite(exponent := local * self._agreement.number(kept[0]) / row.data):
            power = Making(PRIMITIVES["power"], kept, {"exponent": rounded(exponent)})
            if not found and self._fits(row, power):  # x**0.5 is a square root, and x**1 nothing that anyone writes
                return {"power": power}
        elif not row.data and not local and not self._agreement.number(kept[0]):
            found["power"] = Making(PRIMITIVES["power"], kept, {"exponent": 2.0})  # or any other above 1
        return found

    def _fits(self, row: Row, way: Making) -> bool:
        return self._agreement.gives(row, way) and self._agreement.has_slopes(row, way)

    def _operators(self, row: Row) -> Iterator[Making]:
        kept = tuple(row.kept)
        if len(kept) == 2:
            for name in BINARY:
                yield Making(PRIMITIVES[name], kept)
        elif len(kept) == 1:
            (x,), data = kept, self._agreement.number(kept[0])
            yield Making(PRIMITIVES["mul"], (x, row.local[0]))
            for primitive, is_first in (("add", False), ("sub", True), ("div", True)):
                number = dropped_number(primitive, row.data, data, is_first)
                if number is not None:
                    yield Making(
                        PRIMITIVES[primitive], (number, x) if is_first else (x, number), closed=primitive != "div"
                    )
