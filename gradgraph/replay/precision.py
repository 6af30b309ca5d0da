"""How exactly the numbers of a graph can be computed again: to the bit, or to a few ulps."""

import math
import struct
from typing import NamedTuple

from gradgraph.graph.model import Graph

FOREIGN_TOLERANCE = 4
"""Ulps. Another engine computes the same function by another formula, each step of which rounds."""

_SINGLE_DIGITS, _LEAST_SINGLE = 24, -149
"""Of IEEE 754 binary32: bits of the significand, and the exponent of the smallest number."""


class Precision(NamedTuple):
    """What a graph's numbers are held to, as its `meta` says: `engine` names another engine, `dtype` its floats."""

    is_foreign: bool = False
    is_single: bool = False

    @property
    def tolerance(self) -> int:
        """The ulps that a number may differ by where nobody says otherwise."""
        return FOREIGN_TOLERANCE if self.is_foreign or self.is_single else 0

    def rounded(self, number: float) -> float:
        """Return the float32 that is nearest to a number.

        >>> single = Precision(is_single=True)
        >>> single.rounded(0.1), single.rounded(1e39)
        (0.10000000149011612, inf)
        """
        try:
            (single,) = struct.unpack("<f", struct.pack("<f", number))
        except OverflowError:
            return math.copysign(math.inf, number)
        return float(single)

    def ulp(self, number: float) -> float:
        """Return the unit in the last place of a number, 0.0 if it is not finite.

        >>> Precision().ulp(1.0) == 2.0**-52, Precision(is_single=True).ulp(1.0) == 2.0**-23
        (True, True)
        """
        if not math.isfinite(number):
            return 0.0
        if not self.is_single:
            return math.ulp(number)
        exponent = math.frexp(number)[1] - _SINGLE_DIGITS if number else _LEAST_SINGLE
        return math.ldexp(1.0, max(exponent, _LEAST_SINGLE))

    def close(self, recorded: float, expected: float, slack: float) -> bool:
        """Return whether two numbers are the same, or as close as `slack`; nan is nan, and 0.0 is not -0.0."""
        if repr(recorded) == repr(expected) or (self.is_single and repr(recorded) == repr(self.rounded(expected))):
            return True
        return slack > 0 and abs(recorded - expected) <= slack


def precision_of(graph: Graph) -> Precision:
    """Return what the numbers of a graph are held to.

    >>> precision_of(Graph((), (), meta={"engine": "micrograd.engine.Value"})).tolerance
    4
    """
    return Precision(isinstance(graph.meta.get("engine"), str), graph.meta.get("dtype") == "float32")
