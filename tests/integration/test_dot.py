"""Our DOT, judged by `dot` and by pydot: the text as written, every node and edge, and the whole graph back from it."""

import subprocess

import pydot
import pytest
from hypothesis import given, settings

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
    render,
    to_pydot,
)
from gradgraph.document import dump
from gradgraph.labels import visible
from tests.conftest import example, run_cli
from tests.integration.test_mermaid import labelled
from tests.properties.test_drawings import label_rows
from tests.readback import dot_draws, edges_of, names_of, reads_of
from tests.strategies import graphs, many_labels
from tests.test_goldens import CASES

AT_ONCE = 50
"""Labels in one drawing."""


def test_two_thousand_labels_are_drawn_as_written_and_come_back(dot):
    labels = many_labels(2000)
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


@settings(max_examples=25)
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read by pydot"),
        ("digraph {", "cannot be read by pydot"),
        ("digraph { a -> b }", "holds no whole graph"),
        (str(render(focus(example("neuron"), "n"), "dot")), "holds no whole graph"),
        (str(render(fold(example("neuron"), ["neuron"]), "dot")), "holds no whole graph"),
        (NEURON.replace("  n0 -> n2op;\n", ""), "does not draw its operands: n0 -> n2op"),
        (NEURON.replace("  n0 -> n2op;\n", "  n0 -> n2op;\n" * 2), "does not draw its operands: n0 -> n2op"),
        (NEURON.replace('data="2.0"', 'data="two"'), "/nodes/0/data: "),
        (NEURON.replace('in_group="0"', 'in_group="7"'), "/nodes/0/group: "),
        (NEURON.replace('role="input"', 'role="x\\", \\"id\\": \\"y"'), "/nodes/0"),
        ("digraph {" + "subgraph a {" * 3000 + "}" * 3001, "cannot be read by pydot (RecursionError)"),
        ("digraph {" + " " * 100 + "}", "longer than max_dot_bytes = 99"),
        (b"digraph { \xff }", "is not UTF-8"),
        ('digraph { a [name="x"] }', "cannot be read by pydot (TypeError)"),
    ],
)
def test_what_is_no_drawing_of_ours_is_refused_in_a_sentence(text, told):
    limits = Limits(max_dot_bytes=99) if "max_dot_bytes" in told else Limits()
    with pytest.raises(DocumentError) as caught:
        loads(text, "dot", limits=limits, source="a.dot")
    assert str(caught.value).startswith("a.dot: ")
    assert told in str(caught.value)


def test_a_pydot_graph_can_be_changed_and_read(tmp_path):
    drawing = to_pydot(Value(2.0, "a") * 3)
    drawing.get_node("n0")[0].set("caption", '"b"')
    assert from_pydot(drawing)[0].label == "b"
    assert isinstance(from_pydot(drawing), Graph)
    assert export(Value(1.0)) == from_pydot(to_pydot(Value(1.0)))
