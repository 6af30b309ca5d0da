"""Our reader of DOT, judged by `dot` and by pydot: the same nodes, edges, clusters and attributes in any text.

More texts: `python -m tests.properties.test_dot_language 4000`.
"""

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pydot
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradgraph import DocumentError, loads, render
from gradgraph.document.dot_drawing import Drawing, drawing_of
from gradgraph.document.dot_lexing import NotDot, meaning, spelled_at
from tests.conftest import example, examples
from tests.dot_texts import FACTS, random_dot, random_text

Verdict = tuple[dict[str, dict[str, str]], Counter[tuple[str, str]], set[tuple[str, str]]]
"""Attributes by node, edges, and which cluster each node is in, those around it too."""


def ours(text: str) -> Verdict | None:
    data = (text + "//" + "." * 5000).encode()  # room for edges between subgraphs
    try:
        drawing = drawing_of(data, FACTS, FACTS)
    except NotDot:
        return None
    nodes = {name.decode(): attributes(data, drawing, name) for name in drawing.nodes}
    edges = Counter((edge.tail.decode(), edge.head.decode()) for edge in drawing.edges)
    return nodes, edges, memberships(drawing)


def memberships(drawing: Drawing) -> set[tuple[str, str]]:
    around = {(cluster.name, cluster.around) for cluster in drawing.clusters if cluster.around is not None}
    found = set(drawing.members)
    while more := {(outer, name) for cluster, name in found for inner, outer in around if inner == cluster} - found:
        found |= more
    return {(cluster.decode(), name.decode()) for cluster, name in found}


def attributes(data: bytes, drawing: Drawing, name: bytes) -> dict[str, str]:
    values = {key.decode(): meaning(spelled_at(data, at)).decode() for key, at in drawing.nodes[name].items()}
    return {key: value[1:-1] if value[:1] == "<" else value for key, value in values.items() if value}


def theirs(program: str, text: str) -> Verdict | None:
    """What `dot` makes of it; None if it finds an error, more than one graph, or one without directions."""
    ran = subprocess.run([program, "-Tdot_json"], input=text.encode(), capture_output=True, check=False)
    if ran.returncode or b"Error" in ran.stderr:
        return None
    try:
        drawing = json.loads(ran.stdout)
    except ValueError:
        return None
    if not drawing["directed"]:
        return None
    objects = drawing.get("objects", [])
    names = {item["_gvid"]: item["name"] for item in objects}
    nodes = {
        item["name"]: {key: item[key] for key in map(bytes.decode, FACTS) if item.get(key)}
        for item in objects[drawing["_subgraph_cnt"] :]
    }
    edges = Counter((names[edge["tail"]], names[edge["head"]]) for edge in drawing.get("edges", ()))
    nop = str(Path(program).with_name("nop"))  # which writes what it read: a layout may take nodes out of clusters
    written = subprocess.run([nop], input=text.encode(), capture_output=True, check=True).stdout
    return nodes, edges, memberships(drawing_of(written, FACTS, FACTS))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_dot_reads_the_same_in_any_text(dot, seed):
    text = random_dot(random.Random(seed))  # noqa: S311
    assert ours(text) == theirs(dot, text), text


@examples(25)
@given(st.integers(0, 2**32))
def test_pydot_reads_the_same_nodes_and_edges(seed):
    text = random_text(random.Random(seed))  # noqa: S311
    (drawing,) = pydot.graph_from_dot_data(text) or []
    mine = ours(text)
    assert mine is not None
    named = {node.get_name(): node for part in parts(drawing) for node in part.get_nodes()}
    edges = Counter(
        (str(edge.get_source()), str(edge.get_destination())) for part in parts(drawing) for edge in part.get_edges()
    )
    assert mine[1] == edges
    assert set(mine[0]) == (set(named) | {end for pair in edges for end in pair}) - {"node", "edge", "graph"}


def parts(drawing):
    found = [drawing]
    for part in found:
        found.extend(part.get_subgraphs())
    return found


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_document_error(data):
    for text in (data, b"digraph {" + data, b"digraph { a [" + data + b"] }"):
        with pytest.raises(DocumentError):
            loads(text, "dot")


@given(st.data())
def test_no_change_of_a_drawing_raises_anything_but_a_document_error(data):
    drawing = str(render(example("shared"), "dot")).encode()
    at = data.draw(st.integers(0, len(drawing)))
    cut = data.draw(st.integers(0, 3))
    put = data.draw(st.sampled_from((b"", b'"', b"\\", b"{", b"}", b"]", b" -> ", b"n1", b"<", b"//", b"\n", b"+")))
    try:
        loads(drawing[:at] + put + drawing[at + cut :], "dot")
    except DocumentError as error:
        assert all(problem.line and problem.column for problem in error.problems)


def count_disagreements(count: int) -> int:
    """Over so many texts; each is printed."""
    program = str(shutil.which("dot"))
    different = 0
    for seed in range(count):
        text = random_dot(random.Random(seed))  # noqa: S311
        if ours(text) != theirs(program, text):
            different += 1
            sys.stderr.write(f"dot reads another graph: {text!r}\n")
    return different


if __name__ == "__main__":
    total = int(sys.argv[1])
    disagreements = count_disagreements(total)
    sys.stdout.write(f"{total} DOT texts, {disagreements} disagreements with dot\n")
    sys.exit(disagreements > 0)
