"""The lexemes of the DOT language, as Graphviz reads them (its `lib/cgraph/scan.l`)."""

import re
from collections.abc import Iterator

from gradgraph.document.rules import Broken

NAME, NUMBER, STRING, HTML, MARK, END = "name", "number", "string", "html", "mark", "end"
KINDS = (NAME, NUMBER, STRING, HTML, MARK, END)
"""The kinds of lexemes. White space and comments are none."""

# Alternatives in the order of KINDS, then a comment, then what is no lexeme: so there is a match at every place, and
# no search ever skips. The quantifiers are possessive: nothing is read twice.
_LEXEME = re.compile(
    rb"""[ \t\r\n]*+ (?:
        ([A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*+)
      | (-?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++))
      | ("[^"\\]*+(?:\\.[^"\\]*+)*+")
      | (<)
      | (->|--|[\[\]{}=;,:+])
      | (\Z)
      | (//[^\n]*+|\#[^\n]*+|/\*[^*]*+\*++(?:[^/*][^*]*+\*++)*+/)
      | (.)
    )""",
    re.DOTALL | re.VERBOSE,
)
_COMMENT = len(KINDS) + 1
_ANGLE = re.compile(rb"[<>]")
_ESCAPE = re.compile(rb'\\(?:(["\n])|.)', re.DOTALL)

Lexeme = tuple[str, bytes, int]
"""Kind, text and place of a lexeme. A plain tuple: a file has millions."""


class NotDot(Exception):
    """Why a text cannot be read as DOT. `broken.offset` counts bytes."""

    def __init__(self, sentence: str, offset: int, remedy: str | None = None) -> None:
        super().__init__(sentence)
        self.broken = Broken((), sentence, remedy, offset)


def lexemes(data: bytes, start: int = 0) -> Iterator[Lexeme]:
    """Yield the lexemes from byte `start` on, the end last. Raises NotDot for what is none.

    >>> [text for _, text, _ in lexemes(b'n0 -> "a b"; // so')]
    [b'n0', b'->', b'"a b"', b';', b'']
    """
    at = start
    while True:
        for found in _LEXEME.finditer(data, at):
            group = found.lastindex or 0
            at = found.start(group)
            if group == 4:
                end = _html_end(data, at)
                yield HTML, data[at:end], at
                at = end
                break
            if group < _COMMENT:
                yield KINDS[group - 1], found[group], at
                if group == len(KINDS):
                    return
            elif group > _COMMENT:
                raise _no_lexeme(data, at)


def spelled_at(data: bytes, at: int) -> bytes:
    r"""Return the ID at byte `at` in one piece, as it is spelled: strings joined by `+` are one string.

    >>> spelled_at(b'x = "a\\"" + "b";', 4)
    b'"a\\"b"'
    """
    parts = []
    is_next = True
    for kind, text, _ in lexemes(data, at):
        if not is_next:
            if text != b"+" or kind != MARK:
                break
        elif kind != STRING:
            return text
        else:
            parts.append(text[1:-1])
        is_next = not is_next
    return b'"' + b"".join(parts) + b'"'


def meaning(spelled: bytes) -> bytes:
    r"""Return what an ID stands for in Graphviz. In a string `\"` is a quote, and `\` at its end continues a line.

    Other backslashes stay as they are, in pairs too: it is the attribute that gives them a meaning.

    >>> meaning(rb'"say \"hi\" \\N"')
    b'say "hi" \\\\N'
    """
    if spelled[:1] != b'"':
        return spelled
    inside = spelled[1:-1]
    return _ESCAPE.sub(_unescaped, inside) if b"\\" in inside else inside


def _unescaped(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] is None else found[1].strip(b"\n")


def _html_end(data: bytes, start: int) -> int:
    depth = 0
    for angle in _ANGLE.finditer(data, start):
        depth += 1 if angle[0] == b"<" else -1
        if depth == 0:
            return angle.end()
    raise NotDot("an HTML string is not closed", start, "it ends with the > that closes its first <")


def _no_lexeme(data: bytes, at: int) -> NotDot:
    if data[at : at + 1] == b'"':
        return NotDot("a string is not closed", at, 'it ends with "')
    if data[at : at + 2] == b"/*":
        return NotDot("a comment is not closed", at, "it ends with */")
    char = data[at : at + 4].decode("utf-8", "ignore")[:1]
    return NotDot(f"the character {char!r} is not DOT here", at, "quote it")
