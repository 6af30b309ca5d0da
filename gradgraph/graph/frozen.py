"""Immutable mappings, for the free-form parts of a graph."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

V = TypeVar("V")


class FrozenMap(Mapping[str, V]):
    """A mapping that cannot change, its keys in sorted order, so that equal maps are written alike.

    >>> FrozenMap({"b": 1, "a": 2})
    FrozenMap({'a': 2, 'b': 1})
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | Iterable[tuple[str, V]] = ()) -> None:
        self._items = dict(sorted(dict(items).items()))

    def __getitem__(self, key: str) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return self._items == other._items if isinstance(other, FrozenMap) else super().__eq__(other)

    def __hash__(self) -> int:
        return hash(tuple(self._items.items()))

    def __reduce__(self) -> tuple[type["FrozenMap[V]"], tuple[dict[str, V]]]:
        return FrozenMap, (self._items,)

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


EMPTY: FrozenMap[Any] = FrozenMap()


def freeze(data: Any) -> Any:
    """A copy of JSON-like data with every mapping a FrozenMap and every list a tuple.

    Recurses as deep as the data nests, which a reader bounds by `Limits.max_depth`.

    >>> freeze({"axes": [0, 1]})
    FrozenMap({'axes': (0, 1)})
    """
    if isinstance(data, FrozenMap):
        return data
    if isinstance(data, Mapping):
        return FrozenMap((key, freeze(value)) for key, value in data.items())
    if isinstance(data, (list, tuple)):
        return tuple(freeze(item) for item in data)
    return data


def thaw(data: Any) -> Any:
    """`data` with every mapping a dict and every sequence a list, as `json` wants it.

    >>> thaw(freeze({"axes": [0, 1]}))
    {'axes': [0, 1]}
    """
    if isinstance(data, Mapping):
        return {key: thaw(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [thaw(item) for item in data]
    return data
