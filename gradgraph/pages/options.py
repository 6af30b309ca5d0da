"""The options of a diagram in a page: texts, under the names that pages have for the fields of our records."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import inspect

from gradgraph.drawing.choosing import drawn_as, formats_with, options_for, typed_options
from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.selection import Selection
from gradgraph.errors import OptionError
from gradgraph.limits import Limits, limits_from_environment
from gradgraph.option_records import Field, chosen, fields_of, option

# Units that HTML and TeX have in common. Not 0, which makes TeX run forever.
_LENGTH = re.compile(r"(?=[0.]*[1-9])[0-9]{1,5}(\.[0-9]{1,3})?(%|px|em|ex|cm|mm|in|pt|pc)?")
_CLASSES = re.compile(r"[\w\s-]*", re.ASCII)  # nothing that is markup in a page or in TeX


class PageOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Which graph a diagram shows, in which format, and how it fits its page."""

    file: Annotated[str, option("Draw the document in this file.")] = ""
    call: Annotated[str, option("Draw what this function returns. Takes MODULE:CALLABLE.")] = ""
    format: Annotated[str, option("Draw svg, png, or any format that is text, which the page shows as code.")] = "svg"
    caption: Annotated[str, option("Write this caption below the diagram.")] = ""
    name: Annotated[str, option("Let links to the diagram use this name.")] = ""
    align: Annotated[Literal["left", "center", "right"] | None, option("Align the diagram in the page.")] = None
    width: Annotated[str, option("Make the picture this wide, in %, px, em, ex, cm, mm, in, pt or pc.")] = ""
    classes: Annotated[str, option("Give the diagram these classes, separated by spaces.", page="class")] = (
        msgspec.field(name="class", default="")
    )

    def __post_init__(self) -> None:
        if self.width and not _LENGTH.fullmatch(self.width):
            raise ValueError(f"a width is a number above 0 with a unit, such as 50% or 20em, not {self.width!r}")
        if not _CLASSES.fullmatch(self.classes):
            raise ValueError(f"a class has letters, digits, hyphens and underscores, not {self.classes!r}")
        if "\0" in self.file:
            raise ValueError(f"no file has the name {self.file!r}")


class Options(NamedTuple):
    """All options of a diagram: of its place in the page, of what is selected of the graph, and of its drawing.

    `drawing` has options by the names of their fields. Each format that the diagram may be drawn in takes those it has.
    """

    page: PageOptions
    selection: Selection
    drawing: Mapping[str, Any]
    limits: Limits

    def record(self, format: str, **place: Any) -> Any:
        """Return the record of the renderer of that format; `place` are options that go first."""
        options = {**self.drawing, **place}
        return options_for(format, options, beside=drawn_in(self.page.format))


def drawn_in(format: str) -> tuple[str, ...]:
    """Return the formats that a diagram of this format may be drawn in: an SVG is a PDF in a page that TeX sets."""
    own, *others = drawn_as(format)
    return (own, *(("pdf",) if format == "svg" else ()), *others)


def parse_options(texts: Mapping[str, str | None], limits: Limits | None = None, layout: str = "") -> Options:
    """Return options from texts. Underscores count as hyphens; a flag has no text, or its own name.

    `limits` bound the drawing; by default they are those of the environment. `layout` is the layout engine for a
    diagram that names none, in a format that has one.

    >>> options = parse_options({"alt": "A neuron", "max_boxes": "30", "show-local": None})
    >>> options.selection.max_boxes, options.drawing
    (30, {'title': 'A neuron', 'local': True})

    Raises OptionError for a name or a value that is not allowed, and RendererError for a format that is not there.
    """
    given = {name.replace("_", "-"): (name, text) for name, text in texts.items()}
    format = given.get("format", ("", None))[1] or "svg"
    page, selection = (_spelled(fields_of(record)) for record in (PageOptions, Selection))
    drawing = _spelled(field for each in drawn_in(format) for field in fields_of(find_renderer(each).Options))
    found: dict[str, dict[str, Any]] = {"page": {}, "selection": {}, "drawing": {}}
    for name, (spelled, text) in given.items():
        for kind, fields in (("page", page), ("selection", selection), ("drawing", drawing)):
            if name in fields:
                found[kind][fields[name].name] = _read(fields[name], spelled, text)
                break
        else:
            known = ", ".join(sorted({*page, *selection, *drawing}))
            elsewhere = formats_with(name, format, "page")
            raise OptionError(f"there is no option {spelled!r}{elsewhere} (there are: {known})")
    if layout and "layout" in drawing:
        found["drawing"].setdefault("layout", layout)
    called = {field.name: name for name, field in {**drawing, **selection}.items()}
    if found["selection"].get("focus") == "":
        del found["selection"]["focus"]
    if "classes" in found["page"]:
        found["page"]["class"] = found["page"].pop("classes")
    return Options(
        chosen(PageOptions, found["page"], strict=False),
        chosen(Selection, found["selection"], strict=False, called=called),
        typed_options(drawn_in(format), found["drawing"], called=called),
        limits_from_environment() if limits is None else limits,
    )


def _spelled(fields: Iterable[Field]) -> dict[str, Field]:
    """Return the fields by their names in pages; the first of two that have one name."""
    named: dict[str, Field] = {}
    for field in fields:
        if field.page is not None:
            named.setdefault(field.page, field)
    return named


def _read(field: Field, name: str, text: str | None) -> Any:
    """Return what a text says for a field. A flag without a text is the opposite of the default."""
    if isinstance(field.takes, inspect.BoolType):
        if text not in (None, "", name, "true", "false"):
            raise OptionError(f"the option {name!r} takes no value")
        return (text != "false") is not field.default
    if isinstance(field.takes, inspect.VarTupleType):
        parts = re.split(r"\s*\n\s*" if "\n" in (text or "") else r"\s*,\s*", (text or "").strip())
        return [part for part in parts if part]
    return text or ""
