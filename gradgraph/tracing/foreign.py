"""Live values of other educational engines → ours: anything with `data`, `grad`, `_prev` and `_op`.

Those engines keep operands in a set, `_prev`, which forgets their order and their repeats. Both are found again: a
binary op of one operand is `x op x`, and the order is the one that recomputes the data.
"""

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import Any, NamedTuple

from gradgraph.engine.inputs import check_text, to_float
from gradgraph.engine.ops import PRIMITIVES, Op, Params
from gradgraph.engine.value import Value
from gradgraph.toposort import toposort

_BINARY = {op.symbol: name for name, op in PRIMITIVES.items() if op.arity == 2}
_NAMED = {name: name for name, op in PRIMITIVES.items() if op.arity == 1 and not op.params}
_UNARY = {"-": "neg", "ReLU": "relu", **_NAMED}


class _Facts(NamedTuple):
    """What a foreign value says of itself; `key` puts operands in an order that does not depend on where they are."""

    data: float
    grad: float
    label: str
    symbol: str
    key: tuple[Any, ...]


class _Making(NamedTuple):
    """One way in which a value may have been made."""

    op: Op
    operands: tuple[Any, ...]
    params: Params


def is_foreign(value: object) -> bool:
    """Whether this has the shape of a value of an educational engine, and is none of ours."""
    shape = ("data", "grad", "_prev", "_op")
    return not isinstance(value, (Value, type)) and all(hasattr(value, name) for name in shape)


def adopt(outputs: Sequence[Any], pairs: list[tuple[Any, Value]] | None = None) -> tuple[Value, ...]:
    """Our own values for everything the outputs depend on, with their data, gradients and labels.

    Each pair of theirs and ours is added to `pairs`, for whoever wants to know which is which.

    An op that is none of our primitives keeps its name, and cannot be computed again. Gradients count as not computed
    if every one is 0. Raises TypeError for data that is no real number, CycleError for a value made from itself.
    """
    order = toposort(outputs, lambda value: value._prev)
    facts: dict[int, _Facts] = {}
    for value in order:
        facts[id(value)] = _facts(value, facts)
    sizes: dict[str, set[int]] = defaultdict(set)
    for value in order:
        sizes[facts[id(value)].symbol].add(len(value._prev))
    backward_ran = any(own.grad != 0 for own in facts.values())
    ours: dict[int, Value] = {}
    for value in order:
        own = facts[id(value)]
        made = _making(value, facts, sizes) if len(value._prev) else None
        adopted = Value.recorded(own.data, label=own.label)
        if made is not None:
            adopted.op, adopted.params = made.op, made.params
            adopted.operands = tuple([ours[id(operand)] for operand in made.operands])
        adopted.grad = own.grad if backward_ran else None
        ours[id(value)] = adopted
    if pairs is not None:
        pairs.extend([(value, ours[id(value)]) for value in order])
    return tuple([ours[id(output)] for output in outputs])


def _facts(value: Any, facts: dict[int, _Facts]) -> _Facts:
    """What `value` says of itself, its operands having said so already."""
    data, grad = _number(value.data, "data"), _number(value.grad, "grad")
    label = check_text(getattr(value, "label", "") or "", "label")
    symbol = str(value._op)
    below = [facts[id(operand)].key for operand in value._prev]
    if isinstance(value._prev, Set):
        below.sort()
    content = repr((symbol, label, data, grad, below)).encode()
    key = (symbol, label, _sortable(data), _sortable(grad), hashlib.blake2b(content, digest_size=16).digest())
    return _Facts(data, grad, label, symbol, key)


def _number(number: Any, what: str) -> float:
    """A float from any number, numpy's scalars and arrays of one included."""
    if hasattr(number, "item") and getattr(number, "size", 1) == 1:
        number = number.item()
    return to_float(number, what)


def _sortable(number: float) -> tuple[bool, float]:
    return math.isnan(number), 0.0 if math.isnan(number) else number


def _making(value: Any, facts: dict[int, _Facts], sizes: dict[str, set[int]]) -> _Making:
    """How a value was made: the first way that recomputes its data, or the first of all, or by an op unknown to us."""
    own = facts[id(value)]
    ways = [*_ways(value, facts)]
    for way in ways:
        primals = tuple([facts[id(operand)].data for operand in way.operands])
        if repr(way.op.forward(primals, way.params)) == repr(own.data):
            return way
    if ways:
        return ways[0]
    operands = tuple(_ordered(value, facts))
    name = own.symbol if own.symbol and own.symbol not in PRIMITIVES else f"{own.symbol or '?'} of {len(operands)}"
    arity = len(operands) if len(sizes[own.symbol]) == 1 else None
    return _Making(Op(name, own.symbol or "?", arity, _not_ours, _unknown), operands, {})


def _ways(value: Any, facts: dict[int, _Facts]) -> Iterator[_Making]:
    """The ways in which our primitives can have made a value of this symbol from these operands."""
    symbol = facts[id(value)].symbol
    operands = _ordered(value, facts)
    if len(operands) == 1 and symbol in _UNARY:
        yield _Making(PRIMITIVES[_UNARY[symbol]], tuple(operands), {})
    if len(operands) == 1 and symbol.startswith("**") and symbol != "**":
        try:
            yield _Making(PRIMITIVES["power"], tuple(operands), {"exponent": float(symbol[2:])})
        except ValueError:
            return  # something else than a number: an op of their own
    if symbol in _BINARY and isinstance(value._prev, Set) and len(operands) <= 2:
        first, last = operands[0], operands[-1]
        yield _Making(PRIMITIVES[_BINARY[symbol]], (first, last), {})
        yield _Making(PRIMITIVES[_BINARY[symbol]], (last, first), {})
    elif symbol in _BINARY and len(operands) == 2:
        yield _Making(PRIMITIVES[_BINARY[symbol]], tuple(operands), {})


def _ordered(value: Any, facts: dict[int, _Facts]) -> list[Any]:
    """The operands: as they stand, or, in a set, by what they are."""
    if isinstance(value._prev, Set):
        return sorted(value._prev, key=lambda operand: facts[id(operand)].key)
    return [*value._prev]


def _unknown(out: float, *primals: float) -> tuple[float, ...]:
    return ()


def _not_ours(*primals: float) -> float:
    raise NotImplementedError("this op is none of our primitives")
