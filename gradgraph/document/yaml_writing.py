"""The document as YAML: the same rows as in JSON, which are YAML already, one a line.

Three spellings differ, so that every YAML 1.1 reader agrees: a float has a point (`1.0e-07`), characters that YAML does
not print are escaped in texts, and a long key has a question mark before it.
"""

import re
from collections.abc import Iterator

from gradgraph.document.json_writing import header, row_writer
from gradgraph.graph.model import Graph

LONGEST_KEY = 1000
"""YAML takes a key of over 1,024 characters only behind a question mark."""

_NOT_PRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SUSPECT = re.compile(f"[0-9]e[+-]|{_NOT_PRINTED.pattern}")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[^"]++')
_POINTLESS = re.compile(r"(?<![0-9.])([0-9]+)(e[+-][0-9]+)")


def yaml_chunks(graph: Graph) -> Iterator[str]:
    """The text of the document, a few lines at a time.

    >>> from gradgraph import Value, export
    >>> print("".join(yaml_chunks(export(Value(1e-07, "x")))), end="")
    format: "gradgraph"
    version: "1.0"
    ops: {}
    outputs: [0]
    nodes:
    - {"id": 0, "label": "x", "role": "input", "data": 1.0e-07, "grad": null}
    """
    for key, value in header(graph):
        yield f"{key}: {_as_yaml(value)}\n"
    yield "nodes:\n"
    row = row_writer(graph)
    for node in graph:
        yield f"- {_as_yaml(row(node))}\n"


def _as_yaml(json: str) -> str:
    if len(json) < LONGEST_KEY and _SUSPECT.search(json) is None:
        return json
    tokens = _TOKEN.findall(json)
    return "".join([_token(token, following) for token, following in zip(tokens, [*tokens[1:], ""], strict=True)])


def _token(token: str, following: str) -> str:
    if not token.startswith('"'):
        return _POINTLESS.sub(r"\1.0\2", token)
    spelled = _NOT_PRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", token)
    return f"? {spelled}" if following.startswith(":") and len(spelled) > LONGEST_KEY else spelled
