"""The text drawing: the forms the design gives, and its corners."""

import pytest

from gradgraph import Graph, Node, OpDeclaration, Value, dumps, export, named_scope, render
from gradgraph.testing import parse_text
from gradgraph.visible_text import visible
from shared import shared
from tests.text_readback import ROLES

SHARED = """\
     id  data  grad  name = expression
○    n0     2    16  a
│ ○  n1    -3   -16  b
├─●  n2    -6    -8  c = a * b
●─╯  n3    -4    -8  d = c + a
◉    n4    16     1  e = d * d
"""
SHARED_ASCII = """\
     id  data  grad  name = expression
o    n0     2    16  a
| o  n1    -3   -16  b
+-*  n2    -6    -8  c = a * b
*-'  n3    -4    -8  d = c + a
@    n4    16     1  e = d * d
"""


def rows(what, **options) -> str:
    return str(render(what, "text", **options)).split("\n\n")[0] + "\n"


def nary(*operands: tuple[int, ...], leaves: int = 2) -> Graph:
    """A graph of leaves and of one n-ary op after another."""
    nodes = [Node(index, 1.0, None) for index in range(leaves)]
    for index, each in enumerate(operands, leaves):
        nodes.append(Node(index, 1.0, None, op="f", operands=each))
    return Graph(tuple(nodes), (len(nodes) - 1,), {"f": OpDeclaration("f", None)})


def test_shared_and_repeated_operands():
    assert rows(shared()) == SHARED
    assert rows(shared(), charset="ascii") == SHARED_ASCII


def rails(what) -> list[str]:
    """The rails alone, a line for each node."""
    heading, *lines = rows(what).splitlines()
    return [line[: heading.index("id")].rstrip() for line in lines]


def test_more_than_two_uses_are_counted_beside_the_rail():
    assert rails(nary((0, 0, 0), (1, 1, 1, 0))) == ["○", "│ ○", "├3│─●", "●3╯"]


def test_ten_uses_widen_the_gap():
    assert rails(nary((0,) * 12 + (1,))) == ["○", "│  ○", "╰12●"]


def test_a_rail_crossed_without_use_stays_whole():
    assert rails(nary((0, 2), (1, 3), leaves=3)) == ["○", "│ ○", "│ │ ○", "●─│─╯", "●─╯"]


def test_uses_on_the_way_are_told_from_crossings():
    assert rails(nary((0, 0, 2, 1), (1,), leaves=3)) == ["○", "│ ○", "│ │ ○", "◉─┼─╯", "  ●"]


def test_a_value_nobody_used_is_not_taken_for_an_operand():
    a = Value(1.0, "a")
    drawing = rows(export([a * 2, a * 3]))
    assert drawing.splitlines()[3].startswith("├─●")


def test_over_twelve_rails_the_table_stands_alone_and_says_so():
    graph = Graph(
        tuple(Node(n, 1.0, None) for n in range(14)) + (Node(14, 1.0, None, op="sum", operands=tuple(range(14))),),
        (14,),
        {"sum": OpDeclaration("sum", None)},
    )
    drawing = str(render(graph, "text", width=0))
    assert drawing.startswith("id ")
    assert "no rails: more than 12 would be needed" in drawing


def test_rails_give_way_to_the_width_and_then_gradients():
    narrow = str(render(shared(), "text", width=34))
    assert "(no rails) name" in narrow.splitlines()[0]
    assert "grad" in narrow.splitlines()[0]
    told, heading, *_ = str(render(shared(), "text", width=24)).splitlines()
    assert told == "(no rails, grad)"
    assert heading == "id  data  name = expres…"
    narrowest = str(render(shared(), "text", width=12)).splitlines()
    assert narrowest[:4] == ["(no rails,", "grad)", "id  data  n…", "n0     2  a"]
    assert max(map(len, narrowest)) <= 12
    assert "no rails: 12 columns are too few no grad: 12 columns are too few" in " ".join(narrowest)


def test_a_gap_is_told_whole_where_there_is_little_room():
    value = Value(1.0, "a")
    for _ in range(1000):
        value = value + value
    for charset in ("unicode", "ascii"):
        drawing = str(render(value, "text", width=24, max_rows=4, charset=charset))
        assert max(map(len, drawing.splitlines())) <= 24
        assert "997 nodes (n2 to n998) left out" in " ".join(drawing.split())


def test_gradients_not_computed_and_options():
    value = Value(2.0, "a") * 3
    assert "–" in rows(value)
    assert "-" in rows(value, charset="ascii")
    assert "grad" not in rows(value, grad=False)
    assert "0.3333333333" in rows(Value(1.0) / 3, precision=10)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda a, b: a - b, "= a - b"),
        (lambda a, b: -a, "= -a"),
        (lambda a, b: a**2, "= a**2"),
        (lambda a, b: a**b, "= a ** b"),
        (lambda a, b: a.tanh(), "= tanh(a)"),
        (lambda a, b: abs(b), "= abs(b)"),
    ],
)
def test_expressions(made, expected):
    last = rows(made(Value(1.0, "a"), Value(2.0, "b"))).splitlines()[-1]
    assert last.endswith(expected)


@pytest.mark.parametrize("label", ["n7", "two words", "a+b", "", "x" * 40, "étage"])
def test_labels_that_could_mislead_are_not_used_in_expressions(label):
    assert rows(Value(1.0, label).tanh()).splitlines()[-1].endswith("= tanh(n0)")


def test_shared_labels_are_not_used_in_expressions():
    assert rows(Value(1.0, "a") + Value(2.0, "a")).splitlines()[-1].endswith("= n0 + n1")


def test_params_of_unknown_ops_are_shown():
    graph = Graph(
        (Node(0, 1.0, None, "x"), Node(1, 1.0, None, op="roll", operands=(0,), params={"axis": 1})),
        (1,),
        {"roll": OpDeclaration("roll", 1)},
    )
    assert rows(graph).splitlines()[-1].endswith("= roll(x; axis=1)")


def test_groups_have_a_column_of_their_own():
    with named_scope("layer 1"), named_scope("权重"):
        inner = Value(1.0, "a") * 2
    drawing = rows(inner + Value(1.0, "b"))
    heading, *lines = drawing.splitlines()
    assert heading.split() == ["id", "data", "grad", "group", "name", "=", "expression"]
    assert [line.split("–")[1].split()[:2] for line in lines[:3]] == [["layer", "1/权重"]] * 3
    assert "layer" not in lines[3]
    assert "group" not in rows(Value(1.0))
    narrow = str(render(inner, "text", width=40)).splitlines()
    assert any("…" in line for line in narrow)


def test_the_mark_of_a_leaf_tells_its_role():
    leaves = [Node(n, 1.0, None, role=role) for n, role in enumerate(ROLES)]
    graph = Graph(tuple(leaves), (0,))
    assert [line[0] for line in rows(graph).splitlines()[1:]] == ["○", "○", "□", "◇"]
    assert [line[0] for line in rows(graph, charset="ascii").splitlines()[1:]] == ["o", "o", "#", "%"]


TREE = """\
tree     id  data  grad  name = expression
●        n4    16     1  e = d * d
╰2●      n3    -4    -8  d = c + a
  ├─●    n2    -6    -8  c = a * b
  │ ├─○  n0     2    16  a
  │ ╰─○  n1    -3   -16  b
  ╰─↑    n0              a ↑ see above
"""
TREE_OF_ONE_LEVEL = """\
tree   id  data  grad  name = expression
*      n4    16     1  e = d * d
'2*2<  n3    -4    -8  d = c + a
"""


def test_the_tree_goes_from_the_output_down_and_counts_what_it_repeats():
    assert rows(shared(), style="tree") == TREE
    drawing = str(render(shared(), "text", style="tree", depth=1, charset="ascii"))
    assert drawing.startswith(TREE_OF_ONE_LEVEL)
    assert "3 nodes below level 1 not shown" in drawing


def test_a_tree_grows_from_every_output_and_from_what_nothing_uses():
    a = Value(1.0, "a")
    graph = export([a * 2, a * 3])
    lone = Graph((*graph.nodes, Node(len(graph), 1.0, None, "lone")), graph.outputs, graph.ops)
    starts = [line[0] for line in rows(lone, style="tree").splitlines()[1:] if line[0] in "●○"]
    assert starts == ["●", "●", "○"]


@pytest.mark.parametrize(
    ("symbol", "params", "expected"),
    [
        ("f(", {}, r"f\x28(n0)"),
        ("{k}", {"k": ") (n1; "}, r") \x28n1; (n0; k=) (n1; )"),
        ("", {}, "odd(n0)"),
        ("-{k}", {"k": "n"}, "-n(n0; k=n)"),
        ("**{k}", {"k": 2.0}, "n0**2"),
        ("~", {}, "~n0"),
    ],
)
def test_symbols_cannot_be_taken_for_operands(symbol, params, expected):
    nodes = (Node(0, 1.0, None), Node(1, 1.0, None, op="odd", operands=(0,), params=params))
    graph = Graph(nodes, (1,), {"odd": OpDeclaration(symbol, 1)})
    drawing = str(render(graph, "text", width=0))
    assert drawing.splitlines()[2].endswith("= " + expected)
    assert parse_text(drawing).expressions == ((), (0,))


def test_zero_has_no_sign_in_drawings_and_keeps_it_in_documents():
    graph = export(Value(-0.0, "a"))
    assert " -0 " not in str(render(graph, "text"))
    assert "{a|data 0|grad –}" in str(render(graph, "dot"))
    assert "data 0 " in str(render(graph, "mermaid"))
    assert 'data="-0.0"' in str(render(graph, "dot"))
    assert '"data": -0.0' in dumps(graph)
    small = export(Value(-1e-5, "small"))
    assert "-1e-05" in str(render(small, "text", precision=1))


def test_a_cut_ends_with_no_joiner():
    label = "می‌خواهم " * 20
    for width in range(40, 80):
        line = str(render(export(Value(1.0, label)), "text", width=width)).splitlines()[1]
        assert line.endswith("…")
        assert visible(line) == line
