"""Our DOT, judged by `dot` and by pydot: the text as written, every node and edge, and the whole graph back from it."""

import subprocess

import pydot
import pytest
from hypothesis import given

from gradgraph import (
    DocumentError,
    Graph,
    Limits,
    OptionError,
    Value,
    dumps,
    export,
    focus,
    fold,
    from_pydot,
    load,
    loads,
    named_scope,
    render,
    to_pydot,
)
from gradgraph.document.files import dump
from gradgraph.visible_text import visible
from tests.command import run_cli
from tests.conftest import example, examples
from tests.integration.test_mermaid import labelled
from tests.properties.test_drawings import label_rows
from tests.readback import dot_draws, edges_of, names_of, reads_of
from tests.strategies import graphs, many_labels
from tests.test_goldens import CASES

AT_ONCE = 50
"""Labels in one drawing."""


@pytest.mark.parametrize("quarter", range(4))  # so that they need not be read one after the other
def test_labels_are_drawn_as_written_and_come_back(quarter, dot, label_count):
    labels = many_labels(label_count)[quarter::4]
    for start in range(0, len(labels), AT_ONCE):
        graph = labelled(labels[start : start + AT_ONCE])
        text = str(render(graph, "dot"))
        texts, edges = dot_draws(dot, text)
        assert edges == edges_of(graph)
        for node in graph:
            if node.op is None:
                assert label_rows(texts[f"n{node.id}"]) == ([visible(node.label)] if node.label else [])
            else:
                assert texts[f"n{node.id}op"] == [visible(graph.symbol(node)) or node.op]
        (drawing,) = pydot.graph_from_dot_data(text) or []
        names, wires = reads_of(drawing)
        assert (names, wires) == (names_of(graph), edges_of(graph))
        again = from_pydot(drawing)
        assert again == graph
        assert str(render(again, "dot")) == text


@examples(25)
@given(graphs(most=12))
def test_any_graph_comes_back_from_its_drawing(graph):
    text = str(render(graph, "dot", precision=2, grad=False, local=True))
    assert loads(text, "dot") == graph


@pytest.mark.parametrize("name", CASES)
def test_it_comes_back_when_dot_has_written_it_anew(name, dot):
    graph = CASES[name]()
    canonical = subprocess.run(
        [dot, "-Tdot"], input=str(render(graph, "dot")).encode(), capture_output=True, check=True
    )
    assert loads(canonical.stdout, "dot") == graph
    assert from_pydot(to_pydot(graph)) == graph


def test_convert_goes_both_ways(tmp_path):
    source, drawing, back = tmp_path / "a.json", tmp_path / "a.dot", tmp_path / "b.json"
    dump(example("neuron"), source)
    assert run_cli("convert", str(source), str(drawing)).returncode == 0
    assert drawing.read_text(encoding="utf-8") == str(render(example("neuron"), "dot"))
    assert run_cli("convert", str(drawing), str(back)).returncode == 0
    assert back.read_bytes() == source.read_bytes()
    assert load(drawing) == load(source)
    assert run_cli("convert", str(source), "-", "--to", "dot").stdout == drawing.read_text(encoding="utf-8")
    assert run_cli("render", str(drawing), "-f", "text").returncode == 0
    with pytest.raises(OptionError, match="a document is JSON or YAML"):
        dumps(load(source), "dot")


NEURON = str(render(example("neuron"), "dot"))
LINE = "  n0 -> n2op;\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "1:1: the document is empty"),
        ("\n digraph {", "2:11: the DOT ends too soon"),
        ("digraph { a -> b }", "1:1: the DOT holds no whole graph"),
        ("graph { a -- b }", "1:1: this is a graph without directions"),
        ("<svg/>", "1:1: this is no DOT"),
        (str(render(focus(example("neuron"), "n"), "dot")), "holds no whole graph"),
        (str(render(fold(example("neuron"), ["neuron"]), "dot")), "holds no whole graph"),
        (NEURON.replace(LINE, ""), "the edge n0 -> n2op is drawn less often"),
        (NEURON.replace(LINE, LINE * 2), "39:9: the edge n0 -> n2op is drawn more often"),
        (NEURON.replace(LINE, "  n0 -> {n2op n5op};\n"), "the edge n0 -> n5op is drawn more often"),
        (NEURON.replace(LINE, "  {n0; n1} -> n2op;\n"), "the edge n1 -> n2op is drawn more often"),
        (NEURON.replace(LINE, LINE + "  n0, n1 -> n3;\n"), "the edge n0 -> n3 is drawn more often"),
        (NEURON.replace("  n0 ->", "  n3 ->"), "the edge n3 -> n2op is drawn more often"),
        (NEURON.replace(LINE, LINE + "  n2op -> n9;\n"), "the edge n2op -> n9 is drawn more often"),
        (NEURON.replace(LINE, LINE + "  note;\n"), "39:3: the node note is no part of the graph"),
        (NEURON.replace(LINE, LINE + "  n2op -> n2 [key=a]; n2op -> n2 [key=a];\n"), "the edge n2op -> n2 is"),
        (NEURON.replace('data="2.0"', 'data="two"'), "6:103: /nodes/0/data: "),
        (NEURON.replace('in_group="0"', 'in_group="7"'), "/nodes/0/group: "),
        (NEURON.replace('role="input"', 'role="x\\", \\"id\\": \\"y"'), "/nodes/0/role: "),
        (NEURON.replace('data="2.0"', 'data="1, \\"role\\": \\"constant\\""'), "/nodes/0/data: "),
        (
            NEURON.replace('data="2.0"', 'data="2.0", params="{}, \\"data\\": 7"'),
            "/nodes/0/params: the attribute params",
        ),
        (NEURON.replace('data="2.0"', 'data="2.0", params="{\\"a\\": 1, \\"a\\": 2}"'), "/nodes/0"),
        (NEURON.replace('caption="x1"', 'caption="x1\\", \\"data\\": \\"7"'), "/nodes/0/label: the attribute caption"),
        (NEURON.replace('caption="x1"', "caption=<x1>, data=<1>"), "/nodes/0/data: "),
        (NEURON.replace('\\"1.0\\"', '\\"1.0\\", \\"nodes\\": []'), "2:20: /nodes: the attribute gradgraph has rows"),
        (NEURON.replace('\\"1.0\\"', '\\"1.0\\", \\"ops\\": {}'), "the key 'ops' stands twice"),
        (NEURON.replace('\\"1.0\\"', '\\"2.0\\"'), "2:20: /version: "),
        (NEURON.replace("{\\", "[\\", 1), "2:20: the attribute gradgraph is no JSON object"),
        (NEURON.replace("  n0 [", "  n00 ["), "22:5: /nodes/0: 'data' is missing"),
        (NEURON.replace("cluster_0", "cluster_1"), "the cluster cluster_1 is no group"),
        (NEURON.replace("    n0;\n", ""), "the node n0 is not in the cluster of its group"),
        ("digraph {" + "{" * 6000 + "}" * 6001, "1:5010: braces nest deeper than 5000 levels"),
        ("digraph { a \0 }", "1:13: a character is NUL"),
        ("digraph { {a b c d e} -> {a b c d e} -> {a b c d e} }", "1:53: the subgraphs stand for more edges"),
        (" " * 100, "longer than max_bytes = 99"),
        (b"digraph { \xff }", "1:11: byte 0xff is not UTF-8"),
        ("digraph { } digraph { }", "1:13: something follows the graph"),
        ("digraph { a [x] }", "1:15: unexpected ']' instead of ="),
        ("digraph { node }", "1:16: unexpected '}' here"),
        ("digraph { a -> }", "1:16: unexpected '}' here"),
        ("digraph { a -- b }", "1:13: unexpected '--' here"),
        ("digraph { <a> }", "1:11: an HTML string is no name"),
        ("digraph { a + b }", "1:13: unexpected '+' here"),
        ('digraph { "a" + b }', "1:17: + joins strings only"),
        ('digraph { "a }', "1:11: a string is not closed"),
        ("digraph { a [b=<<i>] }", "1:16: an HTML string is not closed"),
        ("digraph { /* }", "1:11: a comment is not closed"),
        ("digraph { é ÷ ? }", "1:15: the character '?' is not DOT"),
    ],
)
def test_what_is_no_drawing_of_ours_is_refused_with_its_place(text, told):
    limits = Limits(max_bytes=99) if "max_bytes" in told else Limits()
    with pytest.raises(DocumentError) as caught:
        loads(text, "dot", limits=limits, source="a.dot")
    assert str(caught.value).startswith("a.dot:")
    assert told in str(caught.value)


def test_clusters_must_be_the_groups_of_the_graph():
    with named_scope("a"):
        with named_scope("b"):
            inner = Value(1.0)
        outer = inner * 2
    text = str(render(export(outer + Value(3.0)), "dot"))
    assert loads(text, "dot") == export(outer + Value(3.0))
    start = text.index("    subgraph cluster_1")
    end = text.index("    }\n", start) + 6
    nested = text[start:end]
    apart = text[:start] + text[end:].replace("  }\n", "  }\n" + nested)
    for wrong, told in (
        (apart, "the cluster cluster_1 is not in the group that the graph has it in"),
        (text.replace(nested, "    n0;\n"), "the node n0 is not in the cluster of its group"),
        (text.replace(nested, nested.replace("n0;", "n0; n1;")), "the node n1 is in cluster_1, but not in that group"),
        (text.replace(nested, nested + "{" + nested + "}"), "the cluster cluster_1 is drawn twice"),
    ):
        with pytest.raises(DocumentError, match=told):
            loads(wrong, "dot")
    assert loads(text.replace(nested, nested + nested), "dot")  # the same subgraph, gone on with


@pytest.mark.parametrize("name", CASES)
def test_pydot_objects_are_those_that_pydot_reads(name):
    graph = CASES[name]()
    (read,) = pydot.graph_from_dot_data(str(render(graph, "dot"))) or []
    made = to_pydot(graph)
    assert made.to_string() == read.to_string()
    assert made.obj_dict.keys() == read.obj_dict.keys()
    assert from_pydot(made) == from_pydot(read) == graph


def test_groups_inside_each_other_go_to_pydot_and_back(capfd):
    scopes = [named_scope(f"s{n}") for n in range(60)]
    for scope in scopes:
        scope.__enter__()
    value = Value(1.0)
    for scope in reversed(scopes):
        scope.__exit__(None, None, None)
    assert from_pydot(to_pydot(value)) == export(value)
    with pytest.raises(DocumentError, match=r"^the DOT holds no whole graph"):
        from_pydot(pydot.Dot("no"))
    deep = pydot.Dot("deep", graph_type="digraph")
    part: pydot.Graph = deep
    for n in range(3000):
        inner = pydot.Subgraph(f"s{n}")
        part.add_subgraph(inner)
        part = inner
    with pytest.raises(DocumentError, match="nests subgraphs too deep"):
        from_pydot(deep)
    assert capfd.readouterr() == ("", "")


def test_a_pydot_graph_can_be_changed_and_read(tmp_path):
    drawing = to_pydot(Value(2.0, "a") * 3)
    drawing.get_node("n0")[0].set("caption", '"b"')
    assert from_pydot(drawing)[0].label == "b"
    assert isinstance(from_pydot(drawing), Graph)
    assert export(Value(1.0)) == from_pydot(to_pydot(Value(1.0)))
