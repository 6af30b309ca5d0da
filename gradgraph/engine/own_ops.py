"""Ops that are no primitives: records of them, and the `_backward` that somebody wrote for one value.

Code for the well-known educational engines defines an op so: `out = Value(t, (self,), "tanh")`, and then
`out._backward = ...`, a function that adds to the gradients of the operands what flows from the gradient of `out`.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from functools import lru_cache
from types import CellType
from typing import Any, TypeVar

from gradgraph.engine.backward import Recorded, check_differentiable
from gradgraph.engine.ops import PRIMITIVES, Op, Params, no_rule
from gradgraph.errors import DerivativeError

_BINARY = {key: op for op in PRIMITIVES.values() if op.arity == 2 for key in (op.name, op.symbol)}
_UNARY = {key: op for op in PRIMITIVES.values() if op.arity == 1 and not op.params for key in (op.name, op.symbol)}
_UNARY["ReLU"] = PRIMITIVES["relu"]

NONE: Params = {}
_EMPTY_CELL = CellType()
_NOTHING = -0.0  # the one number that changes nothing it is added to; as an object, it tells who got nothing at all
_V = TypeVar("_V", bound=Recorded)


class OwnOp(Op):
    """The op of values that were made with children and a symbol.

    `function` is the rule of the primitive of that symbol where it gives the data, to the bit. Otherwise it raises.
    """

    __slots__ = ()


class DefinedOp(Op):
    """An op that is defined elsewhere, by `gradgraph.op` or in a document: its functions need not pickle."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def primitive_for(symbol: str, arity: int) -> tuple[Op, Params] | None:
    """Return the primitive that a symbol with so many operands suggests, with its params, or None.

    >>> primitive_for("**2", 1)[0].name, primitive_for("-", 1)[0].name, primitive_for("-", 2)[0].name
    ('power', 'neg', 'sub')
    """
    named = {1: _UNARY, 2: _BINARY}.get(arity, {}).get(symbol)
    if named is not None:
        return named, NONE
    if arity == 1 and symbol.startswith("**"):
        try:
            return PRIMITIVES["power"], {"exponent": float(symbol[2:])}
        except ValueError:
            return None
    return None


def made_by_hand(data: float, children: "Sequence[_V] | Set[_V]", symbol: str) -> tuple[Op, tuple[_V, ...], Params]:
    """Return the op, the operands in order, and the params of a value that was made with these children.

    A sequence is taken as it is. Of a set, the order that recomputes the data is taken, an only member twice if the
    symbol needs it. Where no order does, members are sorted by op, data and label.
    """
    for operands in _orders(children, symbol):
        found = primitive_for(symbol, len(operands))
        if found is not None:
            primitive, params = found
            result = primitive.forward(tuple([operand._data for operand in operands]), params)
            if repr(result) == repr(data):
                return _own_op(symbol, len(operands), primitive), operands, params
    operands = next(iter(_orders(children, "")))
    return _own_op(symbol, len(operands), None), operands, NONE


def _orders(children: "Sequence[_V] | Set[_V]", symbol: str) -> "Iterable[tuple[_V, ...]]":
    if not isinstance(children, Set):
        return (tuple(children),)
    known = tuple(sorted(children, key=_sortable))
    if len(known) == 1 and symbol in _BINARY:
        return known, known * 2
    return (known, known[::-1]) if len(known) == 2 else (known,)


def _sortable(value: Recorded) -> tuple[str, bool, float, str]:
    unknown = math.isnan(value._data)
    return "" if value.op is None else value.op.name, unknown, 0.0 if unknown else value._data, value._label


@lru_cache(maxsize=4096)
def _own_op(symbol: str, arity: int, primitive: Op | None) -> OwnOp:
    name = symbol if symbol and symbol not in PRIMITIVES else f"{symbol or '?'} of {arity}"
    if primitive is None:
        return OwnOp(name, symbol, arity, _unknown, no_rule)
    return OwnOp(name, symbol, arity, primitive.function, no_rule, primitive.params)


def _unknown(*primals: float) -> float:
    raise NotImplementedError("nobody said how this op computes its result")


def contradicted(order: Iterable[Recorded]) -> set[tuple[str, int | None]]:
    """Return symbol and arity of each op of somebody's own that is not the primitive of its symbol.

    One result that the primitive does not give, to the bit, is enough: two formulas of tanh agree on some data.
    """
    own = [value.op for value in order if value.op.__class__ is OwnOp]
    return {(op.symbol, op.arity) for op in own if op is not None and op.function is _unknown}


def documented(op: Op, params: Params, doubts: Set[tuple[str, int | None]]) -> tuple[Op, Params]:
    """Return the op, and its params, that a document names: the primitive of the symbol, unless data contradicts it."""
    if op.__class__ is not OwnOp:
        return op, params
    found = primitive_for(op.symbol, op.arity or 0)
    if found is not None and (op.symbol, op.arity) not in doubts:
        return found
    return op if op.symbol else op._replace(symbol="?"), NONE


class Asked:
    """The local derivatives of one value, by the `_backward` that somebody wrote for it.

    The function is called with a gradient of 1 at the value and 0 at its operands. What these then have is taken, and
    all gradients are put back. So `=` in place of `+=` gives the same, except for an operand that is used twice.
    """

    __slots__ = ("backward", "value")

    def __init__(self, value: Recorded, backward: Callable[[], object]) -> None:
        self.value = value
        self.backward = backward

    def __call__(self, out: float, *arguments: float) -> tuple[float, ...]:
        operands = self.value.operands
        strangers = [each for each in self._held() if each not in operands and each is not self.value]
        kept = [(value, value._grad) for value in (*operands, self.value, *strangers)]
        changed: list[Recorded] = []
        try:
            for operand in operands:
                operand._grad = _NOTHING
            self.value._grad = 1.0
            self.backward()
            totals = [0.0 if got is _NOTHING or got is None else got for got in [each._grad for each in operands]]
            changed = [value for value, grad in kept[len(operands) + 1 :] if value._grad is not grad]
        finally:
            for value, grad in kept:
                value._grad = grad
        if changed:
            raise DerivativeError(
                f"the _backward of {self.value!r} adds to the gradient of {changed[0]!r}, which is no child of it: "
                "give it among the children"
            )
        uses = Counter(operands)
        if len(uses) == len(operands):
            return tuple(totals)
        return self._shares(totals, uses, arguments)

    def _held(self) -> list[Recorded]:
        """Return the values that the function holds by name."""
        cells = getattr(self.backward, "__closure__", None) or ()
        found = [cell.cell_contents for cell in cells if cell != _EMPTY_CELL]
        return [each for each in found if isinstance(each, type(self.value))]

    def _shares(self, totals: list[float], uses: Counter[Recorded], arguments: tuple[float, ...]) -> tuple[float, ...]:
        """Divide what an operand got among its uses: as the primitive of this symbol does if that adds up, or evenly.

        Nobody can see in the sum which part came from which use.
        """
        op, operands = self.value.op, self.value.operands
        found = primitive_for(op.symbol, len(operands)) if op is not None else None
        if found is not None:
            shares = found[0].partials(self.value._data, arguments[: len(operands)], found[1])
            whole, size = sum(shares), sum(map(abs, shares))
            if repr(whole) == repr(totals[0]) or abs(whole - totals[0]) <= 1e-12 * size:
                return shares
        return tuple([total / uses[operand] for operand, total in zip(operands, totals, strict=True)])


class Fixed:
    """Local derivatives that are known as numbers alone: those of a document, or of a copy."""

    def __init__(self, local: tuple[float, ...]) -> None:
        self.local = local

    def __call__(self, out: float, *arguments: float) -> tuple[float, ...]:
        return self.local


def fixed_op(name: str, symbol: str, arity: int | None, local: tuple[float, ...]) -> Op:
    """Return an op of which nothing is known but the local derivatives of one value, or not even those if ()."""
    return DefinedOp(name, symbol, arity, _unknown, Fixed(local) if local else no_rule)


def local_of(value: Recorded) -> tuple[float, ...]:
    """Return ∂value/∂operand for each operand, () if nobody said how to find them."""
    op = value.op
    if op is None or op.derivatives is no_rule:
        return ()
    return op.partials(value._data, tuple([operand._data for operand in value.operands]), value.params)


def pass_on(value: Any) -> None:
    """Add to the gradient of each operand what flows there from the gradient of `value`: one step of a backward pass.

    Raises DerivativeError if nobody said how to find the local derivatives of `value`.
    """
    check_differentiable((value,))
    flowing = value.grad
    for operand, local in zip(value.operands, local_of(value), strict=True):
        operand._grad = operand.grad + flowing * local
