"""Ops that are no primitives: records of them, and the `_backward` that somebody wrote for one value.

Code for the well-known educational engines defines an op so: `out = Value(t, (self,), "tanh")`, and then
`out._backward = ...`, a function that adds to the gradients of the operands what flows from the gradient of `out`.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache
from types import CellType
from typing import Any, NoReturn, TypeVar

from gradgraph.engine.backward import Recorded, check_differentiable
from gradgraph.engine.op_names import meaning
from gradgraph.engine.ops import PRIMITIVES, Op, Params, no_rule
from gradgraph.errors import DerivativeError

NONE: Params = {}
_EMPTY_CELL = CellType()
_NOTHING = -0.0  # the one number that changes nothing it is added to; as an object, it tells who got nothing at all
_SCALE = 1024.0  # to multiply by it rounds nothing; few clip at more
_GIVE_IT = "give it among the children"
_V = TypeVar("_V", bound=Recorded)


class OwnOp(Op):
    """The op of values that were made with children and a symbol.

    `function` is the rule of the primitive of that symbol where it gives the data, to the bit. Otherwise it raises.
    """

    __slots__ = ()


class OpenOp(OwnOp):
    """The op of a value that was made with a set of two children, whose data either order gives.

    The order is open until the local derivatives are known.
    """

    __slots__ = ()


class DefinedOp(Op):
    """An op that is defined elsewhere, by `gradgraph.op` or in a document: its functions need not pickle."""

    __slots__ = ()


def same_rules(one: DefinedOp, other: DefinedOp) -> bool:
    """Whether two ops of one name are one op: with the same rules, rules of the same code, or a copy without rules.

    A cell of a notebook that is run again defines its op again.
    """
    rules = [getattr(op.function, "__self__", None) for op in (one, other)]
    return None in rules or rules[0] is rules[1] or rules[0] == rules[1]


@lru_cache(maxsize=4096)
def primitive_for(symbol: str, arity: int) -> tuple[Op, Params] | None:
    """Return the primitive that a symbol with so many operands suggests, with its params, or None.

    A symbol may be any of the names that people use, as `meaning` knows them.

    >>> primitive_for("**2", 1)[0].name, primitive_for("-", 1)[0].name, primitive_for("-", 2)[0].name
    ('power', 'neg', 'sub')
    """
    name = meaning(symbol)
    if name is None or name.reflected:
        return None
    if name.exponent is not None:
        return (PRIMITIVES["power"], {"exponent": name.exponent}) if arity == 1 else None
    primitive = PRIMITIVES["neg" if name.primitive == "sub" and arity == 1 else name.primitive]
    return (primitive, NONE) if primitive.arity == arity else None


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
                own = _own_op(symbol, len(operands), primitive)
                is_open = isinstance(children, Set) and _is_open(primitive, operands, params, data)
                return OpenOp(*own) if is_open else own, operands, params
    operands = next(iter(_orders(children, "")))
    return _own_op(symbol, len(operands), None), operands, NONE


def _is_open(primitive: Op, operands: tuple[Recorded, ...], params: Params, data: float) -> bool:
    """Whether two operands in the other order give the data as well."""
    turned = primitive.forward(tuple([operand._data for operand in operands[::-1]]), params)
    return operands[0] is not operands[-1] and repr(turned) == repr(data)


def _orders(children: "Sequence[_V] | Set[_V]", symbol: str) -> "Iterable[tuple[_V, ...]]":
    if not isinstance(children, Set):
        return (tuple(children),)
    known = tuple(sorted(children, key=_sortable))
    if len(known) == 1 and primitive_for(symbol, 2) is not None:
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
    own = [value.op for value in order if value.op.__class__ is OwnOp]  # of an OpenOp, the data is known to fit
    return {(op.symbol, op.arity) for op in own if op is not None and op.function is _unknown}


def documented(op: Op, params: Params, doubts: Set[tuple[str, int | None]]) -> tuple[Op, Params]:
    """Return the op, and its params, that a document names: the primitive of the symbol, unless data contradicts it."""
    if not isinstance(op, OwnOp):
        return op, params
    found = primitive_for(op.symbol, op.arity or 0)
    if found is not None and (op.symbol, op.arity) not in doubts:
        return found
    return op if op.symbol else op._replace(symbol="?"), NONE


class Asked:
    """The local derivatives of one value, by the `_backward` that somebody wrote for it.

    The function is called with a gradient of 1 at the value and 0 at its operands. What these then have is taken, and
    all gradients are put back. When it is first asked, more calls check that it is a linear function which adds.
    """

    __slots__ = ("_is_checked", "backward", "value")

    def __init__(self, value: Recorded, backward: Callable[[], object]) -> None:
        self.value = value
        self.backward = backward
        self._is_checked = False

    def __call__(self, out: float, *arguments: float) -> tuple[float, ...]:
        operands = self.value.operands
        uses = Counter(operands)
        strangers = [each for each in self._held() if each not in uses and each is not self.value]
        kept = [(value, value._grad) for value in (*operands, self.value, *strangers)]
        try:
            totals = self._flow(1.0)
            for stranger, grad in kept[len(operands) + 1 :]:
                if stranger._grad is not grad:
                    self._refuse(f"adds to the gradient of {stranger!r}, which is no child of it", _GIVE_IT)
            if not self._is_checked:
                self._check(totals, uses, strangers)
                self._is_checked = True
        finally:
            for value, grad in kept:
                value._grad = grad
        if len(uses) == len(operands):
            return tuple(totals.values())
        return self._shares([totals[operand] for operand in operands], uses, arguments)

    def _flow(self, flowing: float, starts: Mapping[Recorded, float] | None = None) -> dict[Recorded, float]:
        """Return the gradients of the operands after a call with such a gradient at the value, and such at them."""
        operands = dict.fromkeys(self.value.operands)
        for operand in operands:
            operand._grad = _NOTHING if starts is None else starts[operand]
        self.value._grad = flowing
        self.backward()
        return {each: 0.0 if each._grad is _NOTHING or each._grad is None else each._grad for each in operands}

    def _check(self, totals: dict[Recorded, float], uses: Counter[Recorded], strangers: Sequence[Recorded]) -> None:
        """Raise DerivativeError if the function is not linear, has a state, forgets, or reads another gradient."""
        starts = {each: (_SCALE * total or 1.0) if uses[each] > 1 else _NOTHING for each, total in totals.items()}
        scaled = self._flow(_SCALE, starts)
        for operand, total in totals.items():
            if _is_close(scaled[operand], starts[operand] + _SCALE * total):
                continue
            if any(not _is_close(again, totals[each]) for each, again in self._flow(1.0).items()):
                self._refuse("gives other gradients each time it is called", "let it change nothing but gradients")
            got = self._flow(_SCALE)[operand]
            if _is_close(got, _SCALE * total):
                what = f"sets the gradient of {operand!r}, a child that is used more than once"
                self._refuse(what, "write += in place of =")
            what = f"is not linear in the gradient of its result: it adds {total!r} for 1, and {got!r} for {_SCALE!r}"
            self._refuse(what, "let it add this gradient times a number")
        for stranger in strangers:
            stranger._grad = 1.0
            if any(grad for grad in self._flow(0.0).values()):
                what = f"reads the gradient of {stranger!r}, which is neither its result nor a child"
                self._refuse(what, "give each value a function of its own")
            stranger._grad = 0.0

    def _refuse(self, what: str, remedy: str) -> NoReturn:
        raise DerivativeError(f"the _backward of {self.value!r} {what}: {remedy}")

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


def _is_close(found: float, expected: float) -> bool:
    return math.isclose(found, expected, rel_tol=1e-9) or (found != found and expected != expected)


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


def is_turned(value: Recorded, local: tuple[float, ...]) -> bool:
    """Whether local derivatives tell that the operands of a value, whose order is open, are the other way round."""
    found = primitive_for(value.op.symbol, 2) if isinstance(value.op, OpenOp) and local else None
    if found is None:
        return False
    left, right = [operand._data for operand in value.operands]
    straight, turned = (found[0].partials(value._data, pair, found[1]) for pair in ((left, right), (right, left)))
    fits = [all(map(_is_close, local, each)) for each in (straight, turned[::-1])]
    return fits == [False, True]


def pass_on(value: Any) -> None:
    """Add to the gradient of each operand what flows there from the gradient of `value`: one step of a backward pass.

    Raises DerivativeError if nobody said how to find the local derivatives of `value`.
    """
    check_differentiable((value,))
    flowing = value.grad
    for operand, local in zip(value.operands, local_of(value), strict=True):
        operand._grad = operand.grad + flowing * local
