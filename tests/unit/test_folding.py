"""Folds: every node and edge is accounted for, nothing closes a cycle, and every renderer draws them."""

import re
import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgraph import (
    Graph,
    Group,
    Node,
    OpDeclaration,
    OptionError,
    TooLarge,
    Value,
    export,
    focus,
    fold,
    named_scope,
    render,
)
from gradgraph.graph.views import View, fold_name, in_order
from tests.command import run_cli
from tests.conftest import ROOT, example
from tests.readback import dot_draws, svg_reads
from tests.strategies import graphs


@st.composite
def grouped(draw) -> Graph:
    """A random graph whose nodes are in random groups, so that most folds would close cycles."""
    graph = draw(graphs(most=14))
    count = draw(st.integers(1, 4))
    groups = tuple(Group(n, f"g{n}", draw(st.sampled_from([None, *range(n)]))) for n in range(count))
    homes = [draw(st.sampled_from([None, *range(count)])) for _ in graph]
    nodes = tuple(
        Node(node.id, node.data, node.grad, op=node.op, operands=node.operands, group=home)
        for node, home in zip(graph, homes, strict=True)
    )
    return Graph(nodes, graph.outputs, graph.ops, groups)


def check(view: View) -> None:
    """Every node once, operands before users, and every edge shown, cut or inside a fold."""
    place: dict[int, int] = {}
    for number, thing in enumerate(in_order(view)):
        for node in (thing,) if isinstance(thing, Node) else thing.nodes:
            assert node.id not in place
            place[node.id] = number
    assert sorted(place) == list(range(len(view.graph)))
    assert all(place[edge.tail] < place[edge.head] for edge in view.edges)
    inside = {id(fold): {node.id for node in fold.nodes} for fold in view.folds}
    hidden = [edge for edge in view.graph.edges if any({edge.tail, edge.head} <= ids for ids in inside.values())]
    assert Counter(view.edges) + Counter(hidden) == Counter(view.graph.edges)
    for fold_ in view.folds:
        around = {fold_.group}
        for group in view.graph.groups:
            if group.parent in around:
                around.add(group.id)
        assert all(node.group in around for node in fold_.nodes)


@given(grouped(), st.lists(st.sampled_from(["g0", "g1", "g2", "g3"]), max_size=3), st.integers(1, 14))
def test_folds_keep_every_node_and_edge_and_close_no_cycle(graph, names, most):
    known = {group.name for group in graph.groups}
    view = fold(graph, [name for name in names if name in known])
    check(view)
    assert bool(view.folds) == bool(view.note)
    try:
        smaller = fold(graph, max_boxes=most)
    except TooLarge as error:
        assert "boxes are left when every group is folded" in str(error)
    else:
        check(smaller)
        assert len(smaller.nodes) + len(smaller.folds) <= most
    for name in ("text", "dot", "mermaid"):
        assert render(view, name, strict=True)
    assert str(render(view, "text", style="tree"))


def there_and_back() -> Graph:
    """A group that the computation leaves, passes another group, and comes back into."""
    with named_scope("outer"):
        a = Value(1.0, "a").exp()
    with named_scope("other"):
        b = a.tanh().exp()
    with named_scope("outer"):
        c = b.exp() + a
    with named_scope("after"):
        d = Value(2.0, "w") * c
    return export(d)


def test_only_a_fold_that_would_close_a_cycle_is_split():
    view = fold(there_and_back(), ["outer", "other", "after"])
    check(view)
    names = [(fold_name(view.graph, each), each.part, each.parts) for each in view.folds]
    assert names == [("outer", 1, 2), ("other", 1, 1), ("outer", 2, 2), ("after", 1, 1)]
    assert "1 of them split" in view.note
    drawn = str(render(view, "dot"))
    assert "part 1 of 2" in drawn
    assert "part 2 of 2" in drawn
    text = str(render(view, "text", width=0))
    assert re.search(r"▣ +outer: 2 nodes, n1 to n2, part 1 of 2", text)


def test_groups_are_named_by_name_or_by_the_way_down():
    graph = example("mlp")
    assert len(fold(graph, ["neuron 0"]).folds) == 3
    assert len(fold(graph, ["layer 2/neuron 0"]).folds) == 1
    assert len(fold(graph, ["layer 2", "neuron 0"]).folds) == 3
    for name in ("layer 9", "neuron 0/layer 2", "/layer 1", ""):
        with pytest.raises(OptionError, match=r"there is no group .*there are: layer 3, neuron 0 \(3\), layer 2"):
            fold(graph, [name])
    with pytest.raises(OptionError, match="none at all"):
        fold(export(Value(1.0)), ["x"])
    with pytest.raises(OptionError, match="folded already"):
        fold(fold(graph, ["layer 1"]), ["layer 2"])


def test_the_deepest_groups_fold_first_and_no_more_than_needed():
    graph = example("mlp")
    largest = fold(graph, max_boxes=100)
    assert [fold_name(graph, each) for each in largest.folds] == ["neuron 0"]
    for most in (90, 60, 30, 12, 8):
        view = fold(graph, max_boxes=most)
        assert len(view.nodes) + len(view.folds) <= most
    with pytest.raises(TooLarge, match="8 boxes are left when every group is folded, and max_boxes is 3"):
        fold(graph, max_boxes=3)
    assert fold(graph, max_boxes=1000).folds == ()


def test_a_part_of_a_graph_can_be_folded():
    view = fold(focus(example("mlp"), "loss", 6), ["layer 3"])
    assert view.note.startswith("n106 and what is 6 edges from it or fewer: ")
    assert view.note.endswith("layer 3 folded: 10 nodes stand in 1 box")
    assert "more user" not in str(render(view, "dot"))


def test_parallel_edges_of_a_fold_are_one_with_their_number(layout_engine, dot):
    view = fold(example("mlp"), ["layer 1", "layer 2"])
    wires = svg_reads(str(render(view, "svg", strict=True, local=True)))[1]  # with every constant in a box
    assert wires == dot_draws(dot, str(render(view, "dot", local=True)))[1]
    assert set(wires.values()) == {1}
    assert ">×16</text>" in str(render(view, "svg", strict=True))


@pytest.mark.parametrize("style", ["rails", "tree"])
@pytest.mark.parametrize("most", [3, 5, 10, 18])
def test_a_folded_view_is_shortened_like_any_other(style, most):
    view = fold(example("mlp"), ["layer 1", "layer 2"])
    drawing = str(render(view, "text", max_rows=most, style=style, width=0))
    assert "left out" in drawing
    assert view.note in drawing


def test_hostile_names_of_groups_do_no_harm(layout_engine):
    nodes = (Node(0, 1.0, None, group=0), Node(1, 1.0, None, op="f", operands=(0,), group=0))
    graph = Graph(nodes, (1,), {"f": OpDeclaration("f", 1)}, (Group(0, "\x1b[31m<script>\u202e\n" + "x" * 500),))
    view = fold(graph, [graph.groups[0].name])
    for name in ("text", "dot", "mermaid", "svg"):
        drawn = str(render(view, name, strict=True))
        assert not {"\x1b", "\u202e"} & set(drawn)
        assert "<script>" not in drawn or name in ("dot", "text")
    assert len(view.note) < 200


def test_a_deep_nest_is_folded_in_useful_time():
    groups = tuple(Group(n, f"g{n}", n - 1 if n else None) for n in range(20_000))
    rest = (Node(n, 1.0, None, op="f", operands=(n - 1,), group=n) for n in range(1, 20_000))
    nodes = (Node(0, 1.0, None, group=0), *rest)
    graph = Graph(nodes, (19_999,), {"f": OpDeclaration("f", 1)}, groups)
    assert len(fold(graph, max_boxes=10).folds) == 1


def test_the_command_line_folds(tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        document = (ROOT / "examples/mlp.json").read_text(encoding="utf-8")
        return run_cli("render", "-", "-f", "text", *arguments, input=document)

    ran = run("--collapse", "layer 1", "--collapse", "layer 2", "--ascii")
    assert ran.returncode == 0
    assert "layer 1, layer 2 folded: 88 nodes stand in 2 boxes" in ran.stdout
    assert run("--collapse", "nobody").returncode == 2
    too_few = run("--max-boxes", "2")
    assert (too_few.returncode, too_few.stdout) == (4, "")
    assert "8 boxes are left" in too_few.stderr
