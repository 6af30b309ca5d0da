"""The options of the text drawing."""

from typing import Annotated, Literal

from msgspec import Meta

from gradgraph.plugins import DrawingOptions, option


class TextOptions(DrawingOptions, frozen=True, kw_only=True):
    """How a text drawing fits its place."""

    width: Annotated[int, option("Take at most so many columns; 0 for no limit.", page="columns", ge=0)] = 80
    charset: Annotated[
        Literal["unicode", "ascii"], option("Choose the characters of a text drawing.", switches={"--ascii": "ascii"})
    ] = "unicode"
    style: Annotated[
        Literal["rails", "tree"], option("Draw rails beside the nodes in order, or a tree from the outputs down.")
    ] = "rails"
    max_rails: Annotated[int, option("Draw at most so many rails; 0 for no limit.", ge=0)] = 12
    max_rows: Annotated[
        Annotated[int, Meta(ge=0)] | None, option("Show at most so many nodes, the first and last; 0 for no limit.")
    ] = 2_000
    depth: Annotated[int, option("Show so many levels of a tree below its outputs.", ge=1, le=200)] = 12
    color: Annotated[bool, option("Show gradients by intensity, the largest brightest.", page=None)] = False
