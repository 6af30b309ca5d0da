"""How a value of another engine was made: by which primitive, of which operands, in which order.

What a candidate gives is compared with the data. The order of `-`, `/` and `**` is known from a registered engine or
the backward closure, or it is the one that recomputes the data. Otherwise the value is refused.
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from gradgraph.engine.ops import FUNCTIONS, PRIMITIVES, Op, Params
from gradgraph.tracing.closures import Plan
from gradgraph.tracing.dropped import dropped_number, fitting, rounded
from gradgraph.tracing.op_names import COMMUTATIVE, OpName, meaning
from gradgraph.tracing.ranks import Ranks
from gradgraph.tracing.rows import Row, RowReader

NO_PARAMS: Params = {}
ULPS = 4.0
_BINARY = ("add", "mul", "sub", "div", "pow")
_UNARY = ("exp", "log", "tanh", "relu", "sigmoid", "sqrt", "sin", "cos", "neg", "abs")


class Making(NamedTuple):
    """One way in which a value may have been made. Operands are values of the engine, and numbers for constants."""

    op: Op | None
    operands: tuple[Any, ...]
    params: Params = NO_PARAMS
    agrees: bool = True
    closed: bool = False
    """Whether the data alone gave a constant that the engine did not keep."""
    unsure: Plan | None = None
    """The plan of a closure whose order has to be proven by another row: the name of its method says nothing."""


class Maker:
    """Decides for each row of a graph. `narrow` is the rounding of its numbers, 0.0 if they are of float64."""

    def __init__(self, reader: RowReader, rows: Sequence[Row], narrow: float) -> None:
        self._reader = reader
        self._data = {id(row.value): row.data for row in rows}
        self._narrow = narrow
        self._ranks = Ranks(rows)
        self.proven: set[int] = set()
        """Plans of closures whose order a row has shown, by id()."""
        self.narrowed = False
        """Whether a row agrees only within the tolerance of narrow floats."""

    def decide(self, row: Row) -> Making:
        """Return how a row was made; `agrees` is false if this does not give its data.

        Raises EngineError if the order of its operands cannot be known.
        """
        clue = row.clue
        names = _names(row.symbol, None if clue is None else clue.method)
        exact = clue is not None and clue.places is not None
        ways: Iterator[Making]
        if names:
            placed = [*self._placed(row, names)] if exact else []
            exact = bool(placed)
            ways = iter(placed) if placed else self._kept(row, names)
        elif row.local and len(row.kept) == len(row.local):
            ways = self._by_partials(row)
        else:
            nameless = row.symbol is None and (clue is None or clue.method is None)
            ways = self._nameless(row) if nameless else iter(())
        first = None
        for way in ways:
            if self._agrees(row, way):
                self._learn(row, way)
                return way
            first = first or way
        if first is None:
            lone = names and names[0].primitive in ("add", "sub", "mul", "div") and _lone(row)
            return self.refuse_lost(row, row.symbol or "op") if lone else self.own(row)
        swapped = first._replace(operands=first.operands[::-1])
        if first.op is not None and first.op.name not in COMMUTATIVE and len(first.operands) == 2:
            by_partials = not names and row.ordered and len(row.local) == 2
            if not exact and not by_partials and not self._believed(row):
                self.refuse_order(row, first.op.symbol)
            telling = clue is not None and meaning(clue.method or "") is not None
            if exact and self._agrees(row, swapped):
                if not telling or (row.ordered and [*map(id, row.kept)] == [*map(id, swapped.operands)]):
                    return swapped
                sign = first.op.symbol
                self._reader.refuse(row.value, f"its backward closure and its data disagree on the order of {sign!r}")
            if exact and clue is not None and not telling:
                return first._replace(agrees=False, unsure=clue.plan)
        return first._replace(agrees=False)

    def _learn(self, row: Row, way: Making) -> None:
        """Note that a function which makes closures has its parameters in the order of the operands."""
        if row.clue is None or way.op is None or way.op.name in COMMUTATIVE or len(way.operands) != 2:
            return
        plan = id(row.clue.plan)
        if plan not in self.proven and not self._agrees(row, way._replace(operands=way.operands[::-1])):
            self.proven.add(plan)

    def refuse_order(self, row: Row, symbol: str) -> NoReturn:
        """Refuse a row whose operands may be in either order."""
        what = f"the order of the operands of a {symbol!r} is not known: no order gives {row.data!r}"
        self._reader.refuse(row.value, what)

    def refuse_lost(self, row: Row, symbol: str) -> NoReturn:
        """Refuse a row whose op used a number that the engine did not keep."""
        self._reader.refuse(
            row.value, f"the number that its {symbol!r} used is not kept, and does not follow from its data"
        )

    def own(self, row: Row) -> Making:
        """Return a row as made by an op that is none of our primitives."""
        clue = row.clue
        if clue is not None and clue.places is not None:
            operands = [each for each in clue.places if each is not None and each.__class__ is not float]
            if row.ordered and sorted(map(id, row.kept)) == sorted(map(id, operands)):
                operands = [*row.kept]  # nobody knows what the op does: the order is that of the engine
            return Making(None, tuple(operands), clue.numbers or NO_PARAMS)
        if not row.ordered:
            self._reader.refuse(row.value, f"the order of the operands of its op {row.symbol or '?'!r} is not known")
        return Making(None, tuple(row.kept))

    def _believed(self, row: Row) -> bool:
        return self._reader.engine.registered and row.ordered and len(row.kept) == 2

    def _placed(self, row: Row, names: tuple[OpName, ...]) -> Iterator[Making]:
        """The ways that a backward closure allows: its parameters are the operands, in order."""
        method, known = (row.clue.method, row.clue.places or ()) if row.clue is not None else (None, ())
        by_method = meaning(method) if method else None
        for name in names:
            places = known[::-1] if (by_method or name).reflected else known
            if name.primitive in _BINARY and len(places) == 2:
                yield from self._binary(row, name.primitive, places)
            values = tuple([each for each in places if each is not None and each.__class__ is not float])
            yield from self._unary(row, name, values)

    def _kept(self, row: Row, names: tuple[OpName, ...]) -> Iterator[Making]:
        """The ways that what the engine keeps allows."""
        kept = tuple(row.kept)
        for name in names:
            if name.primitive in _BINARY and len(kept) == 2:
                for places in self._orders(row, name.primitive, kept):
                    yield from self._binary(row, name.primitive, places)
            yield from self._unary(row, name, kept)
            if name.primitive in _BINARY and len(kept) == 1:
                if row.of_set and name.primitive != "pow":
                    twice = Making(PRIMITIVES[name.primitive], kept * 2)
                    if self._agrees(row, twice):
                        yield twice
                        return
                if name.primitive in (*COMMUTATIVE, "pow"):
                    yield from self._binary(row, name.primitive, (kept[0], None))

    def _orders(self, row: Row, primitive: str, kept: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
        """Return the orders to try: of a sequence, as it is and then reversed; of a set, the one that agrees alone."""
        if row.ordered:
            return (kept,) if self._reader.engine.registered or primitive in COMMUTATIVE else (kept, kept[::-1])
        if primitive in COMMUTATIVE:
            return (tuple(sorted(kept, key=self._ranks.of)),)
        both = (kept, kept[::-1])
        agree = [order for order in both if self._agrees(row, Making(PRIMITIVES[primitive], order))]
        if len(agree) == 2:
            symbol = PRIMITIVES[primitive].symbol
            self._reader.refuse(
                row.value, f"the order of the operands of a {symbol!r} is not known: both give {row.data!r}"
            )
        return (*agree, kept)

    def _binary(self, row: Row, primitive: str, places: tuple[Any, ...]) -> Iterator[Making]:
        first, second = places
        if primitive == "pow" and second.__class__ is float:
            yield Making(PRIMITIVES["power"], (first,), {"exponent": second})
        elif first is not None and second is not None:
            yield Making(PRIMITIVES[primitive], places)
        elif first is not None or second is not None:
            known = self._number(second if first is None else first)
            constant = dropped_number(primitive, row.data, known, first is None)
            if constant is not None:
                filled = (constant, second) if first is None else (first, constant)
                if primitive == "pow" and second is None:
                    yield Making(PRIMITIVES["power"], (first,), {"exponent": constant}, closed=True)
                else:
                    yield Making(PRIMITIVES[primitive], filled, closed=True)

    def _unary(self, row: Row, name: OpName, values: tuple[Any, ...]) -> Iterator[Making]:
        if len(values) != 1 or values[0].__class__ is float:
            return
        if name.primitive == "power" and name.exponent is not None:
            yield Making(PRIMITIVES["power"], values, {"exponent": name.exponent})
        elif name.primitive == "sub":
            negated = Making(PRIMITIVES["neg"], values)
            if self._agrees(row, negated):  # otherwise it was `x - number`
                yield negated
        elif PRIMITIVES[name.primitive].arity == 1 and name.primitive != "power":
            yield Making(PRIMITIVES[name.primitive], values)

    def _nameless(self, row: Row) -> Iterator[Making]:
        """The one way of ours that gives the data, for a row with neither a name of its op nor local derivatives."""
        kept = tuple(row.kept)
        if len(kept) == 1 and kept[0].__class__ is not float:
            ways = [Making(PRIMITIVES[name], kept) for name in _UNARY]
        elif len(kept) == 2:
            both = (kept, kept[::-1])
            ways = [Making(PRIMITIVES[name], order) for name in _BINARY for order in both]
            ways = [way for way in ways if way.op and (way.operands is kept or way.op.name not in COMMUTATIVE)]
        else:
            return
        agree = [way for way in ways if self._agrees(row, way)]
        if len(agree) == 1:
            yield agree[0]

    def _by_partials(self, row: Row) -> Iterator[Making]:
        """The ways that give both the data and the local derivatives that an engine keeps beside its operands."""
        kept = tuple(row.kept)
        for way in self._with_partials(row, kept):
            if self._agrees(row, way) and self._same_partials(row, way):
                yield way
                return
        changed = [name for name, holds in fitting(row.local, row.data).items() if holds]
        if len(changed) == 1:
            way = Making(PRIMITIVES[changed[0]], kept)
            if not self._agrees(row, way):  # an operand has changed since; else its partials would have agreed too
                yield way

    def _same_partials(self, row: Row, way: Making) -> bool:
        primals = tuple([self._number(each) for each in way.operands])
        partials = () if way.op is None else way.op.partials(row.data, primals, way.params)
        of_values = [
            partial for partial, each in zip(partials, way.operands, strict=True) if each.__class__ is not float
        ]
        return all(map(self._close, of_values, row.local))

    def _with_partials(self, row: Row, kept: tuple[Any, ...]) -> Iterator[Making]:
        if len(kept) == 2:
            for name in _BINARY:
                yield Making(PRIMITIVES[name], kept)
        elif len(kept) == 1:
            (x,), (local,), data = kept, row.local, self._number(kept[0])
            for name in _UNARY:
                yield Making(PRIMITIVES[name], kept)
            if row.data and math.isfinite(exponent := local * data / row.data):
                yield Making(PRIMITIVES["power"], kept, {"exponent": rounded(exponent)})
            yield Making(PRIMITIVES["mul"], (x, local))
            for primitive, is_first in (("add", False), ("sub", True), ("div", True)):
                number = dropped_number(primitive, row.data, data, is_first)
                if number is not None:
                    yield Making(PRIMITIVES[primitive], (number, x) if is_first else (x, number), closed=True)

    def _number(self, operand: Any) -> float:
        return operand if operand.__class__ is float else self._data[id(operand)]

    def _agrees(self, row: Row, way: Making) -> bool:
        if way.op is None:
            return True
        data = self._data
        primals = [each if each.__class__ is float else data[id(each)] for each in way.operands]
        found = way.op.function(*primals, *way.params.values())
        if found == row.data or self._close(found, row.data):
            return True
        # tanh as (e^2x - 1) / (e^2x + 1), and others of many roundings
        return way.op.name in FUNCTIONS and math.isclose(found, row.data, rel_tol=1e-9, abs_tol=1e-15)

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


def _lone(row: Row) -> bool:
    """Whether a row has one operand that is a value, and nothing else."""
    places = row.clue.places if row.clue is not None and row.clue.places is not None else row.kept
    return len([each for each in places if each is not None]) == 1


@lru_cache(maxsize=1024)
def _names(symbol: str | None, method: str | None) -> tuple[OpName, ...]:
    """Return what the engine and the method mean by the op, the engine's word first."""
    found = [meaning(word) for word in (symbol, method) if word]
    return tuple(dict.fromkeys([name for name in found if name is not None]))
