"""Documents of other versions: one function per step from an older one to the next, and what a newer one loses."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from gradgraph.document.locating import Path, members
from gradgraph.document.wire import VERSION
from gradgraph_schemas import schema

Document = dict[str, Any]


class Step(NamedTuple):
    """One step between versions: `migrate` turns a document of the version before into one of `to`, in place."""

    to: str
    migrate: Callable[[Document], None]


STEPS: dict[str, Step] = {}
"""By the version a step starts from. Empty, for 1.0 is the first."""


_STARTS_AS_OURS = re.compile(
    rb'\s*\{\s*"format"\s*:\s*"gradgraph"\s*,\s*"version"\s*:\s*"%s"' % re.escape(VERSION).encode()
)
"""The canonical start of a document of this version, which spares looking further for the version."""


class Modern(NamedTuple):
    """A document of another version as one of ours: its text, the version it had, and the keys left out of it."""

    text: bytes
    version: str
    left_out: tuple[Path, ...]


def modernised(data: bytes) -> Modern | None:
    """`data` as a document of the version this program reads, or None if it cannot be one.

    Older minor versions are brought up to date step by step; of a newer one, the keys we do not know are left out.
    """
    if _STARTS_AS_OURS.match(data):
        return None
    numbers, ours = _version_of(data), _numbers(VERSION)
    if numbers is None or ours is None or numbers[0] != ours[0] or numbers == ours:
        return None
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    version = document["version"]
    left_out: tuple[Path, ...] = ()
    if numbers > ours:
        left_out = tuple(drop_unknown_keys(document, VERSION))
        document["version"] = VERSION
    elif not migrate(document, VERSION):
        return None
    return Modern(msgspec.json.encode(document), version, left_out)


def is_newer_minor(version: Any) -> bool:
    """Whether a document's `version` is a newer minor version than the one this program reads."""
    numbers, ours = _numbers(version), _numbers(VERSION)
    return numbers is not None and ours is not None and numbers[0] == ours[0] and numbers > ours


def _version_of(data: bytes) -> tuple[int, int] | None:
    try:
        return _numbers(msgspec.json.decode(members(data)["version"]))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, KeyError):
        return None


def _numbers(version: Any) -> tuple[int, int] | None:
    found = re.fullmatch(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})", version) if isinstance(version, str) else None
    return (int(found[1]), int(found[2])) if found else None


def migrate(document: Document, version: str) -> bool:
    """Bring a document up to `version`, a step at a time, in place; whether there are steps that lead there."""
    while document["version"] != version:
        step = STEPS.get(document["version"])
        if step is None:
            return False
        step.migrate(document)
        document["version"] = step.to
    return True


def drop_unknown_keys(document: Document, version: str) -> Iterator[Path]:
    """Take the keys that the schema of `version` does not know out of a document, in place, naming each.

    What a newer minor version adds is in keys of its own, so the rest still says what it said.
    """
    rules = schema(version)
    definitions = rules["$defs"]
    parts: list[tuple[Path, Any, Mapping[str, Any]]] = [((), document, rules["properties"])]
    ops = document.get("ops")
    if isinstance(ops, dict):
        parts += [(("ops", name), op, definitions["op"]["properties"]) for name, op in ops.items()]
    for key, definition in (("groups", "group"), ("nodes", "node")):
        rows = document.get(key)
        if isinstance(rows, list):
            parts += [((key, index), row, definitions[definition]["properties"]) for index, row in enumerate(rows)]
    for path, part, known in parts:
        if isinstance(part, dict):
            for key in sorted(part.keys() - known.keys()):
                del part[key]
                yield (*path, key)
