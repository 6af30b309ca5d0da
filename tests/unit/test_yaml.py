"""YAML in and out: lossless, and only what JSON can say."""

import json

import pytest
import yaml
from hypothesis import given

from gradgraph import DocumentError, Graph, Node, OpDeclaration, dump, dumps, load, loads, validate
from gradgraph.document.locating import Path
from gradgraph.document.yaml_reading import NotOurYaml, YamlLocator, to_json
from gradgraph.limits import Limits
from tests.conftest import example
from tests.strategies import graphs

NEURON = dumps(example("neuron"), "yaml")


@given(graphs())
def test_yaml_to_json_to_yaml_is_the_identity(graph):
    text = dumps(graph, "yaml")
    assert loads(text, "yaml") == graph
    assert dumps(loads(dumps(graph)), "yaml") == text


@given(graphs(most=8))
def test_another_yaml_reader_sees_what_a_json_reader_sees(graph):
    theirs = yaml.safe_load(dumps(graph, "yaml"))
    assert repr(theirs) == repr(json.loads(dumps(graph)))


def test_files_go_by_their_suffix(tmp_path):
    graph = example("mlp")
    for name in ("graph.yaml", "graph.YML"):
        dump(graph, tmp_path / name)
        assert (tmp_path / name).read_text(encoding="utf-8") == dumps(graph, "yaml")
        assert load(tmp_path / name) == graph
        assert validate(tmp_path / name) == ()


def test_block_style_and_plain_texts_are_read():
    text = """
# a comment
format: gradgraph
version: '1.0'
ops: {}
outputs:
  - 0
nodes:
  - id: 0
    label: two words
    data: 1e-07
    grad: -1
    role: input
"""
    node = loads(text, "yaml")[0]
    assert (node.label, node.data, node.grad) == ("two words", 1e-07, -1.0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "1:1: the document is empty"),
        (b"# nothing", "1:1: the document is empty"),
        (b"\xff", "1:1: byte 0xff is not UTF-8 (save the document as UTF-8)"),
        (b"a: &x 1", "1:4: anchors and aliases are not taken (write the value out)"),
        (b"a: *x", "1:4: anchors and aliases are not taken (write the value out)"),
        (b"a: !!str 1", "1:4: tags are not taken (remove it)"),
        (b"- <<: {a: 1}", "1:3: the key << is not a text (quote it)"),
        (b"? [a]\n: b", "1:3: a key must be a text"),
        (b"1: a", "1:1: the key 1 is not a text (quote it)"),
        (b"a: yes", "1:4: yes could mean several things (quote it, or write null)"),
        (b"a: 2026-01-01", "1:4: 2026-01-01 could mean several things (quote it, or write null)"),
        (b"a: 0x10", "1:4: 0x10 could mean several things (quote it, or write null)"),
        (b"a: .nan", "1:4: .nan could mean several things (quote it, or write null)"),
        (b"a: 1\nb:\n", "2:3: nothing could mean several things (quote it, or write null)"),
        (b"a: 1\n---\nb: 1", "2:1: a second document starts here (keep one in a file)"),
        (b"a: 'x", "1:6: malformed YAML: found unexpected end of stream"),
        (b"a: [1,,2]", "1:7: malformed YAML: did not find expected node content"),
        (b"a: b\x01", "1:5: the character U+0001 is not YAML (write it as an escape in a quoted text)"),
        (b"format: other", '1:9: /format: this is not a gradgraph document (one has "format": "gradgraph")'),
    ],
)
def test_what_json_cannot_say_is_refused_by_name(text, problem):
    (found,) = validate(text, yaml=True)
    assert str(found) == problem


def test_problems_have_the_line_and_column_of_the_yaml():
    with pytest.raises(DocumentError) as caught:
        loads(NEURON.replace('"operands": [0, 1]', '"operands": [0, 7]'), "yaml", source="neuron.yaml")
    assert str(caught.value) == (
        "neuron.yaml:9:60: /nodes/2/operands/1: operand 7 is not an earlier node (must be below 2)"
    )
    assert NEURON.splitlines()[8][59] == "1"


def test_duplicate_keys_are_refused():
    doubled = NEURON.replace('"label": "x1"', '"label": "x1", "label": "x2"')
    assert [problem.sentence for problem in validate(doubled.encode(), yaml=True)] == [
        "the key 'label' stands twice in one object"
    ]


@pytest.mark.parametrize("nest", [b"[" * 1_000_000, b"{a: " * 100_000, b"- " * 100_000])
def test_nests_are_refused_at_the_limit(nest):
    with pytest.raises(NotOurYaml, match="max_depth = 64"):
        to_json(nest, Limits())


def test_places():
    data = b"a:\n  - x\n  - {b: 1, c: [2, 3]}\nd: 4\n"
    paths: list[Path] = [["a", 1, "c", 1], ["a", 1, "missing"], ["d"], []]
    assert YamlLocator(data).offsets(paths) == [27, 13, 34, 0]
    assert data[27:].startswith(b"3]")
    assert YamlLocator("é: [ü, x]".encode()).offsets([["é", 1]]) == [9]


def test_long_keys_are_read_back_by_us_and_by_others():
    graph = Graph(
        (Node(0, 1.0, None, 'a": ' * 300),),
        (0,),
        {"o" * 2000: OpDeclaration("+", 2)},
        meta={"k" * 3000: {"é\u2028" * 900: 1}},
    )
    text = dumps(graph, "yaml")
    assert loads(text, "yaml") == graph
    assert yaml.safe_load(text) == json.loads(dumps(graph))
