"""The primitives: name, symbol, arity, forward rule, local-derivative rule.

Arithmetic follows IEEE 754 as PyTorch's float64 does: nothing raises, `exp(1000)` is inf and `log(-1)` is nan. The
derivatives at the edges (`relu` and `abs` at 0, powers of 0, zero exponents) are those of PyTorch's
`tools/autograd/derivatives.yaml` and `FunctionsManual.cpp`.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Primals = tuple[float, ...]
Params = Mapping[str, Any]


class Op(NamedTuple):
    """A primitive, as a record of functions.

    `name` goes in documents and `symbol` is for people; a symbol may name a parameter in braces (`**{exponent}`).
    `params` names what the op needs beyond its operands, each a float. `function` takes the operands' data and then
    the params, each as one argument, and returns the result. `derivatives` takes the result and the same arguments,
    and returns one local derivative per operand.
    """

    name: str
    symbol: str
    arity: int | None
    function: Callable[..., float]
    derivatives: Callable[..., tuple[float, ...]]
    params: tuple[str, ...] = ()

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
        return Op, tuple(self)


def divide(a: float, b: float) -> float:
    """IEEE 754 division.

    >>> divide(1.0, 0.0), divide(-1.0, 0.0), divide(0.0, 0.0)
    (inf, -inf, nan)
    """
    if b != 0:
        return a / b
    if a == 0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(base: float, exponent: float) -> float:
    """C99 `pow`: `math.pow`, with the results that C gives where Python raises.

    >>> power(-1.0, 0.5), power(0.0, -1.0), power(-0.0, -3.0), power(-10.0, 999.0)
    (nan, inf, -inf, -inf)
    """
    try:
        return math.pow(base, exponent)
    except OverflowError:
        size = math.inf
    except ValueError:
        if base != 0:
            return math.nan  # a negative base and a fractional exponent
        size = math.inf
    odd = math.fmod(exponent, 2.0) in (1.0, -1.0)
    return math.copysign(size, base) if odd else size


def power_of_number(base: float, exponent: float) -> float:
    """`power` for an exponent that is a plain number: PyTorch takes square roots there, so (-inf)**0.5 is nan."""
    if exponent == 0.5:
        return sqrt(base)
    if exponent == -0.5:
        return divide(1.0, sqrt(base))
    return power(base, exponent)


def exp(x: float) -> float:
    """E to the x, inf on overflow."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """Natural logarithm: -inf at zero, nan below."""
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def sqrt(x: float) -> float:
    """Square root, nan below zero."""
    return math.sqrt(x) if x >= 0 else math.nan


def sigmoid(x: float) -> float:
    """1 / (1 + e^-x), written so that neither tail overflows."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = exp(x)
    return small / (1.0 + small)


def relu(x: float) -> float:
    """X, or 0.0 where x is negative; nan stays nan and -0.0 stays -0.0, as in PyTorch."""
    return 0.0 if x < 0 else x


def sin(x: float) -> float:
    """Sine of x radians, nan at an infinity."""
    return math.sin(x) if math.isfinite(x) else math.nan


def cos(x: float) -> float:
    """Cosine of x radians, nan at an infinity."""
    return math.cos(x) if math.isfinite(x) else math.nan


def sign(x: float) -> float:
    """-1, 0 or 1, as PyTorch's `sgn`: 0 at nan."""
    return float(x > 0) - float(x < 0)


def power_by_base(base: float, exponent: float, raised: Callable[[float, float], float] = power) -> float:
    """∂(base**exponent)/∂base; 0 when the exponent is 0, whatever the base."""
    return 0.0 if exponent == 0 else exponent * raised(base, exponent - 1.0)


def power_by_exponent(out: float, base: float, exponent: float) -> float:
    """∂(base**exponent)/∂exponent; 0 at 0**exponent for exponents of 0 and above."""
    return 0.0 if base == 0 and exponent >= 0 else out * log(base)


_TABLE = (
    Op("add", "+", 2, operator.add, lambda out, x, y: (1.0, 1.0)),
    Op("sub", "-", 2, operator.sub, lambda out, x, y: (1.0, -1.0)),
    Op("mul", "*", 2, operator.mul, lambda out, x, y: (y, x)),
    Op("div", "/", 2, divide, lambda out, x, y: (divide(1.0, y), -divide(out, y))),
    Op("neg", "-", 1, operator.neg, lambda out, x: (-1.0,)),
    Op(
        "power",
        "**{exponent}",
        1,
        power_of_number,
        lambda out, x, exponent: (power_by_base(x, exponent, power_of_number),),
        params=("exponent",),
    ),
    Op("pow", "**", 2, power, lambda out, x, y: (power_by_base(x, y), power_by_exponent(out, x, y))),
    Op("exp", "exp", 1, exp, lambda out, x: (out,)),
    Op("log", "log", 1, log, lambda out, x: (divide(1.0, x),)),
    Op("tanh", "tanh", 1, math.tanh, lambda out, x: (1.0 - out * out,)),
    Op("relu", "relu", 1, relu, lambda out, x: (0.0 if out <= 0 else 1.0,)),
    Op("sigmoid", "sigmoid", 1, sigmoid, lambda out, x: (out * (1.0 - out),)),
    Op("sin", "sin", 1, sin, lambda out, x: (cos(x),)),
    Op("cos", "cos", 1, cos, lambda out, x: (-sin(x),)),
    Op("sqrt", "sqrt", 1, sqrt, lambda out, x: (divide(0.5, out),)),
    Op("abs", "abs", 1, abs, lambda out, x: (sign(x),)),
)

PRIMITIVES: Mapping[str, Op] = {op.name: op for op in _TABLE}
"""Every primitive by name. A new primitive is one more entry of the table, and nothing else."""


def _named(name: str) -> Op:
    return PRIMITIVES[name]
