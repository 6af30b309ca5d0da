"""Graph ↔ bytes and files.

Writers are imported when something is written: drawing a document has no need of them.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO, Literal, get_args

from gradgraph.document.locating import lines_and_columns
from gradgraph.document.reading import decode, is_yaml, read
from gradgraph.document.wire import to_graph
from gradgraph.errors import DocumentError, OptionError, Problem
from gradgraph.graph.model import Graph
from gradgraph.limits import Limits
from gradgraph.saving import save

Format = Literal["json", "yaml", "dot"]
"""What a file holds: a document, as JSON or YAML, or a DOT drawing that carries one, which is only read."""


def dumps(graph: Graph, format: Format = "json") -> str:
    """Return the canonical document, as `gradgraph.dumps` describes it."""
    return "".join(_chunks(graph, format))


def dump(graph: Graph, target: str | os.PathLike[str] | BinaryIO, format: Format | None = None) -> None:
    """Write the canonical document, as `gradgraph.dump` describes it. Raises OSError."""
    if isinstance(target, (str, os.PathLike)):
        save(target, map(str.encode, _chunks(graph, format or format_of(os.fspath(target)))))
    else:
        target.writelines(map(str.encode, _chunks(graph, format or "json")))


def loads(
    text: str | bytes, format: Format = "json", *, limits: Limits | None = None, source: str | None = None
) -> Graph:
    """The graph of a document. Runs no code of its, and refuses whatever is not sound.

    `format` is "dot" for a drawing of a whole graph that `render` made, which carries its document. Raises
    DocumentError with every problem, each with its place; `source` is the name they are reported under. Raises
    OptionError for another format.
    """
    _check_format(format)
    data = _encode(text, source) if isinstance(text, str) else text
    if format == "dot":
        from gradgraph.document.dot_reading import from_dot

        return from_dot(data, limits, source)
    return to_graph(decode(data, limits, source, yaml=format == "yaml"))


def load(path: str | os.PathLike[str], format: Format | None = None, *, limits: Limits | None = None) -> Graph:
    """The graph of a document file, YAML if its name ends in .yaml or .yml, DOT if in .dot or .gv.

    Raises DocumentError as `loads` does, OSError if the file cannot be read.
    """
    name = os.fspath(path)
    return loads(read(path, limits), format or format_of(name), limits=limits, source=name)


def format_of(name: str) -> Format:
    """The format a file's name asks for.

    >>> format_of("graph.YML"), format_of("graph.gradgraph.json"), format_of("graph.gv")
    ('yaml', 'json', 'dot')
    """
    if name.lower().endswith((".dot", ".gv")):
        return "dot"
    return "yaml" if is_yaml(name) else "json"


def _encode(text: str, source: str | None) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        half = ascii(text[error.start])[1:-1]
        before = text[: error.start].encode()
        place = lines_and_columns(before, [len(before)])[len(before)]
        raise DocumentError((Problem(f"{half} is half of a surrogate pair", "", *place, None, source),)) from None


def _check_format(format: str) -> None:
    if format not in get_args(Format):
        raise OptionError(f"a format is {', '.join(get_args(Format))}, not {format!r:.40}")


def _chunks(graph: Graph, format: Format) -> Iterator[str]:
    _check_format(format)
    if format == "dot":
        raise OptionError("a document is JSON or YAML: render(graph, 'dot') draws the DOT that carries it")
    if format == "yaml":
        from gradgraph.document.yaml_writing import yaml_chunks

        return yaml_chunks(graph)
    from gradgraph.document.json_writing import chunks

    return chunks(graph)
