"""DOT that our renderer wrote → the document that it carries, through pydot."""

import re
from collections import Counter
from typing import Any

import pydot

from gradgraph.errors import DocumentError, Problem
from gradgraph.limits import Limits, how_to_raise, limits_from_environment

_NUMBER = re.compile(r"-?(?:[0-9][0-9.e+-]*|null|true|false)|[0-9]+")
_ESCAPED = re.compile(r'\\(["\\])')
_NODE = re.compile(r"n(0|[1-9][0-9]*)")


def as_json(dot: "str | bytes | pydot.Dot", limits: Limits | None = None, source: str | None = None) -> str:
    """The document, as JSON text, that a DOT drawing of a whole graph carries in its attributes.

    Raises DocumentError for DOT that cannot be read, that holds no whole graph, or whose edges are not those of its
    nodes' operands. The document itself is not judged here.
    """
    drawing = dot if isinstance(dot, pydot.Dot) else _parsed(dot, limits or limits_from_environment(), source)
    header = ""
    rows: dict[int, str] = {}
    operands: Counter[tuple[str, str]] = Counter()
    parts = _parts(drawing)
    for node in (node for part in parts for node in part.get_nodes()):
        name = node.get_name()
        facts = {key: _unquoted(str(value)) for key, value in node.get_attributes().items()}
        if name == "graph":
            header = facts.get("gradgraph", header)
        found = _NODE.fullmatch(name)
        if found and "data" in facts:
            rows[int(found[1])] = _row(int(found[1]), facts)
            operands.update((f"n{operand}", f"{name}op") for operand in facts.get("operands", "").split())
    if not header:
        raise _refused("holds no whole graph: only what gradgraph wrote of all nodes can be read back", source)
    edges = [(str(edge.get_source()), str(edge.get_destination())) for part in parts for edge in part.get_edges()]
    drawn = Counter([(tail, head) for tail, head in edges if head.endswith("op")])  # the others lead from op to value
    if drawn != operands:
        (tail, head), _ = next(iter(((drawn - operands) + (operands - drawn)).items()))
        raise _refused(f"does not draw its operands: {tail} -> {head} is drawn or told more often", source)
    return f'{header.rstrip()[:-1]}, "nodes": [\n' + ",\n".join([rows[id] for id in sorted(rows)]) + "\n]}"


def _parsed(dot: str | bytes, limits: Limits, source: str | None) -> pydot.Dot:
    if len(dot) > limits.max_dot_bytes:
        sentence = f"is longer than max_dot_bytes = {limits.max_dot_bytes}, and pydot reads slowly"
        raise _refused(sentence, source, how_to_raise("max_dot_bytes"))
    try:
        text = dot if isinstance(dot, str) else dot.decode()
        drawings = pydot.graph_from_dot_data(text)
    except UnicodeDecodeError:
        raise _refused("is not UTF-8", source) from None
    except (RecursionError, TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
        raise _refused(f"cannot be read by pydot ({type(error).__name__})", source) from None
    if not drawings:
        raise _refused("cannot be read by pydot", source)
    return drawings[0]


def _parts(drawing: pydot.Dot) -> list[Any]:
    """The drawing and all its clusters: other programs write nodes and edges inside them."""
    parts: list[Any] = [drawing]
    for part in parts:
        parts.extend(part.get_subgraphs())
    return parts


def _row(node_id: int, facts: dict[str, str]) -> str:
    """The row of a document. What is no number stays a text, for the reader of documents to judge."""
    parts = [f'"id": {node_id}']
    for key, name in (("caption", "label"), ("role", "role"), ("op", "op")):
        if key in facts:
            parts.append(f'"{name}": "{facts[key]}"')
    if "operands" in facts:
        parts.append(f'"operands": [{", ".join(map(_number, facts["operands"].split()))}]')
    if "params" in facts:
        parts.append(f'"params": {facts["params"]}')
    parts.append(f'"data": {_number(facts["data"])}, "grad": {_number(facts.get("grad", "null"))}')
    if "local" in facts:
        parts.append(f'"local": [{", ".join(map(_number, facts["local"].split()))}]')
    if "in_group" in facts:
        parts.append(f'"group": {_number(facts["in_group"])}')
    return "{" + ", ".join(parts) + "}"


def _number(text: str) -> str:
    return text if _NUMBER.fullmatch(text) else f'"{text}"'


def _unquoted(raw: str) -> str:
    """An ID of the DOT language as what it stands for, https://graphviz.org/doc/info/lang.html."""
    if len(raw) < 2 or not raw[0] == raw[-1] == '"':
        return raw
    return _ESCAPED.sub(r"\1", raw[1:-1].replace("\\\n", ""))  # a backslash at its end continues a line


def _refused(sentence: str, source: str | None, remedy: str | None = None) -> DocumentError:
    return DocumentError((Problem(f"the DOT {sentence}", source=source, remedy=remedy),))
