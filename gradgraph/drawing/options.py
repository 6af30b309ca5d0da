"""The options that every drawing has, each declared once: with its type, its range, its default and a sentence."""

from typing import Annotated, Literal

import msgspec

from gradgraph.option_records import option

Direction = Literal["LR", "TB", "RL", "BT"]
"""Where the computation flows: left to right, top to bottom, or the other way."""


class DrawingOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to draw. A renderer with options of its own extends this record.

    Flags of the command, options of pages, notebook defaults and the tables of the docs are made from these fields.

    >>> DrawingOptions(direction="TB").precision
    4
    """

    direction: Annotated[
        Direction, option("Let the computation flow left to right, top to bottom, or the other way.")
    ] = "LR"
    precision: Annotated[int, option("Show numbers with this many significant digits.", ge=1, le=17)] = 4
    grad: Annotated[bool, option("Show gradients.")] = True
    local: Annotated[
        bool, option("Show the local derivative on each operand edge.", flag="--show-local", page="show-local")
    ] = False
    title: Annotated[
        str, option("Give the picture this title. Default: made from its outputs.", page="alt", max_length=1_000)
    ] = ""
    desc: Annotated[
        str, option("Describe the picture to those who do not see it. Default: made from the graph.", max_length=10_000)
    ] = ""
    legend: Annotated[bool, option("Explain outlines and colours in a legend.")] = True
    link: Annotated[
        str,
        option(
            "Link each node to this address, with its {id}, {label} and {op} filled in.",
            max_length=2_000,
        ),
    ] = ""


Ops = Literal["auto", "badge", "circle"]
"""How a picture shows ops: each as a circle before its result, or on the box of its result; auto by the size."""


class PictureOptions(DrawingOptions, frozen=True, kw_only=True):
    """How to draw a picture of boxes: the options of every drawing, and of those that can put ops on boxes."""

    ops: Annotated[
        Ops, option("Draw ops as circles, or as badges on the boxes of their results. auto: badges above 30 boxes.")
    ] = "auto"
