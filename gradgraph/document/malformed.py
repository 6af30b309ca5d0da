"""Why bytes are no JSON text."""

import re
from collections.abc import Iterator

import msgspec

from gradgraph.document.locating import too_deep
from gradgraph.document.rules import Broken
from gradgraph.limits import Limits, how_to_raise

_LITERAL = re.compile(rb"-?\b(NaN|Infinity)\b")
_HALF_PAIR = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)

_WORDS_OF_HALF_PAIRS = ("surrogate", "hex escape", "truncated")
"""msgspec says one of these of half a pair; the last also of other texts."""


def text_flaw(data: bytes) -> Broken | None:
    """Return why `data` is no text at all, JSON or YAML: empty, not UTF-8, or with a byte order mark."""
    if not data or data.isspace():
        return Broken((), "the document is empty", offset=0)
    if data.startswith(b"\xef\xbb\xbf"):
        return Broken((), "the document starts with a byte order mark", "save it as UTF-8 without one", 0)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return Broken((), f"byte 0x{data[error.start]:02x} is not UTF-8", "save the document as UTF-8", error.start)
    return None


def nesting(data: bytes, max_depth: int) -> Iterator[Broken]:
    """Yield the first bracket of a JSON text that is nested too deep, if one is."""
    offset = too_deep(data, max_depth)
    if offset is not None:
        yield Broken((), f"nested deeper than max_depth = {max_depth}", how_to_raise("max_depth"), offset)


def json_flaw(data: bytes, limits: Limits) -> Broken:
    """Return why `data`, which is a text, is no JSON text."""
    for deep in nesting(data, limits.max_depth):
        return deep
    message = _complaint(data)
    half = _HALF_PAIR.search(data) if any(word in message for word in _WORDS_OF_HALF_PAIRS) else None
    if half:
        return Broken((), f"{half[0].decode()} is half of a surrogate pair", offset=half.start())
    at = re.search(r"\(byte (\d+)\)", message)
    if not at:
        return Broken((), "the document ends too soon", offset=len(data.rstrip()))
    offset = int(at[1]) - ("trailing" in message)  # msgspec counts from behind the first character that trails
    for literal in _LITERAL.finditer(data, max(0, offset - 9), offset + 9):
        if literal.start() <= offset <= literal.end():
            spelled = literal[0].decode()
            return Broken((), f"{spelled} is not JSON", f'write it as a string: "{spelled}"', literal.start())
    reason = message.removeprefix("JSON is malformed: ").partition(" (byte")[0]
    return Broken((), f"malformed JSON: {reason}", offset=offset)


def _complaint(data: bytes) -> str:
    """Return what msgspec says of it; the first try keeps nothing of what it reads."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
        msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        return str(error)
    return "the document is not JSON (byte 0)"
