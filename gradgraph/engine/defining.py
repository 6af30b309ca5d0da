"""Ops that somebody defines: a forward rule and its partials, as the table of primitives has them."""

import inspect
from collections.abc import Callable
from typing import Any, overload

from gradgraph.engine.inputs import check_text, is_number, to_float
from gradgraph.engine.ops import PRIMITIVES
from gradgraph.engine.own_ops import DefinedOp
from gradgraph.engine.value import NO_PARAMS, Value, apply
from gradgraph.words import counted

Forward = Callable[..., float]
Partials = Callable[..., Any]


@overload
def op(name: str, forward: Forward, partials: Partials, symbol: str = "") -> Callable[..., Value]: ...
@overload
def op(
    name: str = "", forward: None = None, *, partials: Partials, symbol: str = ""
) -> Callable[[Forward], Callable[..., Value]]: ...
def op(name: str = "", forward: Forward | None = None, partials: Partials | None = None, symbol: str = "") -> Any:
    """Define an op, and return the function that applies it to Values and numbers.

    `forward` takes the operands' data, each a float, and returns the result. Its parameters that have a default, or
    that only a keyword can set, are the params of the op: numbers that belong to it and have no gradient. With
    `*operands` it takes any number of them. `partials` takes the result and then the same arguments, and returns
    ∂result/∂operand for each operand: a tuple, or a plain number if there is one operand. `symbol` is what drawings
    show, the name by default; it may name a param in braces.

    >>> import math
    >>> softplus = op("softplus", lambda x: math.log1p(math.exp(x)), lambda out, x: 1 / (1 + math.exp(-x)))
    >>> x = Value(0.0)
    >>> y = 2 * softplus(x)
    >>> y.backward()
    >>> x.grad
    1.0

    Without `forward` it decorates one, and the name is by default that of the function:

    >>> @op(partials=lambda out, x, slope: 1.0 if x > 0 else slope, symbol="leaky {slope}")
    ... def leaky_relu(x, slope=0.01):
    ...     return x if x > 0 else slope * x
    >>> leaky_relu(x - 2, slope=0.1)._op
    'leaky 0.1'

    Documents hold the name, the params and the local derivatives; other programs take these as recorded.

    Raises ValueError for a name that a primitive has, for no name, and for a `forward` without operands or of unknown
    parameters. Using the op raises TypeError for another number of operands, for an unknown or missing param, and for
    what is no number, and ValueError if `partials` gives another count of numbers than there are operands.
    """
    if partials is None:
        raise TypeError("an op needs partials: a function of the result and the operands, one derivative per operand")
    if forward is None:
        return lambda function: _defined(name or function.__name__, function, partials, symbol)
    return _defined(name, forward, partials, symbol)


def _defined(name: str, forward: Forward, partials: Partials, symbol: str) -> Callable[..., Value]:
    if not check_text(name, "the name of an op"):
        raise ValueError("an op needs a name")
    if name in PRIMITIVES:
        raise ValueError(f"{name!r} is the name of a primitive: choose another")
    arity, defaults = _signature(name, forward)
    rules = _Rules(name, forward, partials, tuple(defaults))
    doc = inspect.getdoc(forward) or ""
    symbol = check_text(symbol, "the symbol of an op") or name
    made = DefinedOp(name, symbol, arity, rules.forward, rules.partials, rules.params, doc)

    def function(*operands: Any, **params: Any) -> Value:
        if (len(operands) != arity) if arity is not None else not operands:
            takes = "one operand or more" if arity is None else counted(arity, "operand")
            raise TypeError(f"{name} takes {takes}, not {len(operands)}")
        return apply(made, tuple([_operand(name, operand) for operand in operands]), _params(name, params, defaults))

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


class _Rules:
    """The functions that somebody wrote, called as the table of ops calls them and with their results checked."""

    def __init__(self, name: str, forward: Forward, partials: Partials, params: tuple[str, ...]) -> None:
        self.params = params
        self._name = name
        self._rules = forward, partials

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rules) and all(map(_same, self._rules, other._rules))

    __hash__ = object.__hash__

    def forward(self, *arguments: float) -> float:
        return to_float(self._call(0, arguments), f"the result of {self._name}")

    def partials(self, out: float, *arguments: float) -> tuple[float, ...]:
        found = self._call(1, (out, *arguments))
        local = (found,) if is_number(found) else tuple(found)
        count = len(arguments) - len(self.params)
        if len(local) != count:
            raise ValueError(f"the partials of {self._name} must be {count}, one for each operand, not {len(local)}")
        return tuple([to_float(each, f"a partial of {self._name}") for each in local])

    def _call(self, which: int, arguments: tuple[float, ...]) -> Any:
        count = len(arguments) - len(self.params)
        return self._rules[which](*arguments[:count], **dict(zip(self.params, arguments[count:], strict=True)))


def _same(one: Any, other: Any) -> bool:
    """Whether two functions are one, or do the same: of the same code, with nothing from around it."""
    if one is other:
        return True
    codes = [getattr(rule, "__code__", None) for rule in (one, other)]
    around = [getattr(rule, "__closure__", None) or getattr(rule, "__defaults__", None) for rule in (one, other)]
    return codes[0] is not None and codes[0] == codes[1] and not any(around)


def _signature(name: str, forward: Forward) -> tuple[int | None, dict[str, Any]]:
    """Return how many operands a forward rule takes, None for any number, and its params with their defaults."""
    try:
        parameters = inspect.signature(forward).parameters.values()
    except (TypeError, ValueError):
        raise ValueError(f"the parameters of {name} are not known: give a lambda that calls it") from None
    params, arity, any_number = {}, 0, False
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            any_number = True
        elif parameter.kind is parameter.VAR_KEYWORD:
            raise ValueError(f"the params of {name} must have names, not **{parameter.name}")
        elif parameter.kind is parameter.KEYWORD_ONLY or parameter.default is not parameter.empty:
            params[parameter.name] = parameter.default
        else:
            arity += 1
    if not arity and not any_number:
        raise ValueError(f"{name} must take an operand")
    return None if any_number else arity, params


def _operand(name: str, operand: Any) -> Value:
    if isinstance(operand, Value):
        return operand
    if not is_number(operand):
        raise TypeError(f"an operand of {name} must be a Value or a number, not {type(operand).__name__}")
    return Value(operand, role="constant")


def _params(name: str, given: dict[str, Any], defaults: dict[str, Any]) -> Any:
    """Return the params of one call, in the order of the definition."""
    for unknown in given.keys() - defaults.keys():
        raise TypeError(f"{name} has no param {unknown!r}")
    params = {**defaults, **given}
    for param, number in params.items():
        if number is inspect.Parameter.empty:
            raise TypeError(f"{name} needs the param {param!r}")
        params[param] = to_float(number, f"the param {param!r} of {name}")
    return params or NO_PARAMS
