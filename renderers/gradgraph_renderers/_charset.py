"""The characters of the text drawing, in Unicode and in ASCII, and what they mean."""

import re
from collections.abc import Iterable
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

_MOST_COUNTS = 3


def legend(drawn: Iterable[str], style: str, chars: Charset) -> list[str]:
    """What the characters that are `drawn` beside the facts mean, those that occur."""
    every = "\n".join(set(drawn))
    stub = re.escape(chars.taken)
    entries: list[tuple[Iterable[str], str]] = [
        (chars.leaf, "leaf"),
        (chars.parameter, "parameter"),
        (chars.constant, "constant"),
        (chars.op, "op"),
        (chars.twice, "op that uses the value above twice"),
        (_some(re.findall(rf"[0-9]+(?![0-9]|{stub})", every)), "times used"),
        (chars.again, "see above"),
        ([chars.taken] if re.search(f"[^0-9]{stub}", every) else [], "operand not shown"),
        (_some(re.findall(f"[0-9]+{stub}", every)), "operands not shown"),
        (chars.given, "user not shown"),
    ]
    if style == "rails":
        entries[5:5] = [
            (chars.right_end + chars.left_end + chars.end_between, "last use"),
            (chars.left_on + chars.right_on + chars.on_between, "used, and lives on"),
        ]
    present = [([sign for sign in dict.fromkeys(signs) if sign in every], meaning) for signs, meaning in entries]
    return [f"{' '.join(signs)} {meaning}" for signs, meaning in present if signs]


def _some(counts: Iterable[str]) -> list[str]:
    """The smallest few of them, each once."""
    return sorted(set(counts), key=lambda count: (len(count), count))[:_MOST_COUNTS]
