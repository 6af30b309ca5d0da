"""Groups shown as one box each, for reading graphs that are too large to show every node."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gradgraph.errors import OptionError, TooLarge
from gradgraph.graph.model import Graph, Node
from gradgraph.graph.views import Fold, View, around_fold, everything, fold_name
from gradgraph.toposort import strongly_connected
from gradgraph.words import counted, shortened

MOST_NAMED = 8
"""Groups listed in a note or a message; of their names no more than MOST_CHARACTERS are."""
MOST_CHARACTERS = 40


class _Piece(NamedTuple):
    """Nodes that stand together: those of the folded group, or one node of no such group."""

    group: int | None
    nodes: list[int]


def fold(what: Graph | View, groups: Iterable[str] = (), max_boxes: int | None = None) -> View:
    """The view in which some groups, and all in them, are shown as one box each.

    `groups` are names of groups to fold, of all that bear the name, or ways down to one ("mlp/layer1"). With
    `max_boxes`, more are folded until no more than that many boxes are left, the deepest groups first and the largest
    of those first. A fold that would close a cycle, because what leaves its group comes back into it, is split into as
    many parts as keep operands before their users. The view's note says what was folded.

    Raises OptionError for a group that is not there and for a view that is folded already, and TooLarge when folding
    every group is not enough. Takes time linear in what is shown.

    >>> from gradgraph.graph.model import Group
    >>> a = Node(id=0, data=3.0, grad=None, group=0)
    >>> b = Node(id=1, op="neg", operands=(0,), data=-3.0, grad=None, group=0)
    >>> c = Node(id=2, op="mul", operands=(1, 0), data=-9.0, grad=None)
    >>> view = fold(Graph((a, b, c), (2,), groups=(Group(0, "layer"),)), ["layer"])
    >>> [node.id for node in view.nodes], [[node.id for node in fold.nodes] for fold in view.folds]
    ([2], [[0, 1]])
    >>> view.note
    'layer folded: 2 nodes stand in 1 box'
    """
    view = what if isinstance(what, View) else everything(what)
    if view.folds:
        raise OptionError("the view is folded already: fold the graph, or the view before it")
    chosen = _named(view.graph, groups)
    folded = _fold(view, chosen)
    if max_boxes is None or _size(folded) <= max_boxes:
        return folded
    # Splits can leave more boxes than were counted on: then every group is folded.
    for more in (_enough(folded, max_boxes), {group.id for group in view.graph.groups}):
        folded = _fold(view, chosen | more)
        if _size(folded) <= max_boxes:
            return folded
    raise TooLarge(
        f"{_size(folded):,} boxes are left when every group is folded, and max_boxes is {max_boxes:,}: "
        "show a part of the graph (--focus)"
    )


def outermost(graph: Graph) -> tuple[str, ...]:
    """Return the names of the groups that are in no other."""
    return tuple(dict.fromkeys([group.name for group in graph.groups if group.parent is None]))


def _named(graph: Graph, names: Iterable[str]) -> set[int]:
    chosen: set[int] = set()
    for name in names:
        found = [group.id for group in graph.groups if name == group.name] + _at_the_end(graph, name)
        if not found:
            known = _listed([group.name for group in graph.groups]) or "none at all"
            raise OptionError(f"there is no group {name!r} (there are: {known})")
        chosen.update(found)
    return chosen


def _at_the_end(graph: Graph, path: str) -> list[int]:
    """Return the groups that `path`, names joined by slashes, leads down to."""
    ends: list[int | None] = []  # of each group: where in `path` the way down to it ends, if it starts like that
    for group in graph.groups:
        start = 0 if group.parent is None else ends[group.parent]
        if start is not None and group.parent is not None:
            start = start + 1 if path.startswith("/", start) else None
        fits = start is not None and path.startswith(group.name, start)
        ends.append(start + len(group.name) if start is not None and fits else None)
    return [group.id for group in graph.groups if ends[group.id] == len(path)]


def _listed(names: list[str]) -> str:
    """Some names, each once with the number of those that bear it, and how many more there are."""
    counts = Counter([shortened(name, MOST_CHARACTERS) for name in names])
    told = [f"{name} ({count})" if count > 1 else name for name, count in counts.items()]
    rest = [f"{len(told) - MOST_NAMED:,} more"] if len(told) > MOST_NAMED else []
    return ", ".join([*told[:MOST_NAMED], *rest])


def _size(view: View) -> int:
    return len(view.nodes) + len(view.folds)


def _enough(view: View, most: int) -> set[int]:
    """Groups to fold for `most` boxes, deepest and largest first, if none has to be split."""
    groups = view.graph.groups
    depths: dict[int | None, int] = {None: 0}
    levels: dict[int, list[int]] = {}
    for group in groups:
        depths[group.id] = depths[group.parent] + 1
        levels.setdefault(depths[group.id], []).append(group.id)
    boxes = Counter([node.group for node in view.nodes] + [around_fold(view.graph, fold) for fold in view.folds])
    left = _size(view)
    chosen: set[int] = set()
    for depth in sorted(levels, reverse=True):
        for group_id in sorted(levels[depth], key=lambda group_id: -boxes[group_id]):
            if left > most and boxes[group_id] > 1:
                left -= boxes[group_id] - 1
                boxes[group_id] = 1
                chosen.add(group_id)
            boxes[groups[group_id].parent] += boxes[group_id]
    return chosen


def _fold(view: View, chosen: set[int]) -> View:
    """The view with these groups folded, each that shows more than one node."""
    outermost: dict[int | None, int | None] = {None: None}
    for group in view.graph.groups:
        around = outermost[group.parent]
        outermost[group.id] = group.id if around is None and group.id in chosen else around
    homes = [outermost[node.group] for node in view.nodes]
    populous = {group_id for group_id, count in Counter(homes).items() if group_id is not None and count > 1}
    if not populous:
        return view
    folded = {
        node.id: home for node, home in zip(view.nodes, homes, strict=True) if home is not None and home in populous
    }
    nodes: list[Node] = []
    folds: list[Fold] = []
    pieces = _pieces(view, folded)
    parts = Counter([piece.group for piece in pieces])
    part: Counter[int] = Counter()
    for piece in pieces:
        members = tuple([view.graph[id] for id in piece.nodes])
        if piece.group is None:
            nodes += members
        else:
            part[piece.group] += 1
            folds.append(Fold(piece.group, members, len(nodes), part[piece.group], parts[piece.group]))
    place = {node_id: number for number, piece in enumerate(pieces) for node_id in piece.nodes}
    between = [edge for edge in view.edges if place[edge.tail] != place[edge.head]]
    edges = tuple(sorted(between, key=lambda edge: place[edge.head]))
    names = _listed([fold_name(view.graph, fold) for fold in folds if fold.part == 1])
    boxes = counted(len(folds), "box", "boxes")
    note = f"{names} folded: {len(folded):,} nodes stand in {boxes}"
    split = sum([fold.part == 2 for fold in folds])
    if split:
        note += f", {split:,} of them split where the computation leaves and comes back"
    return View(view.graph, tuple(nodes), edges, view.cut, f"{view.note}; {note}" if view.note else note, tuple(folds))


def _pieces(view: View, folded: dict[int, int]) -> list[_Piece]:
    """The nodes in an order with operands before users and each folded group in one piece, or in few.

    Whatever pieces of such an order become, there is no cycle among them. Groups that are on no cycle of groups stay
    whole. The others are cut greedily: another order may give fewer pieces, and finding the fewest takes too long.
    """
    operands: dict[int, list[int]] = {node.id: [] for node in view.nodes}
    for edge in view.edges:
        operands[edge.head].append(edge.tail)
    unit = {node.id: node.id if node.id not in folded else -1 - folded[node.id] for node in view.nodes}
    members: dict[int, list[int]] = {}
    for node_id, its in unit.items():
        members.setdefault(its, []).append(node_id)

    def taken(its: int) -> Iterator[int]:
        return (unit[operand] for node_id in members[its] for operand in operands[node_id] if unit[operand] != its)

    pieces: list[_Piece] = []
    for component in strongly_connected(members, taken):
        if len(component) == 1:
            pieces.append(_Piece(folded.get(members[component[0]][0]), members[component[0]]))
        else:
            inside = sorted([node_id for its in component for node_id in members[its]])
            pieces += _split(inside, folded, operands)
    return pieces


def _split(inside: list[int], folded: dict[int, int], operands: dict[int, list[int]]) -> Iterator[_Piece]:
    """These nodes as pieces in order: each takes all of its group that is ready when the ungrouped ones are done."""
    waiting = dict.fromkeys(inside, 0)
    users: dict[int, list[int]] = {node_id: [] for node_id in inside}
    for node_id in inside:
        for operand in operands[node_id]:
            if operand in users:
                users[operand].append(node_id)
                waiting[node_id] += 1
    ready: dict[int | None, deque[int]] = {}

    def make_ready(node_id: int) -> None:
        ready.setdefault(folded.get(node_id), deque()).append(node_id)

    for node_id in inside:
        if not waiting[node_id]:
            make_ready(node_id)
    while ready:
        group = None if None in ready else next(iter(ready))
        piece: list[int] = []
        while ready.get(group):
            node_id = ready[group].popleft()
            piece.append(node_id)
            for user in users[node_id]:
                waiting[user] -= 1
                if not waiting[user]:
                    make_ready(user)
        del ready[group]
        if group is None:
            yield from (_Piece(None, [node_id]) for node_id in piece)
        else:
            yield _Piece(group, sorted(piece))
