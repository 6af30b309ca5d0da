"""The bounds that keep hostile or huge input from exhausting the machine, in one record."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gradgraph.errors import OptionError

PREFIX = "GRADGRAPH_"
SHALLOWEST, DEEPEST = 5, 200


class Limits(NamedTuple):
    """Upper bounds for reading and drawing. The defaults fit a laptop.

    Each can be set by argument (`limits=Limits(max_nodes=…)`), by environment variable (`GRADGRAPH_MAX_NODES=…`) and on
    the command line (`--limit max_nodes=…`); a limit that is exceeded names itself.

    >>> Limits(max_nodes=10).max_depth
    64
    """

    max_bytes: int = 2 << 30
    """Size of a document, in bytes."""
    max_nodes: int = 10_000_000
    """Rows in a document."""
    max_depth: int = 64
    """Nesting of brackets in a document, from 5, which one without `meta` and `ext` needs, to 200; what is set beyond
    counts as the nearest of these."""
    max_dot_bytes: int = 2 << 20
    """Size of a DOT file that is read for the graph it carries; pydot reads some 30 kB a second."""
    max_problems: int = 20
    """Problems reported for one document."""
    max_layout_cost: int = 20_000
    """Work of a layout by Graphviz, estimated before it starts: boxes, circles and the layers that lines cross. `dot`
    needs some seconds at the default, and its time grows with the square or faster."""
    tool_seconds: float = 30.0
    """Wall time of a program we start, in seconds."""
    tool_bytes: int = 256 << 20
    """Output of a program we start, in bytes."""
    tool_memory: int = 1 << 30
    """Address space of a program we start, in bytes; held on Linux only. `dot` needs 30 MB for 3,000 boxes."""


def limits_from_environment(environment: Mapping[str, str] = os.environ) -> Limits:
    """The defaults, with what variables such as GRADGRAPH_MAX_NODES set. Raises OptionError for a bad value.

    >>> limits_from_environment({"GRADGRAPH_MAX_NODES": "5"}).max_nodes
    5
    """
    names = {name: PREFIX + name.upper() for name in Limits._fields}
    return set_limits(
        Limits(), ((name, environment[variable]) for name, variable in names.items() if variable in environment)
    )


def set_limits(limits: Limits, settings: Iterable[tuple[str, str]]) -> Limits:
    """`limits` with some set, by name, to values spelled as text. Raises OptionError for a bad name or value.

    >>> set_limits(Limits(), [("max_nodes", "many")])
    Traceback (most recent call last):
    gradgraph.errors.OptionError: the limit max_nodes takes a number above 0, not 'many'
    """
    for name, text in settings:
        if name not in Limits._fields:
            raise OptionError(f"there is no limit {name!r} (there are: {', '.join(Limits._fields)})")
        kind = type(getattr(limits, name))
        try:
            number = kind(text)
        except ValueError:
            number = kind(0)
        if not number > 0:
            raise OptionError(f"the limit {name} takes a number above 0, not {text!r}")
        limits = limits._replace(**{name: number})
    return limits


def clamped(limits: Limits) -> Limits:
    """`limits` with a depth that every document needs at least, and that Python's recursion takes at most.

    >>> clamped(Limits(max_depth=10**6)).max_depth
    200
    """
    return limits._replace(max_depth=min(max(limits.max_depth, SHALLOWEST), DEEPEST))


def how_to_raise(name: str) -> str:
    """The remedy when the limit `name` is exceeded."""
    return f"raise it with --limit {name}=N, {PREFIX}{name.upper()}=N or limits=Limits({name}=N)"
