"""Selection: which part of a graph is shown, decided in one place."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from gradgraph.errors import OptionError
from gradgraph.graph.folding import fold
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View, everything, focus
from gradgraph.option_records import option


class Selection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of a graph is shown, and which groups are shown as one box each. The default shows everything.

    >>> Selection(focus="loss", radius=2).max_boxes is None
    True
    """

    focus: Annotated[
        int | str | None, option("Show only this node and what is near it. Takes a label, or an id such as n7.")
    ] = None
    radius: Annotated[int, option("Show what is at most this many edges from the focus.", ge=0)] = 1
    collapse: Annotated[tuple[str, ...], option("Draw each group of this name as one box.")] = ()
    max_boxes: Annotated[
        Annotated[int, msgspec.Meta(ge=1)] | None,
        option("Fold groups, the deepest first, until at most this many boxes are left."),
    ] = None

    def view(self, what: Graph | View) -> View:
        """Return what is shown of a graph, or of a view: first what is near the focus, then groups folded.

        Raises OptionError for a node or a group that is not there, for a focus in a view, and for a view that is folded
        already, and TooLarge when folding every group is not enough.
        """
        if isinstance(what, Graph):
            view = everything(what) if self.focus is None else focus(what, self.focus, self.radius)
        elif self.focus is None:
            view = what
        else:
            raise OptionError("a view has no focus of its own: focus the graph it is of")
        return fold(view, self.collapse, self.max_boxes) if self.collapse or self.max_boxes is not None else view


def names_of(collapse: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of groups to fold; a text is one name.

    >>> names_of("layer 1"), names_of(["layer 1", "layer 2"])
    (('layer 1',), ('layer 1', 'layer 2'))

    Raises OptionError for what is neither a text nor several.
    """
    if isinstance(collapse, str):
        return (collapse,)
    if isinstance(collapse, Iterable):
        names = tuple(collapse)
        if all(isinstance(name, str) for name in names):
            return names
    raise OptionError(f"a group to fold, or several, are texts, not {collapse!r}")
