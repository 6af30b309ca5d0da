"""Broken documents: each refused by name, with its place, by the fast way and by the reference alike."""

import json
import math

import msgspec
import pytest

from gradgraph import DocumentError, Graph, Limits, Node, OpDeclaration, dumps, loads, validate
from gradgraph.document.bounds import exceeded
from gradgraph.document.locating import Locator, Path, lines_and_columns, pointer
from gradgraph.document.migrations import VERSION
from gradgraph.document.reading import decode
from gradgraph.document.rules import broken_rules
from gradgraph.document.wire import Document, to_graph
from gradgraph.limits import how_to_raise
from tests.conftest import ROOT

NEURON = (ROOT / "examples/neuron.json").read_text(encoding="utf-8")


def broken(old: str, new: str) -> str:
    assert old in NEURON, old
    return NEURON.replace(old, new, 1)


def lines(text: str | bytes, **options) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    return [str(problem) for problem in validate(data, **options)]


BROKEN = {
    # not JSON at all
    "1:1: the document is empty": "",
    "1:1: malformed JSON: invalid character": "hello",
    "1:10: the document ends too soon": '{"format"',
    "1:1: the document must be an object": "[1]",
    "1:1: the document starts with a byte order mark (save it as UTF-8 without one)": "\ufeff" + NEURON,
    "1:3: byte 0xff is not UTF-8 (save the document as UTF-8)": b'{"\xff": 1}',
    f"1:65: nested deeper than max_depth = 64 ({how_to_raise('max_depth')})": "[" * 100_000,
    "20:1: malformed JSON: trailing characters": NEURON + "x",
    "8:51: malformed JSON: invalid character": broken('"data": 2.0', '"data": +2.0'),
    '8:51: NaN is not JSON (write it as a string: "NaN")': broken('"data": 2.0', '"data": NaN'),
    '8:51: -Infinity is not JSON (write it as a string: "-Infinity")': broken('"data": 2.0', '"data": -Infinity'),
    "8:21: \\ud800 is half of a surrogate pair": broken('"label": "x1"', '"label": "\\ud800"'),
    # not ours, or not of this version
    '1:1: /format: this is not a gradgraph document (one has "format": "gradgraph")': "{}",
    '3:12: /version: version "2.0" is not one this program reads '
    f"(it reads {VERSION}: upgrade gradgraph, or have it saved as {VERSION})": broken('"1.0"', '"2.0"'),
    # the schema
    "1:1: 'version' is missing": broken('"version": "1.0",\n', ""),
    "8:1: /nodes/0: 'grad' is missing": broken('"grad": -1.500007609227179, ', ""),
    "8:1: /nodes/0: 'data' is missing": broken('"data": 2.0, ', ""),
    '8:51: /nodes/0/data: "2" is not a number or one of "NaN", "Infinity", "-Infinity"': broken(
        '"data": 2.0', '"data": "2"'
    ),
    "8:20: /nodes/0/label: null is not a string": broken('"label": "x1"', '"label": null'),
    "8:34: /nodes/0/role: \"weight\" is not one of 'input', 'parameter', 'constant'": broken('"input"', '"weight"'),
    "8:20: /nodes/0/lable: \"lable\" is not a key here (did you mean 'label'?)": broken('"label"', '"lable"'),
    "8:1: /nodes/0: an op goes only with operands": broken('"role": "input"', '"op": "add"'),
    "10:70: /nodes/2/role: a role is for leaves, and this node has an op": broken(
        '"data": -6.0', '"role": "input", "data": -6.0'
    ),
    "10:54: /nodes/2/operands: operands must not be empty": broken('"operands": [0, 1]', '"operands": []'),
    "8:8: /nodes/0/id: -1 is below 0": broken('{"id": 0, "label"', '{"id": -1, "label"'),
    "8:8: /nodes/0/id: 0.0 is not spelled as a whole number (write 0)": broken(
        '{"id": 0, "label"', '{"id": 0.0, "label"'
    ),
    "8:8: /nodes/0/id: true is not a whole number": broken('{"id": 0, "label"', '{"id": true, "label"'),
    "7:10: /nodes: nodes must not be empty": NEURON[: NEURON.index("[\n{")] + "[]}",
    "7:10: /nodes: 3 is not a list": NEURON[: NEURON.index("[\n{")] + "3}",
    "6:12: /outputs: outputs must not be empty": broken('"outputs": [9]', '"outputs": []'),
    # what a schema cannot say
    "8:51: /nodes/0/data: the number is beyond the range of a float64": broken('"data": 2.0', '"data": 1e400'),
    "8:8: /nodes/0/id: id 1 is not the place of the node (must be 0)": broken('{"id": 0, "label"', '{"id": 1, "label"'),
    "10:55: /nodes/2/operands/0: operand 2 is not an earlier node (must be below 2)": broken("[0, 1]", "[2, 1]"),
    "10:58: /nodes/2/operands/1: operand 12 is not an earlier node (must be below 2)": broken("[0, 1]", "[0, 12]"),
    "10:54: /nodes/2/operands: 'mul' takes 2 operands, not 3": broken("[0, 1]", "[0, 1, 1]").replace(
        '"local": [-3.0, 2.0], ', ""
    ),
    "10:35: /nodes/2/op: op 'mull' is not declared in ops": broken('"op": "mul"', '"op": "mull"'),
    "10:113: /nodes/2/local: 1 local derivatives for 2 operands (must be one for each)": broken(
        '"local": [-3.0, 2.0]', '"local": [-3.0]'
    ),
    "8:93: /nodes/0/group: group 7 is not declared in groups": broken('"group": 0', '"group": 7'),
    "6:13: /outputs/0: output 10 does not exist (must be below 10)": broken("[9]", "[10]"),
    "5:19: /groups/0/id: id 1 is not the place of the group (must be 0)": broken(
        '"groups": [{"id": 0', '"groups": [{"id": 1'
    ),
    "5:50: /groups/0/parent: parent 0 is not an earlier group (must be below 0)": broken(
        '"name": "neuron"', '"name": "neuron", "parent": 0'
    ),
    "8:8: /nodes/0/id: the key 'id' stands twice in one object (remove one)": broken(
        '{"id": 0, "label"', '{"id": 0, "id": 0, "label"'
    ),
}


@pytest.mark.parametrize(("problem", "text"), BROKEN.items(), ids=[str(n) for n in range(len(BROKEN))])
def test_broken_documents_are_refused_by_name(problem, text):
    assert lines(text) == [problem]
    with pytest.raises(DocumentError):
        loads(text)


@pytest.mark.parametrize("text", BROKEN.values(), ids=[str(n) for n in range(len(BROKEN))])
def test_the_reference_refuses_the_same(text):
    assert lines(text, reference=True)


def test_every_problem_is_told_up_to_the_limit():
    text = NEURON.replace('"grad"', '"gradient"')
    assert len(lines(text)) == 20
    assert len(lines(text, limits=Limits(max_problems=3))) == 3
    assert "and 19 more" in str(pytest.raises(DocumentError, loads, text).value)


@pytest.mark.parametrize("text", BROKEN.values(), ids=[str(n) for n in range(len(BROKEN))])
def test_how_many_problems_are_asked_for_changes_no_verdict(text):
    for most in (1, 2, 1000):
        assert lines(text, limits=Limits(max_problems=most)) == lines(text)[:most]


SPELLED_OUT = Graph(
    (
        Node(0, math.nan, math.inf, "a"),
        Node(1, 1.0, -math.inf, op="f", operands=(0,), local=(math.nan,), params={"a": ("NaN", math.nan), "b": "x"}),
    ),
    (1,),
    {"f": OpDeclaration("f", 1)},
)


def test_rules_judge_and_change_nothing():
    document = msgspec.json.decode(dumps(SPELLED_OUT), type=Document)
    before = repr(document)
    assert [*broken_rules(document)] == []
    assert [*exceeded(document, Limits(max_text=3), 1000)] == []
    assert repr(document) == before
    assert to_graph(decode(dumps(SPELLED_OUT).encode())) == SPELLED_OUT


def test_a_text_among_params_is_as_long_as_what_it_stands_for():
    graph = msgspec.structs.replace(SPELLED_OUT, meta={"a": "x" * 100})
    assert loads(dumps(graph), limits=Limits(max_text=3)) == graph
    (told,) = lines(dumps(graph), limits=Limits(max_text=2))
    assert "/nodes/1/params/a: 3 characters are more than max_text = 2" in told


def test_limits_name_themselves():
    assert lines(NEURON, limits=Limits(max_nodes=9)) == [
        f"7:10: /nodes: 10 nodes are more than max_nodes = 9 ({how_to_raise('max_nodes')})"
    ]
    assert "max_bytes = 100" in lines(NEURON, limits=Limits(max_bytes=100))[0]
    deep = broken('"version": "1.0",', '"version": "1.0", "meta": {"a": [[[[[1]]]]]},')
    assert "max_depth = 5" in lines(deep, limits=Limits(max_depth=5))[0]
    assert lines(deep) == []


def test_look_alikes_of_duplicate_keys_in_labels_are_no_problem():
    node = {"id": 0, "label": 'a": 1, "id": 0', "data": 1.0, "grad": None, "role": "input"}
    document = {"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [0], "nodes": [node]}
    for text in (json.dumps(document), json.dumps(document).replace(":", " :"), json.dumps(document, indent=1)):
        assert lines(text) == []


def test_no_name_in_a_document_misleads_the_explanation():
    (told,) = lines(broken('"label": "x1"', '"` - at `$.nodes[5]": 1'))
    assert told.startswith('8:33: /nodes/0/` - at `$.nodes[5]: "` - at `$.nodes[5]" is not a key here')


def test_of_two_lists_of_nodes_the_last_is_judged_where_it_stands():
    row = '{"id": 0, "data": 1.0, "grad": null}'
    start = '{"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [0], '
    text = f'{start}"nodes": [{row}], "nodes": [{row.replace("null", "2")}, {row.replace("0", "3", 1)}]}}'
    assert lines(text)[0].startswith(f"1:{text.rindex('3') + 1}: /nodes/1/id: id 3 is not the place")


def test_a_key_that_stands_twice_is_told_where_the_first_is_of_the_wrong_type():
    (told,) = lines(broken('"ops": {', '"ops": 3, "ops": {'))
    assert told == "4:8: /ops: the key 'ops' stands twice in one object (remove one)"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("/meta/a", broken('"ops"', '"meta": {"a": 1, "b" : {"a": 2}, "a": 3}, "ops"')),
        ("/meta/l/1/x", broken('"ops"', '"meta": {"l": [1, {"x": 1, "x": 2}]}, "ops"')),
        ("/version", broken('"version"', '"version": "1.0", "version"')),
        ("/nodes", NEURON.rstrip()[:-1] + ', "nodes": [{"id": 0, "data": 1.0, "grad": null}]}'),
        ("/nodes/8/label", broken('"label": "n"', '"label": "\\":", "label" : "n"')),
    ],
)
def test_duplicate_keys_are_found_wherever_they_stand(place, text):
    data = text.replace('"outputs": [9]', '"outputs": [0]') if place == "/nodes" else text
    assert f"{place}: the key" in lines(data)[0]


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(FileNotFoundError):
        validate(tmp_path / "missing.json")
    with pytest.raises(IsADirectoryError):
        validate(tmp_path)


def test_places():
    data = '{"ü": [1, {"a/b": [true, "x"]}],\n "nodes": [ {} , {"id": 2} ]}'.encode()
    paths: list[Path] = [["ü", 1, "a/b", 1], ["nodes", 1, "id"], ["nodes", 1, "missing"], ["nodes", 7], []]
    starts = [data[offset:] for offset in Locator(data).offsets(paths)]
    for start, spelled in zip(starts, (b'"x"', b"2", b'{"id"', b"[ {}", b"{"), strict=True):
        assert start.startswith(spelled)
    assert lines_and_columns(data, [len(data), data.index(b"[1")]) == {7: (1, 7), len(data): (2, 30)}
    assert pointer(()) == ""
    assert pointer(["x" * 101, "x" * 100]) == f"/{'x' * 99}…/{'x' * 100}"
