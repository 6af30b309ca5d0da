"""Numbers, counts, names and symbols as text for people."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

MOST_SYMBOL = 60
"""Characters of a symbol; the rest is cut. Every node shows its own, so a document could make them add up."""

_NAME = re.compile(r"\{([^{}]*)\}")


def number(value: float | None, precision: int, missing: str = "–") -> str:
    """Return a number with so many significant digits; `missing` for one that was not computed, never 0.

    Zero has no sign: a reader would look for a reason.

    >>> number(0.70710678, 4), number(-0.0, 4), number(None, 4), number(float("nan"), 4)
    ('0.7071', '0', '–', 'nan')
    """
    return missing if value is None else f"{value:z.{precision}g}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return a count of things in words.

    >>> counted(1, "leaf", "leaves"), counted(2000, "leaf", "leaves"), counted(2, "node")
    ('1 leaf', '2,000 leaves', '2 nodes')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def shortened(text: str, most: int) -> str:
    """Return a text of at most `most` characters; the last is an ellipsis if some were cut.

    >>> shortened("weights", 7), shortened("weights", 4)
    ('weights', 'wei…')
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(names: Iterable[str], most: int = 12) -> str:
    """Return some names in a sentence: the first `most`, and how many more there are.

    >>> listed(["a", "b", "c"]), listed("abcd", most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    every = list(names)
    shown = every if len(every) <= most else [*every[:most], f"{len(every) - most} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the known names that are much like another, to go on with in a message; "" if none is.

    >>> did_you_mean("precison", ["precision", "radius"]), did_you_mean("x", ["precision"])
    ('; did you mean precision?', '')
    """
    near = difflib.get_close_matches(name[:100], list(known), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def symbol_text(symbol: str, params: Mapping[str, Any]) -> str:
    """`symbol` with `{name}` replaced by the param of that name, once, floats to six digits.

    >>> symbol_text("**{exponent}", {"exponent": 2.0}), symbol_text("{unknown}", {"exponent": 2.0})
    ('**2', '{unknown}')
    """
    filled = _NAME.sub(
        lambda found: _spell(params[found[1]]) if found[1] in params else found[0], symbol[: MOST_SYMBOL * 4]
    )
    return shortened(filled, MOST_SYMBOL)


def _spell(param: Any) -> str:
    return f"{param:.6g}" if isinstance(param, float) else str(param)[:MOST_SYMBOL]
