"""The canonical document, written and read."""

import json
import os

import jsonschema
import pytest

from gradgraph import (
    DocumentError,
    Graph,
    Group,
    Node,
    OpDeclaration,
    OptionError,
    Value,
    dump,
    dumps,
    export,
    load,
    loads,
)
from gradgraph_schemas import schema, schema_text, schema_versions
from tests.conftest import ROOT, example

NODES = (
    Node(0, float("nan"), float("-inf"), "x\u2028\n\"'\\é", "input"),
    Node(1, -0.0, None, op="power", operands=(0,), params={"exponent": float("inf"), "axes": (1, "a")}, group=1),
    Node(2, 1e-07, 0.1, op="cat", operands=(0, 0, 1), local=(1.0, float("nan"), 5e-324)),
)
GRAPH = Graph(
    NODES,
    (2, 0),
    {"power": OpDeclaration("**{exponent}", 1), "cat": OpDeclaration("⊕", None)},
    (Group(0, "outer"), Group(1, "inner", 0)),
    meta={"b": [1, {"z": None, "a": 2.5}], "a": True},
    ext={"tool": {"x": "y"}},
)
TEXT = """{
"format": "gradgraph",
"version": "1.0",
"meta": {"a": true, "b": [1, {"a": 2.5, "z": null}]},
"ext": {"tool": {"x": "y"}},
"ops": {"cat": {"symbol": "⊕", "arity": null}, "power": {"symbol": "**{exponent}", "arity": 1}},
"groups": [{"id": 0, "name": "outer"}, {"id": 1, "name": "inner", "parent": 0}],
"outputs": [2, 0],
"nodes": [
{"id": 0, "label": "x\u2028\\n\\"'\\\\é", "role": "input", "data": "NaN", "grad": "-Infinity"},
{"id": 1, "op": "power", "operands": [0], "params": {"axes": [1, "a"], "exponent": "Infinity"}, "data": -0.0, "grad": null, "group": 1},
{"id": 2, "op": "cat", "operands": [0, 0, 1], "data": 1e-07, "grad": 0.1, "local": [1.0, "NaN", 5e-324]}
]
}
"""  # noqa: E501


def test_the_canonical_text_and_back():
    assert dumps(GRAPH) == TEXT
    assert loads(TEXT) == GRAPH
    assert loads(TEXT.encode()) == GRAPH
    assert dumps(loads(TEXT)) == TEXT


def test_white_space_key_order_and_redundant_spellings_do_not_matter():
    spaced = json.dumps(json.loads(TEXT), indent=3, sort_keys=True)
    assert loads(spaced) == GRAPH
    plain = (
        '{"nodes":[{"grad":0,"data":2,"id":0,"label":""}],"outputs":[0],"ops":{},"version":"1.0","format":"gradgraph"}'
    )
    assert loads(plain)[0] == Node(0, 2.0, 0.0)


def test_files(tmp_path):
    path = tmp_path / "graph.json"
    dump(GRAPH, path)
    assert path.read_bytes() == TEXT.encode()
    assert load(path) == GRAPH
    with (tmp_path / "other.json").open("wb") as file:
        dump(GRAPH, file)
    assert (tmp_path / "other.json").read_bytes() == TEXT.encode()
    assert sorted(os.listdir(tmp_path)) == ["graph.json", "other.json"]


def test_problems_name_the_file_line_and_column(tmp_path):
    path = tmp_path / "graph.json"
    path.write_text(TEXT.replace("[0, 0, 1]", "[0, 9, 1]"), encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert str(caught.value) == (
        f"{path}:12:40: /nodes/2/operands/1: operand 9 is not an earlier node (must be below 2)"
    )


def test_documents_satisfy_the_published_schema():
    jsonschema.Draft202012Validator.check_schema(schema())
    for text in (TEXT, dumps(example("neuron")), dumps(example("mlp"))):
        document = json.loads(text)
        jsonschema.validate(document, schema(document["version"]), jsonschema.Draft202012Validator)


def test_schema_access():
    assert schema_versions()[0] == "1.0"
    assert json.loads(schema_text("1.0")) == schema("1.0")
    assert json.loads(schema_text()) == schema() == schema(schema_versions()[-1])
    with pytest.raises(KeyError):
        schema_text("9.9")


def test_the_examples_written_are_those_in_the_repository():
    for name in ("neuron", "mlp"):
        assert dumps(example(name)) == (ROOT / f"examples/{name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("call", [loads, lambda text, format: dumps(export(Value(1.0)), format)])
def test_a_format_that_there_is_not_is_refused_by_name(call):
    with pytest.raises(OptionError, match="a format is json, yaml, dot, not 'xml'"):
        call("{}", "xml")
