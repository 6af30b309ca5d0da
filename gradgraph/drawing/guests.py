"""What is wrong with a renderer before it draws anything: it may be anyone's, and must harm nobody who did not ask."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from gradgraph.drawing.options import DrawingOptions
from gradgraph.entry_points import lacking
from gradgraph.option_records import fields_of

PARTS = ("name", "media_type", "suffixes", "Options", "availability", "render")
RESERVED = ("auto", "html")
"""Names that mean something else in some place: "html" is the SVG inside HTML."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*")


def flaws(renderer: Any) -> Iterator[str]:
    """Yield what is wrong with the parts of a renderer; nothing is drawn."""
    try:
        missing = lacking(renderer, PARTS)
        if missing:
            yield f"it has no {missing!r}"
            return
        name, media_type, suffixes, record = (getattr(renderer, part) for part in PARTS[:4])
    except Exception as error:  # of a property
        yield f"its parts cannot be read: {error!r}"
        return
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in RESERVED:
        yield f"its name is {name!r}, not letters, digits and hyphens"
    if not isinstance(media_type, str) or "/" not in media_type:
        yield f"its media_type is {media_type!r}, not type/subtype"
    if not isinstance(suffixes, tuple) or not suffixes or not all(map(_is_suffix, suffixes)):
        yield f"its suffixes are {suffixes!r}, not a tuple of file name endings with their dots"
    yield from _flaws_of_record(record)


def _is_suffix(suffix: object) -> bool:
    return isinstance(suffix, str) and len(suffix) > 1 and suffix.startswith(".")


def _flaws_of_record(record: Any) -> Iterator[str]:
    """Yield why options could not be checked against this record, as those of our renderers are."""
    if not isinstance(record, type) or not issubclass(record, DrawingOptions):
        yield f"its Options is {record!r}, not a class that extends DrawingOptions"
        return
    shared = {field.name: field.takes for field in fields_of(DrawingOptions)}
    try:
        fields = fields_of(record)
        required = {field.name for field in msgspec.structs.fields(record) if field.required}
    except Exception as error:  # of a type that is named and not there
        yield f"the types of its Options cannot be read: {error!r}"
        return
    for field in fields:
        if field.name in required:
            yield f"the option {field.name} has no default"
        if field.takes != shared.get(field.name, field.takes):
            yield f"the option {field.name} has another type than in DrawingOptions"
        if not re.fullmatch(r"--[a-z][a-z0-9-]*", field.flag):
            yield f"the option {field.name} has the flag {field.flag!r}, not --WORDS"
    if record.__struct_encode_fields__ != record.__struct_fields__:
        yield "its Options renames its fields"
    if not record.__struct_config__.forbid_unknown_fields:
        yield "its Options takes unknown names: it has to keep forbid_unknown_fields"
