"""The tree: outputs first, the operands of each op indented below it, and what came before referred back to."""

import sys
from collections import Counter, deque
from collections.abc import Iterator
from typing import NamedTuple

from gradgraph.plugins import View, counted
from gradgraph_renderers.text.charset import Charset
from gradgraph_renderers.text.lines import Sketch, gap_in
from gradgraph_renderers.text.options import TextOptions


class _Line(NamedTuple):
    """A line: what is drawn, the node's place in the view, and whether it only refers to one above."""

    drawn: str
    place: int
    again: bool


class _Branches(NamedTuple):
    """The nodes that hang from one, each with its count, and the rails that lead past them to what comes below."""

    nodes: Iterator[tuple[int, int]]
    last: int
    before: str


def sketch_tree(view: View, options: TextOptions, chars: Charset) -> Sketch:
    """Return a line for each node below the outputs, and for each time it comes again, as many as the options allow."""
    most = options.max_rows or sys.maxsize
    first = most - most // 2
    lines: list[_Line] = []
    last: deque[_Line] = deque(maxlen=most // 2)
    shown: set[int] = set()
    hidden = 0
    for line in _grow(view, options.depth, chars):
        shown.add(line.place)
        hidden += len(last) == last.maxlen and len(lines) == first
        (lines if len(lines) < first else last).append(line)
    too_deep = len(view.nodes) - len(shown)
    notes: tuple[str, ...] = ("gradients flow down the branches and add up over all uses",) if options.grad else ()
    if too_deep:
        notes += (f"{counted(too_deep, 'node')} below level {options.depth} not shown",)
    gap = gap_in(first, chars.gap, counted(hidden, "line"), chars) if hidden else None
    lines += last
    again = frozenset([number for number, line in enumerate(lines) if line.again])
    return Sketch(view, [line.drawn for line in lines], [line.place for line in lines], again, gap, notes)


def _grow(view: View, depth: int, chars: Charset) -> Iterator[_Line]:
    """Every line in the order of reading.

    The roots are the outputs, then every other node that nothing shown uses. A value that stands above, operands and
    all, is only referred to. One whose operands are too deep shows how many are missing, and is drawn whole if it
    comes again higher up.
    """
    places = {node.id: place for place, node in enumerate(view.nodes)}
    given = {edge.tail for edge in view.cut}
    grown: set[int] = set()
    met: set[int] = set()
    path = [_Branches(iter([(root, 1) for root in _roots(view, places)]), -1, "")]
    while path:
        branches = path[-1]
        id, count = next(branches.nodes, (None, 0))
        if id is None:
            path.pop()
            continue
        before = below = ""
        if len(path) > 1:
            is_last = id == branches.last
            link = str(count) if count > 1 else chars.across
            before = branches.before + (chars.left_end if is_last else chars.left_on) + link
            below = branches.before + (" " if is_last else chars.rail) + " " * len(link)
        if id in grown or (id in met and len(path) > depth):
            yield _Line(before + chars.again, places[id], True)
            continue
        met.add(id)
        node = view.nodes[places[id]]
        times = Counter(operand for operand in node.operands if operand in places)
        too_deep = bool(times) and len(path) > depth
        missing = len(node.operands) - (0 if too_deep else times.total())
        stubs = (_stub(missing, chars.taken, chars) if missing else "") + (
            _stub(1, chars.given, chars) if id in given else ""
        )
        yield _Line(before + chars.mark(node) + stubs, places[id], False)
        if not too_deep:
            grown.add(id)
            if times:
                path.append(_Branches(iter(times.items()), next(reversed(times)), below))


def _roots(view: View, places: dict[int, int]) -> list[int]:
    used = {edge.tail for edge in view.edges}
    outputs = [output for output in view.graph.outputs if output in places]
    others = [id for id in reversed(places) if id not in used]
    return [*dict.fromkeys([*outputs, *others])]


def _stub(count: int, sign: str, chars: Charset) -> str:
    return (str(count) if count > 1 else chars.across) + sign
