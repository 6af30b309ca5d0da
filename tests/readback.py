"""Independent readers of our drawings: what nodes and operand edges does a program see in them?"""

import json
import re
import subprocess
from collections import Counter
from math import isfinite
from xml.etree import ElementTree

import pydot

from gradgraph import Graph

SVG = "{http://www.w3.org/2000/svg}"


def edges_of(graph: Graph) -> Counter[tuple[str, str]]:
    """What every drawing must show: each operand edge into its op, as often as it stands, and each op's result."""
    edges = Counter((f"n{tail}", f"n{head}op") for tail, head, _ in graph.edges)
    edges.update((f"n{node.id}op", f"n{node.id}") for node in graph if node.op is not None)
    return edges


def names_of(graph: Graph) -> set[str]:
    """The names of all boxes and circles."""
    return {f"n{node.id}" for node in graph} | {f"n{node.id}op" for node in graph if node.op is not None}


def written_in(graph: Graph) -> dict[int, dict[int, int]]:
    """The constants that pictures write into an op, by the node of the op, then by slot: what the docs say of them."""
    uses = Counter(tail for tail, _, _ in graph.edges)
    found: dict[int, dict[int, int]] = {}
    for tail, head, slot in graph.edges:
        node = graph[tail]
        is_plain = node.role == "constant" and not node.label and tail not in graph.outputs
        numbers = [node.data, 0.0 if node.grad is None else node.grad]
        if is_plain and uses[tail] == 1 and all(map(isfinite, numbers)) and node.group == graph[head].group:
            found.setdefault(head, {})[slot] = tail
    return {head: slots for head, slots in found.items() if len(slots) < len(graph[head].operands)}


def picture_of(graph: Graph) -> tuple[set[str], Counter[tuple[str, str]]]:
    """The names of boxes and circles and the edges that a picture has: all but those of constants written in."""
    written = {f"n{tail}": f"n{head}op" for head, slots in written_in(graph).items() for tail in slots.values()}
    return names_of(graph) - written.keys(), edges_of(graph) - Counter(written.items())


def constants_in(said: str, symbol: str) -> dict[int, str]:
    """The numbers that are written into an op, by slot, as a reader takes them from what its circle says."""
    if said == symbol:
        return {}
    if said.startswith(f"{symbol}(") and said.endswith(")"):
        parts = said[len(symbol) + 1 : -1].split(", ")
        return {slot: part for slot, part in enumerate(parts) if part != "·"}
    if said.startswith(f"{symbol} "):
        return {1: said[len(symbol) + 1 :]}
    assert said.endswith(f" {symbol}")
    return {0: said[: -len(symbol) - 1]}


def written_numbers(graph: Graph) -> dict[str, dict[int, str]]:
    """What `constants_in` has to find in each circle."""
    written = written_in(graph)
    return {
        f"n{node.id}op": {slot: f"{graph[tail].data:z.4g}" for slot, tail in written.get(node.id, {}).items()}
        for node in graph
        if node.op is not None
    }


def pydot_reads(dot: str) -> tuple[set[str], Counter[tuple[str, str]]]:
    """Nodes and edges as pydot, an independent parser, reads them."""
    drawings = pydot.graph_from_dot_data(dot)
    assert drawings
    return reads_of(drawings[0])


def reads_of(drawing: pydot.Dot) -> tuple[set[str], Counter[tuple[str, str]]]:
    """Nodes and edges of what pydot read."""
    edges = Counter((str(edge.get_source()), str(edge.get_destination())) for edge in drawing.get_edges())
    return {node.get_name() for node in drawing.get_nodes()} - {"node", "edge", "graph"}, edges


def dot_draws(program: str, dot: str) -> tuple[dict[str, list[str]], Counter[tuple[str, str]]]:
    """The texts that Graphviz would draw on each node, and the edges."""
    ran = subprocess.run([program, "-Tjson"], input=dot.encode(), capture_output=True, check=True)
    assert not ran.stderr, ran.stderr
    drawing = json.loads(ran.stdout)
    objects = drawing.get("objects", [])
    texts = {item["name"]: [part["text"] for part in item.get("_ldraw_", ()) if part["op"] == "T"] for item in objects}
    names = [item["name"] for item in objects]
    return texts, Counter((names[edge["tail"]], names[edge["head"]]) for edge in drawing.get("edges", ()))


def mermaid_reads(text: str) -> tuple[set[str], Counter[tuple[str, str]]]:
    """Nodes and edges of a flowchart, by the line."""
    names = set(re.findall(r"^  (n\d+(?:op)?)[\[(]", text, re.MULTILINE))
    edges = re.findall(r'^  (n\d+\w*) -\.?->(?:\|"[^"]*"\|)? (n\d+\w*)$', text, re.MULTILINE)
    return names, Counter(edges)


def svg_reads(svg: str) -> tuple[dict[str, list[str]], Counter[tuple[str, str]]]:
    """The texts on each box and circle, and the wires, of an SVG read as XML."""
    root = ElementTree.fromstring(svg)  # noqa: S314  # our own drawing
    texts = {}
    for group in root.iter(f"{SVG}g"):
        for attribute, ending in (("data-node", ""), ("data-op", "op")):
            if attribute in group.attrib:
                texts[group.attrib[attribute] + ending] = [each.text or "" for each in group.iter(f"{SVG}text")]
    wires = Counter(
        (each.attrib["data-tail"], each.attrib["data-head"])
        for each in root.iter(f"{SVG}g")
        if "data-tail" in each.attrib
    )
    return texts, wires
