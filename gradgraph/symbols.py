"""What stands on an op's circle: its declared symbol with the params it names filled in."""

from collections.abc import Mapping
from typing import Any


def symbol_text(symbol: str, params: Mapping[str, Any]) -> str:
    """`symbol` with `{name}` replaced by the param of that name, whole floats without their `.0`.

    >>> symbol_text("**{exponent}", {"exponent": 2.0}), symbol_text("{unknown}", {"exponent": 2.0})
    ('**2', '{unknown}')
    """
    if "{" not in symbol:
        return symbol
    for name, param in params.items():
        symbol = symbol.replace("{" + name + "}", str(param).removesuffix(".0"))
    return symbol
