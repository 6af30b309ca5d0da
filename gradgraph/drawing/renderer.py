"""What a renderer is: Renderer, RenderOptions, Rendering."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import msgspec

from gradgraph.graph.views import View
from gradgraph.limits import Limits, limits_from_environment
from gradgraph.saving import is_device, save


class RenderOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to draw. Every renderer honours the options that mean something in its format.

    >>> RenderOptions(direction="TB").precision
    4
    """

    direction: Literal["LR", "TB", "RL", "BT"] = "LR"
    """Rank direction: where the computation flows, left to right, top to bottom and so on."""
    theme: Literal["auto", "light", "dark"] = "auto"
    """Colours of an SVG; auto follows the page it stands in, and as a file of its own the reader."""
    title: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    """What the picture is called; "" for a title made from its outputs."""
    desc: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    """What is read out in place of the picture; "" for a sentence or three about the graph."""
    link: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    """Where an SVG links each node to: an http, https, mailto or relative address in which {id}, {label} and {op} stand
    for the node's own; "" for no links."""
    legend: bool = True
    """Whether a picture explains its outlines and colours."""
    precision: Annotated[int, msgspec.Meta(ge=1, le=17)] = 4
    """Significant digits of a number, as in `%.4g`."""
    grad: bool = True
    """Whether gradients are shown."""
    local: bool = False
    """Whether each operand edge shows its local derivative."""
    width: Annotated[int, msgspec.Meta(ge=0)] = 80
    """Columns a text drawing may take; 0 for no limit."""
    charset: Literal["unicode", "ascii"] = "unicode"
    """The characters a text drawing is made of."""
    style: Literal["rails", "tree"] = "rails"
    """How a text drawing shows what uses what: rails beside the nodes in order, or a tree from the outputs down."""
    max_rails: Annotated[int, msgspec.Meta(ge=0)] = 12
    """Rails a text drawing may have; 0 for no limit."""
    max_rows: Annotated[int, msgspec.Meta(ge=0)] | None = 2_000
    """Nodes a text drawing may show, first and last ones; None or 0 for no limit."""
    depth: Annotated[int, msgspec.Meta(ge=1, le=200)] = 12
    """Levels of a tree below its outputs."""
    color: bool = False
    """Whether a text drawing for a terminal shows gradients by intensity, the largest brightest."""
    layout: str = "auto"
    """The layout engine: "dot" from PATH, "embedded" of the extra `gradgraph[embedded]`, a plug-in's, or "auto" for
    the first that is there."""
    fenced: bool = False
    """Whether Mermaid stands in a fenced code block, for Markdown."""
    scale: Annotated[float, msgspec.Meta(ge=0.1, le=10)] = 1.0
    """How large a PNG is: at 2 it is twice as wide and as high as the SVG, on paper too."""
    dpi: Annotated[float, msgspec.Meta(ge=24, le=1200)] = 96.0
    """How fine a PNG is: its pixels an inch, which it says to programs that print. A side has `scale * dpi / 96` pixels
    for each px of the SVG."""
    limits: Limits = msgspec.field(default_factory=limits_from_environment)
    """Bounds on the work."""


class Renderer(Protocol):
    """Turns a View into text or bytes of one format. Pure: the same view and options give the same content."""

    @property
    def name(self) -> str:
        """What users ask for: "svg"."""

    @property
    def media_type(self) -> str:
        """What the content is to other programs: "image/svg+xml"."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings, the usual one first: (".svg",)."""

    def availability(self) -> str | None:
        """None when this renderer can work here, otherwise why not, in a sentence."""

    def render(self, view: View, options: RenderOptions) -> str | bytes:
        """The drawing. Raises ToolError when a program it needs fails it, TooLarge when the format is too small."""


class Rendering(msgspec.Struct, frozen=True, kw_only=True):
    """A finished drawing. `degraded_from` names the format that was asked for when text stands in for it.

    `view` is what was drawn, None for a drawing made by hand.
    """

    content: str | bytes
    media_type: str
    format: str
    degraded_from: str | None = None
    view: View | None = None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the drawing and return the path written: NAME.txt for NAME.svg when degraded. Raises OSError."""
        target = Path(path)
        if self.degraded_from is not None and not is_device(target):
            target = target.with_suffix(".txt")
        save(target, (self.to_bytes(),))
        return target

    def to_bytes(self) -> bytes:
        """The content as it stands in a file: text as UTF-8."""
        return self.content if isinstance(self.content, bytes) else self.content.encode()

    def __str__(self) -> str:
        return self.content if isinstance(self.content, str) else repr(self)

    def __repr__(self) -> str:
        unit = "characters" if isinstance(self.content, str) else "bytes"
        return f"<{self.format} drawing, {len(self.content):,} {unit}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from gradgraph.pages.notebook import mimebundle

        return mimebundle(self, include, exclude)
