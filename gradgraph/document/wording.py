"""What jsonschema finds, in plain words that quote no more than a line can hold."""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from gradgraph.document.locating import Path
from gradgraph.document.rules import OP_WITHOUT_OPERANDS, OPERANDS_WITHOUT_OP, ROLE_OF_A_RESULT, Broken, short
from gradgraph.words import shortened

QUOTED = 40
"""Characters of a value in a sentence."""

_NAMES = {
    "object": "an object",
    "array": "a list",
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def cut(value: Any, depth: int = QUOTED) -> Any:
    """Return the beginning of JSON-like data, long enough to quote from; of a list, an item of each type is kept.

    Whoever asks only for types says the same of it as of the whole.

    >>> len(cut("x" * 1000)), cut([1] * 1000 + ["x"])[QUOTED // 2 :]
    (41, ['x'])
    """
    if isinstance(value, str):
        return value[: QUOTED + 1]
    if isinstance(value, dict):
        some = [*value.items()][: QUOTED // 2] if depth else ()
        return {cut(key): cut(item, depth - 1) for key, item in some}
    if isinstance(value, list):
        first = value[: QUOTED // 2] if depth else []
        others = {type(item): item for item in reversed(value)}
        kept = [*first, *(item for kind, item in others.items() if kind not in map(type, first))]
        return [cut(item, depth - 1) for item in kept] if depth else []
    return value


def quoted(value: Any) -> str:
    """Return a value as JSON, or its beginning.

    >>> quoted(["x" * 1000])
    '["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'
    """
    text = json.dumps(cut(value), ensure_ascii=False)
    return shortened(text, QUOTED)


def sentences(error: Any, path: Path) -> Iterator[Broken]:
    """Yield one jsonschema error in plain words, as one finding or several."""
    rule = error.schema
    value = error.validator_value
    match error.validator:
        case "type":
            wanted = " or ".join(_NAMES[kind] for kind in ([value] if isinstance(value, str) else value))
            yield Broken(path, f"{quoted(error.instance)} is not {wanted}")
        case "required":
            yield Broken(path, f"{error.message.removesuffix(' is a required property')} is missing")
        case "dependentRequired":
            yield Broken(path, OP_WITHOUT_OPERANDS if "op" in error.instance else OPERANDS_WITHOUT_OP)
        case "additionalProperties":
            for key in error.instance:
                if key not in rule["properties"]:
                    yield Broken((*path, key), f"{quoted(key)} is not a key here", _meant(key, rule["properties"]))
        case "not":
            yield Broken((*path, "role"), ROLE_OF_A_RESULT)
        case "enum" | "const":
            wanted = ", ".join(map(repr, value if isinstance(value, list) else [value]))
            yield Broken(path, f"{quoted(error.instance)} is not one of {wanted}")
        case "minimum":
            yield Broken(path, f"{short(error.instance)} is below {value}")
        case "minItems":
            yield Broken(path, f"{path[-1]} must not be empty")
        case "oneOf":
            yield Broken(path, f"{quoted(error.instance)} is not {rule['title']}")
        case _:
            yield Broken(path, error.message)


def _meant(key: str, known: dict[str, Any]) -> str | None:
    close = difflib.get_close_matches(key, known, 1) if len(key) <= QUOTED else ()
    return f"did you mean {close[0]!r}?" if close else None
