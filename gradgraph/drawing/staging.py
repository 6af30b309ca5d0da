"""The scene of a view: what is drawn, decided once from view and options."""

from collections import Counter
from collections.abc import Iterable, Iterator
from math import isfinite

from gradgraph.drawing.badges import has_badges, with_badges
from gradgraph.drawing.describing import Origin, called, description, find_origin, symbol, title
from gradgraph.drawing.fold_cells import fold_cells, fold_kind
from gradgraph.drawing.legend import largest_shown, legend
from gradgraph.drawing.links import linker
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.scene import Box, Cell, Circle, Cluster, Scene, Stub, Wire
from gradgraph.drawing.tints import tint
from gradgraph.drawing.wrapping import wrapped
from gradgraph.drawing.written_in import Constants, with_constants, written_in
from gradgraph.graph.model import Edge, Node
from gradgraph.graph.views import Fold, View, around_fold, facing, fold_name, in_order
from gradgraph.op_laws import COMMUTATIVE
from gradgraph.visible_text import visible
from gradgraph.words import counted, number


def build_scene(view: View, options: DrawingOptions, *, whole: bool = False) -> Scene:
    """Return the scene of a view. Linear in what is shown. Raises OptionError for a link that is not allowed.

    A constant that one op uses is written into it, and ops are badges where the options say so, unless the scene is to
    be `whole`, with a box for every node and a circle for every op.
    """
    constants = {} if whole else written_in(view, options)
    written = {constant.id for slots in constants.values() for constant in slots.values()}
    keys = {node.id: f"n{node.id}" for node in view.nodes}
    for fold in view.folds:
        keys.update(dict.fromkeys([node.id for node in fold.nodes], _key(fold)))
    things = [thing for thing in in_order(view) if isinstance(thing, Fold) or thing.id not in written]
    circles = tuple(_circles(view, constants, options.precision))
    boxes = tuple(_boxes(view, things, options))
    wires = tuple(_wires(view, options, keys, constants))
    clusters = _clusters(view, things)
    if not whole and has_badges(options, len(boxes)):
        boxes, wires, clusters = with_badges(boxes, circles, wires, clusters)
        circles = ()
    return Scene(
        title(view, options),
        description(view, options),
        boxes,
        circles,
        tuple(_stubs(view, keys)),
        wires,
        clusters,
        tuple(legend(view, options, boxes, wires)),
    )


def _circles(view: View, constants: Constants, precision: int) -> Iterator[Circle]:
    symbols: dict[str, str] = {}  # of ops without params
    for node in view.nodes:
        if node.op is not None:
            text = None if node.params else symbols.get(node.op)
            if text is None:
                text = symbol(view, node)
                if not node.params:
                    symbols[node.op] = text
            written = constants.get(node.id, {})
            ids = tuple([written[slot].id for slot in sorted(written)])
            yield Circle(f"n{node.id}op", node.id, with_constants(text, node, written, precision), ids)


def _key(fold: Fold) -> str:
    if fold.kind != "group":
        return f"n{fold.nodes[0].id}folded"
    return f"g{fold.group}folded" + (f"{fold.part}" if fold.parts > 1 else "")


def _boxes(view: View, things: Iterable[Node | Fold], options: DrawingOptions) -> Iterator[Box]:
    outputs = set(view.graph.outputs)
    largest = largest_shown(view) if options.grad else 0.0
    origin = find_origin(view.graph, options.grad)
    start = origin.node.id if origin else -1
    link = linker(options.link) if options.link else None
    for thing in things:
        if isinstance(thing, Fold):
            yield _fold_box(view, thing, outputs, origin, largest, options)
            continue
        cells = _labelled(thing.label)
        is_alarm = not isfinite(thing.data)
        cells.append(Cell(f"data {number(thing.data, options.precision)}", "alarm" if is_alarm else "number"))
        if options.grad:
            grad = thing.grad
            is_odd = grad is not None and not isfinite(grad)
            cells.append(Cell(f"grad {number(grad, options.precision)}", "alarm" if is_odd else "number"))
            is_alarm = is_alarm or is_odd
        if thing.id == start and origin:
            cells.append(Cell(f"{origin.spelled} starts here", "alarm"))
        yield Box(
            f"n{thing.id}",
            thing,
            thing.role or ("leaf" if thing.op is None else "result"),
            thing.id in outputs,
            is_alarm,
            tuple(cells),
            tint(thing.grad, largest) if options.grad else 0,
            link(thing) if link else "",
        )


def _labelled(label: str) -> list[Cell]:
    """Return the cell of a label, none without one."""
    text = visible(label)
    lines = wrapped(text)
    return [Cell(text, "label", lines if len(lines) > 1 else ())] if text else []


def _fold_box(
    view: View, fold: Fold, outputs: set[int], origin: Origin | None, largest: float, options: DrawingOptions
) -> Box:
    """The box of a fold: how many nodes it holds, and the facts of those that stand out."""
    if fold.kind == "group":
        kind = "folded"
        part = f", part {fold.part} of {fold.parts}" if fold.parts > 1 else ""
        count = f"⋯ {counted(len(fold.nodes), 'node')}{part}"
        cells = [*_labelled(fold_name(view.graph, fold)), Cell(count, "number")]
    else:
        kind, cells = fold_kind(fold), [*fold_cells(view, fold, options)]
    if origin and any(node is origin.node for node in fold.nodes):
        cells.append(Cell(f"{origin.spelled} starts inside", "alarm"))
    numbers = [node.data for node in fold.nodes]
    step = 0
    if options.grad:
        step = max([tint(node.grad, largest) for node in facing(view.graph, fold)])
        numbers += [node.grad for node in fold.nodes if node.grad is not None]
    is_output = any(node.id in outputs for node in fold.nodes)
    return Box(_key(fold), None, kind, is_output, not all(map(isfinite, numbers)), tuple(cells), step)


def _stubs(view: View, keys: dict[int, str]) -> Iterable[Stub]:
    for operand in dict.fromkeys([edge.tail for edge in view.cut if edge.tail not in keys]):
        yield Stub(f"n{operand}out", called(view.graph[operand]))
    users = Counter([tail for tail, _ in {(keys[edge.tail], edge.head) for edge in view.cut if edge.tail in keys}])
    for tail in dict.fromkeys(keys.values()):
        if users[tail]:
            yield Stub(f"{tail}users", counted(users[tail], "more user"))


def _wires(view: View, options: DrawingOptions, keys: dict[int, str], constants: Constants) -> Iterable[Wire]:
    shown = {node.id for node in view.nodes}
    clear = {head for head, slots in constants.items() if len(slots) == len(view.graph[head].operands) - 1}
    marked = {node.id for node in view.nodes if (options.local and node.local) or _is_ordered(node)} - clear
    alike: Counter[Wire] = Counter()
    structural = {_key(fold) for fold in view.folds if fold.kind != "group"}  # their expressions say the order
    patterns = {(keys.get(tail), keys.get(head)): pattern for tail, head, pattern in view.patterns}
    for edge in view.edges:
        tail, head, slot = edge
        if head in constants and slot in constants[head]:
            continue
        mark = _mark(view, edge, options) if head in marked else ""
        if not view.folds or (tail in shown and head in shown):
            yield Wire(f"n{tail}", f"n{head}op", mark)
        else:
            entry = _entry(head, keys, shown)
            alike[Wire(keys[tail], entry, "" if entry in structural else mark)] += 1
    for wire, count in alike.items():
        times = f"×{count:,}" if count > 1 else ""
        pattern = patterns.get((wire.tail, wire.head.removesuffix("op")), "") if count > 1 else ""
        yield Wire(wire.tail, wire.head, " ".join([*filter(None, [wire.mark, times, pattern])]))
    for node in view.nodes:
        if node.op is not None:
            yield Wire(f"n{node.id}op", f"n{node.id}", "")
    for edge in view.cut:
        if edge.head in keys:
            mark = _mark(view, edge, options) if edge.head in marked else ""
            yield Wire(f"n{edge.tail}out", _entry(edge.head, keys, shown), mark, leads_out=True)
    for key in dict.fromkeys([keys[edge.tail] for edge in view.cut if edge.tail in keys]):
        yield Wire(key, f"{key}users", "", leads_out=True)


def _entry(head: int, keys: dict[int, str], shown: set[int]) -> str:
    """Where an operand edge ends: at the op, or at the fold that holds it."""
    return f"n{head}op" if head in shown else keys[head]


def _is_ordered(node: Node) -> bool:
    """Whether it matters which operand is which."""
    return len(node.operands) > 1 and node.op not in COMMUTATIVE


def _mark(view: View, edge: Edge, options: DrawingOptions) -> str:
    """What is written on an operand edge: its number where the order matters, its local derivative if asked for."""
    head = view.graph[edge.head]
    marks = [f"{edge.slot + 1}"] if _is_ordered(head) else []
    if options.local and head.local:
        marks.append(f"∂ {number(head.local[edge.slot], options.precision)}")
    return ": ".join(marks)


def _clusters(view: View, things: Iterable[Node | Fold]) -> tuple[Cluster, ...]:
    """The groups that hold something shown, or a group that does."""
    groups = view.graph.groups
    members: dict[int | None, list[str]] = {}
    for thing in things:
        if isinstance(thing, Fold):
            members.setdefault(around_fold(view.graph, thing), []).append(_key(thing))
        else:
            keys = members.setdefault(thing.group, [])
            keys.append(f"n{thing.id}")
            if thing.op is not None:
                keys.append(f"n{thing.id}op")
    needed = set(members)
    for group in reversed(groups):
        if group.id in needed:
            needed.add(group.parent)
    return tuple(
        [
            Cluster(group.id, visible(group.name), group.parent, tuple(members.get(group.id, ())))
            for group in groups
            if group.id in needed
        ]
    )
