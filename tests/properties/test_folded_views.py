"""Folding judged by a plain oracle on random grouped graphs: 2,000 in the gate, 50,000 by `make folding`.

The oracle is slow and has another way to everything: it looks at all groups again after each, takes the cycles from
networkx, and finds what is ready by looking at every node.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, get_args

import networkx

from gradgraph import Graph, Group, Node, OpDeclaration, TooLarge, focus, fold, render
from gradgraph.graph.views import View, everything, fold_name, in_order
from gradgraph.testing import parse_text

IN_THE_GATE = 2000

Boxes = frozenset[tuple[int | None, frozenset[int]]]
"""What is shown: each box with its group, None for a node by itself, and its nodes."""


class Case(NamedTuple):
    view: View
    named: list[str]
    most: int | None


def random_case(seed: int) -> Case:
    """Return a view with groups, some of which are nested, tidy or scattered, and what to fold of it."""
    rng = random.Random(seed)  # noqa: S311
    groups = tuple(Group(n, f"g{n}", rng.choice([None, *range(n)])) for n in range(rng.randint(1, 7)))
    choices = [None, *range(len(groups))]
    tidy, home = rng.random(), None
    nodes = []
    for n in range(rng.randint(2, 26)):
        if rng.random() > tidy:
            home = rng.choice(choices)
        reach = range(max(0, n - rng.choice((2, 6, n + 1))), n)
        operands = tuple(rng.choices(reach, k=rng.choice((0, 1, 1, 2, 2, 3)))) if reach else ()
        nodes.append(Node(n, 1.0, None, op="f" if operands else None, operands=operands, group=home))
    graph = Graph(tuple(nodes), (len(nodes) - 1,), {"f": OpDeclaration("f", None)}, groups)
    view = focus(graph, len(nodes) // 2, 2) if rng.random() < 0.2 else everything(graph)
    named = rng.sample([group.name for group in groups], rng.choice((0, 0, 1, min(2, len(groups)))))
    least, all_named = len(shown(view, {*range(len(groups))})), {group.id for group in groups if group.name in named}
    most = rng.choice([None, *range(max(1, least - 1), len(shown(view, all_named)) + 1)])
    return Case(view, named, most)


def oracle(case: Case) -> Boxes | None:
    """Fold group by group, the deepest first and of those the largest, until it fits. None if it never does.

    The largest shows most boxes when all that are deeper have had their turn.
    """
    view, most = case.view, case.most
    groups, ways = view.graph.groups, ways_down(view.graph)
    named = {group.id for group in groups if group.name in case.named}
    start = shown(view, named)
    if most is None or len(start) <= most:
        return start
    places = {box: groups[box[0]].parent if box[0] is not None else view.graph[min(box[1])].group for box in start}
    more: set[int] = set()

    def boxes_in(group: int | None) -> int:
        inside = [box for box, place in places.items() if group is None or group in ways[place]]
        return len({next((around for around in ways[places[box]] if around in more), box) for box in inside})

    for depth in range(max(map(len, ways.values())), 0, -1):
        level = [group.id for group in groups if len(ways[group.id]) == depth]
        for group in sorted(level, key=boxes_in, reverse=True):
            if boxes_in(None) > most and boxes_in(group) > 1:
                more.add(group)
    # A group in parts leaves more boxes than that. If too many, every group is folded.
    tries = shown(view, named | more), shown(view, {*range(len(groups))})
    return next((boxes for boxes in tries if len(boxes) <= most), None)


def ways_down(graph: Graph) -> dict[int | None, tuple[int, ...]]:
    """Return the groups that lead down to each group, the outermost first and itself last."""
    ways: dict[int | None, tuple[int, ...]] = {None: ()}
    for group in graph.groups:
        ways[group.id] = (*ways[group.parent], group.id)
    return ways


def shown(view: View, folded: set[int]) -> Boxes:
    """Return the boxes when these groups are folded: one each, or parts of those that others are on a cycle with."""
    ways = ways_down(view.graph)
    homes = {node.id: next((each for each in ways[node.group] if each in folded), None) for node in view.nodes}
    homes = {node: home if Counter(homes.values())[home] > 1 else None for node, home in homes.items()}
    units = {node: ("node", node) if home is None else ("group", home) for node, home in homes.items()}
    between = networkx.DiGraph()
    between.add_nodes_from(units.values())
    between.add_edges_from((units[tail], units[head]) for tail, head, _ in view.edges)
    boxes = []
    for component in networkx.strongly_connected_components(between):
        nodes = {node for node, unit in units.items() if unit in component}
        if len(component) == 1:
            boxes.append((homes[min(nodes)], frozenset(nodes)))
        else:
            boxes += parts(nodes, homes, [(tail, head) for tail, head, _ in view.edges if {tail, head} <= nodes])
    return frozenset(boxes)


def parts(
    nodes: set[int], homes: dict[int, int | None], edges: list[tuple[int, int]]
) -> Iterator[tuple[int | None, frozenset[int]]]:
    """Walk through the nodes in order. Stay in a group while any of it is ready, then go on where no group is.

    If everything that is ready is in a group, the group that has waited longest comes next.
    """
    turns: dict[int, int] = {}
    here, part = None, frozenset[int]()
    while len(turns) < len(nodes):
        waiting = {head for tail, head in edges if tail not in turns}
        since = {
            node: max([turns[tail] for tail, head in edges if head == node], default=-1) for node in nodes - waiting
        }
        ready = sorted(since.keys() - turns.keys(), key=lambda node: (since[node], node))
        following = next((node for node in ready if homes[node] == here), None)
        if following is None:
            if part:
                yield here, part
            here, part = None if None in [homes[node] for node in ready] else homes[ready[0]], frozenset()
            continue
        turns[following] = len(turns)
        if here is None:
            yield None, frozenset({following})
        else:
            part |= {following}
    if part:
        yield here, part


def judge(case: Case) -> View | None:
    """Compare what is folded with the oracle, and check what holds for every folded view."""
    expected = oracle(case)
    try:
        found = fold(case.view, case.named, case.most)
    except TooLarge as error:
        assert expected is None
        least = len(shown(case.view, {group.id for group in case.view.graph.groups}))
        assert str(error).startswith(f"{least} boxes are left")
        return None
    boxes = [
        (None, frozenset({box.id})) if isinstance(box, Node) else (box.group, frozenset(node.id for node in box.nodes))
        for box in in_order(found)
    ]
    assert len(boxes) == len(found.nodes) + len(found.folds)
    assert frozenset(boxes) == expected
    place = {node: number for number, (_, nodes) in enumerate(boxes) for node in nodes}
    assert sorted(place) == [node.id for node in case.view.nodes]
    assert sum([len(nodes) for _, nodes in boxes]) == len(place)
    # Operands come before their users, so no cycle is drawn; every other edge is inside a box.
    assert all(place[edge.tail] < place[edge.head] for edge in found.edges)
    inside = [edge for edge in case.view.edges if place[edge.tail] == place[edge.head]]
    assert Counter(found.edges) + Counter(inside) == Counter(case.view.edges)
    assert [*found.edges] == sorted(found.edges, key=lambda edge: (place[edge.head], edge.head, edge.slot))
    assert found.cut == case.view.cut
    of_group: Counter[int | None] = Counter([each.group for each in found.folds])
    met: Counter[int | None] = Counter()
    for each in found.folds:
        met[each.group] += 1
        assert (each.part, each.parts) == (met[each.group], of_group[each.group])
        assert [node.id for node in each.nodes] == sorted([node.id for node in each.nodes])
    assert found.note == "; ".join([each for each in (case.view.note, sentence(found)) if each])
    return found


def sentence(view: View) -> str:
    """Return what the note says about the folds of a view with few groups: each by its name, once."""
    if not view.folds:
        return ""
    parts_of = Counter([fold_name(view.graph, each) for each in view.folds])
    nodes = sum([len(each.nodes) for each in view.folds])
    boxes = "1 box" if len(view.folds) == 1 else f"{len(view.folds)} boxes"
    split = sum([count > 1 for count in parts_of.values()])
    end = f", {split} of them split where the computation leaves and comes back" if split else ""
    return f"{', '.join(parts_of)} folded: {nodes} nodes stand in {boxes}{end}"


def kinds_of(seeds: Iterable[int]) -> Counter[str]:
    """Judge these cases and return how many there were of each kind."""
    kinds: Counter[str] = Counter()
    for seed in seeds:
        case = random_case(seed)
        found = judge(case)
        if found is None:
            kinds["too large"] += 1
        elif case.most is None or found == fold(case.view, case.named):
            kinds["named groups"] += 1
        else:
            every = {group.name for group in case.view.graph.groups}
            kinds["every group" if found == fold(case.view, every) else "some groups"] += 1
        kinds["in parts"] += found is not None and any(each.parts > 1 for each in found.folds)
    return kinds


def read_back(view: View, style: Literal["rails", "tree"], charset: Literal["unicode", "ascii"]) -> None:
    """Compare the text of a view, read back, with its boxes and edges. A group's row has the id of its first node."""
    row = {node.id: box.nodes[0].id for box in view.folds for node in box.nodes} | {
        node.id: node.id for node in view.nodes
    }
    drawn = str(
        render(view, "text", width=0, max_rails=0, max_rows=None, style=style, charset=charset, depth=200, grad=False)
    )
    text = parse_text(drawn)
    assert sorted(text.ids) == sorted(set(row.values()))
    assert text.structure is not None
    read: Counter[tuple[int | None, int]] = Counter()
    for head, operands in zip(text.ids, text.structure, strict=True):
        read.update({(tail, head): count for tail, count in operands.items() if tail is not None})
    assert read == Counter([(row[edge.tail], row[edge.head]) for edge in view.edges])


def test_text_of_folded_groups_reads_back():
    folds = 0
    for seed in range(300):
        case = random_case(seed)
        view = fold(case.view, case.named)
        folds += len(view.folds)
        for style in get_args(Literal["rails", "tree"]):
            read_back(view, style, ("unicode", "ascii")[seed % 2])
    assert folds > 100


def test_random_graphs_are_folded_as_the_oracle_says():
    kinds = kinds_of(range(IN_THE_GATE))
    assert min(kinds.values()) > IN_THE_GATE // 20, kinds


if __name__ == "__main__":
    print(f"{sys.argv[1]} graphs agree with the oracle: {dict(kinds_of(range(int(sys.argv[1]))))}")
