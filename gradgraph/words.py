"""Numbers, counts and names as text."""

import unicodedata

from gradgraph.joiners import JOINERS, seen_joiners

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that draw nothing: a name of them would look like no name."""
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def number(value: float | None, precision: int, missing: str = "–") -> str:
    """A number with so many significant digits; `missing` for one that was not computed, never 0.

    Zero has no sign: a reader would look for a reason.

    >>> number(0.70710678, 4), number(-0.0, 4), number(None, 4), number(float("nan"), 4)
    ('0.7071', '0', '–', 'nan')
    """
    return missing if value is None else f"{value:z.{precision}g}"


def visible(text: str) -> str:
    r"""`text` with every character that draws nothing, moves the text or breaks the line written as an escape.

    These are the Unicode categories Cc, Cf (the bidi controls are among them), Cs, Zl, Zp, letters that are blank, and
    noncharacters, which XML forbids. Joiners that change what is seen stay as they are.

    >>> print(visible("a\tb\x1b[31m\u202ec"))
    a\tb\x1b[31m\u202ec
    >>> visible("👩\u200d🚀") == "👩\u200d🚀"
    True
    """
    if text.isprintable() and _BLANK.isdisjoint(text):  # a quick yes for nearly all; it refuses more than we do
        return text
    seen = {*seen_joiners(text)} if any(joiner in text for joiner in JOINERS) else ()
    return "".join([_escape(char) if _is_hidden(char) and at not in seen else char for at, char in enumerate(text)])


def _is_hidden(char: str) -> bool:
    code = ord(char)
    return (
        char in _BLANK or unicodedata.category(char) in _HIDDEN or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    )


def _escape(char: str) -> str:
    code = ord(char)
    if char in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """So many things in words.

    >>> counted(1, "leaf", "leaves"), counted(2000, "leaf", "leaves"), counted(2, "node")
    ('1 leaf', '2,000 leaves', '2 nodes')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
