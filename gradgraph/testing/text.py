"""Text drawing → what it shows: so that anyone can check that a drawing is true to its graph."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wcwidth import iter_graphemes, wcswidth

LEAVES = "○□◇o#%"
OPS = "●*▣&"
TWICE = "◉@"
AGAIN = "↑^"
PASSING = "│|⋮:"
LAST_USE = "╰╯┴'"
USE = LAST_USE + "├┤┼+"
TAKEN = "◂<"
ACROSS = "─-"

_MARK = re.compile(f"[{re.escape(LEAVES + OPS + TWICE + AGAIN)}]")
_STUB = re.compile(rf"([0-9]+|[{ACROSS}])[{TAKEN}]")
_BRANCH = re.compile(
    rf"[{PASSING} ]*((?P<link>[╰├'+])(?P<times>[0-9]+|[{ACROSS}]))?"
    rf"(?P<mark>[{re.escape(LEAVES + OPS + AGAIN)}])((?P<taken>[0-9]+|[{ACROSS}])[{TAKEN}])?([{ACROSS}][▸>])?"
)
_GROUP_ID = re.compile(rf"n([0-9]{{1,18}}) to n[0-9]+(, part [0-9]+ of [0-9]+)?( [{AGAIN}] see above)?$")
_FOLD = re.compile(r": [0-9,]+ values?$")  # the end of a line of several nodes, which no other expression has
_COUNT = re.compile("[0-9]{1,18}")
_ID = re.compile(r"n([0-9]{1,18})(?![0-9])")
_NAME = r"[A-Za-z_][A-Za-z0-9_.']*"
_EXPRESSIONS = (
    re.compile(rf"[^(]*\((?P<call>{_NAME}(?:, {_NAME})*)(?:; .*)?\)", re.DOTALL),
    re.compile(rf"(?P<first>{_NAME}) [^\s(]+ (?P<second>{_NAME})"),
    re.compile(rf"(?P<before>{_NAME})\*\*[^\s(]+"),
    re.compile(rf"[^A-Za-z_\s(]+(?P<after>{_NAME})"),
)
"""The forms of an expression, of which no text fits two: `f(a, b; k=1)`, `a + b`, `a**2`, `-a`."""


class ParsedText(NamedTuple):
    """What a text drawing says, twice: in its rails or its tree, and in its expressions. Entries are nodes' lines.

    `ids` are the nodes. `structure` holds the operands that the rails or the tree show, each as often as it is used,
    and is None for a drawing without. `expressions` holds the operands in order. One that is not shown is None. A line
    of several nodes that are shown as one has the id of one of them, and no operands among the expressions. That of a
    group has the id of the first.
    """

    ids: tuple[int, ...]
    structure: tuple[Counter[int | None], ...] | None
    expressions: tuple[tuple[int | None, ...], ...]


def parse_text(drawing: str) -> ParsedText:
    """Read a text drawing back: its rails or tree alone, and its expressions alone.

    Takes drawings in Unicode or ASCII, made with `width=0`, so that no expression is cut. Raises ValueError, with the
    number of the line, for a text that is no such drawing.

    >>> from gradgraph import Value, render
    >>> a = Value(2.0, label="a")
    >>> parsed = parse_text(str(render(a + a * 3, "text", width=0)))
    >>> parsed.ids, parsed.expressions
    ((0, 1, 2, 3), ((), (), (0, 1), (0, 2)))
    >>> [sorted(operands) for operands in parsed.structure]
    [[], [], [0, 1], [0, 2]]
    """
    heading, *lines = drawing.partition("\n\n")[0].removesuffix("\n").split("\n")
    headings = re.match(r" *(tree *)?(?=id )", heading)
    last = re.search(r"(\(no [a-z, ]*\) )?name = expression", heading)
    if headings is None or last is None:
        raise ValueError("line 1: this is not the heading of a text drawing")
    start = headings.end()
    drawn = [line[:start].rstrip() for line in lines]
    texts = [_from_column(line, len(heading[: last.start()])) for line in lines]
    ids: list[int | None] = []
    groups = set()
    for number, (line, text) in enumerate(zip(lines, texts, strict=True), 2):
        found = _ID.match(line, start)
        is_gap = line[start : start + 1] in PASSING
        if found is None and not is_gap:
            found = _GROUP_ID.search(text)
            groups.add(number - 2)
        if found is None and not is_gap:
            raise ValueError(f"line {number}: a node's id is missing")
        ids.append(int(found[1]) if found else None)
    structure = None
    if start:
        structure = _tree(drawn, ids) if headings[1] else _rails(drawn, ids)
    is_own = [id is not None and not drawn[at].endswith(tuple(AGAIN)) for at, id in enumerate(ids)]
    is_said = [own and at not in groups and not _FOLD.search(texts[at]) for at, own in enumerate(is_own)]
    expressions = _operands_in(texts, ids, is_said)
    return ParsedText(
        tuple([id for id, own in zip(ids, is_own, strict=True) if id is not None and own]),
        None if structure is None else tuple([each for each, own in zip(structure, is_own, strict=True) if own]),
        tuple([each for each, own in zip(expressions, is_own, strict=True) if own]),
    )


def _rails(drawn: Sequence[str], ids: Sequence[int | None]) -> list[Counter[int | None]]:
    """The operands on every line, by following each rail down from its mark to its last use."""
    gap = max([len(count) for count in re.findall("[0-9]+", "\n".join(drawn))], default=1)
    alive: dict[int, int] = {}  # the character a rail stands at → the node on it
    found: list[Counter[int | None]] = []
    for number, (signs, id) in enumerate(zip(drawn, ids, strict=True)):
        operands: Counter[int | None] = Counter()
        found.append(operands)
        if id is None:
            continue
        mark = _MARK.search(signs)
        if mark is None:
            raise ValueError(f"line {number + 2}: there is no mark among the rails")
        at_mark = mark.start()
        for at, operand in list(alive.items()):
            sign = signs[at : at + 1] or " "
            if at == at_mark:
                operands[operand] += 2 if sign in TWICE else 1
                del alive[at]
            elif sign in USE:
                beside = signs[at + 1 : at + 1 + gap] if at < at_mark else signs[at - gap : at]
                operands[operand] += _times(beside.strip(ACROSS), number + 2)
                if sign in LAST_USE:
                    del alive[at]
            elif sign not in PASSING:
                raise ValueError(f"line {number + 2}: the rail of n{operand} breaks off")
        stub = _STUB.search(signs)
        if stub:
            operands[None] += _times(stub[1].strip(ACROSS), number + 2)
        if _goes_on(drawn, number, at_mark):
            alive[at_mark] = id
    return found


def _times(count: str, line: int) -> int:
    """A number as drawings write it, 1 where there is none."""
    if count and not _COUNT.fullmatch(count):
        raise ValueError(f"line {line}: {count!r} is no count")
    return int(count or 1)


def _goes_on(drawn: Sequence[str], number: int, at: int) -> bool:
    """Whether the line below takes up the rail: an op below a value that nobody used never stands on its rail."""
    below = drawn[number + 1][at : at + 1] if number + 1 < len(drawn) else ""
    return below != "" and below in PASSING + USE + OPS + TWICE


def _tree(drawn: Sequence[str], ids: Sequence[int | None]) -> list[Counter[int | None]]:
    """The operands on every line, by the line above whose mark its branch leaves."""
    latest: dict[int, Counter[int | None]] = {}  # the character a mark stands at → the operands of its latest node
    found: list[Counter[int | None]] = []
    for number, (signs, id) in enumerate(zip(drawn, ids, strict=True), 2):
        operands: Counter[int | None] = Counter()
        found.append(operands)
        if id is None:
            continue
        branch = _BRANCH.fullmatch(signs)
        if branch is None:
            raise ValueError(f"line {number}: this is no branch of a tree")
        if branch["link"] is not None:
            if branch.start("link") not in latest:
                raise ValueError(f"line {number}: this branch hangs in the air")
            latest[branch.start("link")][id] += _times(branch["times"].strip(ACROSS), number)
        if branch["taken"]:
            operands[None] += _times(branch["taken"].strip(ACROSS), number)
        latest[branch.start("mark")] = operands
    return found


def _from_column(line: str, column: int) -> str:
    """What of a line stands from this column of the terminal on."""
    if line[:column].isascii():
        return line[column:]
    graphemes = iter_graphemes(line)
    passed = 0
    while passed < column and (grapheme := next(graphemes, None)) is not None:
        passed += max(wcswidth(grapheme), 0)
    return "".join(graphemes)


def _operands_in(
    texts: Sequence[str], ids: Sequence[int | None], is_own: Sequence[bool]
) -> list[tuple[int | None, ...]]:
    """The operands that the expression on every line names, in order."""
    made: list[str | None] = []
    named: dict[str, int] = {}
    for text, id, own in zip(texts, ids, is_own, strict=True):
        label, is_result, made_by = (" " + text).partition(" = ")  # an unnamed result starts with `= `
        made.append(made_by if is_result and own else None)
        if id is not None and own:
            named[label[1:]] = id
    found: list[tuple[int | None, ...]] = []
    for number, expression in enumerate(made, 2):
        if expression is None:
            found.append(())
            continue
        form = next(filter(None, (form.fullmatch(expression) for form in _EXPRESSIONS)), None)
        if form is None:
            raise ValueError(f"line {number}: {expression!r} is no whole expression (draw it with width=0)")
        names = [name for group in form.groups() if group for name in group.split(", ")]
        found.append(tuple([_node_of(name, named) for name in names]))
    return found


def _node_of(name: str, named: Mapping[str, int]) -> int | None:
    """The id that an expression names; None for a label that is not shown."""
    is_id = _ID.fullmatch(name)
    return int(is_id[1]) if is_id else named.get(name)
