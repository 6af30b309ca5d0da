"""What a renderer is: Renderer."""

from typing import Protocol, TypeVar

from gradgraph.drawing.options import DrawingOptions
from gradgraph.graph.views import View
from gradgraph.limits import Limits

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
