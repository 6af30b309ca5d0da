"""Views that show the structure of a graph: every node and edge once, the same boxes in every format, read back."""

# ruff: noqa: S311  # graphs, not secrets

import random
import re
from collections import Counter

import msgspec
import pytest

from gradgraph import Graph, OptionError, Value, export, fold, named_scope, render
from gradgraph.drawing.fold_cells import fold_numbers
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.selection import Selection
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.structure.choosing import folded
from gradgraph.graph.views import (
    MOST_BOXES,
    Fold,
    View,
    around_fold,
    covered,
    everything,
    focus,
    fold_formula,
    fold_name,
    in_order,
)
from gradgraph.testing import parse_text
from tests import architectures
from tests.structure_judge import has_cycle, random_case

MODES = ("cones", "stacks", "steps", "regions", "layers")


def box_of(view: View) -> dict[int, int]:
    """By node: the id that the row of its box has in text."""
    box = {}
    for thing in in_order(view):
        if isinstance(thing, Fold):
            row = thing.exits[0] if len(thing.exits) == 1 else thing.nodes[0].id
            box.update({node.id: row for node in thing.nodes})
        else:
            box[thing.id] = thing.id
    return box


def between(view: View) -> Counter[tuple[int, int]]:
    box = box_of(view)
    return Counter([(box[edge.tail], box[edge.head]) for edge in view.edges])


@pytest.mark.parametrize("mode", MODES)
def test_views_of_random_graphs_show_everything_once_and_read_back(mode):
    for seed in range(40):
        graph = random_case(seed)
        view = Selection(fold=mode).view(graph)
        assert_whole(graph, view, ("unicode", "ascii")[seed % 2])
        names = sorted({fold_name(graph, each) for each in view.folds})
        if names:
            some = random.Random(seed).sample(names, min(2, len(names)))
            opened = Selection(fold=mode, expand=tuple(some)).view(graph)
            assert len(opened.nodes) + len(opened.folds) >= len(view.nodes) + len(view.folds)
            assert_whole(graph, opened)
            assert_whole(graph, Selection(fold=mode, expand=tuple(names)).view(graph))


def assert_whole(graph, view, charset="unicode"):
    """Assert that a view has every node and edge once and no cycle, and that its text reads back."""
    assert sorted([node.id for node in covered(view)]) == list(range(len(graph)))
    box = box_of(view)
    crossing = Counter([(box[edge.tail], box[edge.head]) for edge in graph.edges if box[edge.tail] != box[edge.head]])
    assert between(view) == crossing
    assert not has_cycle(set(box.values()), set(crossing))
    order = list(dict.fromkeys([box[node.id] for thing in in_order(view) for node in nodes_of(thing)]))
    assert all(order.index(tail) < order.index(head) for tail, head in crossing)
    text = parse_text(str(render(view, "text", width=0, max_rails=0, max_rows=None, charset=charset)))
    assert text.ids == tuple(order)
    read: Counter[tuple[int | None, int]] = Counter()
    for head, operands in zip(text.ids, text.structure or (), strict=True):
        read.update({(tail, head): count for tail, count in operands.items()})
    assert read == crossing


def nodes_of(thing):
    return thing.nodes if isinstance(thing, Fold) else (thing,)


def test_every_format_shows_the_same_boxes_and_wires():
    for graph in (architectures.rnn(6), architectures.mlp([2, 4, 4, 1], 3)):
        scene = build_scene(Selection(fold="auto").view(graph), DrawingOptions())
        keys = {box.key for box in scene.boxes}
        dot = str(render(graph, "dot", fold="auto"))
        assert {*re.findall(r"^  (n\w+) \[shape=record", dot, re.MULTILINE)} == keys
        mermaid = str(render(graph, "mermaid"))
        assert {*re.findall(r'^  (n\w+)\["', mermaid, re.MULTILINE)} == keys
        svg = str(render(graph, "svg", layout="layered"))
        assert {*re.findall(r'data-(?:node|fold)="(n\w+)"', svg)} == keys
        wires = {(wire.tail, wire.head) for wire in scene.wires}
        assert {*re.findall(r"^  (n\w+) -> (n\w+)", dot, re.MULTILINE)} == wires
        assert {*re.findall(r"^  (n\w+) -->(?:\|[^|]*\|)? (n\w+)", mermaid, re.MULTILINE)} == wires


@pytest.mark.parametrize("name", architectures.NAMED)
def test_a_picture_of_a_named_architecture_has_few_boxes(name):
    view = folded(everything(architectures.NAMED[name]()), "auto")
    assert len(view.nodes) + len(view.folds) <= 30
    assert len(between(view)) <= 45


def test_small_graphs_are_shown_whole_and_large_ones_never_overflow():
    small = architectures.mlp([2, 3, 1], 1)
    assert len(small) <= MOST_BOXES
    assert folded(everything(small), "auto") == everything(small)
    for seed in range(20):
        graph = random_case(seed)
        view = folded(everything(graph), "auto", 10)
        assert len(view.nodes) + len(view.folds) <= 10
        assert (len(covered(view)) < len(graph)) == ("left out" in view.note)


def test_a_wide_sum_is_its_terms_and_their_sum():
    view = folded(everything(export(sum([Value(1.0) for _ in range(199)], Value(1.0)))), "auto")
    assert [(each.members, each.expression) for each in view.folds] == [(200, ""), (1, "Σ₂₀₀ x₁")]


def test_only_pictures_are_folded_unless_one_asks():
    graph = architectures.mlp([2, 8, 8, 1], 3)
    assert "fold=" not in str(render(graph, "dot")) + str(render(graph, "text", max_rows=None))
    assert "folded" in str(render(graph, "mermaid"))
    assert str(render(graph, "mermaid", fold="stacks")) == str(render(graph, "mermaid"))
    assert len(str(render(graph, "text", fold="stacks")).splitlines()) < 25


def test_text_in_the_place_of_a_picture_shows_what_the_picture_would_have(no_engine):
    graph = architectures.mlp([2, 8, 8, 1], 3)
    with pytest.warns(match="no svg"):
        drawn = render(graph, "svg")
    assert drawn.degraded_from == "svg"
    assert str(drawn) == str(render(graph, "text", fold="auto"))


def test_a_focus_shows_its_part_of_the_structure():
    graph = architectures.mlp([2, 4, 1], 3)
    whole = Selection(fold="stacks").view(graph)
    part = Selection(fold="stacks", focus="n20", radius=3).view(graph)
    shown = {node.id for node in covered(part)}
    assert shown == {node.id for node in covered(focus(graph, "n20", 3))}
    inside = {node.id: fold.nodes[0].id for fold in whole.folds for node in fold.nodes}
    for each in part.folds:
        assert len({inside.get(node.id, node.id) for node in each.nodes}) == 1


def test_a_fold_is_drawn_in_the_innermost_scope_of_its_nodes_and_a_parameter_where_it_is_used():
    weights = [[Value(float(column), f"w{row}{column}", role="parameter") for column in range(3)] for row in range(3)]
    x = [Value(1.0, f"x{place}") for place in range(3)]
    bias = Value(0.0, "bias", role="parameter")
    with named_scope("network"), named_scope("layer"):
        h = [sum([w * v for w, v in zip(row, x, strict=True)], bias).tanh() for row in weights]
    graph = export(h[0] + h[1] + h[2])
    view = Selection(fold="stacks").view(graph)
    homes = {each.name: around_fold(graph, each) for each in view.folds}
    names: dict[int | None, str] = {group.id: group.name for group in graph.groups}
    assert names[homes["w"]] == names[homes["bias"]] == "layer"
    assert homes["x"] is None
    assert names[homes["h₁"]] == "layer"


def test_what_differs_among_members_is_not_shown_as_if_it_were_the_same():
    x = [Value(float(place), f"x{place}") for place in range(4)]
    scaled = [(value * factor + 1).tanh() for value, factor in zip(x, (1.0, -1.0, 1.0, 2.0), strict=True)]
    expressions = expressions_of(export(sum(scaled[1:], scaled[0])))
    assert "tanh(c·x + 1)" in expressions
    assert "Σ₄ h₁" in expressions
    squares = expressions_of(export((x[0] + x[1]).exp() * (x[2] + x[3]).exp()))
    assert not any("²" in each for each in squares)
    h = [value.exp() for value in x]
    assert "tanh(exp(x)·exp(x′))" in expressions_of(export([(h[0] * h[1]).tanh(), (h[2] * h[3]).tanh()]))
    assert "tanh(h₁²)" in expressions_of(export([(each * each).tanh() for each in h]))


def expressions_of(graph: Graph) -> set[str]:
    return {each.expression for each in Selection(fold="stacks").view(graph).folds}


def test_a_run_says_what_each_step_computes_what_all_use_and_what_each_has_alone():
    view = Selection(fold="steps").view(architectures.rnn(6))
    (run,) = [each for each in view.folds if each.kind == "run"]
    assert (run.name, run.members, run.step) == ("steps 2 to 6", 5, "step 6")
    assert run.expression == (
        "h₁[t] = tanh(Σ₃ x₃·h₁[t−1] + x₂·x₅[t] + x₂′·x₆[t] + x₁); all use x₁, x₂ and x₃; each has its own x₅ and x₆"
    )
    assert fold_name(view.graph, run) == "steps 2 to 6: 3 × h₁[t]"


def two_states(width, steps=6):
    """A loop of two rows of values, a and b: each step makes both, and both are used after it. Only a takes b."""
    w = [Value(0.5 + place, f"w{place}") for place in range(width)]
    a, b = ([Value(1.0 + place, f"{name}{place}") for place in range(width)] for name in "ab")
    for _ in range(steps):
        into = [x + y for x, y in zip(a, b, strict=True)]
        a = [sum([v * each for each in into[1:]], v * into[0]).tanh() for v in w]
        b = [(v * each).exp() for v, each in zip(w, b, strict=True)]
    return export(sum(a[1:], a[0]) * sum(b[1:], b[0]))


@pytest.mark.parametrize("width", [1, 3])
def test_a_run_names_all_that_leaves_it(width):
    (run,) = [each for each in Selection(fold="steps").view(two_states(width)).folds if each.kind == "run"]
    made = {each.removeprefix(f"{width} × ") for each in run.makes.split(" and ")}
    assert len(made) == 2
    assert run.expression.partition(" = ")[0] in made
    assert fold_formula(run) == run.expression  # whose it is has to be said


def test_a_wire_into_steps_says_how_it_goes_into_the_one_step_it_leads_to():
    def pattern(view, head):
        box = box_of(view)
        ends = {each.nodes[0].id: each.name for each in view.folds}
        assert {each.tail for each in view.patterns} <= box.keys()
        return {each.pattern for each in view.patterns if ends.get(each.head) == head}

    assert pattern(Selection(fold="steps").view(architectures.rnn(6)), "steps 2 to 6") == {"each to each, step 2"}
    in_pairs = pattern(Selection(fold="steps").view(architectures.lstm(6)), "steps 2 to 6")
    assert in_pairs == {"each to each, step 2", "one to one, step 2"}
    assert pattern(Selection(fold="steps").view(two_states(1)), "steps 2 to 6") == set()  # of one member each


def test_leaves_of_several_kinds_have_their_gradients_apart():
    w = [[Value(0.2 * row - 0.1 * column, f"w{row}{column}") for column in range(3)] for row in range(3)]
    u, b = ([Value(0.3 * place + 0.1, f"{name}{place}") for place in range(3)] for name in "ub")
    h = [Value(0.0) for _ in range(3)]
    for step in range(6):
        x = Value(0.1 * step, "x")
        into = [[each * v for each, v in zip(row, h, strict=True)] for row in w]
        h = [(sum(its, c + v * x)).tanh() for its, v, c in zip(into, u, b, strict=True)]
    out = sum(h[1:], h[0])
    view = Selection(fold="steps").view(export(out))
    assert not any("× w: grad" in text for text in texts_of(view))  # none was computed
    out.backward()
    view = Selection(fold="steps").view(export(out))
    for name, leaves in (("w", [leaf for row in w for leaf in row]), ("u", u), ("b", b)):
        grads = sorted([leaf.grad for leaf in leaves])
        said = f"{len(leaves)} × {name}: grad {grads[0]:.4g} … {grads[-1]:.4g}"
        assert said in texts_of(view)
        assert said in str(render(view, "text", width=0))


def test_of_many_kinds_of_leaves_those_with_the_largest_gradients_are_shown():
    leaves = [Value(1.0, "abcdefghi"[place]) for place in range(9)]
    nodes = [msgspec.structs.replace(node, grad=float(node.id)) for node in export(sum(leaves[1:], leaves[0]))]
    kinds = tuple([(node.label, (node.id,)) for node in nodes if node.op is None])
    graph = Graph(tuple(nodes), (len(nodes) - 1,))
    every = tuple([node for node in nodes if node.op is None])
    fold = Fold(None, every, 0, kind="stack", name=", ".join("abcdefghi"), kinds=kinds)
    rows = [cell.text for cell in fold_numbers(View(graph, (), (), folds=(fold,)), fold, DrawingOptions())]
    of_leaves = sorted([float(node.id) for node in every])
    largest = [node for node in every if node.id in of_leaves[-5:]]
    said = [f"{node.label}: grad {node.grad:g}" for node in largest]
    assert rows == ["data 1", *said, f"4 more: grad {of_leaves[0]:g} … {of_leaves[3]:g}", "1 of 9 has grad 0"]


def texts_of(view):
    return {cell.text for box in build_scene(view, DrawingOptions()).boxes for cell in box.cells}


@pytest.mark.parametrize(("make", "stacks"), [(architectures.rnn, 3), (architectures.gru, 9), (architectures.lstm, 12)])
def test_what_every_step_uses_is_one_box_with_one_wire_into_the_steps(make, stacks):
    view = Selection(fold="steps").view(make(6))
    (run,) = [each for each in view.folds if each.kind == "run"]
    gathered = [each for each in view.folds if each.name.count(",") == stacks - 1]
    assert len(gathered) == 1
    box = box_of(view)
    here, there = box[gathered[0].nodes[0].id], box[run.nodes[0].id]
    five_steps = sum([edge.tail in {node.id for node in gathered[0].nodes} for edge in view.graph.edges]) * 5 // 6
    assert between(view)[here, there] == five_steps
    leaves = {box[each.nodes[0].id] for each in view.folds if not each.expression} - {here}
    assert not [wire for wire in between(view) if wire[1] == there and wire[0] in leaves]


def test_a_leaf_that_is_used_beside_the_steps_is_no_part_of_what_only_they_use():
    w, u, b, h = (Value(1.0, name) for name in ("w", "u", "b", "h"))
    out = h
    for _ in range(6):
        out = (w * out * u + b).tanh()
    view = Selection(fold="steps").view(export(out * u))
    assert {each.name for each in view.folds} >= {"b, w"}
    assert "u" in {node.label for node in view.nodes}


def test_expand_opens_steps_stacks_expressions_and_groups():
    graph = architectures.rnn(8)
    (run,) = [each for each in Selection(fold="auto").view(graph).folds if each.kind == "run"]
    opened = Selection(expand=(run.name,)).drawn_as("svg").view(graph)
    expressions = Counter([each.expression for each in opened.folds])
    assert max(expressions.values()) > 7  # leaves have none
    assert 7 in expressions.values()
    titled = Selection(expand=(fold_name(graph, run),)).drawn_as("svg").view(graph)
    assert (titled.nodes, titled.folds) == (opened.nodes, opened.folds)
    members = Selection(fold="steps", expand=("3 × h₁[1]",)).view(graph)
    assert {"h₁[1] 1", "h₁[1] 2", "h₁[1] 3"} <= {each.name for each in members.folds}
    whole = Selection(fold="cones", expand=("h₂",)).view(graph)
    assert len(whole.nodes) > 1
    with named_scope("layer"):
        out = (Value(1.0, "a") * 2).tanh()
    scoped = export(out + 1)
    assert Selection(fold="groups", expand=("layer",)).view(scoped).nodes == scoped.nodes
    assert Selection(collapse=("layer",), expand=("layer",)).view(scoped).nodes == scoped.nodes


def test_expand_is_one_name_or_several_and_an_unknown_one_lists_near_names():
    graph = architectures.rnn(8)
    one, several = (str(render(graph, "dot", expand=names)) for names in ("3 × h₁[1]", ["3 × h₁[1]"]))
    assert one == several
    with pytest.raises(OptionError, match=r"no fold '3 x h₁' to expand \(near it: 3 × h₁.*folded are: "):
        render(graph, "text", expand="3 x h₁")
    with pytest.raises(OptionError, match="nothing is folded"):
        render(Value(1.0) * 2, "text", expand="h₁")


def test_dead_and_not_finite_members_are_counted():
    x = [Value(float(place), f"x{place}") for place in range(6)]
    h = [(value - 2.5).relu() for value in x]
    out = sum(h[1:], h[0])
    out.backward()
    graph = export(out)
    view = Selection(fold="stacks").view(graph)
    texts = {cell.text for box in build_scene(view, DrawingOptions()).boxes for cell in box.cells}
    assert {"6 × x", "data 0 … 5", "grad 0 … 1", "3 of 6 have grad 0"} <= texts
    nodes = [msgspec.structs.replace(node, data=float("inf")) if node.label == "x3" else node for node in graph]
    view = Selection(fold="stacks").view(msgspec.structs.replace(graph, nodes=tuple(nodes)))
    texts = {cell.text for box in build_scene(view, DrawingOptions()).boxes for cell in box.cells}
    assert {"data 0 … 5", "data: 1 not finite"} <= texts


def test_folds_do_not_mix():
    graph = architectures.mlp([2, 4, 1], 3)
    with named_scope("scope"):
        scoped = export(Value(1.0) * 2)
    with pytest.raises(OptionError, match="take one of them"):
        render(scoped, "dot", fold="stacks", collapse="scope")
    with pytest.raises(OptionError, match="folded already"):
        render(fold(scoped, "scope"), "dot", fold="stacks")
    assert "scope" in str(render(fold(scoped, "scope"), "mermaid"))
    assert "scope" in str(render(scoped, "mermaid", fold="groups"))
    with pytest.raises(OptionError, match="fold takes"):
        render(graph, "dot", fold="clusters")  # type: ignore[arg-type]


def test_a_label_that_looks_like_an_expression_is_in_brackets():
    a, b = Value(1.0, "x+w"), Value(2.0, "α β")
    assert "tanh([x+w]·α β)" in expressions_of(export((a * b).tanh()))
