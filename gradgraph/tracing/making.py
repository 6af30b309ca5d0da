"""How a value of another engine was made: by which primitive, of which operands, in which order.

What a candidate gives is compared with the data. The order of `-`, `/` and `**` is known from a registered engine or
the backward closure, or it is the one that recomputes the data. Otherwise the value is refused.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NoReturn

from gradgraph.engine.op_names import OpName, meaning
from gradgraph.engine.ops import PRIMITIVES
from gradgraph.op_laws import COMMUTATIVE
from gradgraph.tracing.agreeing import NO_PARAMS, Agreement, Making
from gradgraph.tracing.closures import Clue
from gradgraph.tracing.directions import SEQUENCE, Directions
from gradgraph.tracing.dropped import dropped_number
from gradgraph.tracing.ranks import Ranks
from gradgraph.tracing.rows import Row, RowReader
from gradgraph.tracing.slopes import BINARY, Slopes


class Maker:
    """Decides for each row of a graph. `narrow` is the rounding of its numbers, 0.0 if they are of float64."""

    def __init__(self, reader: RowReader, rows: Sequence[Row], narrow: float) -> None:
        self._reader = reader
        self._ranks = Ranks(rows)
        self.agreement = Agreement(rows, narrow)
        self._gives = self.agreement.gives
        self._slopes = Slopes(self.agreement)
        self._directions = Directions(reader)

    def decide(self, row: Row) -> Making:
        """Return how a row was made; `agrees` is false if this does not give its data.

        Where `unsure` says so, other rows decide on the order, in `ordered`. Raises EngineError if it cannot be known.
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
            ways = self._slopes.ways(row)
        else:
            ways = iter(())  # data alone names no op: 5 % 3 is 5 - 3
        first = None
        for way in ways:
            if self._gives(row, way):
                return self._doubted(row, way, exact) if names and len(way.operands) == 2 else way
            first = first or way
        if first is None:
            lone = names and names[0].primitive in ("add", "sub", "mul", "div") and _lone(row)
            return self.refuse_lost(row, row.symbol or "op") if lone else self.own(row)
        if first.op is not None and first.op.name not in COMMUTATIVE and len(first.operands) == 2:
            by_slopes = not names and row.ordered and len(row.local) == 2
            if not exact and not by_slopes and not self._believed(row):
                self.refuse_order(row, first.op.symbol)
            if exact and clue is not None:
                swapped = first._replace(operands=first.operands[::-1])
                telling = _tells(clue)
                if self._gives(row, swapped):
                    if not telling:
                        self._directions.learn(clue.plan, is_reversed=True)
                    if not telling or (row.ordered and [*map(id, row.kept)] == [*map(id, swapped.operands)]):
                        return swapped
                    sign = first.op.symbol
                    what = f"its backward closure and its data disagree on the order of {sign!r}"
                    self._reader.refuse(row.value, what)
                if not telling:
                    return first._replace(agrees=False, unsure=clue.plan)
        return first._replace(agrees=False)

    def _doubted(self, row: Row, way: Making, exact: bool) -> Making:
        """Return a way of two operands that gives the data, with what decides if the other order gives it too.

        If the other one does not, this row decides for others.
        """
        clue = row.clue
        left, right = way.operands
        if left is right or way.closed or left.__class__ is float or right.__class__ is float:
            return way
        key: Any = None
        if exact:
            key = None if clue is None or _tells(clue) else clue.plan
        elif row.ordered and not self._reader.engine.registered:
            key = SEQUENCE
        if key is None:
            return way
        if way.op is None or way.op.name in COMMUTATIVE or self._gives(row, way._replace(operands=(right, left))):
            return way._replace(unsure=key)
        self._directions.learn(key, is_reversed=key is SEQUENCE and left is not row.kept[0])
        return way

    def ordered(self, row: Row, making: Making | None) -> Making | None:
        """Return a making with its operands in the order that other rows prove, once all are decided."""
        if making is None or making.unsure is None:
            return making
        return self._directions.follow(row, making)

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
        alone = len(row.kept) < 2 or row.clue is not None or self._reader.engine.registered
        return Making(None, tuple(row.kept), unsure=None if alone else SEQUENCE)

    def _believed(self, row: Row) -> bool:
        return self._reader.engine.registered and row.ordered and len(row.kept) == 2

    def _placed(self, row: Row, names: tuple[OpName, ...]) -> Iterator[Making]:
        """The ways that a backward closure allows: its parameters are the operands, in order."""
        method, known = (row.clue.method, row.clue.places or ()) if row.clue is not None else (None, ())
        by_method = meaning(method) if method else None
        for name in names:
            places = known[::-1] if (by_method or name).reflected else known
            if name.primitive in BINARY and len(places) == 2:
                yield from self._binary(row, name.primitive, places)
            values = tuple([each for each in places if each is not None and each.__class__ is not float])
            yield from self._unary(row, name, values)

    def _kept(self, row: Row, names: tuple[OpName, ...]) -> Iterator[Making]:
        """The ways that what the engine keeps allows."""
        kept = tuple(row.kept)
        if row.of_set and len(kept) == 1:
            yield from self._twice(row, names, kept)
        for name in names:
            if name.primitive in BINARY and len(kept) == 2:
                for places in self._orders(row, name.primitive, kept):
                    yield from self._binary(row, name.primitive, places)
            yield from self._unary(row, name, kept)
            if name.primitive in (*COMMUTATIVE, "pow") and len(kept) == 1:
                yield from self._binary(row, name.primitive, (kept[0], None))

    def _twice(self, row: Row, names: tuple[OpName, ...], kept: tuple[Any, ...]) -> Iterator[Making]:
        """The way in which the only member of a set is both operands, if local derivatives tell that it is.

        Without them nobody knows: at 2, `x + x` and `x + 2` look the same. Raises EngineError then.
        """
        for name in names:
            if name.primitive not in BINARY or name.primitive == "pow":
                continue
            twice = Making(PRIMITIVES[name.primitive], kept * 2)
            if not self._gives(row, twice):
                continue
            if not row.local:
                what = f"its {twice.op and twice.op.symbol!r} used one operand twice, or a number that is not kept"
                self._reader.refuse(row.value, f"it is not known whether {what}")
            if self.agreement.has_slopes(row, twice):
                yield twice

    def _orders(self, row: Row, primitive: str, kept: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
        """Return the orders to try: of a sequence, as it is and then reversed; of a set, the one that agrees alone."""
        if row.ordered:
            return (kept,) if self._reader.engine.registered or primitive in COMMUTATIVE else (kept, kept[::-1])
        if primitive in COMMUTATIVE:
            return (tuple(sorted(kept, key=self._ranks.of)),)
        both = (kept, kept[::-1])
        agree = [order for order in both if self._gives(row, Making(PRIMITIVES[primitive], order))]
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
            known = self.agreement.number(second if first is None else first)
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
            if self._gives(row, negated):  # otherwise it was `x - number`
                yield negated
        elif PRIMITIVES[name.primitive].arity == 1 and name.primitive != "power":
            yield Making(PRIMITIVES[name.primitive], values)


def _tells(clue: Clue) -> bool:
    """Whether the parameters of a method are operands in order: by its name, and if they keep what they got."""
    return not clue.plan.rebound and meaning(clue.method or "") is not None


def _lone(row: Row) -> bool:
    """Whether a row has one operand that is a value, and nothing else."""
    places = row.clue.places if row.clue is not None and row.clue.places is not None else row.kept
    return len([each for each in places if each is not None]) == 1


@lru_cache(maxsize=1024)
def _names(symbol: str | None, method: str | None) -> tuple[OpName, ...]:
    """Return what the engine and the method mean by the op, the engine's word first."""
    found = [meaning(word) for word in (symbol, method) if word]
    return tuple(dict.fromkeys([name for name in found if name is not None]))
