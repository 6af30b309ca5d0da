"""What every renderer promises, as a check that the author of one can run on it."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from gradgraph.document.files import dumps
from gradgraph.drawing.guests import flaws
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.renderer import Renderer
from gradgraph.drawing.written_in import written_in
from gradgraph.errors import TooLarge, ToolError
from gradgraph.graph.folding import fold
from gradgraph.graph.model import Graph, Group, Node, OpDeclaration
from gradgraph.graph.views import View, everything, focus
from gradgraph.limits import Limits
from gradgraph.option_records import fields_of
from gradgraph.testing.layouts import TIGHT

Drawn = tuple[set[int], Counter[tuple[int, int]]]
"""What a reader finds in a drawing: the ids of its nodes, and how often each operand edge (tail, head) stands in it."""

HOSTILE_LABELS = (
    "",
    " ",
    "  two  spaces  ",
    'say "hi"',
    "it's",
    "back\\slash",
    "trailing\\",
    "\\N\\G\\l\\textbf{x}",
    "a|b",
    "{a}",
    "<f0>",
    "<b>&lt;&amp;</b>",
    "</style><script>alert(1)</script>",
    "%x$y#z^_~",
    "new\nline",
    "tab\tand\rreturn",
    "nul\0",
    "\x1b[31mred",
    "\u202eback to front",
    "zero\u200bwidth",
    "\u2028separator",
    "權重",
    "e\u0301",
    "👩\u200d👧",
    "end",
    "n7",
    "fa:fa-car",
    "`code`",
    "]]>",
    "<!--",
    "x = a * b",
)


def check_renderer(renderer: Renderer[Any], read: Callable[[str | bytes], Drawn] | None = None) -> None:
    """Check that a renderer keeps every promise of the protocol. Raises AssertionError that lists those it breaks.

    It says what it is, and has a record of options that extends DrawingOptions: each of its own has a default, and no
    other is taken. It draws the same view twice in the same way, and leaves it as it is. It shows every node, every
    operand edge as often as it occurs, their order, and numbers that are not finite. It draws any label, different
    labels differently, and parts of graphs. It honours `precision` and `grad`, and draws with each choice of an option
    of its own. Under tight limits it draws, or raises ToolError or TooLarge. Without `read` a change of each fact has
    to change the drawing. `read` gives the nodes and operand edges that a drawing shows: they are those of the graph,
    or all but those of constants that `build_scene` writes into the op that uses them.

    >>> from gradgraph.drawing.registry import find_renderer
    >>> check_renderer(find_renderer("text"))
    """
    broken = [*dict.fromkeys(_broken_promises(renderer, read))]
    if broken:
        name = getattr(renderer, "name", type(renderer).__name__)
        raise AssertionError("\n".join([f"the renderer {name!r} breaks {len(broken)} promises:", *broken]))


def _broken_promises(renderer: Renderer[Any], read: Callable[[str | bytes], Drawn] | None) -> Iterator[str]:
    unfit = [*flaws(renderer)]
    yield from unfit
    if unfit:
        return
    yield from _works(renderer)

    def draw(what: Graph | View, **options: Any) -> str | bytes | None:
        """The drawing, None if it cannot be had; that is reported where it matters."""
        try:
            return renderer.render(_view(what), renderer.Options(**options), Limits())
        except Exception:  # whatever anyone's code raises the check that asked reports
            return None

    for name, what in _samples().items():
        yield from _sound(renderer, name, what, read)
    yield from _told(draw)
    yield from _chosen(renderer)
    for label in HOSTILE_LABELS:
        try:
            renderer.render(_view(_leaf(label=label)), renderer.Options(), Limits())
        except Exception as error:
            yield f"the label {label!r} cannot be drawn: {error!r}"
    drawings = [draw(_leaf(label=label)) for label in HOSTILE_LABELS]
    if isinstance(drawings[0], str):
        first = {drawing: label for label, drawing in zip(HOSTILE_LABELS, drawings, strict=True)}
        for label, drawing in zip(HOSTILE_LABELS, drawings, strict=True):
            if drawing is not None and first[drawing] != label:
                yield f"the labels {label!r} and {first[drawing]!r} are drawn alike"


def _works(renderer: Renderer[Any]) -> Iterator[str]:
    try:
        reason = renderer.availability()
    except Exception as error:  # whatever anyone's code raises is told
        yield f"availability() raised {error!r}"
    else:
        if reason is not None:
            yield f"it cannot work here: {reason}"


def _chosen(renderer: Renderer[Any]) -> Iterator[str]:
    """Whether it draws with each choice of its own options, and under tight limits draws or says that it cannot."""
    view = everything(_graph())
    cases: dict[str, tuple[DrawingOptions, Limits]] = {}
    for field in fields_of(renderer.Options):
        if field.name not in DrawingOptions.__struct_fields__:
            for value in (True, False) if isinstance(field.takes, msgspec.inspect.BoolType) else field.choices:
                cases[f"{field.name}={value!r}"] = renderer.Options(**{field.name: value}), Limits()
    for limit, bound in TIGHT.items():
        cases[f"{limit}={bound}"] = renderer.Options(), Limits(**{limit: bound})
    for name, (options, limits) in cases.items():
        try:
            drawn = renderer.render(view, options, limits)
        except (ToolError, TooLarge) as error:
            if limits == Limits():
                yield f"with {name}: refused ({error})"
        except Exception as error:
            yield f"with {name}: raised {error!r}"
        else:
            if not isinstance(drawn, (str, bytes)) or not drawn:
                yield f"with {name}: drawn as {drawn!r}, not as text or bytes"


def _sound(
    renderer: Renderer[Any], name: str, what: Graph | View, read: Callable[[str | bytes], Drawn] | None
) -> Iterator[str]:
    """Whether one thing is drawn, twice alike, left as it is, and with all its nodes and edges."""
    view = _view(what)
    before = dumps(view.graph)
    try:
        once, again = (renderer.render(view, renderer.Options(), Limits()) for _ in range(2))
    except (ToolError, TooLarge) as error:
        yield f"{name}: refused ({error})"
        return
    except Exception as error:
        yield f"{name}: raised {error!r}"
        return
    if not isinstance(once, (str, bytes)) or not once:
        yield f"{name}: drawn as {once!r}, not as text or bytes"
        return
    if once != again:
        yield f"{name}: drawn differently the second time"
    if dumps(view.graph) != before:
        yield f"{name}: changed by drawing it"
    if read is not None and not view.folds and not view.cut:
        nodes, edges = read(once)
        constants = written_in(view, renderer.Options())
        written = {node.id for slots in constants.values() for node in slots.values()} - nodes
        if nodes != {node.id for node in view.nodes} - written:
            yield f"{name}: shows the nodes {sorted(nodes)}, and there are {[node.id for node in view.nodes]}"
        expected = Counter([(edge.tail, edge.head) for edge in view.edges if edge.tail not in written])
        if edges != expected:
            yield f"{name}: shows the edges {sorted(edges.elements())}, and there are {sorted(expected.elements())}"


def _told(draw: Callable[..., str | bytes | None]) -> Iterator[str]:
    """Whether a change of one fact changes the drawing."""
    graph = _graph()
    plain = draw(graph)
    for node in graph:
        if draw(_with(graph, node.id, data=node.data + 1000.0)) == plain:
            yield f"the data of n{node.id} is not shown"
        if draw(_with(graph, node.id, grad=77.0)) == plain:
            yield f"the gradient of n{node.id} is not shown"
        for slot, operand in enumerate(node.operands):
            others = (*node.operands[:slot], (operand + 1) % node.id, *node.operands[slot + 1 :])
            if draw(_with(graph, node.id, operands=others)) == plain:
                yield f"that operand {slot} of n{node.id} is n{operand} is not shown"
    if draw(_with(graph, 4, operands=(3, 2))) == plain:
        yield "the order of operands is not shown where it matters"
    if draw(_with(graph, 5, operands=(0, 0))) == plain:
        yield "it is not shown how often an operand is used"
    for name, value in {"precision": 3, "grad": False}.items():
        if draw(graph, **{name: value}) == plain:
            yield f"the option {name} changes nothing"
    if draw(_leaf(grad=None)) == draw(_leaf(grad=0.0)):
        yield "a gradient that was not computed is shown as 0"
    for number in (float("nan"), float("inf"), float("-inf")):
        if draw(_leaf(data=number)) in (None, draw(_leaf(data=1.0))):
            yield f"the number {number} is not shown"
    near = focus(graph, 2)
    if draw(near) == draw(msgspec.structs.replace(near, cut=(), note="")):
        yield "edges that lead out of the view are not shown"


def _view(what: Graph | View) -> View:
    return what if isinstance(what, View) else everything(what)


def _leaf(**facts: Any) -> Graph:
    return Graph((Node(**{"id": 0, "data": 1.0, "grad": None, **facts}),), (0,))


def _with(graph: Graph, node_id: int, **facts: Any) -> Graph:
    """The graph with some facts of one node changed."""
    changed = msgspec.structs.replace(graph.nodes[node_id], **facts)
    return msgspec.structs.replace(graph, nodes=(*graph.nodes[:node_id], changed, *graph.nodes[node_id + 1 :]))


def _graph() -> Graph:
    """A leaf of each role, ops of one, two and three operands, repeats, nested groups, and two outputs."""
    nodes = (
        Node(0, 1.23456, 0.5, "x", role="input", group=0),
        Node(1, 2.0, -1.5, "w", role="parameter", group=1),
        Node(2, 2.46912, None, "", op="mul", operands=(0, 1), local=(2.0, 1.23456), group=1),
        Node(3, 3.0, 0.0, "", role="constant"),
        Node(4, -0.53088, 1.0, "y", op="sub", operands=(2, 3), local=(1.0, -1.0)),
        Node(5, 7.0, 1.0, "z", op="conv", operands=(0, 0, 0), params={"stride": 2}),
    )
    ops = {"mul": OpDeclaration("*", 2), "sub": OpDeclaration("-", 2), "conv": OpDeclaration("conv", None)}
    return Graph(nodes, (4, 5), ops, (Group(0, "layer"), Group(1, "unit", 0)))


def _samples() -> dict[str, Graph | View]:
    graph = _graph()
    unknown = Graph(
        (Node(0, 1.0, None), Node(1, 1.0, 0.0, op="?", operands=(0, 0))), (1, 0), {"?": OpDeclaration("", None)}
    )
    return {
        "a graph": graph,
        "one node": _leaf(),
        "an empty label": _leaf(label=""),
        "numbers that are not finite": _leaf(data=float("nan"), grad=float("-inf")),
        "an op nobody knows": unknown,
        "a node and what is near it": focus(graph, 2),
        "a folded group": fold(graph, ["layer"]),
    }
