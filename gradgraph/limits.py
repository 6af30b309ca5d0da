"""The bounds that keep hostile or huge input from exhausting the machine, in one record."""

import os
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, NamedTuple, Self

from gradgraph.errors import OptionError

PREFIX = "GRADGRAPH_"
SHALLOWEST, DEEPEST = 5, 200
MOST = 2**62
"""No limit may be larger: the system calls that take sizes and times fail somewhere above."""
_PART = 1 << 28
"""Bytes to ask for at once."""


class Bounds(NamedTuple):
    """The fields of Limits, before their values are checked."""

    max_bytes: int = 2 << 30
    """Size of a document, in bytes."""
    max_nodes: int = 10_000_000
    """Rows in a document."""
    max_depth: int = 64
    """Nesting of brackets in a document, from 5, which one without `meta` and `ext` needs, to 200; what is set beyond
    counts as the nearest of these."""
    max_problems: int = 20
    """Problems reported for one document."""
    max_text: int = 2 << 30
    """Characters of a label, of the name of an op, a group or a param, of a symbol, and of a text among the params."""
    max_operands: int = 10_000_000
    """Operands of a node, its params, and the items of one param."""
    max_group_depth: int = 1_000
    """Groups inside each other. A program that opens scopes by recursion reaches no more: Python stops it there."""
    max_meta: int = 2 << 30
    """Size of `meta`, and of `ext`: the characters of its texts and keys, and 1 for each of its values."""
    max_layout_cost: int = 20_000
    """Work of a layout by Graphviz, estimated before it starts: boxes, circles and the layers that lines cross. `dot`
    needs some seconds at the default, and its time grows with the square or faster."""
    max_drawn: int = 200_000
    """Boxes and circles of a picture that the engine `layered` places, and as many edges."""
    tool_seconds: float = 30.0
    """Wall time of a program we start, in seconds."""
    tool_bytes: int = 256 << 20
    """Output of a program we start, in bytes."""
    tool_memory: int = 1 << 30
    """Address space of a program we start, in bytes; held on Linux only. `dot` needs 30 MB for 3,000 boxes."""


_UNTRUSTED: dict[str, Any] = {
    "max_bytes": 4 << 20,
    "max_nodes": 20_000,
    "max_depth": 16,
    "max_text": 500,
    "max_operands": 1_000,
    "max_group_depth": 32,
    "max_meta": 20_000,
    "max_layout_cost": 8_000,
    "max_drawn": 20_000,
    "tool_seconds": 10.0,
    "tool_bytes": 32 << 20,
    "tool_memory": 512 << 20,
}


class Limits(Bounds):
    """Upper bounds for reading and drawing. The defaults fit a laptop; `Limits.untrusted()` fits strangers' files.

    Each can be set by argument (`limits=Limits(max_nodes=…)`), by environment variable (`GRADGRAPH_MAX_NODES=…`) and on
    the command line (`--limit max_nodes=…`); a limit that is exceeded names itself. Raises OptionError for a limit that
    is not a number above 0 and below 2**62.

    >>> Limits(max_nodes=10).max_depth
    64
    >>> Limits(max_problems=0)
    Traceback (most recent call last):
    gradgraph.errors.OptionError: the limit max_problems takes a number above 0 and below 2**62, not 0
    """

    __slots__ = ()

    def __new__(cls, *numbers: Any, **named: Any) -> Self:
        """The limits, each checked."""
        limits = super().__new__(cls, *numbers, **named)
        for name, number in zip(cls._fields, limits, strict=True):
            if type(number) not in (int, type(cls._field_defaults[name])) or not 0 < number < MOST:
                raise _unfit(name, number)
        return limits

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Self:  # type: ignore[override]  # `_replace` comes by here
        return cls(*iterable)

    @classmethod
    def untrusted(cls) -> Self:
        """Return tight limits, for documents of people you do not know.

        They let through what a person can read in a picture, with room to spare, and nothing that takes the machine
        more than seconds.

        >>> Limits.untrusted().max_nodes
        20000
        """
        return cls(**_UNTRUSTED)


def limits_from_environment(environment: Mapping[str, str] = os.environ, *, untrusted: bool = False) -> Limits:
    """Return the defaults, with what variables such as GRADGRAPH_MAX_NODES set.

    The defaults are those of `Limits.untrusted()` with `untrusted`, and where GRADGRAPH_UNTRUSTED is set; a limit that
    has a variable of its own is what that says, be it more or less. Raises OptionError for a bad value.

    >>> limits_from_environment({"GRADGRAPH_MAX_NODES": "5"}).max_nodes
    5
    >>> limits_from_environment({"GRADGRAPH_UNTRUSTED": "1"}) == Limits.untrusted()
    True
    """
    names = {name: PREFIX + name.upper() for name in Limits._fields}
    return set_limits(
        Limits.untrusted() if untrusted or is_untrusted(environment) else Limits(),
        ((name, environment[variable]) for name, variable in names.items() if variable in environment),
    )


def is_untrusted(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether GRADGRAPH_UNTRUSTED is set, to anything but 0 or nothing.

    >>> is_untrusted({"GRADGRAPH_UNTRUSTED": "1"}), is_untrusted({"GRADGRAPH_UNTRUSTED": "0"})
    (True, False)
    """
    return environment.get(f"{PREFIX}UNTRUSTED", "") not in ("", "0")


def set_limits(limits: Limits, settings: Iterable[tuple[str, str]]) -> Limits:
    """Return `limits` with some set, by name, to values spelled as text. Raises OptionError for a bad name or value.

    >>> set_limits(Limits(), [("max_nodes", "many")])
    Traceback (most recent call last):
    gradgraph.errors.OptionError: the limit max_nodes takes a number above 0 and below 2**62, not 'many'
    """
    for name, text in settings:
        if name not in Limits._fields:
            raise OptionError(f"there is no limit {name!r} (there are: {', '.join(Limits._fields)})")
        try:
            limits = limits._replace(**{name: type(getattr(limits, name))(text)})
        except ValueError:
            raise _unfit(name, text) from None
    return limits


def _unfit(name: str, number: object) -> OptionError:
    given = "a longer one" if isinstance(number, int) and abs(number) > 10**39 else f"{number!r:.40}"  # repr may refuse
    return OptionError(f"the limit {name} takes a number above 0 and below 2**62, not {given}")


def clamped(limits: Limits) -> Limits:
    """Return `limits` with a depth that every document needs at least, and that Python's recursion takes at most.

    >>> clamped(Limits(max_depth=10**6)).max_depth
    200
    """
    return limits._replace(max_depth=min(max(limits.max_depth, SHALLOWEST), DEEPEST))


def how_to_raise(name: str) -> str:
    """Return the remedy when the limit `name` is exceeded."""
    return f"raise it with --limit {name}=N, {PREFIX}{name.upper()}=N or limits=Limits({name}=N)"


def read_at_most(file: BinaryIO, most: int) -> bytes:
    """Return the bytes of an open file, at most so many. Raises OSError.

    They are asked for a part at a time: Python makes room for all that is asked for, and a limit may be far above the
    memory.
    """
    parts: list[bytes] = []
    while most > 0 and (part := file.read(min(most, _PART))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
