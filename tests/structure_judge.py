"""What must hold of the structure of any graph, judged from the graph alone.

`python -m tests.structure_judge 10000` judges so many random graphs, and measures large ones.
"""

# ruff: noqa: S311  # graphs, not secrets

import gc
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

import msgspec

from gradgraph import Graph, Node
from gradgraph.graph.structure.levels import CHAIN, LEVELS, LevelName, Structure
from gradgraph.graph.structure.wires import wires
from tests.architectures import adam, gru, lstm, mlp, of_samples, of_size_at_random, random_graph, rnn

Boxes = frozenset[frozenset[int]]


def boxes_of(structure: Structure, level: LevelName) -> dict[int, int]:
    """By node: its box at a level."""
    part = structure.level(level)
    return {node.id: part[structure.cones.root[node.id]] for node in structure.graph}


def partition(box: Mapping[int, int]) -> Boxes:
    members: dict[int, set[int]] = {}
    for node, its in box.items():
        members.setdefault(its, set()).add(node)
    return frozenset(map(frozenset, members.values()))


def judge(graph: Graph) -> Structure:
    """Assert that every level has each node in one box, every edge, and no cycle, and that the chain is nested."""
    structure = Structure(graph)
    levels = {level: boxes_of(structure, level) for level in LEVELS}
    for level, box in levels.items():
        assert set(box) == set(range(len(graph))), level
        edges = Counter([(box[edge.tail], box[edge.head]) for edge in graph.edges if box[edge.tail] != box[edge.head]])
        drawn = {(wire.tail, wire.head): wire.edges for wire in wires(structure.cone_graph, structure.level(level))}
        assert drawn == edges, level
        assert not has_cycle(set(box.values()), set(edges)), level
    for finer, coarser in pairwise(CHAIN):
        seen: dict[int, int] = {}
        for node in range(len(graph)):
            assert seen.setdefault(levels[finer][node], levels[coarser][node]) == levels[coarser][node], (finer, node)
    return structure


def has_cycle(boxes: set[int], edges: set[tuple[int, int]]) -> bool:
    """By Kahn's algorithm: boxes with no operand left are taken away until none is left, or all others wait."""
    waiting = Counter([head for _, head in edges])
    users: dict[int, list[int]] = {}
    for tail, head in edges:
        users.setdefault(tail, []).append(head)
    ready = [box for box in boxes if not waiting[box]]
    for box in ready:
        for user in users.get(box, ()):
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    return len(ready) < len(boxes)


def renumbered(graph: Graph, rng: random.Random) -> tuple[Graph, dict[int, int]]:
    """The same graph in another topological order with other names and other numbers, and the new id of each node."""
    waiting = {node.id: len(set(node.operands)) for node in graph}
    users: dict[int, set[int]] = {}
    for edge in graph.edges:
        users.setdefault(edge.tail, set()).add(edge.head)
    ready = [id for id, count in waiting.items() if not count]
    new: dict[int, int] = {}
    while ready:
        id = ready.pop(rng.randrange(len(ready)))
        new[id] = len(new)
        for user in sorted(users.get(id, ())):
            waiting[user] -= 1
            if not waiting[user]:
                ready.append(user)
    nodes = sorted([_renamed(node, new, rng) for node in graph], key=lambda node: node.id)
    outputs = [new[output] for output in graph.outputs]
    return msgspec.structs.replace(graph, nodes=tuple(nodes), outputs=tuple(rng.sample(outputs, len(outputs)))), new


def _renamed(node: Node, new: Mapping[int, int], rng: random.Random) -> Node:
    label = node.label
    if label:  # the digits stay, for a label with digits is one of a family
        digits = "".join(filter(str.isdigit, label))
        label = f"another {label.rstrip('0123456789')}" + (str(int(digits) + 5) if digits else "")
    operands = tuple([new[operand] for operand in node.operands])
    grad = None if rng.random() < 0.5 else rng.random()
    return msgspec.structs.replace(
        node, id=new[node.id], operands=operands, label=label, data=rng.uniform(-9, 9), grad=grad
    )


def assert_same_in_any_order(graph: Graph, rng: random.Random) -> None:
    ours = Structure(graph)
    other, new = renumbered(graph, rng)
    theirs = Structure(other)
    for level in LEVELS:
        moved = {new[node]: box for node, box in boxes_of(ours, level).items()}
        assert partition(moved) == partition(boxes_of(theirs, level)), level


def random_case(seed: int) -> Graph:
    """A random graph, or a random block side by side or in a row."""
    rng = random.Random(seed)
    count = rng.randint(1, 120)
    kind = rng.random()
    if kind < 0.4:
        return random_graph(rng, count)
    return random_graph(rng, count, block=rng.randint(1, 12), in_a_row=kind < 0.7)


def wrong_networks(count: int) -> list[str]:
    """Random networks whose stacks of results are not exactly their layers by their samples."""
    rng = random.Random(5)
    wrong = []
    for seed in range(count):
        hidden = [rng.randint(3, 9) for _ in range(rng.randint(1, 3))]
        samples, inputs = rng.randint(3, 6), rng.randint(2, 5)
        structure = Structure(mlp([inputs, *hidden, 1], samples, seed, rng.choice(("tanh", "relu", "sigmoid"))))
        members = Counter(structure.stacks.values())
        found = sorted([size for root, size in members.items() if structure.wiring.op[root] is not None])
        if found != sorted([*[width * samples for width in hidden], samples, 1]):
            wrong.append(f"{inputs}-{hidden}-1 on {samples}: {found}")
    return wrong


def wrong_runs(count: int) -> list[str]:
    """Unrolled networks and optimizers that are not one run of exactly their steps."""
    rng = random.Random(9)
    wrong = []
    for seed in range(count):
        for make in (rnn, lstm, gru, adam):
            steps, size = rng.randint(3, 9), rng.randint(2, 4)
            found = [len(run.steps) for run in Structure(make(steps, size, seed=seed)).runs]
            if found != [steps]:
                wrong.append(f"{make.__name__} of {steps} steps, {size} wide: {found}")
    return wrong


def shares_of_random_graphs(count: int) -> tuple[float, float]:
    """Which share of random graphs has a run, and which share of their results is in a stack."""
    with_runs = stacked = results = 0
    for seed in range(count):
        rng = random.Random(seed)
        structure = Structure(random_graph(rng, rng.randint(40, 200)))
        with_runs += bool(structure.runs)
        members = Counter(structure.stacks.values())
        cones = [root for root in structure.roots if structure.wiring.op[root] is not None]
        results += len(cones)
        stacked += sum([members[structure.stacks[root]] > 1 for root in cones])
    return with_runs / count, stacked / results


def microseconds_a_node(graph: Graph) -> float:
    """The CPU time that all levels of a graph take, a node."""
    gc.disable()
    start = time.process_time()
    structure = Structure(graph)
    for level in LEVELS:
        structure.level(level)
    taken = time.process_time() - start
    gc.enable()
    return taken / len(graph) * 1e6


def main(count: int) -> None:
    found: Counter[str] = Counter()
    for seed in range(count):
        graph = random_case(seed)
        structure = judge(graph)
        assert_same_in_any_order(graph, random.Random(seed))
        found["with runs"] += bool(structure.runs)
        found["with stacks"] += len(set(structure.stacks.values())) < len(structure.roots)
    print(f"{count} graphs: {dict(found)}")
    print("planted and not found:", wrong := [*wrong_networks(count // 50), *wrong_runs(count // 100)])
    runs, stacked = shares_of_random_graphs(count // 10)
    print(f"random graphs: {runs:.1%} have a run, {stacked:.1%} of results are in a stack")
    assert not wrong
    assert runs <= 0.01
    assert stacked <= 0.02
    for make in (of_size_at_random, of_samples):
        costs = [microseconds_a_node(make(size)) for size in (10_000, 100_000, 1_000_000)]
        print(make.__name__, [f"{cost:.1f} µs a node" for cost in costs])
        assert costs[-1] <= 2 * costs[0]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
