"""What is found in a document → the error that tells it, with places."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Protocol

from gradgraph.document.locating import Path, lines_and_columns, pointer
from gradgraph.document.rules import Broken
from gradgraph.errors import DocumentError, Problem
from gradgraph.limits import Limits


class Places(Protocol):
    """Finds values in the text that a document came from, its `data`."""

    data: bytes

    def offsets(self, paths: Sequence[Path]) -> list[int]:
        """Return the byte offsets of the values at some paths."""


def refuse(findings: Iterable[Broken], places: Places, limits: Limits, source: str | None) -> None:
    """Raise DocumentError if there is any finding. How many it lists is `limits.max_problems`, and decides nothing."""
    rest = iter(findings)
    for first in rest:
        raise refused((first, *islice(rest, limits.max_problems - 1)), places, source)


def refused(found: Sequence[Broken], places: Places, source: str | None) -> DocumentError:
    """Return the error that lists all of `found`."""
    starts = places.offsets([broken.path for broken in found])
    offsets = [start if broken.offset is None else broken.offset for broken, start in zip(found, starts, strict=True)]
    lines = lines_and_columns(places.data, offsets)
    return DocumentError(
        tuple(
            Problem(broken.sentence, pointer(broken.path), *lines[offset], broken.remedy, source)
            for broken, offset in zip(found, offsets, strict=True)
        )
    )
