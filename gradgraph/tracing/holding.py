"""What containers and objects hold, read without running any code of theirs."""

import sys
from collections import ChainMap, UserDict, deque
from collections.abc import Iterable, Iterator
from types import GetSetDescriptorType, MemberDescriptorType, ModuleType, SimpleNamespace
from typing import Any, Literal, NamedTuple

_HEAP_TYPE = 1 << 9
"""The flag of classes that a `class` statement made, among those that C code did not keep for itself:
https://docs.python.org/3/c-api/typeobj.html#c.Py_TPFLAGS_HEAPTYPE."""


class Held(NamedTuple):
    """What something holds: items by index, entries by key, or attributes by name."""

    kind: Literal["items", "entries", "attributes"]
    things: Iterable[tuple[Any, Any]]

    def spelled(self, key: Any) -> str:
        """Return how Python code takes what is under `key`, to be written after the holder's own name."""
        if self.kind == "attributes":
            return f".{key}"
        return f"[{', '.join(map(str, key))}]" if self.kind == "items" and type(key) is tuple else f"[{key!r}]"

    def is_dotted(self, key: Any) -> bool:
        """Return whether this is a key as state dicts have them, such as "layers.0.w"."""
        return self.kind == "entries" and type(key) is str and "." in key


def held_in(holder: Any) -> Held | None:
    """Return what a list, tuple, deque, dict, array of objects or plain object holds; None for anything else.

    A UserDict and a ChainMap hold what their dicts do.

    Sets have no order, so what they hold has no name. Classes, modules and functions are not looked into.

    >>> held_in([7]).spelled(0), held_in({"w": 7}).spelled("w")
    ('[0]', "['w']")
    """
    kind = type(holder)
    if issubclass(kind, (UserDict, ChainMap)):
        return _held_by_wrapper(holder)
    if issubclass(kind, dict):
        return Held("entries", [entry for entry in dict.items(holder) if _is_spelled(entry[0])])
    if issubclass(kind, list):
        return Held("items", enumerate(list.__iter__(holder)))
    if issubclass(kind, tuple):
        fields = in_class(kind, "_fields")
        if type(fields) is tuple and len(fields) == tuple.__len__(holder):
            return Held("attributes", zip(fields, tuple.__iter__(holder), strict=True))
        return Held("items", enumerate(tuple.__iter__(holder)))
    if issubclass(kind, deque):
        return Held("items", enumerate(deque.__iter__(holder)))
    numpy: Any = sys.modules.get("numpy")  # where there is an array, it is loaded
    if numpy is not None and kind is numpy.ndarray:
        return Held("items", numpy.ndenumerate(holder)) if holder.dtype == object else None
    is_plain = kind.__flags__ & _HEAP_TYPE or issubclass(kind, SimpleNamespace)
    if issubclass(kind, (type, ModuleType)) or not is_plain:
        return None
    return Held("attributes", _attributes(holder))


def _held_by_wrapper(holder: Any) -> Held | None:
    """Return what a UserDict or a ChainMap holds, if it wraps dicts. Of a key in several, the first counts."""
    fields = dict(_attributes(holder))
    maps = fields.get("maps") if issubclass(type(holder), ChainMap) else [fields.get("data")]
    if type(maps) is not list or not all(isinstance(each, dict) for each in maps):
        return None
    merged: dict[Any, Any] = {}
    for each in reversed(maps):
        merged.update(dict.items(each))
    return held_in(merged)


def in_class(kind: type, name: str) -> Any:
    """Return what a class, or the first of those it is made from that has it, keeps under a name; None without one."""
    return next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None)


def _is_spelled(key: Any) -> bool:
    """Whether a key's repr is Python's own, not one of a class of the user's."""
    kind = type(key)
    return kind in (str, int, bool, float) or (kind is tuple and all(type(part) in (str, int) for part in key))


def _attributes(thing: Any) -> Iterator[tuple[str, Any]]:
    """The attributes that an object keeps in slots and in its `__dict__`."""
    for each in reversed(type(thing).__mro__):
        for name, member in vars(each).items():
            if type(member) is MemberDescriptorType and not name.startswith("__"):
                try:
                    yield name, member.__get__(thing)
                except AttributeError:
                    continue  # a slot that nothing was put in
    fields = in_class(type(thing), "__dict__")
    if type(fields) in (GetSetDescriptorType, MemberDescriptorType):
        for name, value in fields.__get__(thing).items():
            if type(name) is str and not name.startswith("__"):
                yield name, value
