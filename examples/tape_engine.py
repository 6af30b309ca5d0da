"""An engine that keeps its graph on a tape: a value knows its place there, and nothing of its operands."""

import math
from typing import Any, NamedTuple


class Row(NamedTuple):
    """One step of a computation: the name of its op, the places of its operands, and a slope for each."""

    op: str
    places: tuple[int, ...] = ()
    slopes: tuple[float, ...] = ()


class Tape:
    """The steps of a computation, in order, and what came out of each."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.numbers: list[Number] = []

    def number(self, primal: float, row: Row | None = None) -> "Number":
        """Put a number on the tape: an input, or the result of a row."""
        number = Number(self, len(self.rows), primal)
        self.rows.append(row or Row("input"))
        self.numbers.append(number)
        return number

    def operands(self, number: "Number") -> list["Number"]:
        """Return what a number was computed from, in order."""
        return [self.numbers[place] for place in self.rows[number.place].places]


class Number:
    """A value of this engine."""

    def __init__(self, tape: Tape, place: int, primal: float) -> None:
        self.tape, self.place, self.primal, self.bar = tape, place, primal, 0.0

    def _step(self, op: str, primal: float, *terms: tuple[Any, float]) -> "Number":
        places, slopes = zip(*[(term.place, slope) for term, slope in terms], strict=True)
        return self.tape.number(primal, Row(op, places, slopes))

    def __add__(self, other: "Number") -> "Number":
        return self._step("add", self.primal + other.primal, (self, 1.0), (other, 1.0))

    def __sub__(self, other: "Number") -> "Number":
        return self._step("subtract", self.primal - other.primal, (self, 1.0), (other, -1.0))

    def __mul__(self, other: "Number") -> "Number":
        return self._step("times", self.primal * other.primal, (self, other.primal), (other, self.primal))

    def softplus(self) -> "Number":
        """Return log(1 + e^self), which gradgraph has no primitive for."""
        return self._step("softplus", math.log1p(math.exp(self.primal)), (self, 1 / (1 + math.exp(-self.primal))))

    def backward(self) -> None:
        """Add the gradient of self to every number before it."""
        self.bar += 1.0
        for number in reversed(self.tape.numbers[: self.place + 1]):
            row = self.tape.rows[number.place]
            for place, slope in zip(row.places, row.slopes, strict=True):
                self.tape.numbers[place].bar += slope * number.bar
