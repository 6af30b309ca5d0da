"""Options checked against the records of renderers: a drawing takes those that its renderer has, and refuses others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.errors import OptionError, RendererError
from gradgraph.option_records import chosen, fields_of

FALLBACK = "text"

_NEVER_REPLACED = (FALLBACK, "dot", "mermaid")
"""Formats of ours that need no program."""


def drawn_as(format: str) -> tuple[str, ...]:
    """Return the formats that a drawing may have in the end: its own, and text where a program may be missing.

    >>> drawn_as("svg"), drawn_as("mermaid")
    (('svg', 'text'), ('mermaid',))
    """
    return (format,) if format in _NEVER_REPLACED else (format, FALLBACK)


def options_for(
    format: str,
    options: Mapping[str, Any],
    beside: Iterable[str] = (),
    *,
    strict: bool = True,
    called: Mapping[str, str] | None = None,
) -> Any:
    """Return the record of the renderer of `format` with these options.

    Options that it lacks are left out if a format `beside` it has them. Raises OptionError for any other, with what the
    format takes and which format has the option, and for a value that an option does not take. `strict` and `called`
    are as `chosen` has them.
    """
    record = find_renderer(format).Options
    own = record.__struct_fields__
    for name in options:
        if name not in own and not any(name in find_renderer(other).Options.__struct_fields__ for other in beside):
            takes = ", ".join(sorted(own))
            raise OptionError(f"{format} has no option {name!r}{formats_with(name, format)} ({format} takes: {takes})")
    kept = {name: value for name, value in options.items() if name in own}
    return chosen(record, kept, strict=strict, called=called)


def formats_with(name: str, format: str, spelling: str = "name") -> str:
    """Return which other formats have an option, to go on with in a message; "" if none has.

    The name is that of the field, or another `spelling` of it.
    """
    owners = [other for other in renderer_names() if other != format and name in _names(other, spelling)]
    return f"; {', '.join(owners)} {'has' if len(owners) == 1 else 'have'} it" if owners else ""


def _names(format: str, spelling: str) -> list[str]:
    try:
        return [getattr(field, spelling) for field in fields_of(find_renderer(format).Options)]
    except RendererError:  # one that cannot be loaded is not what the user asked about
        return []


def typed_options(
    formats: Sequence[str], texts: Mapping[str, Any], *, called: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return options that came as texts with values of their types, where any of the formats may be drawn.

    An option that several have is of the type that the first gives it. Raises OptionError as `options_for` does: for an
    option that none of them has, and for a bad value.
    """
    typed: dict[str, Any] = {}
    for format in formats:
        left = {name: text for name, text in texts.items() if name not in typed}
        if left:
            record = options_for(format, left, beside=formats, strict=False, called=called)
            typed |= {name: getattr(record, name) for name in left if name in record.__struct_fields__}
    return {name: typed[name] for name in texts}
