"""What an engine did not keep, found again: plain numbers from the data, ops from local derivatives."""

import math


def dropped_number(primitive: str, data: float, known: float, is_first: bool) -> float | None:
    """Return the number that an engine dropped: `known op number` is `data`, or `number op known` if it `is_first`."""
    try:
        if primitive == "add":
            return rounded(data - known)
        if primitive == "mul":
            return rounded(data / known)
        if primitive == "sub":
            return rounded(data + known if is_first else known - data)
        if primitive == "div":
            return rounded(data * known if is_first else known / data)
        return None if is_first else _exponent(data, known)
    except (ArithmeticError, ValueError, TypeError):
        return None


def _exponent(data: float, base: float) -> float | None:
    """Return the half or whole exponent by which `base` gives `data`; None if data may be a number to that power."""
    if abs(base) in (0.0, 1.0) or not data:
        return None
    exponent = round(2 * math.log(abs(data)) / math.log(abs(base))) / 2
    root = abs(data) ** (1 / base)
    return None if math.isclose(2 * root, round(2 * root), rel_tol=1e-9) else exponent


def rounded(number: float) -> float:
    """Return the number of few digits that this is but for rounding, or itself."""
    short = float(f"{number:.12g}")
    return short if math.isclose(short, number, rel_tol=1e-13) else number


def fitting(local: tuple[float, ...], data: float) -> dict[str, bool]:
    """Return for which primitives the local derivatives and the data fit, whatever the operands are by now."""
    if len(local) == 2:
        left, right = local
        return {
            "add": (left, right) == (1.0, 1.0),
            "sub": (left, right) == (1.0, -1.0),
            "mul": math.isclose(left * right, data, rel_tol=1e-12),
            "div": math.isclose(right, -data * left, rel_tol=1e-12),
        }
    if len(local) != 1 or not 1e-6 < abs(data) < 700:
        return {}
    slopes = {
        "exp": data,
        "log": math.exp(-data),
        "tanh": 1 - data * data,
        "sigmoid": data * (1 - data),
        "sqrt": 0.5 / data,
    }
    return {name: math.isclose(slope, local[0], rel_tol=1e-12) for name, slope in slopes.items()}
