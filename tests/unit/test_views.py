"""Views: what a name means, what stands around a node, and what every renderer makes of it."""

import pytest

from gradgraph import Graph, Node, OpDeclaration, OptionError, export, focus, render
from gradgraph.graph.views import everything, first_and_last
from shared import shared
from tests.conftest import example
from tests.readback import mermaid_reads, pydot_reads, svg_reads
from tests.unit.test_text import nary


@pytest.mark.parametrize("name", [2, "2", "n2", "c"])
def test_a_node_goes_by_number_id_or_label(name):
    view = focus(export(shared()), name, 0)
    assert [node.id for node in view.nodes] == [2]


def test_an_id_is_an_id_whatever_labels_say():
    graph = Graph((Node(0, 1.0, None, "n1"), Node(1, 2.0, None, "0")), (1,))
    assert [focus(graph, name, 0).nodes[0].id for name in ("n1", "0", 0)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("w", "2 nodes are labelled 'w': name one by its id"),
        ("nobody", "no node has the label or id 'nobody'"),
        ("n99", "ids go from n0 to n1"),
        (-1, "no node has the label or id '-1'"),
        ("", "no node has the label or id ''"),
    ],
)
def test_names_that_mean_no_node_are_told(name, told):
    graph = Graph((Node(0, 1.0, None, "w"), Node(1, 2.0, None, "w")), (1,))
    with pytest.raises(OptionError, match=told):
        focus(graph, name)


def test_a_radius_below_0_is_refused():
    with pytest.raises(OptionError, match="not -1"):
        focus(nary((0, 1)), 0, -1)


def test_edges_with_one_end_in_view_are_cut():
    view = focus(export(shared()), "d", 1)
    assert [node.id for node in view.nodes] == [0, 2, 3, 4]
    assert view.cut == ((1, 2, 1),)
    assert len(view.edges) + len(view.cut) == 6


def test_first_and_last():
    whole = everything(example("neuron"))
    assert first_and_last(whole, 10) is whole
    assert [node.id for node in first_and_last(whole, 3).nodes] == [0, 1, 9]
    assert [node.id for node in first_and_last(whole, 1).nodes] == [0]


def test_every_renderer_draws_the_nodes_in_view_and_stubs_for_the_rest(layout_engine):
    graph = Graph(
        (
            Node(0, 1.0, None, "a"),
            Node(1, 1.0, None, 'b"|'),
            Node(2, 1.0, None, "c", op="f", operands=(0, 1, 1)),
            Node(3, 1.0, None, "d", op="f", operands=(2, 2)),
        ),
        (3,),
        {"f": OpDeclaration("f", None)},
    )
    view = focus(graph, "c", 0)
    expected = {("n0out", "n2op"): 1, ("n1out", "n2op"): 2, ("n2op", "n2"): 1, ("n2", "n2users"): 1}
    assert pydot_reads(str(render(view, "dot"))) == ({"n2", "n2op", "n0out", "n1out", "n2users"}, expected)
    svg = str(render(view, "svg", strict=True))
    assert svg_reads(svg)[1] == expected
    assert ">1 more user<" in svg
    assert mermaid_reads(str(render(view, "mermaid")))[1] == expected
    assert "(n2: 1 of 4 nodes)" in svg
