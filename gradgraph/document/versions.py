"""Versions of the document, as numbers, and the lowest one that can hold a graph."""

import re
from collections.abc import Sequence
from typing import Any

from gradgraph.graph.fields import FIRST, LATER, Field
from gradgraph.graph.model import Node

_VERSION = re.compile(r"(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})")


def numbers(version: Any) -> tuple[int, int] | None:
    """Return major and minor of what a document calls its version, None if it is no version.

    >>> numbers("1.10"), numbers("1.01"), numbers(1.1)
    ((1, 10), None, None)
    """
    found = _VERSION.fullmatch(version) if isinstance(version, str) else None
    return (int(found[1]), int(found[2])) if found else None


def in_order(version: str) -> tuple[int, int]:
    """Return the key by which versions are sorted. Raises ValueError for what is no version."""
    found = numbers(version)
    if found is None:
        raise ValueError(f"{version!r} is no version")
    return found


def lowest_version(nodes: Sequence[Node]) -> str:
    """Return the lowest version whose documents have every key that the rows of `nodes` need.

    >>> lowest_version([Node(id=0, data=1.0, grad=None)])
    '1.0'
    """
    return max([FIRST, *(field.since for field in LATER if any(map(field.is_there, nodes)))], key=in_order)


def fields_after(version: str) -> list[Field]:
    """Return the fields that documents of a version do not have yet.

    >>> fields_after("99.0")
    []
    """
    return [field for field in LATER if in_order(field.since) > in_order(version)]
