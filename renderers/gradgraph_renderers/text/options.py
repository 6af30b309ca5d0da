"""The options of the text drawing."""

from typing import Annotated, Literal

from msgspec import Meta

from gradgraph.plugins import DrawingOptions, option


class TextOptions(DrawingOptions, frozen=True, kw_only=True):
    """How a text drawing fits its place."""

    width: Annotated[int, option("Use at most this many columns. 0 is no limit.", page="columns", ge=0)] = 80
    charset: Annotated[
        Literal["unicode", "ascii"], option("Draw with these characters.", switches={"--ascii": "ascii"})
    ] = "unicode"
    style: Annotated[
        Literal["rails", "tree"], option("Draw rails beside the nodes in order, or a tree from the outputs down.")
    ] = "rails"
    max_rails: Annotated[int, option("Draw no rails if there would be more than this. 0 is no limit.", ge=0)] = 12
    max_rows: Annotated[
        Annotated[int, Meta(ge=0)] | None,
        option("Show at most this many nodes, the first and the last. 0 is no limit."),
    ] = 2_000
    depth: Annotated[int, option("Show this many levels of a tree below its outputs.", ge=1, le=200)] = 12
    color: Annotated[bool, option("Colour gradients by their size, for terminals.", page=None)] = False
