"""Text as strings of the DOT language, https://graphviz.org/doc/info/lang.html."""

import re
from collections.abc import Iterable

from gradgraph.plugins import remember_short

_WHOLE = 4_000
_PARTS = re.compile(r"(?:\\.|[^\\]){1,4000}", re.DOTALL)  # Graphviz reads no string of 16,384 bytes or more
_LOSABLE_SPACE = re.compile("^ | $| (?= )|(?<= ) ")


@remember_short
def quote(text: str) -> str:
    r"""`text` as a label that stands for itself.

    In a label, Graphviz reads backslashes as escapes (https://graphviz.org/docs/attr-types/escString/) and `&…;` as
    HTML entities, so both are escaped, and `\N`, `\l` or `&lt;` are drawn as written.

    >>> print(quote('say "hi"'), quote(r"a\N"), quote("&lt;"))
    "say \"hi\"" "a\\N" "&amp;lt;"
    """
    return _joined(_escaped(text))


def quote_record(fields: Iterable[str], turned: bool = False) -> str:
    """The label of a record box, https://graphviz.org/doc/info/shapes.html#record, of fields made by `field`.

    `turned` sets them side by side where Graphviz would stack them, in ranks from left to right.

    >>> print(quote_record(["a", field("data 2")], turned=True))
    "{a|data 2}"
    """
    record = "|".join(fields)
    return _joined(f"{{{record}}}" if turned else record)


def field(text: str) -> str:
    r"""`text` as a field of a record.

    Graphviz drops spaces at the ends of a field and all but one in a row, so those are written as entities.

    >>> print(field("a|b <x>"), field("  two  "))
    a\|b \<x\> &#32;&#32;two&#32;&#32;
    """
    escaped = _escaped(text)
    for mark in "{}|<>":
        escaped = escaped.replace(mark, "\\" + mark)
    return _LOSABLE_SPACE.sub("&#32;", escaped)


def quote_plain(text: str) -> str:
    r"""`text` as an attribute that Graphviz has no meaning for, and so reads no escapes in.

    >>> print(quote_plain('{"a": "&"}'))
    "{\"a\": \"&\"}"
    """
    return _joined(text.replace("\\", "\\\\").replace('"', '\\"'))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _joined(escaped: str) -> str:
    """Escaped text in quotes: in several, joined by `+`, where it is longer than Graphviz reads one."""
    if len(escaped) < _WHOLE:
        return f'"{escaped}"'
    return " + ".join([f'"{part}"' for part in _PARTS.findall(escaped)])
