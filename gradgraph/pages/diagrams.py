"""Diagrams in pages: what the Sphinx directive and the Markdown fence have in common.

Options come as texts, under the names they have on the command line where it has them.
"""

import hashlib
import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from gradgraph import __version__
from gradgraph.document.files import format_of, loads
from gradgraph.document.json_writing import chunks
from gradgraph.document.reading import read
from gradgraph.drawing import describing
from gradgraph.drawing.registry import find_layout, find_renderer, layout_names
from gradgraph.drawing.renderer import Rendering, RenderOptions
from gradgraph.drawing.rendering import render
from gradgraph.errors import OptionError, RendererError, ToolError
from gradgraph.graph.folding import fold
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View, everything, focus
from gradgraph.limits import Limits
from gradgraph.option_records import chosen
from gradgraph.saving import save

PICTURES = ("svg", "png")
"""The formats that are pictures in a page; the others are text and stand there as such."""

# Units that HTML and TeX have in common. Not 0, which makes TeX run forever.
_LENGTH = re.compile(r"(?=[0.]*[1-9])[0-9]{1,5}(\.[0-9]{1,3})?(%|px|em|ex|cm|mm|in|pt|pc)?")
_CLASSES = re.compile(r"[\w\s-]*", re.ASCII)  # nothing that is markup in a page or in TeX


class PageOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """Which graph a diagram shows, what of it, and how it stands in its page."""

    file: str = ""
    """Where the document is, for what has no better place to say so."""
    call: str = ""
    """The function that gives the graph, as MODULE:CALLABLE."""
    format: str = "svg"
    """The name of a renderer: svg and png are pictures, and any text is shown as it is."""
    focus: str = ""
    """The node whose neighbourhood is shown, a label or an id; "" for the whole graph."""
    radius: Annotated[int, msgspec.Meta(ge=0)] = 1
    """How many edges from it are shown."""
    collapse: str = ""
    """Groups drawn as one box each: their names, with commas between, or one on a line."""
    max_nodes: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Boxes there may be: groups are folded until there are no more."""
    caption: str = ""
    """What stands below it."""
    name: str = ""
    """What references to it call it."""
    align: Literal["left", "center", "right"] | None = None
    """Where it stands in the width of the page."""
    width: str = ""
    """How wide a picture is, in percent of the page or one of px, em, ex, cm, mm, in, pt, pc; "" for its own size."""
    classes: str = msgspec.field(name="class", default="")
    """Classes for the page's styles, with spaces between."""

    def __post_init__(self) -> None:
        if self.width and not _LENGTH.fullmatch(self.width):
            raise ValueError(f"a width is a number above 0 with a unit, such as 50% or 20em, not {self.width!r}")
        if not _CLASSES.fullmatch(self.classes):
            raise ValueError(f"a class has letters, digits, hyphens and underscores, not {self.classes!r}")
        if "\0" in self.file:
            raise ValueError(f"no file has the name {self.file!r}")


class Diagram(NamedTuple):
    """A graph in a page."""

    graph: Graph
    page: PageOptions
    drawing: RenderOptions


_FIELDS = {
    "alt": "title",
    "desc": "desc",
    "theme": "theme",
    "direction": "direction",
    "layout": "layout",
    "precision": "precision",
    "link": "link",
    "style": "style",
    "charset": "charset",
    "depth": "depth",
    "max-rows": "max_rows",
    "max-rails": "max_rails",
    "columns": "width",
    "scale": "scale",
    "dpi": "dpi",
}
_FLAGS: dict[str, tuple[str, bool]] = {
    "show-local": ("local", True),
    "no-grad": ("grad", False),
    "no-legend": ("legend", False),
}
OPTIONS = tuple(sorted((*(field.encode_name for field in msgspec.structs.fields(PageOptions)), *_FIELDS, *_FLAGS)))
"""The names of all options."""


def parse_options(texts: Mapping[str, str | None], limits: Limits | None = None) -> tuple[PageOptions, RenderOptions]:
    """Return options from texts. Underscores count as hyphens; a flag has no text, or its own name.

    `limits` bound the drawing; by default they are those of the environment.

    >>> page, drawing = parse_options({"alt": "A neuron", "max_nodes": "30", "show-local": None})
    >>> page.max_nodes, drawing.title, drawing.local
    (30, 'A neuron', True)

    Raises OptionError for a name or a value that is not allowed.
    """
    page: dict[str, Any] = {}
    drawing: dict[str, Any] = {}
    for given, text in texts.items():
        name = given.replace("_", "-")
        if name not in OPTIONS:
            raise OptionError(f"there is no option {given!r} (there are: {', '.join(OPTIONS)})")
        if name in _FLAGS:
            if text and text != given:
                raise OptionError(f"the option {given!r} takes no value")
            field, value = _FLAGS[name]
            drawing[field] = value
        elif name in _FIELDS:
            drawing[_FIELDS[name]] = text or ""
        else:
            page[name] = text or ""
    called = {field: name for name, field in _FIELDS.items()}
    if limits is not None:
        drawing["limits"] = limits
    return chosen(PageOptions, page, strict=False), chosen(RenderOptions, drawing, strict=False, called=called)


def read_inline(text: str, source: str | None = None, limits: Limits | None = None) -> Graph:
    """Return the graph of a document that stands in a page: JSON if it starts with a brace, YAML otherwise.

    Raises DocumentError; its lines count from the first of `text`.
    """
    return loads(text, "json" if text.lstrip().startswith("{") else "yaml", limits=limits, source=source)


def read_file(path: str | os.PathLike[str], name: str, limits: Limits | None = None) -> Graph:
    """Return the graph of a document that a page names so. Raises DocumentError and OSError, which tell that name."""
    try:
        return loads(read(path, limits), format_of(name), limits=limits, source=name)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, name) from None


def sentence(error: Exception) -> str:
    """What an error says, the file first if it is about one."""
    return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)


def draw(diagram: Diagram, format: str, **options: Any) -> Rendering:
    """The drawing in one format. `options` are those of `render` that go before the diagram's own.

    Raises ToolError, TooLarge, RendererError, and OptionError for a node or a group that is not there.
    """
    collapse, max_nodes = _folded(diagram.page)
    how = msgspec.structs.asdict(diagram.drawing) | options
    return render(_near(diagram), format, strict=True, collapse=collapse, max_nodes=max_nodes, **how)


def _near(diagram: Diagram) -> View:
    page = diagram.page
    return focus(diagram.graph, page.focus, page.radius) if page.focus else everything(diagram.graph)


def _folded(page: PageOptions) -> tuple[list[str], int | None]:
    """Which groups are folded, and how many boxes there may be."""
    names = re.split(r"\s*\n\s*" if "\n" in page.collapse else r"\s*,\s*", page.collapse.strip())
    return [name for name in names if name], page.max_nodes


def shown_width(png: bytes, diagram: Diagram) -> str:
    """Return the CSS width of a PNG in an HTML page; "" for a pixel a px, which pages do by themselves.

    The width is in the header: https://www.w3.org/TR/png/#11IHDR.
    """
    dpi = diagram.drawing.dpi
    return diagram.page.width or ("" if dpi == 96 else f"{int.from_bytes(png[16:20]) * 96 / dpi:.0f}px")


def draw_text(diagram: Diagram, format: str = "text", **options: Any) -> str:
    """The drawing as text to be shown as it is. Raises as `draw` does, and OptionError for a format that is no text."""
    content = draw(diagram, format, **options).content
    if isinstance(content, bytes):
        raise OptionError(f"a page shows {', '.join(PICTURES)}, or what is text, but not {format}")
    return content


def picture_file(diagram: Diagram, format: str, folder: Path) -> Path:
    """The picture as a file in `folder`, drawn only if no equal one is there. Raises as `draw` does, and OSError.

    Its name is a hash of all that makes it: the document, the options, our version and those of the layout engines.
    """
    file = folder / f"{_key(diagram, format)}.{format}"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save(file, [draw(diagram, format).to_bytes()])
    return file


def _key(diagram: Diagram, format: str) -> str:
    page = diagram.page
    shown = (page.focus, page.radius, page.collapse, page.max_nodes)
    how = msgspec.structs.replace(diagram.drawing, limits=Limits())  # they decide whether, not what
    key = hashlib.sha256(repr((__version__, engines(), format, shown, how)).encode())
    for chunk in chunks(diagram.graph):
        key.update(chunk.encode())
    return key.hexdigest()[:32]


def engines() -> str:
    """Return the layout engines and the drawers of PNG and PDF that work here, with their versions."""
    return _engines(os.environ.get("PATH", ""), os.environ.get("GRADGRAPH_FONTS", ""))


@cache
def _engines(path: str, fonts: str) -> str:
    return ", ".join(filter(None, [*map(_engine, layout_names()), *map(_drawn_by, ("png", "pdf"))]))


def _engine(name: str) -> str:
    try:
        engine = find_layout(name)
        return "" if engine.availability() else f"{name} {engine.version()}"
    except (ToolError, RendererError) as error:
        return f"{name}: {error}"


def _drawn_by(name: str) -> str:
    try:
        drawn_by = getattr(find_renderer(name), "drawn_by", None)  # a plug-in's may not say
        return f"{name} by {drawn_by()}" if drawn_by else ""
    except (ToolError, RendererError) as error:
        return f"{name}: {error}"


def alt_text(diagram: Diagram) -> str:
    """The title and description of a picture, for an image that cannot say them itself. Raises as `draw` does."""
    view = fold(_near(diagram), *_folded(diagram.page))
    return f"{describing.title(view, diagram.drawing)}. {describing.description(view, diagram.drawing)}"
