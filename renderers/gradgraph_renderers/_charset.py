"""The characters of the text drawing, in Unicode and in ASCII, and what they mean."""

from collections.abc import Collection
from typing import NamedTuple

from gradgraph.graph import Node


class Charset(NamedTuple):
    """The characters a drawing is made of. The six that show uses are named by which way the line leaves the rail."""

    leaf: str
    parameter: str
    constant: str
    op: str
    twice: str
    rail: str
    across: str
    left_end: str
    right_end: str
    end_between: str
    left_on: str
    right_on: str
    on_between: str
    taken: str
    given: str
    again: str
    gap: str
    missing: str
    ellipsis: str

    def mark(self, node: Node) -> str:
        """What stands for a node: an op, or a leaf by its role."""
        if node.op is not None:
            return self.op
        if node.role == "parameter":
            return self.parameter
        return self.constant if node.role == "constant" else self.leaf


UNICODE = Charset("○", "□", "◇", "●", "◉", "│", "─", "╰", "╯", "┴", "├", "┤", "┼", "◂", "▸", "↑", "⋮", "–", "…")
ASCII = Charset("o", "#", "%", "*", "@", "|", "-", "'", "'", "'", "+", "+", "+", "<", ">", "^", ":", "-", "...")
CHARSETS = {"unicode": UNICODE, "ascii": ASCII}

_COUNTS = "123456789"


def legend(drawn: Collection[str], style: str, chars: Charset) -> list[str]:
    """What the characters in `drawn` mean, those that occur."""
    entries = [
        (chars.leaf, "leaf"),
        (chars.parameter, "parameter"),
        (chars.constant, "constant"),
        (chars.op, "op"),
        (chars.twice, "op that uses the value above twice"),
        (_COUNTS, "times used"),
        (chars.again, "see above"),
        (chars.taken, "operand not shown"),
        (chars.given, "user not shown"),
    ]
    if style == "rails":
        entries[5:5] = [
            (chars.right_end + chars.left_end + chars.end_between, "last use"),
            (chars.left_on + chars.right_on + chars.on_between, "used, and lives on"),
        ]
    return [
        f"{' '.join(present)} {meaning}"
        for signs, meaning in entries
        if (present := [sign for sign in dict.fromkeys(signs) if sign in drawn])
    ]
