"""Functions of floats with the results of IEEE 754, as PyTorch's float64 has them: nothing raises."""

import math


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
