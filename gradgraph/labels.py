"""Numbers, counts and names as text."""

import unicodedata

_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that draw nothing: a name of them would look like no name."""
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def number(value: float | None, precision: int, missing: str = "–") -> str:
    """A number with so many significant digits; `missing` for one that was not computed, never 0.

    >>> number(0.70710678, 4), number(-3.0, 4), number(None, 4), number(float("nan"), 4)
    ('0.7071', '-3', '–', 'nan')
    """
    return missing if value is None else f"{value:.{precision}g}"


def visible(text: str) -> str:
    r"""`text` with every character that draws nothing, moves the text or breaks the line written as an escape.

    These are the Unicode categories Cc, Cf (the bidi controls are among them), Cs, Zl, Zp, letters that are blank, and
    noncharacters, which XML forbids.

    >>> print(visible("a\tb\x1b[31m\u202ec"))
    a\tb\x1b[31m\u202ec
    """
    if text.isprintable() and _BLANK.isdisjoint(text):  # a quick yes for nearly all; it refuses more than we do
        return text
    return "".join([_escape(char) if _is_hidden(char) else char for char in text])


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
