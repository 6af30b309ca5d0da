"""What displays in notebooks are like, unless something else is asked for."""

from typing import Annotated, Any, Literal

import msgspec

from gradgraph.option_records import chosen


class DisplayDefaults(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The defaults of `display` and of values on the last line of a cell. Set the one there is, `gradgraph.options`.

    >>> from gradgraph import options
    >>> options.direction = "TB"
    >>> options
    DisplayDefaults(formats=('svg', 'png'), theme='auto', direction='TB', precision=4, max_nodes=150, max_rows=40)
    >>> options.reset()
    >>> options.theme = "pink"
    Traceback (most recent call last):
    gradgraph.errors.OptionError: theme takes 'auto', 'dark' or 'light', not 'pink'
    """

    formats: tuple[Literal["svg", "png", "mermaid", "html", "text"], ...] = ("svg", "png")
    """What is shown where it can be made, besides text, which always is. "html" is the SVG inside HTML.

    A PNG beside an SVG is a copy of it for notebooks that somebody else has made: JupyterLab shows no SVG of theirs. It
    is there if the extra `gradgraph[png]` is installed and it has at most 200 kB; otherwise it is left out, and nothing
    is said. A PNG without an SVG is a picture of its own, of any size."""
    theme: Literal["auto", "light", "dark"] = "auto"
    """Colours of an SVG."""
    direction: Literal["LR", "TB", "RL", "BT"] = "LR"
    """Where the computation flows."""
    precision: Annotated[int, msgspec.Meta(ge=1, le=17)] = 4
    """Significant digits of a number."""
    max_nodes: Annotated[int, msgspec.Meta(ge=1)] = 150
    """Boxes in a picture: of a larger graph groups are folded, or no picture is shown."""
    max_rows: Annotated[int, msgspec.Meta(ge=1)] = 40
    """Lines of a text drawing: of a larger graph the first and last nodes are shown."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, getattr(chosen(DisplayDefaults, {name: value}), name))

    def reset(self) -> None:
        """Set every default back to what it was at first."""
        for name in self.__struct_fields__:
            super().__setattr__(name, getattr(chosen(DisplayDefaults, {}), name))


options = DisplayDefaults()
