"""Bytes → a sound document, or located problems.

The fast way decides: a typed decode, then one pass of rules. What fails there, and only that, is explained by
jsonschema, which is imported then and not before.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from gradgraph.duplicates import duplicate_keys
from gradgraph.errors import DocumentError, Problem
from gradgraph.limits import DEFAULT_LIMITS, Limits
from gradgraph.locating import Locator, line_and_column, pointer
from gradgraph.rules import Broken, Document, broken_rules, free_form_flaws

_DOCUMENT = msgspec.json.Decoder(Document)


def validate(
    source: str | os.PathLike[str] | bytes, *, reference: bool = False, limits: Limits = DEFAULT_LIMITS
) -> tuple[Problem, ...]:
    """Every problem of a document, a path or its bytes, up to `limits.max_problems`; none if it is sound.

    With `reference`, jsonschema judges every row, not only those that fail the fast way: slower by two orders of
    magnitude, and never another verdict. Raises OSError if the file cannot be read.

    >>> for problem in validate(b'{"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [1]}'):
    ...     print(problem)
    1:1: 'nodes' is missing
    """
    name = None if isinstance(source, bytes) else os.fspath(source)
    try:
        data = source if isinstance(source, bytes) else read(source, limits)
        if reference:
            from gradgraph.explaining import explain

            _refuse(explain(data, limits, every_row=True), data, limits, name)
        decode(data, limits, name)
    except DocumentError as error:
        return error.problems
    return ()


def read(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of a file. Raises DocumentError when there are too many, OSError if it cannot be read."""
    with Path(path).open("rb") as file:
        data = file.read(limits.max_bytes + 1)
    _refuse(_too_long(data, limits), data, limits, os.fspath(path))
    return data


def decode(data: bytes, limits: Limits = DEFAULT_LIMITS, source: str | None = None) -> Document:
    """The sound document in `data`. Raises DocumentError with every problem found; `source` is named in them."""
    _refuse(_too_long(data, limits), data, limits, source)
    try:
        document = _DOCUMENT.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        from gradgraph.explaining import explain

        _refuse(explain(data, limits), data, limits, source)
        raise DocumentError((Problem(f"the document cannot be read: {error}", source=source),)) from error
    for findings in (
        _too_many(document, limits),
        broken_rules(document),
        free_form_flaws(document, limits.max_depth),
        duplicate_keys(data, document),
    ):
        _refuse(findings, data, limits, source)
    return document


def _too_long(data: bytes, limits: Limits) -> Iterator[Broken]:
    if len(data) > limits.max_bytes:
        yield Broken((), f"the document is longer than max_bytes = {limits.max_bytes}", "raise that limit to read it")


def _too_many(document: Document, limits: Limits) -> Iterator[Broken]:
    if len(document.nodes) > limits.max_nodes:
        yield Broken(
            ("nodes",),
            f"{len(document.nodes)} nodes are more than max_nodes = {limits.max_nodes}",
            "raise that limit",
        )


def _refuse(findings: Iterable[Broken], data: bytes, limits: Limits, source: str | None) -> None:
    """Raise DocumentError if anything was found."""
    found = tuple(islice(findings, limits.max_problems))
    if found:
        locator = Locator(data)
        raise DocumentError(tuple(_problem(broken, locator, data, source) for broken in found))


def _problem(broken: Broken, locator: Locator, data: bytes, source: Any) -> Problem:
    if broken.offset is None:
        line, column = locator.place(broken.path)
    else:
        line, column = line_and_column(data, broken.offset)
    return Problem(broken.sentence, pointer(broken.path), line, column, broken.remedy, source)
