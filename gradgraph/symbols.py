"""What stands on an op's circle: its declared symbol with the params it names filled in."""

import re
from collections.abc import Mapping
from typing import Any

MOST = 60
"""Characters of a symbol; the rest is cut. Every node shows its own, so a document could make them add up."""

_NAME = re.compile(r"\{([^{}]*)\}")


def symbol_text(symbol: str, params: Mapping[str, Any]) -> str:
    """`symbol` with `{name}` replaced by the param of that name, once, floats to six digits.

    >>> symbol_text("**{exponent}", {"exponent": 2.0}), symbol_text("{unknown}", {"exponent": 2.0})
    ('**2', '{unknown}')
    """
    filled = _NAME.sub(lambda found: _spell(params[found[1]]) if found[1] in params else found[0], symbol[: MOST * 4])
    return filled if len(filled) <= MOST else filled[: MOST - 1] + "…"


def _spell(param: Any) -> str:
    return f"{param:.6g}" if isinstance(param, float) else str(param)[:MOST]
