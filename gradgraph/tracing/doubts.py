"""Rows that do not recompute: a leaf was changed after it was used, or the op is none of ours.

`p.data -= lr * p.grad` changes leaves, never results. So a row that uses results alone is as it was computed.
"""

import math
import struct
from collections import Counter
from collections.abc import Sequence

from gradgraph.engine.ops import FUNCTIONS
from gradgraph.tracing.agreeing import Making
from gradgraph.tracing.making import Maker
from gradgraph.tracing.rows import Row, RowReader

_ROUNDING = {"float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23}
_TELLING = frozenset({"add", "sub", "mul", "div", "tanh", "exp", "sigmoid", "log"})
"""Ops whose result changes when an operand does: a row of one that recomputes has operands as they were."""
_ARITHMETIC = frozenset({"add", "sub", "mul", "div", "neg", "power", "pow"})


def decided(rows: Sequence[Row], reader: RowReader) -> tuple[list[Making | None], str | None]:
    """Return how each row was made, None for a leaf, and the type of the numbers if they are no float64.

    Raises EngineError for what cannot be known.
    """
    dtype = next((name for name in _ROUNDING if name in reader.dtypes), None)
    single = dtype is None and all(_is_single(row.data) for row in rows if row.kept)
    rounding = _ROUNDING.get("float32" if single else dtype or "", 0.0)
    maker = Maker(reader, rows, rounding)
    makings = [maker.decide(row) if row.kept else None for row in rows]
    makings = [maker.ordered(row, making) for row, making in zip(rows, makings, strict=True)]
    _check_leaves(rows, reader)
    if any(making is not None and (making.closed or not making.agrees) for making in makings):
        makings = _settled(rows, makings, maker, reader)
    return makings, "float32" if single and maker.agreement.narrowed else dtype


def _check_leaves(rows: Sequence[Row], reader: RowReader) -> None:
    """Refuse a value without operands whose graph was freed.

    Its op is one that others have operands for, or it has None where other leaves have an empty collection.
    """
    leaves = {row.is_bare for row in rows if not row.kept} if isinstance(reader.engine.where, str) else set()
    used = {row.symbol for row in rows if row.kept and row.symbol}
    for row in rows:
        if not row.kept and row.symbol in used:
            reader.refuse(row.value, f"a value has the op {row.symbol!r} and no operands: was the graph freed?")
        if not row.kept and row.is_bare and len(leaves) == 2:
            what = f"`{reader.engine.where}` of a value is None, and empty for other leaves"
            reader.refuse(row.value, f"{what}: was the graph freed?")


def _settled(
    rows: Sequence[Row], makings: Sequence[Making | None], maker: Maker, reader: RowReader
) -> list[Making | None]:
    """Return the makings, those that do not recompute being believed or replaced by an op of their own."""
    leaves = {id(row.value): row for row in rows if not row.kept}
    sound: set[str] = set()
    changed = False
    uses: Counter[int] = Counter()
    unchanged: set[int] = set()
    for row, making in zip(rows, makings, strict=True):
        if making is None:
            continue
        uses.update(map(id, making.operands))
        if making.op is not None and making.agrees:
            sound.add(making.op.name)
            if row.data and not making.closed and making.op.name in _TELLING:
                unchanged.update(map(id, making.operands))
        elif making.op is not None and making.op.name in _ARITHMETIC:
            changed = changed or any(id(each) in leaves for each in making.operands)
    settled: list[Making | None] = []
    others: set[tuple[str | None, str]] = set()  # ops with a name of ours that compute something else
    for row, making in zip(rows, makings, strict=True):
        if making is None or making.op is None:
            settled.append(making)
            continue
        values = [each for each in making.operands if each.__class__ is not float]
        touched = any(id(each) in leaves for each in values)
        name = making.op.name
        if making.closed:
            untouched = not touched or all(id(each) in unchanged for each in values)
            if not untouched and not _confirmed(row, making, leaves, uses):
                maker.refuse_lost(row, making.op.symbol)
            believed = True
        else:
            believed = making.agrees or (touched and (name in _ARITHMETIC or changed or name in sound))
        if not believed and row.of_set and len(row.kept) == 1 and name in ("add", "mul", "pow"):
            reader.refuse(row.value, f"it is not known whether its {making.op.symbol!r} used one operand twice")
        if not believed and name in FUNCTIONS:
            others.add((row.symbol, name))
        settled.append(making if believed else maker.ordered(row, maker.own(row)))
    return [
        maker.ordered(row, maker.own(row))
        if each is not None and each.op is not None and (row.symbol, each.op.name) in others
        else each
        for row, each in zip(rows, settled, strict=True)
    ]


def _confirmed(row: Row, making: Making, leaves: dict[int, Row], uses: Counter[int]) -> bool:
    """Whether the gradient of the operand is what a constant, found from data that may be stale, makes of it."""
    if making.op is None or row.grad is None:
        return False
    numbers = [each if each.__class__ is float else leaves[id(each)].data for each in making.operands]
    partials = making.op.partials(row.data, tuple(numbers), making.params)
    for each, local in zip(making.operands, partials, strict=True):
        if each.__class__ is not float:
            grad = leaves[id(each)].grad or 0.0
            depends = making.op.name in ("mul", "div", "power")  # the slope of a sum says nothing of the other term
            return depends and uses[id(each)] == 1 and bool(grad) and math.isclose(grad, row.grad * local, rel_tol=1e-6)
    return False


def _is_single(number: float) -> bool:
    try:
        return struct.unpack("f", struct.pack("f", number))[0] == number or number != number
    except OverflowError:
        return False
