"""What is wrong with a document that the types refuse, explained by jsonschema, the reference."""

import difflib
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any

import jsonschema
import msgspec

from gradgraph.graph import Group, Index, Node, OpDeclaration
from gradgraph.limits import Limits
from gradgraph.locating import Path, members, rows
from gradgraph.migrations import drop_unknown_keys, is_newer_minor
from gradgraph.rules import (
    BEYOND_FLOAT,
    OP_WITHOUT_OPERANDS,
    OPERANDS_WITHOUT_OP,
    ROLE_OF_A_RESULT,
    VERSION,
    Broken,
    nesting,
    overflows,
    text_flaw,
    walk,
)
from gradgraph_schemas import schema

_NODE = msgspec.json.Decoder(Node)
_GROUP = msgspec.json.Decoder(Group)
_ROWS = {"groups": [{"id": 0, "name": ""}], "nodes": [{"id": 0, "data": 0.0, "grad": None}]}
_LONG: dict[str, tuple[msgspec.json.Decoder[Any], Any]] = {
    "ops": (msgspec.json.Decoder(dict[str, OpDeclaration]), {}),
    "outputs": (msgspec.json.Decoder(Annotated[list[Index], msgspec.Meta(min_length=1)]), [0]),
    "meta": (msgspec.json.Decoder(dict[str, Any]), {}),
    "ext": (msgspec.json.Decoder(dict[str, Any]), {}),
}
_INTEGERS = frozenset(("id", "group", "parent", "arity", "operands", "outputs"))
_LITERAL = re.compile(rb"-?\b(NaN|Infinity)\b")
_HALF_PAIR = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)


def explain(data: bytes, limits: Limits, sound_rows: int = 0, *, every_row: bool = False) -> Iterator[Broken]:
    """What breaks the schema: jsonschema's verdict on the header, and on the rows of `nodes` that do not decode.

    The first `sound_rows` are known to decode. With `every_row` it judges the rows that do decode as well.
    """
    flaw = text_flaw(data)
    if flaw is not None:
        yield flaw
        return
    try:
        if not data.lstrip().startswith(b"{"):
            msgspec.json.decode(data)
            yield Broken((), "the document must be an object")
            return
        raw = members(data)
        header = {key: _stand_in(key, text, every_row) for key, text in raw.items()}
        newer = is_newer_minor(header.get("version"))
        if newer:  # one that could not be brought to our version, for another reason than what is new in it
            tuple(drop_unknown_keys(header, VERSION))
            header["version"] = VERSION
        foreign = _foreign(header)
        if foreign:
            yield foreign
            return
        yield from _judged(header, "", ())
        for key, decoder, first in (("groups", _GROUP, 0), ("nodes", _NODE, sound_rows)):
            listed = rows(raw[key]) if _is_list(raw.get(key)) else []
            for index in range(first, len(listed)):
                if every_row or not _decodes(listed[index], decoder):
                    row = _loads(listed[index])
                    if newer:
                        tuple(drop_unknown_keys({key: [row]}, VERSION))
                    yield from _judged(row, f"/$defs/{key.removesuffix('s')}", (key, index))
    except (msgspec.DecodeError, RecursionError, ValueError):
        yield _not_json(data, limits)


def _stand_in(key: str, text: msgspec.Raw, every_row: bool) -> Any:
    """What stands for a part of the document while the header is judged.

    Something as sound, but short, for a part that is sound or whose rows are judged one by one; the part itself if not.
    """
    if key in _ROWS and _is_list(text):
        return _ROWS[key] if rows(text) else []
    if not every_row and key in _LONG and _decodes(text, _LONG[key][0]):
        return _LONG[key][1]
    return _loads(text)


def _is_list(text: msgspec.Raw | None) -> bool:
    return text is not None and bytes(memoryview(text)[:1]) == b"["


def _decodes(text: msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> bool:
    try:
        decoder.decode(text)
    except msgspec.ValidationError:
        return False
    return True


def _loads(text: msgspec.Raw) -> Any:
    return json.loads(bytes(text), parse_int=_parse_int)


def _parse_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float(digits)  # beyond any float64, and slow to turn into an int


def _foreign(header: dict[str, Any]) -> Broken | None:
    """Whether this is no document of ours at all, or one of a version this reader does not know."""
    if header.get("format") != "gradgraph":
        return Broken(("format",), "this is not a gradgraph document", 'one has "format": "gradgraph"')
    if "version" in header and header["version"] != VERSION:
        sentence = f"version {_short(header['version'])} is not one this program reads"
        return Broken(("version",), sentence, f"it reads {VERSION}: upgrade gradgraph, or have it saved as {VERSION}")
    return None


def _not_json(data: bytes, limits: Limits) -> Broken:
    """Why `data` is no JSON text."""
    for deep in nesting(data, limits.max_depth):
        return deep
    half = _HALF_PAIR.search(data)
    try:
        msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        message = str(error)
    else:
        message = "the document is not JSON"
    if half and ("surrogate" in message or "truncated" in message):
        return Broken((), f"{half[0].decode()} is half of a surrogate pair", offset=half.start())
    at = re.search(r"\(byte (\d+)\)", message)
    if not at:
        return Broken((), "the document ends too soon", offset=len(data.rstrip()))
    offset = int(at[1]) - ("trailing" in message)  # msgspec counts from behind the first character that trails
    for literal in _LITERAL.finditer(data, max(0, offset - 9), offset + 9):
        if literal.start() <= offset <= literal.end():
            spelled = literal[0].decode()
            return Broken((), f"{spelled} is not JSON", f'write it as a string: "{spelled}"', literal.start())
    reason = message.removeprefix("JSON is malformed: ").partition(" (byte")[0]
    return Broken((), f"malformed JSON: {reason}", offset=offset)


def _judged(item: Any, definition: str, path: Path) -> Iterator[Broken]:
    """What jsonschema says of one item against a definition of the schema, and the numbers that overflow."""
    found = {
        broken
        for error in _validator(definition).iter_errors(item)
        for broken in _sentences(error, (*path, *error.absolute_path))
    }
    yield from sorted(found, key=lambda broken: ([str(step).zfill(9) for step in broken.path], broken.sentence))
    for at, part in walk(item, tuple(path)):
        if overflows(part):
            yield Broken(at, BEYOND_FLOAT)
        elif type(part) is float and part.is_integer() and _is_id(at):
            yield Broken(at, f"{part} is not spelled as a whole number", f"write {int(part)}")


def _is_id(path: Path) -> bool:
    """Whether an id, or another number that is spelled as an integer, stands at `path`."""
    free_form = path[0] in ("meta", "ext") or path[2:3] == ("params",)
    return not free_form and not _INTEGERS.isdisjoint(path[-2:])


@cache
def _validator(definition: str) -> Any:
    whole = schema()
    wanted = whole if not definition else {"$ref": f"#{definition}", "$defs": whole["$defs"]}
    return jsonschema.Draft202012Validator(wanted)


def _sentences(error: Any, path: Path) -> Iterator[Broken]:
    """One jsonschema error in plain words, as one finding or several."""
    rule = error.schema
    value = error.validator_value
    match error.validator:
        case "type":
            wanted = " or ".join(_NAMES[kind] for kind in ([value] if isinstance(value, str) else value))
            yield Broken(path, f"{_short(error.instance)} is not {wanted}")
        case "required":
            yield Broken(path, f"{error.message.removesuffix(' is a required property')} is missing")
        case "dependentRequired":
            yield Broken(path, OP_WITHOUT_OPERANDS if "op" in error.instance else OPERANDS_WITHOUT_OP)
        case "additionalProperties":
            for key in error.instance.keys() - rule["properties"].keys():
                close = difflib.get_close_matches(key, rule["properties"], 1)
                yield Broken(
                    (*path, key),
                    f"{_short(key)} is not a key here",
                    f"did you mean {close[0]!r}?" if close else None,
                )
        case "not":
            yield Broken((*path, "role"), ROLE_OF_A_RESULT)
        case "enum" | "const":
            wanted = ", ".join(map(repr, value if isinstance(value, list) else [value]))
            yield Broken(path, f"{_short(error.instance)} is not one of {wanted}")
        case "minimum":
            yield Broken(path, f"{_short(error.instance)} is below {value}")
        case "minItems":
            yield Broken(path, f"{path[-1]} must not be empty")
        case "oneOf":
            yield Broken(path, f"{_short(error.instance)} is not {rule['title']}")
        case _:
            yield Broken(path, error.message)


_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:39] + "…"
