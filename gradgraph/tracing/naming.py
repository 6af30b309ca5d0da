"""Names of live values, found where their user keeps them: in variables, a model, a state dict."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from types import MappingProxyType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

from gradgraph.engine.inputs import check_text
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View
from gradgraph.tracing.holding import Held, held_in, in_class

MOST_OPENED = 500_000
"""Containers and objects that are looked into, in all: 3 s at most."""

MOST_DEEP = 64
"""Steps from a name of the user's to a value. What is further away has no name that a reader could use."""

_OF_NOTEBOOKS = frozenset({"In", "Out", "exit", "quit", "get_ipython"})
_OF_PARAMETERS = frozenset({"parameters", "params", "state_dict"})
_PLAIN = frozenset({int, float, str, bool, bytes, complex, type(None)})
_WITHOUT_VALUES = frozenset({Graph, View})
"""Large things that hold no live value, such as the graph that was exported before."""

_DOTS = re.compile(r"\.(?!\d+(?:\.|$))")
"""The dots of a state dict's key between modules: those of "layers.0.w" but the one before the number."""


class Name(NamedTuple):
    """What a value is called, whether it is a parameter of a model, and the groups it is in, the outermost first."""

    label: str
    is_parameter: bool = False
    groups: tuple[str, ...] = ()


class _Place(NamedTuple):
    """A place under a name of the user's: what it is called, and what holds of every value in it."""

    label: str = ""
    rest: str = ""
    """The end of the label that is in no group yet."""

    groups: tuple[str, ...] = ()
    is_entry: bool = False
    """Whether a name or a key leads here, so that a container of parameters here is a group."""

    is_parameter: bool = False
    in_object: bool = False
    depth: int = 0


_Step = tuple[_Place, Held | None, Any, Any]
"""A place, what is held there, the key that leads on, and what is under it: the place of that is made when needed."""


def names_of(names: Any, values: Iterable[Any]) -> dict[int, Name]:
    """Return the names that `names` gives to `values`, by their id().

    `names` is what `gradgraph.export` takes. The first of its names that leads to a value is the value's, by the
    shortest way. What is found once more, as a parameter or in an object, becomes a parameter or goes into its group.
    No code of what is looked into is run: no property, no method.

    >>> x, w = object(), object()
    >>> names_of({"x": [x], "params": {"w": w}}, [x, w]) == {
    ...     id(x): Name("x[0]"),
    ...     id(w): Name("params['w']", is_parameter=True, groups=("params",)),
    ... }
    True

    Raises TypeError if `names` has no names, ValueError if it leads to none of the values, to more than 500,000
    containers and objects, or has one name for two things.
    """
    search = _Search([*values])
    for start, thing in search.roots(names):
        search.run(start, thing)
    if not search.found:
        within = f" within {MOST_DEEP} steps" if search.is_cut else ""
        remedy = "give the names of the values it was made from"
        raise ValueError(f"names= leads to no value of this graph{within}: {remedy}")
    return search.found


class _Search:
    """The search for some values, under one name after the other."""

    def __init__(self, values: list[Any]) -> None:
        self.found: dict[int, Name] = {}
        self.is_cut = False
        """Whether something was too deep to be looked into."""

        self._values = frozenset(map(id, values))
        self._kinds = frozenset(map(type, values))
        self._opened: dict[int, bool] = {}
        """By id(), whether it was opened as a place of parameters. What becomes such a place is opened once more."""

    def roots(self, names: Any) -> Iterator[tuple[_Place, Any]]:
        """Yield the place of each name that the user gave, and what is there; a model is a place without a name."""
        if type(names) in self._kinds:
            raise TypeError(f"names= is a value of the graph itself, a {type(names).__name__}: {_WANTED}")
        entries = _entries(names)
        if entries is None:
            yield _Place(is_parameter=True), names
            return
        top = _Place(is_parameter=any("." in name for name, _ in entries))
        for name, thing in entries:
            if not name.startswith("_") and name not in _OF_NOTEBOOKS:
                yield _under(top, name, name, is_entry=True), thing

    def run(self, start: _Place, root: Any) -> None:
        """Search what one name leads to, breadth first."""
        if id(root) in self._values:
            self._name(root, start.label, start, _DOTS.split(start.label)[:-1])
            return
        waiting: deque[_Step] = deque()
        if self._is_news(root, start.is_parameter):
            waiting.append((start, None, "", root))
        while waiting:
            above, holding, key, holder = waiting.popleft()
            held = held_in(holder)
            if held is None:
                continue
            inside = None  # most of what data has holds plain numbers alone, and needs no place
            for inner, thing in held.things:
                if type(thing) in _PLAIN:
                    continue
                if inside is None:
                    inside = _inside(_down(above, holding, key), holder, held)
                if id(thing) in self._values:
                    groups = _DOTS.split(inner)[:-1] if held.is_dotted(inner) and not inside.rest else []
                    self._name(thing, _joined(inside.label, held.spelled(inner)), inside, groups)
                elif inside.depth >= MOST_DEEP:
                    self.is_cut = True
                elif self._is_news(thing, inside.is_parameter or _marks(inner)):
                    waiting.append((inside, held, inner, thing))

    def _is_news(self, thing: Any, is_parameter: bool) -> bool:
        """Whether to look into this: not into values of other graphs, whose operands nobody calls by their names."""
        if (
            type(thing) in self._kinds
            or type(thing) in _WITHOUT_VALUES
            or self._opened.get(id(thing)) in (True, is_parameter)
        ):
            return False
        if len(self._opened) == MOST_OPENED:
            raise ValueError(
                f"names= leads to more than {MOST_OPENED:,} containers and objects: "
                "give the model, or a dict of the values that want a name"
            )
        self._opened[id(thing)] = is_parameter
        return True

    def _name(self, value: Any, label: str, place: _Place, groups: list[str]) -> None:
        """Name a value, or learn more of one that has a name."""
        before = self.found.get(id(value)) or Name(check_text(label, "a name in names="))
        within = before.groups
        if not within and (place.is_parameter or place.in_object):
            within = (*place.groups, *groups) if groups else place.groups
        self.found[id(value)] = Name(before.label, before.is_parameter or place.is_parameter, within)


_WANTED = "give a dict, locals(), a model, a state dict or a list of (name, value) pairs"


def _entries(names: Any) -> list[tuple[str, Any]] | None:
    """The names that something gives, each with what is under it; None for a model, whose attributes are names."""
    kind = type(names)
    if issubclass(kind, (type, ModuleType, SimpleNamespace)):
        return _entries(dict(vars(names)))
    if issubclass(kind, MappingProxyType):
        return _entries(dict(names.items()))
    held = None if issubclass(kind, Iterator) else held_in(names)
    if held is not None and held.kind == "entries":
        return [(name, thing) for name, thing in held.things if type(name) is str and name]
    if held is not None and held.kind == "attributes":
        return [*held.things] if issubclass(kind, tuple) else None
    if held is None and not issubclass(kind, Iterator):
        raise TypeError(f"names= has no names, being a {kind.__name__}: {_WANTED}")
    pairs = [*names]
    for pair in pairs:
        if type(pair) is not tuple or len(pair) != 2 or type(pair[0]) is not str:
            raise TypeError(f"names= has no names, being a {kind.__name__} of other things than pairs: {_WANTED}")
    named: dict[str, Any] = {}
    for name, thing in pairs:
        if named.setdefault(name, thing) is not thing:
            raise ValueError(f"names= has the name {name!r} for two things: give each a name of its own")
    return pairs


def _down(place: _Place, held: Held | None, key: Any) -> _Place:
    """The place that a key leads to, of what is held in a place; without one, the place itself."""
    return place if held is None else _under(place, key, held.spelled(key), is_entry=held.kind == "entries")


def _under(place: _Place, key: Any, spelled: str, *, is_entry: bool) -> _Place:
    return place._replace(
        label=_joined(place.label, spelled),
        rest=str(key) if is_entry and not place.rest else _joined(place.rest, spelled),
        is_entry=is_entry,
        is_parameter=place.is_parameter or _marks(key),
        depth=place.depth + 1,
    )


def _inside(place: _Place, holder: Any, held: Held) -> _Place:
    """A place once its holder is known: an object is a group, and so is a container that a name or a key leads to."""
    is_object = held.kind == "attributes"
    if held.kind == "entries":
        is_model = any(held.is_dotted(key) for key, _ in held.things)
    else:
        is_model = is_object and in_class(type(holder), "parameters") is not None
    is_group = place.rest != "" and (is_object or place.is_entry)
    names = _DOTS.split(place.rest) if place.is_entry else [place.rest]
    return place._replace(
        groups=(*place.groups, *names) if is_group else place.groups,
        rest="" if is_group else place.rest,
        is_parameter=place.is_parameter or is_model,
        in_object=place.in_object or is_object,
    )


def _marks(key: Any) -> bool:
    """Whether what is under this key is parameters, by what people call them."""
    return type(key) is str and key in _OF_PARAMETERS


def _joined(label: str, spelled: str) -> str:
    return label + spelled if label else spelled.removeprefix(".")
