"""The characters of the text drawing, in Unicode and in ASCII, and what they mean."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from gradgraph.plugins import Node


class Charset(NamedTuple):
    """The characters a drawing is made of. The six that show uses are named by which way the line leaves the rail."""

    leaf: str
    parameter: str
    constant: str
    op: str
    folded: str
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
        """What stands for a node: an op, a leaf by its role, or the row of a fold."""
        if node.id < 0:
            return self.folded
        if node.op is not None:
            return self.op
        if node.role == "parameter":
            return self.parameter
        return self.constant if node.role == "constant" else self.leaf


UNICODE = Charset("○", "□", "◇", "●", "▣", "◉", "│", "─", "╰", "╯", "┴", "├", "┤", "┼", "◂", "▸", "↑", "⋮", "–", "…")
ASCII = Charset("o", "#", "%", "*", "&", "@", "|", "-", "'", "'", "'", "+", "+", "+", "<", ">", "^", ":", "-", "...")
CHARSETS = {"unicode": UNICODE, "ascii": ASCII}

_MOST_COUNTS = 3


def legend(drawn: Iterable[str], style: str, leaf: str, chars: Charset) -> list[str]:
    """What the characters `drawn` beside the facts mean, those that occur. `leaf` says what plain leaves are."""
    every = "\n".join(set(drawn))
    stub = re.escape(chars.taken)
    crossing = chars.across + chars.rail + chars.across
    rails = style == "rails"
    entries: list[tuple[Iterable[str], str]] = [
        (chars.leaf, leaf),
        (chars.parameter, "parameter"),
        (chars.constant, "constant"),
        (chars.op, "op, using any value right above" if rails else "op"),
        (chars.folded, "nodes folded into one row"),
        (chars.twice, "op using the value above twice"),
    ]
    if rails:
        entries += [
            (
                chars.right_end + chars.left_end + chars.end_between,
                "last use shown" if chars.given in every else "last use",
            ),
            (chars.left_on + chars.right_on + chars.on_between, "used, and lives on"),
            ([crossing], "crossed, not used"),
        ]
    entries += [
        (_some(re.findall(rf"[0-9]+(?![0-9]|{stub})", every)), "times used"),
        (chars.again, "see above"),
        ([chars.taken] if re.search(f"[^0-9]{stub}", every) else [], "operand not shown"),
        (_some(re.findall(f"[0-9]+{stub}", every)), "operands not shown"),
        (chars.given, "users not shown"),
    ]
    present = [([sign for sign in dict.fromkeys(signs) if sign in every], meaning) for signs, meaning in entries]
    return [f"{' '.join(signs)} {meaning}" for signs, meaning in present if signs]


def _some(counts: Iterable[str]) -> list[str]:
    """The smallest few of them, each once."""
    return sorted(set(counts), key=lambda count: (len(count), count))[:_MOST_COUNTS]
