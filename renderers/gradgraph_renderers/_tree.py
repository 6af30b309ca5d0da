"""The tree: outputs first, the operands of each op indented below it, and what came before referred back to."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gradgraph.graph import Node
from gradgraph.labels import counted
from gradgraph.protocol import RenderOptions
from gradgraph.views import View
from gradgraph_renderers._charset import Charset
from gradgraph_renderers._sketch import Sketch, gap_in


class _Place(NamedTuple):
    """Where a node comes in: the level, what is drawn before its mark, and what before those of its operands."""

    node: Node
    level: int
    before: str
    below: str


def sketch_tree(view: View, options: RenderOptions, chars: Charset) -> Sketch:
    """A line for each node below the outputs, and for each time it comes again, as many as the options allow."""
    lines = [*_grow(view, options.depth, chars)]
    too_deep = len(view.nodes) - len({place for _, place, _ in lines})
    notes: tuple[str, ...] = ("gradients flow down the branches and add up over all uses",) if options.grad else ()
    if too_deep:
        notes += (f"{counted(too_deep, 'node')} below level {options.depth} not shown",)
    most = options.max_rows or len(lines)
    hidden = max(0, len(lines) - most)
    gap = None
    if hidden:
        first = most - most // 2
        gap = gap_in(first, chars.gap, counted(hidden, "line"), chars)
        lines = lines[:first] + lines[first + hidden :]
    again = frozenset([number for number, (_, _, again) in enumerate(lines) if again])
    return Sketch(view, [drawn for drawn, _, _ in lines], [place for _, place, _ in lines], again, gap, notes)


def _grow(view: View, depth: int, chars: Charset) -> Iterator[tuple[str, int, bool]]:
    """Every line in the order of reading: what is drawn, the node's place, and whether it only refers to one above.

    The roots are the outputs, then every other node that nothing shown uses. A value that stands above, operands and
    all, is only referred to. One whose operands are too deep shows how many are missing, and is drawn whole if it
    comes again higher up.
    """
    places = {node.id: place for place, node in enumerate(view.nodes)}
    nodes = {node.id: node for node in view.nodes}
    given = {edge.tail for edge in view.cut}
    grown: set[int] = set()
    met: set[int] = set()
    waiting = [_Place(root, 0, "", "") for root in reversed(_roots(view, nodes))]
    while waiting:
        place = waiting.pop()
        node = place.node
        times = Counter(operand for operand in node.operands if operand in nodes)
        too_deep = bool(times) and place.level == depth
        if node.id in grown or (too_deep and node.id in met):
            yield place.before + chars.again, places[node.id], True
            continue
        met.add(node.id)
        if too_deep:
            times.clear()
        else:
            grown.add(node.id)
        missing = len(node.operands) - times.total()
        stubs = (_stub(missing, chars.taken, chars) if missing else "") + (
            _stub(1, chars.given, chars) if node.id in given else ""
        )
        yield place.before + chars.mark(node) + stubs, places[node.id], False
        operands = [*times.items()]
        for index in range(len(operands) - 1, -1, -1):
            operand, count = operands[index]
            is_last = index == len(operands) - 1
            link = str(count) if count > 1 else chars.across
            waiting.append(
                _Place(
                    nodes[operand],
                    place.level + 1,
                    place.below + (chars.left_end if is_last else chars.left_on) + link,
                    place.below + (" " if is_last else chars.rail) + " " * len(link),
                )
            )


def _roots(view: View, nodes: dict[int, Node]) -> list[Node]:
    used = {edge.tail for edge in view.edges}
    outputs = [output for output in view.graph.outputs if output in nodes]
    others = [id for id in reversed(nodes) if id not in used]
    return [nodes[id] for id in dict.fromkeys([*outputs, *others])]


def _stub(count: int, sign: str, chars: Charset) -> str:
    return (str(count) if count > 1 else chars.across) + sign
