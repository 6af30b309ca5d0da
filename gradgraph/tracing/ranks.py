"""An order for operands that have none, those of a sum or a product in a set: the same in every run."""

import math
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from gradgraph.tracing.rows import Row

Rank = tuple[str, str, tuple[bool, float], bytes]


class Ranks:
    """Ranks the values of a graph by what they are and all below them. None is computed unless one is asked for."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._ranks: dict[int, Rank] = {}

    def of(self, value: Any) -> Rank:
        """Return what sorts a value: op, label, data, and a digest of these and of the ranks of its operands."""
        while id(value) not in self._ranks:
            row = self._rows[len(self._ranks)]
            below = [self._ranks[id(each)][-1] for each in row.kept if each.__class__ is not float]
            if row.of_set:
                below.sort()
            content = repr((row.symbol, row.label, row.data, row.grad, below)).encode()
            number = (math.isnan(row.data), 0.0 if math.isnan(row.data) else row.data)
            self._ranks[id(row.value)] = (
                row.symbol or "",
                row.label,
                number,
                blake2b(content, digest_size=16).digest(),
            )
        return self._ranks[id(value)]
