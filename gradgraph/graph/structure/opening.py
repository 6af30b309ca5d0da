"""Folds of a view opened: the parts of each in its place."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import msgspec

from gradgraph.errors import OptionError
from gradgraph.graph.model import Edge, Graph, Node
from gradgraph.graph.structure.levels import LevelName, Structure
from gradgraph.graph.structure.showing import show
from gradgraph.graph.views import MOST_NAMED, Fold, View, fold_name, in_order
from gradgraph.words import counted

_FINER: tuple[LevelName, ...] = ("stacks", "cones")


def opened(view: View, names: Sequence[str], structure: Structure | None = None, level: LevelName = "stacks") -> View:
    """Return the view with the folds of these names opened: each with its parts in its place.

    A name is that of the box with or without its number of members ("16 × h₂" or "h₂"). Of steps the parts are stacks,
    of a stack its members, and of an expression or a group the nodes. `level` is what the view shows of the structure:
    the parts are called as it calls them. No cycle comes of it: what leaves a fold does not come back into it, and the
    parts of one have no cycle among them.

    Raises OptionError for a name that no fold has.
    """
    wanted = _found(view, names)
    within: dict[int, list[Edge]] = {number: [] for number in wanted}
    home = {node.id: number for number in wanted for node in view.folds[number].nodes}
    for edge in view.graph.edges:
        number = home.get(edge.tail, -1)
        if number >= 0 and home.get(edge.head) == number:
            within[number].append(edge)
    nodes: list[Node] = []
    folds: list[Fold] = []
    edges = [*view.edges]
    gone = {view.folds[number].nodes[0].id for number in wanted}
    patterns = [each for each in view.patterns if each.tail not in gone and each.head not in gone]
    place_of: dict[int, int] = {}
    for number, thing in _numbered(view):
        parts: Iterable[Node | Fold] = (thing,)
        if number in wanted and isinstance(thing, Fold):
            inner = _parts(View(view.graph, thing.nodes, tuple(within[number])), thing, structure, level)
            parts = in_order(inner)
            edges += inner.edges
            patterns += inner.patterns
        for part in parts:
            inside = part.nodes if isinstance(part, Fold) else (part,)
            place_of.update(dict.fromkeys([node.id for node in inside], len(nodes) + len(folds)))
            if isinstance(part, Fold):
                folds.append(part._replace(at=len(nodes)))
            else:
                nodes.append(part)
    edges.sort(key=lambda edge: (place_of[edge.head], edge.head, edge.slot))
    said = f"{', '.join(dict.fromkeys(names))} opened: {counted(len(nodes) + len(folds), 'box', 'boxes')}"
    return msgspec.structs.replace(
        view,
        nodes=tuple(nodes),
        folds=tuple(folds),
        edges=tuple(edges),
        patterns=tuple(patterns),
        note=f"{view.note}; {said}",
    )


def _numbered(view: View) -> Iterable[tuple[int, Node | Fold]]:
    """Yield the nodes and folds of a view in order, folds with their numbers and nodes with -1."""
    number = -1
    for thing in in_order(view):
        number += isinstance(thing, Fold)
        yield (number if isinstance(thing, Fold) else -1), thing


def _parts(inside: View, fold: Fold, structure: Structure | None, level: LevelName) -> View:
    """Return the view of the nodes of a fold in its parts."""
    if fold.kind in ("group", "cone") or structure is None:
        return inside
    for finer in _FINER:
        parts = show(inside, structure, finer, spelled=level)
        if len(parts.nodes) + len(parts.folds) > 1:
            return parts if finer == "stacks" else _apart(parts)
    return inside


def _apart(view: View) -> View:
    """Return the view with folds of one name told apart: h₂ 1, h₂ 2 and so on."""
    folds = [fold._replace(name=f"{fold.name} {number:,}") for number, fold in enumerate(view.folds, 1)]
    return msgspec.structs.replace(view, folds=tuple(folds))


def _found(view: View, names: Sequence[str]) -> set[int]:
    """Return the numbers of the folds with these names."""
    spelled = [_spellings(view.graph, fold) for fold in view.folds]
    wanted: set[int] = set()
    for name in names:
        found = {number for number, its in enumerate(spelled) if name in its}
        if not found:
            raise OptionError(f"there is no fold {name!r} to expand ({_instead(name, spelled)})")
        wanted |= found
    return wanted


def _spellings(graph: Graph, fold: Fold) -> tuple[str, ...]:
    return tuple(dict.fromkeys([fold_name(graph, fold), fold.name or fold_name(graph, fold)]))


def _instead(name: str, spelled: Sequence[tuple[str, ...]]) -> str:
    if not spelled:
        return "nothing is folded: take a fold such as stacks, or a larger graph"
    every = list(dict.fromkeys([each for its in spelled for each in its]))
    near = get_close_matches(name, every, MOST_NAMED)
    can = list(dict.fromkeys([its[0] for its in spelled]))
    rest = f" and {len(can) - MOST_NAMED:,} more" if len(can) > MOST_NAMED else ""
    meant = f"near it: {', '.join(near)}; " if near else ""
    return f"{meant}folded are: {', '.join(can[:MOST_NAMED])}{rest}"
