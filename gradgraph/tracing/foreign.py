"""Live values of other engines → ours. docs/how-to/engines.rst says what is read, in which order."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradgraph.engine.ops import PRIMITIVES, Op
from gradgraph.engine.value import Value
from gradgraph.toposort import toposort
from gradgraph.tracing.agreeing import Making
from gradgraph.tracing.conventions import looks_like_value, named_parts, recognised, unfit_data
from gradgraph.tracing.doubts import decided
from gradgraph.tracing.engines import Engine, find_registered, getter, refusal
from gradgraph.tracing.rows import Row, RowReader
from gradgraph.tracing.spelling import spelled


class Adopted(NamedTuple):
    """A graph of another engine: its outputs as our values, all of theirs, ours by the id() of theirs, and facts."""

    outputs: tuple[Value, ...]
    theirs: Sequence[Any]
    ours: Mapping[int, Value]
    meta: Mapping[str, Any]


def engine_of(value: object) -> Engine | None:
    """Return how to read a value of another engine, None if it is none, or one of ours.

    What is registered comes first, and the names that people use fill in the rest.
    """
    if isinstance(value, (Value, type)):
        return None
    found = find_registered(type(value))
    if found is None:
        return recognised(value)
    kind, parts = found
    getters = {name: getter(part) for name, part in parts.items() if part is not None}
    named, operands = named_parts(value), parts["operands"]
    where = named.where if operands is None else operands if isinstance(operands, str) else None
    return named._replace(kind=kind, **getters, where=where, registered=operands is not None)


def is_foreign(value: object) -> bool:
    """Whether this is a value of another engine that can be read."""
    return engine_of(value) is not None


def not_an_output(value: object) -> TypeError:
    """Return the error for what is no value: of an engine whose operands are nowhere to be found, or no engine's."""
    if not isinstance(value, type) and engine_of(value) is None:
        if found := unfit_data(value):
            return refusal(type(value), found)
        if looks_like_value(value):
            return refusal(type(value), "it has data and a backward pass, but nothing that keeps operands was found")
    return TypeError(f"an output must be a Value, not {type(value).__name__}")


def adopt(outputs: Sequence[Any]) -> Adopted:
    """Return our own values for everything the outputs depend on, with their data, gradients and labels.

    An op that is none of our primitives keeps its name, and cannot be computed again. Gradients count as not computed
    if every one is 0. Raises EngineError for what cannot be read without guessing, TypeError for data that is no real
    number, CycleError for a value made from itself.
    """
    engine = engine_of(outputs[0])
    if engine is None:
        raise not_an_output(outputs[0])
    reader = RowReader(engine)
    rows: dict[int, Row] = {}

    def operands(value: Any) -> list[Any]:
        row = rows[id(value)] = reader.read(value)
        return row.operands()

    order = toposort(outputs, operands)
    for output in outputs:
        reader.check_output(rows[id(output)])
    in_order = [rows[id(value)] for value in order]
    _name_by_class(in_order)
    makings, dtype = decided(in_order, reader)
    ours = _made(in_order, makings)
    meta = {"engine": reader.name, **({"dtype": dtype} if dtype else {})}
    return Adopted(tuple([ours[id(output)] for output in outputs]), order, ours, meta)


def _name_by_class(rows: Sequence[Row]) -> None:
    """Name the op of results after their class where each op is a class, which no leaf is of."""
    of_leaves = {row.value.__class__ for row in rows if not row.kept}
    for row in rows:
        nameless = row.symbol is None and (row.clue is None or row.clue.method is None)
        if row.kept and nameless and row.value.__class__ not in of_leaves:
            row.symbol = spelled(row.value.__class__)


def _made(rows: Sequence[Row], makings: Sequence[Making | None]) -> dict[int, Value]:
    """Return our values, by the id of theirs."""
    backward_ran = any(row.grad for row in rows)
    own = _OwnOps(rows, makings)
    ours: dict[int, Value] = {}
    for row, making in zip(rows, makings, strict=True):
        value = Value.recorded(row.data, label=row.label)
        if making is not None:
            value.op, value.params = making.op or own.op_of(row, making), making.params
            value.operands = tuple(
                [
                    Value.recorded(each, role="constant") if each.__class__ is float else ours[id(each)]
                    for each in making.operands
                ]
            )
        if backward_ran:
            value.grad = row.grad
        ours[id(row.value)] = value
    return ours


class _OwnOps:
    """The ops of a graph that are none of our primitives."""

    def __init__(self, rows: Sequence[Row], makings: Sequence[Making | None]) -> None:
        self._sizes: dict[str, set[int]] = defaultdict(set)
        for row, making in zip(rows, makings, strict=True):
            if making is not None and making.op is None:
                self._sizes[_name(row, making)].add(len(making.operands))

    def op_of(self, row: Row, making: Making) -> Op:
        """Return the op of a row: it keeps its name, its number of operands and the local derivatives of the engine."""
        name = _name(row, making)
        arity = len(making.operands) if len(self._sizes[name]) == 1 else None
        local = _Local(_local(row, making))
        return Op(name, _symbol(row), arity, _not_ours, local, tuple(making.params))


def _local(row: Row, making: Making) -> tuple[float, ...]:
    """Return the local derivatives that an engine keeps, in the order of the operands; none if they do not match."""
    places, kept = [*map(id, making.operands)], [*map(id, row.kept)]
    if len(row.local) != len(places):
        return ()
    return row.local if places == kept else row.local[::-1] if places == kept[::-1] else ()


def _symbol(row: Row) -> str:
    method = row.clue.method if row.clue is not None else None
    return row.symbol or (method or "").strip("_") or "?"


def _name(row: Row, making: Making) -> str:
    symbol = _symbol(row)
    return symbol if symbol not in PRIMITIVES and symbol != "?" else f"{symbol} of {len(making.operands)}"


@dataclass(frozen=True)
class _Local:
    """The local derivatives that an engine recorded, as the rule of an op; none if it recorded none."""

    recorded: tuple[float, ...]

    def __call__(self, out: float, *primals: float) -> tuple[float, ...]:
        return self.recorded


def _not_ours(*primals: float) -> float:
    raise NotImplementedError("this op is none of our primitives")
