"""A renderer for D2, https://d2lang.com, as another distribution would bring it."""

from collections.abc import Iterator

from gradgraph.drawing.renderer import RenderOptions
from gradgraph.graph.model import Node
from gradgraph.graph.views import Fold, View, in_order

DIRECTIONS = {"LR": "right", "TB": "down", "RL": "left", "BT": "up"}


class D2Renderer:
    """A box for each node, with the op that made it, and an arrow for each operand, with its number."""

    name = "d2"
    media_type = "text/x-d2"
    suffixes = (".d2",)

    def availability(self) -> str | None:
        """None: writing text needs no program."""
        return None

    def render(self, view: View, options: RenderOptions) -> str:
        """The D2 text."""
        return "\n".join(lines(view, options)) + "\n"


def lines(view: View, options: RenderOptions) -> Iterator[str]:
    """What is left out, then boxes in order, then arrows; what leads out of the view ends in a box of dots."""
    yield f"direction: {DIRECTIONS[options.direction]}"
    if view.note:
        yield f"note: {quoted(view.note)} {{shape: text}}"
    keys: dict[int, str] = {}
    for number, thing in enumerate(in_order(view)):
        if isinstance(thing, Fold):
            keys |= dict.fromkeys([node.id for node in thing.nodes], f"fold{number}")
            text = f"{view.graph.groups[thing.group].name}: {len(thing.nodes)} nodes"
            yield f"fold{number}: {quoted(text)} {{style.multiple: true}}"
        else:
            keys[thing.id] = f"n{thing.id}"
            yield f"n{thing.id}: {quoted(told(view, thing, options))}"
    for edge in (*view.edges, *view.cut):
        yield f"{keys.get(edge.tail, 'outside')} -> {keys.get(edge.head, 'outside')}: {edge.slot + 1}"
    if view.cut:
        yield "outside: … {shape: text}"


def told(view: View, node: Node, options: RenderOptions) -> str:
    """What stands in a box. A gradient that was not computed is a dash, never 0."""
    made = f" = {view.graph.symbol(node) or node.op}" if node.op else f" ({node.role or 'leaf'})"
    grad = "–" if node.grad is None else f"{node.grad:.{options.precision}g}"
    facts = f" | data {node.data:.{options.precision}g}" + (f" | grad {grad}" if options.grad else "")
    return node.label + made + facts


def quoted(text: str) -> str:
    """A string of D2, in which backslash, quote and dollar are special, with all that cannot be seen escaped."""
    seen = "".join([char if char.isprintable() else ascii(char)[1:-1] for char in text])
    return '"' + seen.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'
