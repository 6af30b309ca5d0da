"""The primitives as a table: name, symbol, arity, forward rule, local-derivative rule, and what people call them.

Derivatives at the edges (`relu` and `abs` at 0, powers of 0, zero exponents) are those of PyTorch's
`tools/autograd/derivatives.yaml` and `FunctionsManual.cpp`.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, overload

from gradgraph.engine import ieee
from gradgraph.errors import DerivativeError

Primals = tuple[float, ...]
Params = Mapping[str, Any]


class Op(NamedTuple):
    """A primitive, as a record of functions.

    `name` goes in documents and `symbol` is for people; a symbol may name a parameter in braces (`**{exponent}`).
    `params` names what the op needs beyond its operands, each a float. `function` takes the operands' data and then
    the params, each as one argument, and returns the result. `derivatives` takes the result and the same arguments,
    and returns one local derivative per operand. `doc` says in one line what the op computes.
    """

    name: str
    symbol: str
    arity: int | None
    function: Callable[..., float]
    derivatives: Callable[..., tuple[float, ...]]
    params: tuple[str, ...] = ()
    doc: str = ""

    def forward(self, primals: Primals, params: Params) -> float:
        """Return the result for operands of these data.

        >>> PRIMITIVES["power"].forward((3.0,), {"exponent": 2.0})
        9.0
        """
        if not self.params:
            return self.function(*primals)
        return self.function(*primals, *[params[name] for name in self.params])

    def partials(self, out: float, primals: Primals, params: Params) -> tuple[float, ...]:
        """Return ∂out/∂operand for each operand.

        >>> PRIMITIVES["mul"].partials(12.0, (3.0, 4.0), {})
        (4.0, 3.0)
        """
        if not self.params:
            return self.derivatives(out, *primals)
        return self.derivatives(out, *primals, *[params[name] for name in self.params])

    def __reduce__(self) -> tuple[Callable[..., "Op"], tuple[Any, ...]]:
        if PRIMITIVES.get(self.name) is self:
            return _named, (self.name,)  # rules do not pickle; a name says which primitive it was
        return type(self), tuple(self)


def no_rule(out: float, *arguments: float) -> tuple[float, ...]:
    """Raise DerivativeError: what an op has for `derivatives` if nobody said how to find them."""
    raise DerivativeError("nobody said how to find the local derivatives of a value")


_R = TypeVar("_R", covariant=True)


class _Negatable(Protocol[_R]):
    """Anything that can be negated. A function of a value has the type that the negated value has."""

    def __neg__(self) -> _R: ...


class Function:
    """The entry of a primitive of one operand that `Value` has as a method.

    The attribute that the entry is assigned to names the op and the method. The symbol is the name, too. Type checkers
    and editors find the methods of `Value` by these attributes; at run time `Value` has a plain method of each name.
    """

    def __init__(
        self, doc: str, function: Callable[[float], float], derivatives: Callable[[float, float], tuple[float]]
    ) -> None:
        self._rules = function, derivatives
        self._doc = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.op = Op(name, name, 1, *self._rules, doc=self._doc)

    if TYPE_CHECKING:

        @overload
        def __get__(self, value: None, owner: type[_Negatable[_R]]) -> Callable[[_Negatable[_R]], _R]: ...
        @overload
        def __get__(self, value: _Negatable[_R], owner: object) -> Callable[[], _R]: ...
        def __get__(self, value: Any, owner: object) -> Any: ...


def power_by_base(base: float, exponent: float, raised: Callable[[float, float], float] = ieee.power) -> float:
    """∂(base**exponent)/∂base; 0 when the exponent is 0, whatever the base."""
    return 0.0 if exponent == 0 else exponent * raised(base, exponent - 1.0)


def power_by_exponent(out: float, base: float, exponent: float) -> float:
    """∂(base**exponent)/∂exponent; 0 at 0**exponent for exponents of 0 and above."""
    return 0.0 if base == 0 and exponent >= 0 else out * ieee.log(base)


_OPERATORS = (
    Op("add", "+", 2, operator.add, lambda out, x, y: (1.0, 1.0), doc="Sum."),
    Op("sub", "-", 2, operator.sub, lambda out, x, y: (1.0, -1.0), doc="Difference."),
    Op("mul", "*", 2, operator.mul, lambda out, x, y: (y, x), doc="Product."),
    Op("div", "/", 2, ieee.divide, lambda out, x, y: (ieee.divide(1.0, y), -ieee.divide(out, y)), doc="Quotient."),
    Op("neg", "-", 1, operator.neg, lambda out, x: (-1.0,), doc="The number with its sign changed."),
    Op(
        "power",
        "**{exponent}",
        1,
        ieee.power_of_number,
        lambda out, x, exponent: (power_by_base(x, exponent, ieee.power_of_number),),
        params=("exponent",),
        doc="Power whose exponent is a plain number.",
    ),
    Op(
        "pow",
        "**",
        2,
        ieee.power,
        lambda out, x, y: (power_by_base(x, y), power_by_exponent(out, x, y)),
        doc="Power whose exponent is a value.",
    ),
)
"""The primitives that `Value` has operators for."""


class Functions:
    """The primitives that `Value` has a method for: each attribute is the entry of one."""

    __slots__ = ()

    exp = Function("e to the power of self.", ieee.exp, lambda out, x: (out,))
    log = Function("Natural logarithm.", ieee.log, lambda out, x: (ieee.divide(1.0, x),))
    tanh = Function("Hyperbolic tangent.", math.tanh, lambda out, x: (1.0 - out * out,))
    relu = Function(
        "The larger of self and 0; its derivative at 0 is 0.", ieee.relu, lambda out, x: (0.0 if out <= 0 else 1.0,)
    )
    sigmoid = Function("1 / (1 + e^-self).", ieee.sigmoid, lambda out, x: (out * (1.0 - out),))
    sin = Function("Sine, of radians.", ieee.sin, lambda out, x: (ieee.cos(x),))
    cos = Function("Cosine, of radians.", ieee.cos, lambda out, x: (-ieee.sin(x),))
    sqrt = Function("Square root.", ieee.sqrt, lambda out, x: (ieee.divide(0.5, out),))
    abs = Function("Absolute value; its derivative at 0 is 0.", operator.abs, lambda out, x: (ieee.sign(x),))


FUNCTIONS: Mapping[str, Op] = {name: entry.op for name, entry in vars(Functions).items() if isinstance(entry, Function)}
"""The primitives that are methods of `Value`, by name."""

PRIMITIVES: Mapping[str, Op] = {op.name: op for op in (*_OPERATORS, *FUNCTIONS.values())}
"""Every primitive by name. A new function is one more entry of `Functions`, and nothing else."""


def _named(name: str) -> Op:
    return PRIMITIVES[name]
