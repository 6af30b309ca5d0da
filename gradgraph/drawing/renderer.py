"""What a renderer is, and what it makes: Renderer, Rendering."""

import os
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from gradgraph.displayed import Displayed
from gradgraph.drawing.options import DrawingOptions
from gradgraph.graph.views import View
from gradgraph.limits import Limits
from gradgraph.saving import is_device, save

Own = TypeVar("Own", bound=DrawingOptions)


class Renderer(Protocol[Own]):
    """Turns a View into text or bytes of one format. Pure: the same view and options give the same content.

    Distributions register theirs as an entry point of the group `gradgraph.renderers`, and programs by
    `gradgraph.register`.
    """

    @property
    def name(self) -> str:
        """What users ask for: "svg"."""

    @property
    def media_type(self) -> str:
        """What the content is to other programs: "image/svg+xml"."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """File name endings, the usual one first: (".svg",)."""

    @property
    def Options(self) -> type[Own]:  # noqa: N802  # it is a class
        """The record of its options: DrawingOptions, or a struct that extends it."""

    def availability(self) -> str | None:
        """Return None when this renderer can work here, otherwise why not, in a sentence."""

    def render(self, view: View, options: Own, limits: Limits) -> str | bytes:
        """Return the drawing. `limits` bound the work of programs and layouts.

        Raises ToolError when a program it needs fails it, TooLarge when the format is too small.
        """


class Rendering(Displayed, msgspec.Struct, frozen=True, kw_only=True):
    """A finished drawing. `degraded_from` names the format that was asked for when text replaces it.

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
        """Return the content as a file holds it: text as UTF-8."""
        return self.content if isinstance(self.content, bytes) else self.content.encode()

    def __str__(self) -> str:
        return self.content if isinstance(self.content, str) else repr(self)

    def __repr__(self) -> str:
        unit = "characters" if isinstance(self.content, str) else "bytes"
        return f"<{self.format} drawing, {len(self.content):,} {unit}>"
