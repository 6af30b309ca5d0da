"""Documents of other versions: one function per step from an older one to the next, and what a newer one loses."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from gradgraph.document.locating import Path, members
from gradgraph.document.versions import in_order, numbers
from gradgraph.graph.fields import FIRST
from gradgraph_schemas import schema

Document = dict[str, Any]


class Step(NamedTuple):
    """One step between versions: `migrate` turns a document of the version before into one of `to`, in place.

    None if each of them is one of `to` as it stands, because `to` has only more optional keys.
    """

    to: str
    migrate: Callable[[Document], None] | None = None


STEPS: dict[str, Step] = {}
"""By the version a step starts from. Empty, for 1.0 is the first."""


def newest_version(steps: Mapping[str, Step] = STEPS) -> str:
    """Return the version that the last of `steps` leads to.

    >>> newest_version({"1.0": Step("1.1"), "1.1": Step("1.2")})
    '1.2'
    """
    version = FIRST
    while version in steps:
        version = steps[version].to
    return version


def standing_versions(steps: Mapping[str, Step] = STEPS) -> frozenset[str]:
    """Return the versions whose documents are read as they stand: the newest, and those that no step changes.

    >>> sorted(standing_versions({"1.0": Step("1.1", dict.clear), "1.1": Step("1.2")}))
    ['1.1', '1.2']
    """
    version = FIRST
    standing = {version}
    while version in steps:
        step = steps[version]
        version = step.to
        standing = {version} if step.migrate else {*standing, version}
    return frozenset(standing)


VERSION = newest_version()
"""The newest version that this program reads."""

STANDING = standing_versions()
"""The versions of documents that nothing is done to."""


def _canonical_start(standing: Iterable[str]) -> re.Pattern[bytes]:
    versions = b"|".join([re.escape(version).encode() for version in standing])
    return re.compile(rb'\s*\{\s*"format"\s*:\s*"gradgraph"\s*,\s*"version"\s*:\s*"(?:%s)"' % versions)


_STARTS_AS_OURS = _canonical_start(STANDING)
"""The canonical start of a document that is read as it stands, which spares looking further for the version."""


class Modern(NamedTuple):
    """A document of another version as one of ours: its text, the version it had, and the keys left out of it."""

    text: bytes
    version: str
    left_out: tuple[Path, ...]


def modernised(data: bytes) -> Modern | None:
    """Return `data` as a document of the version this program reads, or None if it is read as it stands or not at all.

    Older versions are brought up to date step by step; of a newer minor one, the keys we do not know are left out.
    """
    if _STARTS_AS_OURS.match(data):
        return None
    version = _version_of(data)
    is_newer = is_newer_minor(version)
    if version is None or stands(version) or not (is_newer or version in STEPS):
        return None
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    left_out: tuple[Path, ...] = ()
    if is_newer:
        left_out = tuple(drop_unknown_keys(document, VERSION))
        document["version"] = VERSION
    elif not migrate(document, VERSION):
        return None
    return Modern(msgspec.json.encode(document), version, left_out)


def stands(version: Any) -> bool:
    """Return whether documents that say this `version` are read as they stand.

    >>> stands("1.0"), stands(1.0)
    (True, False)
    """
    return isinstance(version, str) and version in STANDING


def is_newer_minor(version: Any) -> bool:
    """Return whether a document's `version` is a newer minor one than this program reads."""
    theirs, ours = numbers(version), in_order(VERSION)
    return theirs is not None and theirs[0] == ours[0] and theirs > ours


def _version_of(data: bytes) -> str | None:
    try:
        return msgspec.json.decode(members(data)["version"], type=str)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, KeyError):
        return None


def migrate(document: Document, version: str) -> bool:
    """Bring a document up to `version`, a step at a time, in place. Return whether there are steps that lead there."""
    while document["version"] != version:
        step = STEPS.get(document["version"])
        if step is None:
            return False
        if step.migrate:
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
