"""Options as records of typed fields: what each field says of itself, and what is wrong with a value in a sentence."""

import re
from collections.abc import Iterable, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import inspect

from gradgraph.errors import OptionError

Record = TypeVar("Record", bound=msgspec.Struct)


def option(
    sentence: str,
    *,
    flag: str = "",
    page: str | None = "",
    switches: Mapping[str, Any] | None = None,
    usually: Any = None,
    **bounds: Any,
) -> msgspec.Meta:
    """Return the annotation of a field: the sentence that explains it, and its bounds as in `msgspec.Meta`.

    A place spells an option as it is usual there. `flag` and `page` are such spellings where they are not made from the
    name of the field; None for `page` keeps the option out of pages. `switches` are further flags of the command
    line, each with the value that it stands for. `usually` is the default to tell of a field whose default is made
    when it is needed, from the environment say.
    """
    said = {"flag": flag, "page": page, "switches": dict(switches or {}), "usually": usually}
    return msgspec.Meta(description=sentence, extra=said, **bounds)


class Field(NamedTuple):
    """A field of a record: what it takes, its choices in order if it has some, its default, and what is said of it."""

    name: str
    takes: inspect.Type
    choices: tuple[Any, ...]
    default: Any
    sentence: str
    flag: str
    page: str | None
    switches: Mapping[str, Any]


def fields_of(record: type[msgspec.Struct]) -> tuple[Field, ...]:
    """Return the fields of a record in order, those it inherits first; a plain one has spellings made from its name.

    A flag is the name of its field with hyphens. A page spells an option so too, but one that is on by default as
    `no-NAME`, since it only turns it off.

    >>> from typing import Annotated
    >>> class Pen(msgspec.Struct):
    ...     wide_nib: Annotated[bool, option("Draw broad lines.")] = True
    ...     tip: int = 1
    >>> [(field.flag, field.page, field.sentence) for field in fields_of(Pen)]
    [('--wide-nib', 'no-wide-nib', 'Draw broad lines.'), ('--tip', 'tip', '')]
    """
    return tuple([_field(field) for field in msgspec.structs.fields(record)])


def _field(field: msgspec.structs.FieldInfo) -> Field:
    takes = inspect.type_info(field.type)
    said: dict[str, Any] = {}
    sentence = ""
    if isinstance(takes, inspect.Metadata):
        said = takes.extra or {}
        sentence = (takes.extra_json_schema or {}).get("description", "")
        takes = takes.type
    spelled = field.name.replace("_", "-")
    page = said.get("page", "") or (f"no-{spelled}" if field.default is True else spelled)
    return Field(
        field.name,
        takes,
        _choices(field.type),
        field.default if field.default_factory is msgspec.NODEFAULT else said.get("usually"),
        sentence,
        said.get("flag") or f"--{spelled}",
        None if said.get("page", "") is None else page,
        said.get("switches", {}),
    )


def _choices(annotation: Any) -> tuple[Any, ...]:
    """Return the values of a Literal in their order, which `takes` does not keep; None is not told."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        annotation = next((one for one in get_args(annotation) if one is not NoneType), annotation)
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def chosen(
    kind: type[Record], options: Mapping[str, Any], *, strict: bool = True, called: Mapping[str, str] | None = None
) -> Record:
    """The record of these options; unless `strict`, the text "4" is as good as the number.

    `called` has fields that the user knows by other names. Raises OptionError, which says what an option takes, for a
    name or a value that is not allowed.

    >>> from typing import Literal
    >>> class Pen(msgspec.Struct, forbid_unknown_fields=True):
    ...     colour: Literal["red", "blue"] = "red"
    >>> chosen(Pen, {"colour": "pink"})
    Traceback (most recent call last):
    gradgraph.errors.OptionError: colour takes 'blue' or 'red', not 'pink'
    >>> chosen(Pen, {"width": 3})
    Traceback (most recent call last):
    gradgraph.errors.OptionError: there is no option 'width' (there are: colour)
    """
    names = kind.__struct_encode_fields__
    for name in options:
        if name not in names:
            raise OptionError(f"there is no option {name!r} (there are: {', '.join(sorted(names))})")
    try:
        return msgspec.convert(options, kind, strict=strict)
    except msgspec.ValidationError as error:
        place = re.search(r"`\$\.([\w-]+)", str(error))
        if place is None:  # a rule of the record itself
            raise OptionError(str(error)) from None
        name = place[1]
        takes = inspect.type_info(msgspec.structs.fields(kind)[names.index(name)].type)
        known = (called or {}).get(name, name)
        raise OptionError(f"{known} takes {taken(takes)}, not {options[name]!r}") from None


def taken(kind: inspect.Type) -> str:
    """What a field takes, in words."""
    match kind:
        case inspect.Metadata(type):
            return taken(type)
        case inspect.LiteralType(values):
            return _one_of(map(repr, values))
        case inspect.UnionType(types):
            return _one_of(map(taken, types))
        case inspect.NoneType():
            return "None"
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType(ge=least, le=most):
            return f"a whole number{_range(least, most)}"
        case inspect.FloatType(ge=least, le=most):
            return f"a number{_range(least, most)}"
        case inspect.StrType(max_length=None):
            return "a text"
        case inspect.StrType(max_length=most):
            return f"a text of at most {most:,} characters"
        case inspect.VarTupleType(item_type):
            return f"a tuple of {taken(item_type)}"
        case _:
            return f"a {getattr(kind, 'cls', object).__name__}"


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return "" if least is None else f" of {least} or more"
    return f" from {least} to {most}"


def _one_of(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
