"""Selection: which part of a graph is shown, decided in one place."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from gradgraph.errors import OptionError
from gradgraph.graph.folding import fold
from gradgraph.graph.model import Graph
from gradgraph.graph.views import FoldMode, View, everything, focus, is_large
from gradgraph.option_records import option

PICTURES = frozenset({"svg", "png", "pdf", "html", "mermaid"})
"""Formats in which a large graph is folded by its structure unless told otherwise. The others show every node."""


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
    fold: Annotated[
        FoldMode | None,
        option(
            "Draw as one box each: groups, expressions (cones), equal expressions (stacks), equal steps, regions that "
            "lead to one box, or layers by depth. Auto takes the finest that has few boxes. Default: auto for "
            "pictures, none for dot and text, and none if groups are folded."
        ),
    ] = None
    expand: Annotated[tuple[str, ...], option("Open the fold of this name, as the picture calls it.")] = ()
    max_boxes: Annotated[
        Annotated[int, msgspec.Meta(ge=1)] | None,
        option(
            "Fold groups, the deepest first, until at most this many boxes are left. With the fold auto: what is alike."
        ),
    ] = None

    def drawn_as(self, format: str) -> "Selection":
        """Return the selection with the fold that a drawing in this format has, if none was asked for.

        >>> Selection().drawn_as("svg").fold, Selection().drawn_as("dot").fold
        ('auto', 'none')
        """
        if self.fold is not None:
            return self
        is_alone = not self.collapse and self.max_boxes is None
        is_folded = is_alone and (format in PICTURES or bool(self.expand))  # what is opened is folded first
        return msgspec.structs.replace(self, fold="auto" if is_folded else "none")

    def view(self, what: Graph | View) -> View:
        """Return what is shown of a graph, or of a view: first what is near the focus, then what is folded.

        Without a fold, groups are folded as `collapse` and `max_boxes` say. With "auto" a view that is folded already
        stays as it is. Then the folds named in `expand` are opened.

        Raises OptionError for a node, a group or a fold that is not there, for a focus in a view, for a view that is
        folded already, and for groups to collapse besides another fold, and TooLarge when folding every group is not
        enough.
        """
        if isinstance(what, Graph):
            view = everything(what) if self.focus is None else focus(what, self.focus, self.radius)
        elif self.focus is None:
            view = what
        else:
            raise OptionError("a view has no focus of its own: focus the graph it is of")
        if self.fold in (None, "none") or (self.fold == "groups" and self.collapse):
            if self.collapse or self.max_boxes is not None:
                view = fold(view, self.collapse, self.max_boxes)
            return self._opened(view)
        if self.collapse:
            raise OptionError(f"collapse folds groups and fold={self.fold!r} other things: take one of them")
        if self.fold == "auto" and (view.folds or not is_large(view, self.max_boxes)):
            return self._opened(view)  # and what finds structure is not loaded
        if view.folds:
            raise OptionError("the view is folded already: fold the graph, or the view before it")
        from gradgraph.graph.structure.choosing import folded

        return folded(view, self.fold, self.max_boxes, self.expand)

    def _opened(self, view: View) -> View:
        if not self.expand:
            return view
        from gradgraph.graph.structure.opening import opened

        return opened(view, self.expand)


def names_of(given: str | Iterable[str]) -> tuple[str, ...]:
    """Return the names of groups to fold, or of folds to expand; a text is one name.

    >>> names_of("layer 1"), names_of(["layer 1", "layer 2"])
    (('layer 1',), ('layer 1', 'layer 2'))

    Raises OptionError for what is neither a text nor several.
    """
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Iterable):
        names = tuple(given)
        if all(isinstance(name, str) for name in names):
            return names
    raise OptionError(f"a group to fold or a fold to expand, or several, are texts, not {given!r}")
