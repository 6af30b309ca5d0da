"""Independent readers of our drawings: what nodes and operand edges does a program see in them?"""

import json
import re
import subprocess
from collections import Counter
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
