"""What displays in notebooks are like, unless something else is asked for."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from gradgraph.drawing.choosing import FALLBACK, options_for
from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.graph.views import MOST_BOXES
from gradgraph.option_records import chosen, option

RENDERER_OF = {"html": "svg"}
"""Formats of a notebook that are another renderer's: "html" is the SVG inside HTML."""


class NotebookOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a notebook decides of its displays, besides the options of their drawings."""

    formats: Annotated[
        tuple[str, ...],
        option("Show these formats where they can be made. Text is always there."),
    ] = ("svg", "png")
    max_boxes: Annotated[int, option("Fold what is alike in a picture until about this many boxes are left.", ge=1)] = (
        MOST_BOXES
    )
    max_rows: Annotated[int, option("Show at most this many nodes in text, the first and the last.", ge=1)] = 40
    names: Annotated[
        bool, option("Call each value that has no label as the variable of the notebook that holds it.")
    ] = False

    def __post_init__(self) -> None:
        known = sorted({*RENDERER_OF, *renderer_names()})
        for format in self.formats:
            if format not in known:
                raise ValueError(f"formats takes a tuple of {', '.join(known)}, and {format!r} is none of these")


class DisplayDefaults:
    """The defaults of `display` and of values on the last line of a cell. Set the one there is, `gradgraph.options`.

    It has the fields of NotebookOptions, and any option of the renderers that draw the formats. A PNG beside an SVG is
    a copy of it for notebooks that somebody else has made: JupyterLab shows no SVG of theirs. The copy is there if the
    extra `gradgraph[png]` is installed and it has at most 200 kB; otherwise it is left out without a message. A PNG
    without an SVG is a picture of its own, of any size.

    >>> from gradgraph import options
    >>> options.direction = "TB"
    >>> options
    DisplayDefaults(formats=('svg', 'png'), max_boxes=60, max_rows=40, names=False, direction='TB')
    >>> options.reset()
    >>> options.direction
    'LR'
    >>> options.theme = "pink"
    Traceback (most recent call last):
    gradgraph.errors.OptionError: theme takes 'auto', 'dark' or 'light', not 'pink'
    """

    notebook: NotebookOptions
    drawing: dict[str, Any]
    """The options of drawings that were set."""

    __slots__ = ("drawing", "notebook")
    __hash__ = None  # type: ignore[assignment]  # it changes

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Set every default back to what it was at first."""
        object.__setattr__(self, "notebook", NotebookOptions())
        object.__setattr__(self, "drawing", {})

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a default. Raises OptionError for an option that none of the formats has, and for a bad value."""
        if name in NotebookOptions.__struct_fields__:
            changed = {**msgspec.structs.asdict(self.notebook), name: value}
            object.__setattr__(self, "notebook", chosen(NotebookOptions, changed))
            return
        drawn_in = renderers_of(self.notebook.formats)
        for format in drawn_in:
            options_for(format, {name: value}, beside=drawn_in)
        self.drawing[name] = value

    def __getattr__(self, name: str) -> Any:
        if name in DisplayDefaults.__slots__ or name.startswith("__"):  # of an object that is being made or looked at
            raise AttributeError(name)
        for record in (self.notebook, *map(_record, renderers_of(self.notebook.formats))):
            if name in record.__struct_fields__:
                return self.drawing.get(name, getattr(record, name))
        raise AttributeError(f"no format of {self.notebook.formats!r} has an option {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DisplayDefaults):
            return NotImplemented
        return (self.notebook, self.drawing) == (other.notebook, other.drawing)

    def __getstate__(self) -> Any:
        return self.notebook, self.drawing

    def __setstate__(self, state: Any) -> None:
        object.__setattr__(self, "notebook", state[0])
        object.__setattr__(self, "drawing", {**state[1]})

    def __dir__(self) -> list[str]:
        records = (self.notebook, *map(_record, renderers_of(self.notebook.formats)))
        return [*super().__dir__(), *{name for record in records for name in record.__struct_fields__}]

    def __repr__(self) -> str:
        said = {**msgspec.structs.asdict(self.notebook), **self.drawing}
        return f"DisplayDefaults({', '.join(f'{name}={value!r}' for name, value in said.items())})"


def renderers_of(formats: Iterable[str]) -> tuple[str, ...]:
    """Return the renderers that draw these formats of a notebook, text last.

    >>> renderers_of(("svg", "html"))
    ('svg', 'text')
    """
    pictures = [RENDERER_OF.get(format, format) for format in formats if format != FALLBACK]
    return tuple(dict.fromkeys([*pictures, FALLBACK]))


def _record(format: str) -> msgspec.Struct:
    record: msgspec.Struct = find_renderer(format).Options()
    return record


options = DisplayDefaults()
"""The defaults of this session, a `DisplayDefaults`."""
