"""Graph ↔ bytes and files.

The writer is imported when something is written: drawing a document has no need of it.
"""

import os
from typing import BinaryIO

from gradgraph.graph import Graph
from gradgraph.limits import Limits
from gradgraph.rules import to_graph
from gradgraph.saving import save
from gradgraph.validation import decode, read


def dumps(graph: Graph) -> str:
    """The canonical document: the same graph gives the same text on every machine.

    >>> from gradgraph import Value, export
    >>> print(dumps(export(Value(2.0, label="x", role="parameter"))), end="")
    {
    "format": "gradgraph",
    "version": "1.0",
    "ops": {},
    "outputs": [0],
    "nodes": [
    {"id": 0, "label": "x", "role": "parameter", "data": 2.0, "grad": null}
    ]
    }
    """
    from gradgraph.writing import chunks

    return "".join(chunks(graph))


def dump(graph: Graph, target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write the canonical document to a path, atomically, or to an open binary file, streaming rows.

    Raises OSError if that cannot be done; the old file is then untouched.
    """
    from gradgraph.writing import chunks

    encoded = (chunk.encode() for chunk in chunks(graph))
    if isinstance(target, (str, os.PathLike)):
        save(target, encoded)
    else:
        target.writelines(encoded)


def loads(text: str | bytes, *, limits: Limits | None = None, source: str | None = None) -> Graph:
    """The graph of a document. Runs no code of its, and refuses whatever is not sound.

    Raises DocumentError with every problem, each with its place; `source` is the name they are reported under.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return to_graph(decode(data, limits, source))


def load(path: str | os.PathLike[str], *, limits: Limits | None = None) -> Graph:
    """The graph of a document file. Raises DocumentError as `loads` does, OSError if it cannot be read."""
    return loads(read(path, limits), limits=limits, source=os.fspath(path))
