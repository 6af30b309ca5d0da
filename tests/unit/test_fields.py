"""The table of a node's fields, held against the class, the writer and the schemas, and a field of a later version."""

import json
from copy import deepcopy

import jsonschema
import msgspec
import pytest
from hypothesis import given

from gradgraph import DocumentError, DocumentWarning, Graph, Node, OpDeclaration, dumps, loads, render, validate
from gradgraph.document import migrations, problems, reading, versions
from gradgraph.document.json_writing import row_writer
from gradgraph.document.migrations import Step, newest_version, standing_versions
from gradgraph.document.versions import in_order
from gradgraph.graph.fields import ALWAYS, FIELDS, FIRST, REQUIRED_FIRST
from gradgraph_schemas import schema, schema_versions
from tests.strategies import graphs


def test_the_class_has_the_fields_of_the_table():
    declared = msgspec.structs.fields(Node)
    assert [field.name for field in declared] == [field.name for field in REQUIRED_FIRST]
    for field, of_class in zip(REQUIRED_FIRST, declared, strict=True):
        assert of_class.encode_name == field.key
        assert of_class.required == (field.absent is ALWAYS)
        assert of_class.required or of_class.default == field.absent


def test_no_two_fields_have_one_name():
    for names in zip(*[(field.name, field.key, field.attribute) for field in FIELDS], strict=True):
        assert len({*names}) == len(FIELDS)


@given(graphs(most=20))
def test_a_written_row_has_the_keys_of_the_table_in_its_order(graph):
    row = row_writer(graph)
    for node in graph:
        keys = [key for key, _ in json.loads(row(node), object_pairs_hook=list)]
        assert keys == [field.key for field in FIELDS if field.is_there(node)]


@pytest.mark.parametrize("version", schema_versions())
def test_each_schema_has_the_keys_of_its_version(version):
    known = [field.key for field in FIELDS if in_order(field.since) <= in_order(version)]
    assert sorted(schema(version)["$defs"]["node"]["properties"]) == sorted(known)


def test_the_newest_schema_is_that_of_the_newest_version():
    assert schema_versions()[0] == FIRST
    assert schema_versions()[-1] == migrations.VERSION


PLAIN = Graph((Node(0, 1.0, None, "a"), Node(1, 2.0, 1.0, op="f", operands=(0,))), (1,), {"f": OpDeclaration("f", 1)})
WITH_LOCAL = msgspec.structs.replace(PLAIN, nodes=(PLAIN[0], msgspec.structs.replace(PLAIN[1], local=(3.0,))))


@pytest.fixture
def local_is_of_1_1(monkeypatch):
    """As if the first version had no `local`, and 1.1 had brought it."""
    first, second = deepcopy(schema(FIRST)), deepcopy(schema(FIRST))
    del first["$defs"]["node"]["properties"]["local"]
    second["properties"]["version"] = {"const": "1.1"}
    published = {FIRST: first, "1.1": second}
    later = tuple(field._replace(since="1.1") for field in FIELDS if field.name == "local")
    steps = {FIRST: Step("1.1")}
    monkeypatch.setattr(versions, "LATER", later)
    monkeypatch.setattr(migrations, "STEPS", steps)
    monkeypatch.setattr(migrations, "STANDING", standing_versions(steps))
    monkeypatch.setattr(migrations, "_STARTS_AS_OURS", migrations._canonical_start(standing_versions(steps)))
    for module in (migrations, problems, reading):
        monkeypatch.setattr(module, "VERSION", newest_version(steps))
    for module in (migrations, problems):
        monkeypatch.setattr(module, "schema", published.__getitem__)
    problems._part.cache_clear()
    yield published
    problems._part.cache_clear()


def test_a_graph_is_written_in_the_lowest_version_that_holds_it(local_is_of_1_1):
    plain, with_local = dumps(PLAIN), dumps(WITH_LOCAL)
    assert '"version": "1.0"' in plain
    assert '"version": "1.1"' in with_local
    for graph, text in ((PLAIN, plain), (WITH_LOCAL, with_local)):
        document = json.loads(text)
        jsonschema.validate(document, local_is_of_1_1[document["version"]])
        assert loads(text) == graph
        assert dumps(loads(text)) == text
        assert loads(dumps(graph, "yaml"), "yaml") == graph
        assert loads(str(render(graph, "dot")), "dot") == graph
        assert not validate(text.encode(), reference=True)


def test_older_bytes_stay_when_a_version_is_added(request):
    before = dumps(PLAIN)
    request.getfixturevalue("local_is_of_1_1")
    assert dumps(PLAIN) == before


@pytest.mark.parametrize(
    "spelled", [lambda text: json.dumps(json.loads(text), indent=2), lambda text: text.replace("local", "l\\u006fcal")]
)
def test_a_key_of_a_later_version_is_refused_in_an_older_document(local_is_of_1_1, spelled):
    text = spelled(dumps(WITH_LOCAL).replace('"1.1"', '"1.0"'))
    (problem,) = validate(text.encode())
    assert problem.pointer == "/nodes/1/local"
    assert problem.sentence == "a document of version 1.0 has no key 'local'"
    assert validate(text.encode(), reference=True)


def test_each_version_is_explained_by_its_own_schema(local_is_of_1_1):
    for graph in (PLAIN, WITH_LOCAL):
        (problem,) = validate(dumps(graph).replace('"label": "a"', '"label": 7').encode())
        assert str(problem).endswith("/nodes/0/label: 7 is not a string")
    with pytest.raises(DocumentError, match=r"it reads 1\.1"):
        loads(dumps(PLAIN).replace('"1.0"', '"2.0"'))
    with pytest.warns(DocumentWarning, match=r"version 1\.2 is newer than 1\.1: left out /nodes/0/unit"):
        assert loads(dumps(WITH_LOCAL).replace('"1.1"', '"1.2"').replace('"a"', '"a", "unit": "m"')) == WITH_LOCAL
