"""The directive `option-tables`: the options of a place, from the records that declare them."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import inspect
from tables import Written, list_table

from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.drawing.selection import Selection
from gradgraph.option_records import Field, fields_of, taken
from gradgraph.pages.display_defaults import NotebookOptions
from gradgraph.pages.options import PageOptions

PLACES = {
    "render": (("Which part of the graph", Selection),),
    "page": (("The diagram in its page", PageOptions), ("Which part of the graph", Selection)),
    "notebook": (("", NotebookOptions),),
}
"""The records of each place, under their titles, besides those of the renderers."""


class OptionTables(Written):
    """`.. option-tables:: PLACE` lists the options of `render`, of a `page`, or what a `notebook` adds to them."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield a table for each record of the place, then one for each set of formats that share options."""
        place = self.arguments[0]
        for title, record in PLACES[place]:
            yield from _table(title, fields_of(record), place)
        if place != "notebook":
            for formats, fields in by_formats().items():
                yield from _table(title_of(formats), fields, place)


def by_formats() -> dict[tuple[str, ...], list[Field]]:
    """Return the options of all renderers under the formats that have them, what most formats have first."""
    owners: dict[str, list[str]] = {}
    fields: dict[str, Field] = {}
    for format in renderer_names():
        for field in fields_of(find_renderer(format).Options):
            fields.setdefault(field.name, field)
            owners.setdefault(field.name, []).append(format)
    found: dict[tuple[str, ...], list[Field]] = {}
    for name, formats in owners.items():
        found.setdefault(tuple(formats), []).append(fields[name])
    return dict(sorted(found.items(), key=lambda entry: -len(entry[0])))


def title_of(formats: Sequence[str]) -> str:
    """Return the title of the options that these formats have."""
    return "Every format" if len(formats) == len(renderer_names()) else ", ".join(formats)


def _table(title: str, fields: Sequence[Field], place: str) -> Iterator[str]:
    rows = [_page_row(field) if place == "page" else _row(field) for field in fields]
    if title:
        yield from [f".. rubric:: {title}", ""]
    yield from list_table(
        ["option", "takes", "default", "meaning"],
        [16, 24, 14, 46],
        [row for row in rows if row is not None],
        "options",
    )


def _row(field: Field) -> list[str]:
    """Return what Python programs write."""
    takes = _words(map(repr, field.choices)) if field.choices else _python(field.takes)
    return [f"``{field.name}``", takes, f"``{field.default!r}``", field.sentence]


def _page_row(field: Field) -> list[str] | None:
    """Return what pages write, None for an option that they do not have."""
    if field.page is None:
        return None
    match field.takes:
        case inspect.BoolType():
            takes, default = ("a flag, which turns this off" if field.default else "a flag"), ""
        case inspect.VarTupleType():
            takes, default = "texts, separated by commas or one a line", ""
        case kind:
            choices = field.choices or getattr(_without_none(kind), "values", ())
            takes = _words(choices) if choices else taken(_without_none(kind))
            default = f"``{field.default}``" if field.default not in (None, "") else ""
    return [f"``{field.page}``", takes, default, field.sentence]


def _python(kind: inspect.Type) -> str:
    match kind:
        case inspect.VarTupleType(inspect.LiteralType(values)):
            return f"a tuple of {_words(map(repr, values))}"
        case inspect.VarTupleType(item_type):
            return f"a tuple of {taken(item_type).replace('a text', 'texts')}"
    return taken(kind).replace("true or false", "``True`` or ``False``").replace("None", "``None``")


def _without_none(kind: inspect.Type) -> inspect.Type:
    """Return what an option takes in a page, where texts are all there is: the type itself, or its widest part."""
    if isinstance(kind, inspect.UnionType):
        return next(part for part in reversed(kind.types) if not isinstance(part, inspect.NoneType))
    return kind


def _words(choices: Any) -> str:
    return ", ".join([f"``{choice}``" for choice in choices])


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("option-tables", OptionTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
