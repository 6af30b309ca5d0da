"""What is wrong with a document that the types refuse, explained by jsonschema, the reference.

It judges one object, list or scalar at a time, each by its own part of the schema, and only until enough problems are
known: so neither a huge row nor a huge header is ever in its hands.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

import jsonschema
import msgspec

from gradgraph.document.duplicate_keys import repeated_keys
from gradgraph.document.locating import Path, Step, members, rows
from gradgraph.document.malformed import json_flaw, text_flaw
from gradgraph.document.migrations import VERSION, is_newer_minor, stands
from gradgraph.document.rules import BEYOND_FLOAT, Broken, overflows, short, walk
from gradgraph.document.wording import cut, quoted, sentences
from gradgraph.graph.model import Group, Index, Node, Number, OpDeclaration
from gradgraph.limits import Limits
from gradgraph_schemas import schema

_Scalar = float | int | bool | str
_Param = _Scalar | tuple[_Scalar, ...]
_DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "#/$defs/index": msgspec.json.Decoder(list[Index]),
    "#/$defs/number": msgspec.json.Decoder(list[Number]),
    "#/$defs/param": msgspec.json.Decoder(list[_Param]),
    "#/$defs/op": msgspec.json.Decoder(list[OpDeclaration]),
    "#/$defs/group": msgspec.json.Decoder(list[Group]),
    "#/$defs/node": msgspec.json.Decoder(list[Node]),
}
"""The types that the fast way has for parts of the schema, in lists."""
_AT_A_TIME = 1024
_INDEX = re.compile(r"\$\[([0-9]+)\]")


class _Part(NamedTuple):
    """A part of the schema, made ready to judge one value apart from what that holds."""

    validator: Any
    kind: str
    """The one type it takes: "object", "array", "integer"; "" for several or another."""
    members: Mapping[str, "_Part | bool"]
    others: "_Part | bool"
    """What it says of members that are not named: False if there may be none."""
    items: "_Part | bool"
    decoder: msgspec.json.Decoder[Any] | None


@cache
def _part(version: str, reference: str) -> _Part:
    """Return the part of the schema of a version at `reference`; "" is the whole."""
    whole = schema(version)
    rules = whole["$defs"][reference.rpartition("/")[2]] if reference else whole
    return _prepared(version, rules, _DECODERS.get(reference))


def _prepared(version: str, rules: Any, decoder: msgspec.json.Decoder[Any] | None = None) -> _Part:
    named = rules.get("properties", {})
    kinds = {*rules["type"]} - {"null"} if isinstance(rules.get("type"), list) else {rules.get("type", "")}
    itself = {key: rule for key, rule in rules.items() if key not in ("items", "$defs")}
    if named:
        itself["properties"] = dict.fromkeys(named, True)
    if itself.get("additionalProperties"):
        del itself["additionalProperties"]
    return _Part(
        jsonschema.Draft202012Validator({**itself, "$defs": schema(version)["$defs"]}),
        kinds.pop() if len(kinds) == 1 else "",
        {name: _inner(version, rule) for name, rule in named.items()},
        _inner(version, rules.get("additionalProperties", True)),
        _inner(version, rules.get("items", True)),
        decoder,
    )


def _inner(version: str, rules: Any) -> "_Part | bool":
    if isinstance(rules, bool):
        return rules
    return _part(version, rules["$ref"]) if "$ref" in rules else _prepared(version, rules)


class _Reading(NamedTuple):
    """How a document is judged."""

    limits: Limits
    sound_rows: int
    every_row: bool
    newer: bool
    """Whether it is of a newer minor version, so that keys we do not know are no problem."""


def explain(data: bytes, limits: Limits, sound_rows: int = 0, *, every_row: bool = False) -> Iterator[Broken]:
    """Yield what breaks the schema: jsonschema's verdict on each part of the document that does not decode.

    The first `sound_rows` of `nodes` are known to decode. With `every_row` it judges the parts that do decode as well.
    """
    flaw = text_flaw(data)
    if flaw is not None:
        yield flaw
        return
    try:
        text = msgspec.json.decode(data, type=msgspec.Raw)
        if _first(text) != b"{":
            yield Broken((), "the document must be an object")
            return
        raw = members(text)
        version = _loads(raw["version"]) if "version" in raw else VERSION
        newer = is_newer_minor(version)
        judged_as = VERSION if newer else version
        foreign = _foreign(raw, judged_as)
        if foreign:
            yield foreign
            return
        yield from _flaws(text, _part(judged_as, ""), (), _Reading(limits, sound_rows, every_row, newer))
    except (msgspec.DecodeError, RecursionError, ValueError):
        yield json_flaw(data, limits)


def _flaws(text: msgspec.Raw, part: _Part, path: Path, reading: _Reading) -> Iterator[Broken]:
    """Yield what is wrong with the value that `text` spells, in document order."""
    opening = _first(text)
    if opening == b"{" and part.kind == "object":
        inside = members(text)
        yield from _judged(part, dict.fromkeys(_telling(inside, part, reading)), path)
        if isinstance(part.others, _Part):
            yield from _flaws_of_all([*inside], [*inside.values()], part.others, path, reading)
            return
        for key, inner in inside.items():
            if key != "version" or path or not reading.newer:
                rules = part.members.get(key, part.others)
                if isinstance(rules, _Part):
                    yield from _flaws_of_all([key], [inner], rules, path, reading)
                elif rules:
                    yield from _overflowing(_loads(inner), (*path, key))
    elif opening == b"[" and isinstance(part.items, _Part):
        items = rows(text)
        yield from _judged(part, [None] * min(len(items), 1), path)
        start = reading.sound_rows if path == ("nodes",) else 0
        yield from _flaws_of_all(range(start, len(items)), items[start:], part.items, path, reading)
    else:
        value = _loads(text)
        yield from _judged(part, cut(value), path)
        yield from _overflowing(value, path)
        if part.kind == "integer" and type(value) is float and value.is_integer():
            yield Broken(path, f"{short(value)} is not spelled as a whole number", f"write {short(int(value))}")


def _flaws_of_all(
    steps: Sequence[Step], texts: Sequence[msgspec.Raw], part: _Part, path: Path, reading: _Reading
) -> Iterator[Broken]:
    """Yield what is wrong with the values that `steps` lead to, all of which the same part of the schema judges."""
    all_of_them = reading.every_row or part.decoder is None
    for number in range(len(texts)) if all_of_them else _not_decoding(texts, part.decoder):
        here = (*path, steps[number])
        flawed = False
        for broken in _flaws(texts[number], part, here, reading):
            flawed = True
            yield broken
        if not flawed and not all_of_them:  # jsonschema sees only the last of two equal keys
            yield from repeated_keys(bytes(texts[number]), here)


def _not_decoding(texts: Sequence[msgspec.Raw], decoder: msgspec.json.Decoder[Any] | None) -> Iterator[int]:
    """Yield the places of those that do not decode; the many that do are decoded many at a time."""
    at = 0
    while at < len(texts) and decoder:
        some = texts[at : at + _AT_A_TIME]
        try:
            decoder.decode(msgspec.json.encode(some))
            at += len(some)
        except msgspec.ValidationError as error:
            _, _, place = str(error).rpartition(" - at `")
            index = _INDEX.match(place)
            at += int(index[1]) if index else 0
            yield at
            at += 1


def _telling(inside: Mapping[str, Any], part: _Part, reading: _Reading) -> Iterator[str]:
    """Yield the keys that decide whether an object is sound: the known ones, and as many unknown as are told."""
    yield from (key for key in inside if key in part.members)
    if part.others is False and not reading.newer:
        yield from islice((key for key in inside if key not in part.members), reading.limits.max_problems)


def _judged(part: _Part, item: Any, path: Path) -> Iterator[Broken]:
    """Yield what jsonschema says of one value, each thing once."""
    told = set()
    for error in part.validator.iter_errors(item):
        for broken in sentences(error, (*path, *error.absolute_path)):
            if broken not in told:
                told.add(broken)
                yield broken


def _overflowing(value: Any, path: Path) -> Iterator[Broken]:
    return (Broken(at, BEYOND_FLOAT) for at, item in walk(value, path) if overflows(item))


def _first(text: msgspec.Raw) -> bytes:
    return bytes(memoryview(text)[:1])


def _loads(text: msgspec.Raw) -> Any:
    return json.loads(bytes(text), parse_int=_parse_int)


def _parse_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float(digits)  # beyond any float64, and slow to turn into an int


def _foreign(raw: Mapping[str, msgspec.Raw], version: Any) -> Broken | None:
    """Return whether this is no document of ours at all, or one of a version this reader does not know."""
    if "format" not in raw or _loads(raw["format"]) != "gradgraph":
        return Broken(("format",), "this is not a gradgraph document", 'one has "format": "gradgraph"')
    if not stands(version):
        sentence = f"version {quoted(version)} is not one this program reads"
        return Broken(("version",), sentence, f"it reads {VERSION}: upgrade gradgraph, or have it saved as {VERSION}")
    return None
