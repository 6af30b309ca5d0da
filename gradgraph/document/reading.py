"""Bytes → a sound document, or located problems.

The fast way decides: a typed decode, then one pass of rules. What fails there, and only that, is explained by
jsonschema, which is imported then and not before.
"""

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path as FilePath
from typing import Protocol

import msgspec

from gradgraph.document.bounds import exceeded
from gradgraph.document.duplicate_keys import duplicate_keys, repeated_in_header, repeated_keys
from gradgraph.document.locating import Locator, Path, lines_and_columns, pointer
from gradgraph.document.malformed import nesting
from gradgraph.document.migrations import Modern, modernised
from gradgraph.document.rules import VERSION, Broken, Document, broken_rules, free_form_flaws
from gradgraph.errors import DocumentError, DocumentWarning, Problem
from gradgraph.limits import Limits, clamped, how_to_raise, limits_from_environment, read_at_most


class Places(Protocol):
    """Finds values in the text that a document came from, its `data`."""

    data: bytes

    def offsets(self, paths: Sequence[Path]) -> list[int]:
        """Return the byte offsets of the values at some paths."""


_ROW = re.compile(r"\$\.nodes\[([0-9]+)\]")
_DOCUMENT = msgspec.json.Decoder(Document)


def validate(
    source: str | os.PathLike[str] | bytes,
    *,
    yaml: bool = False,
    reference: bool = False,
    limits: Limits | None = None,
) -> tuple[Problem, ...]:
    """Every problem of a document, a path or its bytes, up to `limits.max_problems`; none if it is sound.

    A path that ends in .yaml or .yml is read as YAML, and so are bytes with `yaml`.
    With `reference`, jsonschema judges every row, not only those that fail the fast way: slower by two orders of
    magnitude, and never another verdict. Raises OSError if the file cannot be read.

    >>> for problem in validate(b'{"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [1]}'):
    ...     print(problem)
    1:1: 'nodes' is missing
    """
    name = None if isinstance(source, bytes) else os.fspath(source)
    try:
        data = source if isinstance(source, bytes) else read(source, limits)
        decode(data, limits, name, yaml=yaml or (name is not None and is_yaml(name)), reference=reference)
    except DocumentError as error:
        return error.problems
    return ()


def is_yaml(name: str) -> bool:
    """Whether a file's name says that it is YAML."""
    return name.lower().endswith((".yaml", ".yml"))


def read(path: str | os.PathLike[str], limits: Limits | None = None) -> bytes:
    """The bytes of a file. Raises DocumentError when there are too many, OSError if it cannot be read."""
    bounds = limits or limits_from_environment()
    with FilePath(path).open("rb") as file:
        data = read_at_most(file, bounds.max_bytes + 1)
    _refuse(_too_long(data, bounds), Locator(data), bounds, os.fspath(path))
    return data


def decode(
    data: bytes,
    limits: Limits | None = None,
    source: str | None = None,
    *,
    yaml: bool = False,
    reference: bool = False,
) -> Document:
    """The sound document in `data`. Raises DocumentError with every problem found; `source` is named in them.

    Warns with DocumentWarning when something of a newer minor version was left out.
    """
    bounds = clamped(limits or limits_from_environment())
    locator: Places = Locator(data)
    _refuse(_too_long(data, bounds), locator, bounds, source)
    if yaml:
        data, locator = _from_yaml(data, bounds, source)
    text = data
    document, sound_rows = _typed(text)
    if document is None or document.version != VERSION:
        modern = modernised(data)
        if modern is not None:
            _refuse(chain(repeated_keys(data), nesting(data, bounds.max_depth)), locator, bounds, source)
            _tell(modern, source)
            text = modern.text
        document, sound_rows = (None, sound_rows) if modern is None else _typed(text)
    if document is None or reference:
        from gradgraph.document.problems import explain

        findings = explain(text, bounds, 0 if reference else sound_rows, every_row=reference)
        _refuse(findings, locator, bounds, source)
    if document is None:  # of two equal keys the types see both, and jsonschema only the last
        _refuse(repeated_in_header(text), locator, bounds, source)
        _refuse(repeated_keys(text), locator, bounds, source)
        raise DocumentError((Problem("the document cannot be read", source=source),))
    for findings in (
        broken_rules(document),
        exceeded(document, bounds, len(text)),
        free_form_flaws(document, bounds.max_depth),
        duplicate_keys(text, document),
    ):
        _refuse(findings, locator, bounds, source)
    return document


def _from_yaml(data: bytes, bounds: Limits, source: str | None) -> tuple[bytes, Places]:
    """The same document as JSON, and the places in the YAML it came from."""
    from gradgraph.document.yaml_reading import NotOurYaml, YamlLocator, to_json

    try:
        return to_json(data, bounds), YamlLocator(data)
    except NotOurYaml as error:
        raise DocumentError(_problems((error.broken,), Locator(data), source)) from None


def _typed(text: bytes) -> tuple[Document | None, int]:
    """The document if it has the right types, and how many of its first rows have them at least."""
    try:
        return _DOCUMENT.decode(text), 0
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        _, _, place = str(error).rpartition(" - at `")  # behind what it quotes of the document
        row = _ROW.match(place)
        return None, int(row[1]) if row else 0


def _tell(modern: Modern, source: str | None) -> None:
    """Warn of what was left out, if anything was."""
    if modern.left_out:
        first = pointer(modern.left_out[0])
        more = f" and {len(modern.left_out) - 1} more" if len(modern.left_out) > 1 else ""
        name = f"{source}: " if source else ""
        warnings.warn(
            f"{name}version {modern.version} is newer than {VERSION}: left out {first}{more}",
            DocumentWarning,
            stacklevel=4,
        )


def _too_long(data: bytes, limits: Limits) -> Iterator[Broken]:
    if len(data) > limits.max_bytes:
        yield Broken((), f"the document is longer than max_bytes = {limits.max_bytes}", how_to_raise("max_bytes"))


def _refuse(findings: Iterable[Broken], locator: Places, limits: Limits, source: str | None) -> None:
    """Raise DocumentError if anything was found."""
    found = tuple(islice(findings, limits.max_problems))
    if found:
        raise DocumentError(_problems(found, locator, source))


def _problems(found: Sequence[Broken], locator: Places, source: str | None) -> tuple[Problem, ...]:
    starts = locator.offsets([broken.path for broken in found])
    offsets = [start if broken.offset is None else broken.offset for broken, start in zip(found, starts, strict=True)]
    places = lines_and_columns(locator.data, offsets)
    return tuple(
        Problem(broken.sentence, pointer(broken.path), *places[offset], broken.remedy, source)
        for broken, offset in zip(found, offsets, strict=True)
    )
