"""The rows of a structural fold's box: its expression and the ranges of its numbers."""

import re
from collections.abc import Iterator, Sequence
from math import isfinite
from textwrap import wrap

from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.scene import Cell
from gradgraph.graph.views import Fold, View, facing, fold_name
from gradgraph.visible_text import visible
from gradgraph.words import counted, number

LINE, MOST_LINES = 32, 4
"""Characters of a line of an expression, and lines of one."""
_JOINT = re.compile("(?<=[·/])")
_PARTS = re.compile("; (?=all use |each has )")  # of what is said of a run
_SUM = re.compile("(Σ[₀-₉]*) ")  # a line does not end between a sum and its terms


def fold_kind(fold: Fold) -> str:
    """Return the kind of the box: leaves and single results look as they do by themselves."""
    first = fold.nodes[0]
    if all(node.op is None for node in fold.nodes):
        return first.role or "leaf"
    return "result" if fold.kind == "cone" else "folded"


def fold_cells(view: View, fold: Fold, options: DrawingOptions) -> Iterator[Cell]:
    """Yield the rows of the box: its name, its expression, and the ranges of the numbers that leave it.

    A member is dead if its gradient is 0. Numbers that are not finite are counted, and in no range.
    """
    yield Cell(visible(fold_name(view.graph, fold)), "label")
    said = visible(fold.expression if fold.kind == "run" else f"= {fold.expression}")
    for part in _PARTS.split(said) if fold.expression else ():
        yield from [Cell(line, "expression") for line in _lines(part)]
    if fold.step and fold.kind != "run":
        yield Cell(fold.step, "number")
    yield from fold_numbers(view, fold, options)
    if len(fold.nodes) > len(facing(view.graph, fold)):
        yield Cell(f"{counted(len(fold.nodes), 'value')} in all", "number")


def _lines(said: str) -> list[str]:
    """Return the lines of an expression. A line ends at a space, or after an operator of a long piece without one.

    >>> _lines("0.01·h₃[t]/c/(sqrt(h₂[t]/c)·another·name)")
    ['0.01·h₃[t]/c/(sqrt(h₂[t]/c)·', 'another·name)']
    """
    pieces = _SUM.sub("\\1\xa0", said).split(" ")
    whole = " ".join([_JOINT.sub("\v", piece) if len(piece) > LINE else piece for piece in pieces])
    lines = wrap(whole, LINE, max_lines=MOST_LINES, placeholder=" …", break_on_hyphens=False, replace_whitespace=False)
    return [line.replace("\xa0", " ").replace("\v", "") for line in lines]


def fold_numbers(view: View, fold: Fold, options: DrawingOptions) -> Iterator[Cell]:
    """Yield the ranges of the data and the gradients that leave a fold, of a run with the step that they are of."""
    whose = f"{fold.step}: " if fold.step and fold.kind == "run" else ""
    exits = facing(view.graph, fold)
    yield from _range(f"{whose}data", [node.data for node in exits], options.precision)
    if options.grad:
        grads = [node.grad for node in exits if node.grad is not None]
        yield from _range(f"{whose}grad", grads, options.precision)
        dead = sum([grad == 0 for grad in grads])
        if dead and len(exits) > 1:
            yield Cell(f"{dead:,} of {len(exits):,} dead", "number")


def _range(name: str, numbers: Sequence[float], precision: int) -> Iterator[Cell]:
    finite = [each for each in numbers if isfinite(each)]
    if not numbers:
        yield Cell(f"{name} {number(None, precision)}", "number")
    if finite:
        least, most = number(min(finite), precision), number(max(finite), precision)
        yield Cell(f"{name} {least}" if least == most else f"{name} {least} … {most}", "number")
    if len(finite) < len(numbers):
        yield Cell(f"{name}: {len(numbers) - len(finite):,} not finite", "alarm")
