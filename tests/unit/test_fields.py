"""The table of a node's fields, held against the class, the writer and the schemas."""

import json

import msgspec
from hypothesis import given

from gradgraph import Node
from gradgraph.document.json_writing import row_writer
from gradgraph.graph.fields import ALWAYS, FIELDS, REQUIRED_FIRST
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
