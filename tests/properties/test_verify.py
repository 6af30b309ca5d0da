"""verify: clean on whatever one backward pass made, and not on a single wrong digit."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from msgspec.structs import replace

from gradgraph import Graph, Node, export, verify
from tests.conftest import example
from tests.strategies import live_values


def flipped(number: float) -> Iterator[float]:
    """The numbers whose shortest spelling differs from that of `number` in one digit, and that are other floats."""
    spelled = repr(number)
    for at, digit in enumerate(spelled):
        if digit.isdigit():
            other = float(spelled[:at] + str((int(digit) + 1) % 10) + spelled[at + 1 :])
            if other != number:
                yield other


def wrong_nodes(node: Node) -> Iterator[Node]:
    """The node with one digit of one of its numbers flipped."""
    for data in flipped(node.data):
        yield replace(node, data=data)
    for grad in flipped(node.grad) if node.grad is not None else ():
        yield replace(node, grad=grad)
    for slot, local in enumerate(node.local):
        for other in flipped(local):
            yield replace(node, local=(*node.local[:slot], other, *node.local[slot + 1 :]))


def with_node(graph: Graph, node: Node) -> Graph:
    nodes = (*graph.nodes[: node.id], node, *graph.nodes[node.id + 1 :])
    return Graph(nodes, graph.outputs, graph.ops, graph.groups)


@pytest.mark.parametrize("name", ["neuron", "mlp"])
def test_a_single_wrong_digit_anywhere_is_found(name):
    graph = example(name)
    assert verify(graph) == ()
    flips = [wrong for node in graph for wrong in wrong_nodes(node)]
    assert len(flips) > 100
    for wrong in flips:
        assert verify(with_node(graph, wrong)), wrong


@given(live_values(most=40))
def test_one_backward_pass_is_clean_to_the_last_bit(values):
    values[-1].backward()
    assert verify(export(values[-1])) == ()


@given(live_values(most=20))
def test_one_pass_among_several_outputs_is_clean(values):
    values[-1].backward()
    assert verify(export([values[-1], *values[:3]])) == ()
