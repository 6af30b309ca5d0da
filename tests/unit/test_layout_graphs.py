"""The graphs that layouts are measured by and searched for faults in: what they promise, and files that others made."""

import json
from collections import Counter
from graphlib import CycleError, TopologicalSorter

import networkx as nx
import pytest

from benchmarks.layout_graphs import NETWORKS, makers, scene, shipped
from benchmarks.layout_random import GENERATORS, LARGEST, PER_GENERATOR, SMALLEST, random_graph
from benchmarks.layout_strangers import strangers
from gradgraph import dumps, validate
from gradgraph.plugins import Outline
from tests.layout_cases import random_outline


@pytest.mark.parametrize("kind", GENERATORS)
def test_random_graphs_are_sound_and_the_same_each_time(kind):
    made = [random_graph(kind, seed) for seed in range(PER_GENERATOR)]
    assert all(SMALLEST <= len(graph) <= LARGEST for graph in made)
    assert made == [random_graph(kind, seed) for seed in range(PER_GENERATOR)]
    assert len(set(map(repr, [graph.edges for graph in made]))) > 0.9 * PER_GENERATOR
    for graph in made[:10]:
        assert validate(dumps(graph).encode()) == ()


def test_there_are_networks_shapes_examples_the_gallery_and_300_random_graphs():
    names = makers()
    assert set(NETWORKS) <= set(names)
    assert sum(name.rpartition(" ")[0] in GENERATORS for name in names) == 300
    assert {"examples/neuron.json", "gallery/mlp, focus x0", "gallery/mlp, collapse layer 1, layer 2"} <= set(shipped())


@pytest.mark.parametrize(("name", "drawn"), [("neuron", 15), ("mlp 2-4-4-1 grouped", 174), ("rnn 8 steps flat", 244)])
def test_networks_have_the_size_that_is_reported(name, drawn):
    shown = scene(makers()[name]())
    assert len(shown.boxes) + len(shown.circles) == drawn


def test_graphs_of_a_size_have_about_that_size():
    for name in ("network 1000", "random 1000"):
        shown = scene(makers()[name]())
        assert 950 < len(shown.boxes) + len(shown.circles) < 1050


def test_files_of_others_are_read(tmp_path):
    undirected = nx.Graph([("b", "a"), ("c", "b"), ("a", "c")])
    nx.write_graphml(undirected, tmp_path / "undirected.graphml")
    nx.write_graphml(nx.DiGraph([(2, 1), (1, 0), (2, 0)]), tmp_path / "directed.graphml")
    nx.write_graphml(nx.DiGraph([(0, 1), (1, 2), (2, 0)]), tmp_path / "cycle.graphml")
    elk = {
        "id": "root",
        "children": [
            {"id": "a", "ports": [{"id": "a.out"}]},
            {
                "id": "g",
                "children": [{"id": "b"}, {"id": "c"}],
                "edges": [{"id": "e1", "sources": ["b"], "targets": ["c"]}],
            },
            {"id": "d"},
        ],
        "edges": [
            {"id": "e2", "sources": ["a.out"], "targets": ["b"]},
            {"id": "e3", "source": "c", "target": "d"},
            {"id": "e4", "sources": ["g"], "targets": ["d"]},
        ],
    }
    (tmp_path / "elk.json").write_text(json.dumps(elk))
    graphs = {name: read() for name, read in strangers(tmp_path).items()}
    for graph in graphs.values():
        assert validate(dumps(graph).encode()) == ()
    assert {name: (len(graph), len(graph.edges)) for name, graph in graphs.items()} == {
        "cycle.graphml": (3, 3),
        "directed.graphml": (3, 3),
        "elk.json": (5, 4),
        "undirected.graphml": (3, 3),
    }
    assert [graph.name for graph in graphs["elk.json"].groups] == ["g"]
    assert Counter(node.group for node in graphs["elk.json"]) == {None: 2, 0: 3}, (
        "g itself is a node, as it has an edge"
    )


def _uses_itself(drawn: Outline) -> bool:
    """Return whether groups use each other in a cycle."""
    home = {key: frame.group_id for frame in drawn.frames for key in frame.members}
    used: dict[int, set[int]] = {}
    for line in drawn.lines:
        tail, head = home.get(line.tail), home.get(line.head)
        if tail is not None and head is not None and tail != head:
            used.setdefault(head, set()).add(tail)
    try:
        TopologicalSorter(used).prepare()
    except CycleError:
        return True
    return False


def test_random_outlines_have_all_that_a_scene_can_have():
    found: Counter[str] = Counter()
    for seed in range(200):
        drawn = random_outline(seed)
        sizes = drawn.blocks.values()
        found += Counter(
            {
                "marks": any(line.mark for line in drawn.lines),
                "stubs": any(key.endswith(("out", "users")) for key in drawn.blocks),
                "folds": any("folded" in key for key in drawn.blocks),
                "frames in frames": any(frame.parent is not None for frame in drawn.frames),
                "frames without members": any(not frame.members for frame in drawn.frames),
                "long names": any(frame.name.width > 300 for frame in drawn.frames),
                "groups in a cycle": _uses_itself(drawn),
                "the same operand again": any(count > 1 for count in Counter(drawn.lines).values()),
                "wide blocks": any(size.width >= 300 for size in sizes),
                "tall blocks": any(size.height >= 300 for size in sizes),
                "large circles": any(size.round and size.width >= 100 for size in sizes),
                "more than 60 blocks": len(sizes) > 60,
            }
        )
    assert len(found) == 12
    assert min(found.values()) >= 5, found
