"""The structure of graphs: partitions that hold together, the steps and layers that were planted, and its cost."""

# ruff: noqa: S311  # graphs, not secrets

import gc
import random
import time
import tracemalloc
from collections import Counter
from typing import Any

import msgspec
import pytest
from micrograd.nn import MLP

from gradgraph import Graph, Node, OpDeclaration, Value, export
from gradgraph.graph.structure.levels import LEVELS, Structure
from gradgraph.graph.structure.wires import wires
from tests import architectures
from tests.course_network import Ours, half_circles, loss_of
from tests.structure_judge import (
    assert_same_in_any_order,
    judge,
    random_case,
    shares_of_random_graphs,
    wrong_networks,
    wrong_runs,
)


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_every_level_is_a_partition_without_cycles_whatever_the_order_of_nodes(start):
    for seed in range(start, start + 50):
        graph = random_case(seed)
        judge(graph)
        assert_same_in_any_order(graph, random.Random(seed))


@pytest.mark.parametrize("seed", [2043, 4256])
def test_steps_that_nothing_comes_through_are_no_run(seed):
    """Equal blocks side by side, which in one order look like steps that take something of the block before."""
    graph = random_case(seed)
    assert Structure(graph).runs == []
    assert_same_in_any_order(graph, random.Random(seed))


@pytest.mark.parametrize("name", architectures.NAMED)
def test_named_architectures_are_sound_and_the_same_in_any_order(name):
    graph = architectures.NAMED[name]()
    judge(graph)
    assert_same_in_any_order(graph, random.Random(1))


def test_networks_have_the_stacks_of_their_layers_and_samples():
    assert wrong_networks(40) == []


def test_unrolled_computations_have_one_run_of_exactly_their_steps():
    assert wrong_runs(10) == []


def test_random_graphs_hardly_have_runs_or_stacks():
    with_runs, stacked = shares_of_random_graphs(200)
    assert with_runs <= 0.01
    assert stacked <= 0.02


def test_a_training_step_does_not_change_the_structure():
    graph = architectures.mlp([2, 4, 1], 3)
    nodes = [msgspec.structs.replace(node, data=0.0, grad=1.0) for node in graph]
    zeros = msgspec.structs.replace(graph, nodes=tuple(nodes))
    assert Structure(zeros).stacks == Structure(graph).stacks


def test_more_samples_give_the_same_boxes_with_other_counts():
    found = [
        Counter([structure.wiring.op[box] for box in set(structure.stacks.values())])
        for structure in (Structure(architectures.mlp([2, 16, 16, 1], samples)) for samples in (3, 20))
    ]
    assert found[0] == found[1]


def test_a_pattern_says_how_members_are_connected():
    a, b = ([Value(float(place), label=f"{name}{place}") for place in range(3)] for name in "ab")
    h = [(one * other).tanh() for one, other in zip(a, b, strict=True)]
    k = [(h[0] + h[1] + h[2] + one.exp()).relu() for one in a]
    structure = Structure(export(k[0] + k[1] + k[2]))
    told = {(wire.edges, wire.pattern) for wire in wires(structure.cone_graph, structure.stacks)}
    assert (9, "each to each") in told
    assert (3, "one to one") in told


def test_a_chain_that_applies_one_weight_is_one_run():
    structure = Structure(architectures.shared_chain(50))
    assert [len(run.steps) for run in structure.runs] == [50]


@pytest.mark.parametrize(("make", "most"), [(architectures.hadamard, 12), (architectures.springs, 15)])
def test_stencils_and_butterflies_have_few_layers(make, most):
    structure = Structure(make())
    assert len(set(structure.level("first layers").values())) <= most


def test_memory_grows_by_at_most_two_and_a_half_kilobytes_a_node():
    graph = architectures.random_graph(random.Random(3), 8_000)
    tracemalloc.start()
    Structure(graph).stacks  # noqa: B018
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak <= 2500 * len(graph)


@pytest.mark.parametrize("make", [architectures.of_size_at_random, architectures.of_samples])
def test_twice_the_graph_takes_at_most_two_and_a_half_times_as_long(make):
    graphs = [make(size) for size in (8_000, 16_000)]
    sizes = [len(graph) for graph in graphs]
    ratios: list[float] = []
    while not ratios or min(ratios) > 1.25 * sizes[1] / sizes[0]:  # noise passes, what the code costs does not
        ratios.append(cpu_seconds(graphs[1]) / cpu_seconds(graphs[0]))
        assert len(ratios) <= 5, ratios


def cpu_seconds(graph: Graph) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.process_time()
        structure = Structure(graph)
        for level in LEVELS:
            structure.level(level)
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("is_foreign", [False, True])
def test_the_loss_of_a_network_is_a_dozen_boxes(is_foreign):
    structures = [loss_structure(samples, is_foreign) for samples in (3, 20)]
    found = wires(structures[1].cone_graph, structures[1].stacks)
    assert len(set(structures[1].stacks.values())) <= 12
    assert len(found) <= 16
    counts = Counter(structures[1].stacks.values())
    assert {320, 256, 20} <= {*counts.values()}  # two layers of 16, their weights, and the samples
    ops = [Counter([each.wiring.op[box] for box in set(each.stacks.values())]) for each in structures]
    assert ops[0] == ops[1]


def loss_structure(samples: int, is_foreign: bool) -> Structure:
    """The loss of a network over samples, of micrograd's values or ours."""
    random.seed(1)
    model = MLP(2, [16, 16, 1])
    network = model if is_foreign else Ours(model)
    rows: list[Any] = half_circles(samples)
    if not is_foreign:
        rows = [([Value(number) for number in x], side) for x, side in rows]
    return Structure(export(loss_of(network, rows, network.parameters())))


def test_a_leaf_of_no_role_is_a_number_only_beside_another_and_where_leaves_are_shared():
    def cones(*shared: int) -> int:
        """The cones of tanh(w·x + b) · c + d, where these leaves are used once more each."""
        leaves = [Node(place, 1.0, None) for place in range(5)]
        nodes = [*leaves]

        def append(op: str, *operands: int) -> int:
            nodes.append(Node(len(nodes), 1.0, None, op=op, operands=operands))
            return len(nodes) - 1

        h = append("tanh", append("add", append("mul", 0, 1), 2))
        last = append("add", append("mul", h, 3), 4)
        outputs = [last, *[append("neg", leaf) for leaf in shared]]
        declared = {op: OpDeclaration(op, arity) for op, arity in (("add", 2), ("mul", 2), ("tanh", 1), ("neg", 1))}
        return len(Structure(Graph(tuple(nodes), tuple(outputs), declared)).roots) - len(shared)

    assert cones() == 6
    assert cones(0, 2) == 3  # the result, w and b
    assert cones(0, 1, 2, 3) == 6  # d is alone and can be a bias


def test_a_sum_of_squares_is_no_dot_product():
    a, b = ([Value(float(place), f"{name}{place}") for place in range(3)] for name in "ab")
    products = [architectures.dot(a, b) for _ in range(3)]
    lengths = [(architectures.dot(side, side) / 3).sqrt() for side in (a, b)]
    shared = [product * product for product in products]
    structure = Structure(export(architectures.total([*shared, *lengths])))
    roots = [root for root in structure.roots if structure.wiring.op[root] is not None]
    assert len(roots) == 3 + 2 + 1  # the products, the lengths whole, and their sum
