"""Bytes → a sound document, or located problems.

The fast way decides: a typed decode, then one pass of rules. What fails there, and only that, is explained by
jsonschema, which is imported then and not before.
"""

import os
import re
import warnings
from collections.abc import Iterator
from itertools import chain
from pathlib import Path as FilePath

import msgspec

from gradgraph.document.bounds import exceeded
from gradgraph.document.duplicate_keys import duplicate_keys, repeated_in_header, repeated_keys
from gradgraph.document.locating import Locator, pointer
from gradgraph.document.malformed import nesting
from gradgraph.document.migrations import VERSION, Modern, modernised, stands
from gradgraph.document.refusing import Places, refuse, refused
from gradgraph.document.rules import Broken, broken_rules, free_form_flaws, keys_of_later_versions
from gradgraph.document.wire import Document, Sound
from gradgraph.errors import DocumentError, DocumentWarning, Problem
from gradgraph.limits import Limits, clamped, how_to_raise, limits_from_environment, read_at_most

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
    refuse(_too_long(data, bounds), Locator(data), bounds, os.fspath(path))
    return data


def decode(
    data: bytes,
    limits: Limits | None = None,
    source: str | None = None,
    *,
    yaml: bool = False,
    reference: bool = False,
) -> Sound:
    """Return the sound document in `data`: limits, strict UTF-8, header, types, rules, in this order.

    Raises DocumentError with every problem found; `source` is named in them. Warns with DocumentWarning when something
    of a newer minor version was left out.
    """
    bounds = clamped(limits or limits_from_environment())
    refuse(_too_long(data, bounds), Locator(data), bounds, source)
    text, places = _as_json(data, bounds, source) if yaml else (data, Locator(data))
    modern = modernised(text)
    if modern is not None:
        refuse(chain(repeated_keys(text), nesting(text, bounds.max_depth)), places, bounds, source)
        _tell(modern, source)
        text = modern.text
    document, sound_rows = _typed(text)  # which takes nothing but UTF-8
    if document is None or reference:
        from gradgraph.document.problems import explain

        refuse(explain(text, bounds, 0 if reference else sound_rows, every_row=reference), places, bounds, source)
    if document is None:  # of two equal keys the types see both, and jsonschema only the last
        refuse(repeated_in_header(text), places, bounds, source)
        refuse(repeated_keys(text), places, bounds, source)
        raise DocumentError((Problem("the document cannot be read", source=source),))
    for findings in (
        keys_of_later_versions(text, document),
        broken_rules(document),
        exceeded(document, bounds, len(text)),
        free_form_flaws(document, bounds.max_depth),
        duplicate_keys(text, document),
    ):
        refuse(findings, places, bounds, source)
    return Sound(document)


def _as_json(data: bytes, bounds: Limits, source: str | None) -> tuple[bytes, Places]:
    """Return the document in YAML as JSON, and the places in the YAML it came from."""
    from gradgraph.document.yaml_reading import NotOurYaml, YamlLocator, to_json

    try:
        return to_json(data, bounds), YamlLocator(data)
    except NotOurYaml as error:
        raise refused((error.broken,), Locator(data), source) from None


def _typed(text: bytes) -> tuple[Document | None, int]:
    """Return the document if it has the right types, and how many of its first rows have them at least."""
    try:
        document = _DOCUMENT.decode(text)
        return document if stands(document.version) else None, 0
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
