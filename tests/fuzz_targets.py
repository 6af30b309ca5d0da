"""What must hold of any bytes at all: what a fuzzer calls, and a test on the corpus that it left."""

import io
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import TypeVar

from gradgraph import DocumentError, DocumentWarning, Graph, dumps, loads, render, validate
from gradgraph.document.files import Format
from gradgraph.testing import parse_text
from tests.fuzz import reference_accepts

T = TypeVar("T")


def read_json(data: bytes) -> None:
    """JSON is read or refused, by all three readers alike, and written as it was."""
    graph, problems = _read(data, "json")
    by_reference = _quietly(lambda: validate(data, reference=True))
    assert bool(by_reference) == bool(problems), (problems, by_reference)
    assert reference_accepts(data) == (graph is not None), problems
    if graph is not None:
        _comes_back(graph)


def read_yaml(data: bytes) -> None:
    """YAML is read or refused, and what is read can be written as YAML and as JSON."""
    graph, problems = _read(data, "yaml")
    by_reference = _quietly(lambda: validate(data, yaml=True, reference=True))
    assert bool(by_reference) == bool(problems), (problems, by_reference)
    if graph is not None:
        _comes_back(graph)


def read_dot(data: bytes) -> None:
    """DOT is read or refused, and nothing is printed; what is read can be drawn and read again."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        graph, _ = _read(data, "dot")
    assert not printed.getvalue()
    if graph is not None:
        _comes_back(graph)
        assert loads(str(render(graph, "dot")), "dot") == graph


def read_text(data: bytes) -> None:
    """A text drawing is read back, or refused with a ValueError that names a line."""
    try:
        found = parse_text(data.decode("utf-8", "surrogateescape"))
    except ValueError as error:
        assert str(error).startswith("line "), error
        return
    assert len(found.ids) == len(found.expressions)
    assert found.structure is None or len(found.structure) == len(found.ids)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "json": read_json,
    "yaml": read_yaml,
    "dot": read_dot,
    "text": read_text,
}

_KEYS = (
    *("format", "gradgraph", "version", "1.0", "ops", "symbol", "arity", "groups", "name", "parent", "outputs"),
    *("nodes", "id", "label", "role", "input", "op", "operands", "params", "data", "grad", "local", "group", "meta"),
    *("ext", "NaN", "Infinity", "constant", "parameter"),
)
_DOT = (
    *("digraph", "graph", "subgraph", "node", "edge", "strict", "->", "--", "caption", "in_group", "n0", "n1", "n1op"),
    *("/*", "*/", "//", "#", "+", "{", "}", "[", "]", "=", ";", ":", '\\"', "\\\\", "\\\n", "<", ">", "cluster_0"),
)
WORDS: dict[str, tuple[str, ...]] = {
    "json": (
        *(f'"{key}": ' for key in _KEYS),
        *_KEYS,
        "null",
        "1e400",
        "-0.0",
        "\\ud83d\\ude00",
        "\\u0000",
        "{}",
        "[]",
    ),
    "yaml": (
        *(f"{key}: " for key in _KEYS),
        "- ",
        "? ",
        "|\n",
        ">-\n",
        "&a ",
        "*a",
        "!!str ",
        "---\n",
        "%TAG ",
        "#",
        "~",
    ),
    "dot": (*_KEYS, *_DOT, *(f'{key}="' for key in _KEYS)),
    "text": (
        *"○□◇●◉↑│╰╯┴├┤┼◂─⋮▸…",
        "id",
        "data",
        "grad",
        "name = expression",
        "tree",
        " = ",
        "n0",
        "**",
        "(no rails) ",
    ),
}
"""What a fuzzer would take long to come up with."""


def _read(data: bytes, format: Format) -> tuple[Graph | None, tuple[object, ...]]:
    try:
        return _quietly(lambda: loads(data, format)), ()
    except DocumentError as error:
        assert error.problems
        assert not any(problem.sentence == "the document cannot be read" for problem in error.problems)
        assert all(len(str(problem)) < 2_000 for problem in error.problems)
        return None, error.problems


def _comes_back(graph: Graph) -> None:
    formats: tuple[Format, ...] = ("json", "yaml")
    for format in formats:
        text = dumps(graph, format)
        again = loads(text, format)
        assert again == graph
        assert dumps(again, format) == text


def _quietly(do: Callable[[], T]) -> T:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DocumentWarning)
        return do()
