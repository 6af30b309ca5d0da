"""Options as records of typed fields, and what is wrong with one in a sentence."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_type_hints

import msgspec
from msgspec import inspect

from gradgraph.errors import OptionError

Record = TypeVar("Record", bound=msgspec.Struct)


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
        annotation = get_type_hints(kind, include_extras=True)[kind.__struct_fields__[names.index(name)]]
        known = (called or {}).get(name, name)
        raise OptionError(f"{known} takes {_taken(inspect.type_info(annotation))}, not {options[name]!r}") from None


def _taken(kind: inspect.Type) -> str:
    """What a field takes, in words."""
    match kind:
        case inspect.LiteralType(values):
            return _one_of(map(repr, values))
        case inspect.UnionType(types):
            return _one_of(map(_taken, types))
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
            return f"a tuple of {_taken(item_type)}"
        case _:
            return f"a {getattr(kind, 'cls', object).__name__}"


def _range(least: float | None, most: float | None) -> str:
    if most is None:
        return "" if least is None else f" of {least} or more"
    return f" from {least} to {most}"


def _one_of(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last
