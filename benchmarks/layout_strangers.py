"""Graphs that nobody here made: GraphML files (as the Rome and North sets are), and the JSON files of ELK.

A node becomes an op with one operand for each edge into it, so that it is drawn as a circle and a box. Needs networkx.
"""

import json
from collections.abc import Callable
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import networkx as nx

from gradgraph import Graph, Group, Node, OpDeclaration

_OP = OpDeclaration("·", None)


def strangers(folder: Path) -> dict[str, Callable[[], Graph]]:
    """Return what reads each GraphML and JSON file in a folder and the folders in it, by the name of the file."""
    readers = {".graphml": graphml, ".json": elk_json}
    files = sorted(path for path in folder.rglob("*") if path.suffix in readers)
    return {str(path.relative_to(folder)): partial(readers[path.suffix], path) for path in files}


def graphml(path: Path) -> Graph:
    """Return the graph of a GraphML file. Edges without a direction lead from the node that comes first in the file."""
    read = nx.read_graphml(path)
    number = {name: index for index, name in enumerate(read)}
    edges = [(number[tail], number[head]) for tail, head in read.edges()]
    if not read.is_directed():
        edges = [(min(edge), max(edge)) for edge in edges]
    return _graph(len(number), edges, [None] * len(number), [])


def elk_json(path: Path) -> Graph:
    """Return the graph of a JSON file of ELK. A node with nodes inside is a group, and a node in it if it has edges."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    items: list[tuple[dict[str, Any], int | None]] = [(child, None) for child in whole["children"]]
    pairs = [pair for edge in whole.get("edges", ()) for pair in _pairs(edge)]
    groups: list[Group] = []
    found: list[tuple[dict[str, Any], int | None]] = []
    for item, group in items:  # which grows as groups are found
        pairs += [pair for edge in item.get("edges", ()) for pair in _pairs(edge)]
        if item.get("children"):
            groups.append(Group(len(groups), str(item["id"]), group))
            items += [(child, groups[-1].id) for child in item["children"]]
            found.append((item, groups[-1].id))
        else:
            found.append((item, group))
    ends = {end for pair in pairs for end in pair}
    homes: list[int | None] = []
    node_of: dict[str, int] = {}
    for item, group in found:
        names = {str(item["id"]), *[str(port["id"]) for port in item.get("ports", ())]}
        if not item.get("children") or names & ends:
            node_of.update(dict.fromkeys(names, len(homes)))
            homes.append(group)
    return _graph(len(homes), [(node_of[tail], node_of[head]) for tail, head in pairs], homes, groups)


def _pairs(edge: dict[str, Any]) -> list[tuple[str, str]]:
    """Return tails and heads of an edge of ELK, whose older form names one of each, by node and by port."""
    tails = edge.get("sources") or [edge.get("sourcePort", edge.get("source"))]
    heads = edge.get("targets") or [edge.get("targetPort", edge.get("target"))]
    return [(str(tail), str(head)) for tail in tails for head in heads]


def _graph(size: int, edges: list[tuple[int, int]], homes: list[int | None], groups: list[Group]) -> Graph:
    """Return the graph of these edges. Edges of a graph with cycles all lead from the lower number to the higher."""
    edges = [(tail, head) for tail, head in edges if tail != head]
    before: dict[int, list[int]] = {node: [] for node in range(size)}
    for tail, head in edges:
        before[head].append(tail)
    try:
        order = [*TopologicalSorter(before).static_order()]
    except CycleError:
        return _graph(size, [(min(edge), max(edge)) for edge in edges], homes, groups)
    place = {node: index for index, node in enumerate(order)}
    nodes = []
    for index, node in enumerate(order):
        operands = tuple([place[tail] for tail in before[node]])
        op = "any" if operands else None
        nodes.append(Node(index, 1.0, None, str(node), op=op, operands=operands, group=homes[node]))
    used = {operand for node in nodes for operand in node.operands}
    outputs = tuple([index for index in range(size) if index not in used])
    return Graph(tuple(nodes), outputs, {"any": _OP}, tuple(groups))
