"""Whether an op, on operands as they are now, gives the data and the local derivatives that a value has."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from gradgraph.engine.ops import FUNCTIONS, Op, Params
from gradgraph.tracing.closures import Plan
from gradgraph.tracing.rows import Row

NO_PARAMS: Params = {}
ULPS = 4.0


class Making(NamedTuple):
    """One way in which a value may have been made. Operands are values of the engine, and numbers for constants."""

    op: Op | None
    operands: tuple[Any, ...]
    params: Params = NO_PARAMS
    agrees: bool = True
    closed: bool = False
    """Whether the data alone gave a constant that the engine did not keep."""
    unsure: Plan | str | None = None
    """What decides on the order of the operands, if this row does not: the key of other rows in `Directions`."""


class Agreement:
    """Compares ways with the facts of rows. `narrow` is the rounding of the numbers, 0.0 if they are of float64."""

    def __init__(self, rows: Sequence[Row], narrow: float) -> None:
        self._data = {id(row.value): row.data for row in rows}
        self._narrow = narrow
        self.narrowed = False
        """Whether a row agrees only within the tolerance of narrow floats."""

    def number(self, operand: Any) -> float:
        """Return the data of an operand, which may be a plain number."""
        return operand if operand.__class__ is float else self._data[id(operand)]

    def gives(self, row: Row, way: Making) -> bool:
        """Whether a way gives the data of a row."""
        if way.op is None:
            return True
        data = self._data
        primals = [each if each.__class__ is float else data[id(each)] for each in way.operands]
        found = way.op.function(*primals, *way.params.values())
        if found == row.data or self._close(found, row.data):
            return True
        # tanh as (e^2x - 1) / (e^2x + 1), and others of many roundings
        return way.op.name in FUNCTIONS and math.isclose(found, row.data, rel_tol=1e-9, abs_tol=1e-15)

    def slopes(self, row: Row, way: Making) -> list[float]:
        """Return the local derivatives of a way, for the operands that are values."""
        primals = tuple([self.number(each) for each in way.operands])
        partials = () if way.op is None else way.op.partials(row.data, primals, way.params)
        return [partial for partial, each in zip(partials, way.operands, strict=True) if each.__class__ is not float]

    def has_slopes(self, row: Row, way: Making) -> bool:
        """Whether the local derivatives of a row are those of a way. One operand in a set may have two uses."""
        slopes, local = self.slopes(row, way), row.local
        if len(row.kept) == 1:
            slopes, local = [sum(slopes)], (sum(local),)
        return len(slopes) == len(local) and all(map(self._close, slopes, local))

    def _close(self, found: float, recorded: float) -> bool:
        if found == recorded or (found != found and recorded != recorded):
            return True
        if not (math.isfinite(found) and math.isfinite(recorded)):
            return False
        apart, size = abs(found - recorded), max(abs(found), abs(recorded))
        if apart <= ULPS * math.ulp(size):
            return True
        if apart <= ULPS * size * self._narrow:
            self.narrowed = True
            return True
        return False
