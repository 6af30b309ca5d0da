"""The rows of a structural fold's box: its expression and the ranges of its numbers."""

import re
from collections.abc import Iterator, Sequence
from math import inf, isfinite
from textwrap import wrap

from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.scene import Cell
from gradgraph.drawing.wrapping import wrapped
from gradgraph.graph.views import Fold, View, facing, fold_formula, fold_name
from gradgraph.visible_text import visible
from gradgraph.words import counted, number

LINE, MOST_LINES = 32, 4
"""Characters of a line of a name or an expression, and lines of one."""
MOST_KINDS = 6
"""Kinds of leaves in one box that have a range of gradients of their own."""
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

    Gradients that are 0 are counted. Numbers that are not finite are counted, and in no range.
    """
    name = visible(fold_name(view.graph, fold))
    lines = tuple(_lines(name.replace(" × ", "\xa0×\xa0"))) if fold.kinds else wrapped(name)
    yield Cell(name, "label", lines if len(lines) > 1 else ())
    said = visible(fold_formula(fold))
    for part in _PARTS.split(said) if said else ():
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
    """Yield the ranges of the data and the gradients that leave a fold, of a run with the step that they are of.

    Leaves of several kinds have a range of gradients for each.
    """
    whose = f"{fold.step}: " if fold.step and fold.kind == "run" else ""
    exits = facing(view.graph, fold)
    yield from _range(f"{whose}data", [node.data for node in exits], options.precision)
    if options.grad:
        grads = [node.grad for node in exits if node.grad is not None]
        if fold.kinds and grads:  # a range of all says nothing of any
            yield from _gradients_of_kinds(view, fold, options.precision)
        else:
            yield from _range(f"{whose}grad", grads, options.precision)
        zeros = sum([grad == 0 for grad in grads])
        if 0 < zeros < len(exits):  # a range says that all are
            yield Cell(f"{zeros:,} of {len(exits):,} {'has' if zeros == 1 else 'have'} grad 0", "number")


def _gradients_of_kinds(view: View, fold: Fold, precision: int) -> Iterator[Cell]:
    """Yield the range of gradients of each kind of leaf: of the kinds with the largest, and of all others in one."""
    grads = {
        name: [grad for place in leaves if (grad := view.graph.nodes[place].grad) is not None]
        for name, leaves in fold.kinds
    }
    by_size = sorted(grads, key=lambda name: _largest(grads[name]), reverse=True)
    shown = {*by_size[: MOST_KINDS if len(by_size) <= MOST_KINDS else MOST_KINDS - 1]}
    for name in grads:
        if name in shown:
            yield from _range(f"{visible(name)}: grad", grads[name], precision)
    rest = [grads[name] for name in grads if name not in shown]
    if rest:
        yield from _range(f"{len(rest):,} more: grad", [grad for its in rest for grad in its], precision)


def _largest(grads: Sequence[float]) -> float:
    """Return the largest size of some gradients; one that is not finite is larger than all."""
    return max([abs(grad) if isfinite(grad) else inf for grad in grads], default=-1.0)


def _range(name: str, numbers: Sequence[float], precision: int) -> Iterator[Cell]:
    finite = [each for each in numbers if isfinite(each)]
    if not numbers:
        yield Cell(f"{name} {number(None, precision)}", "number")
    if finite:
        least, most = number(min(finite), precision), number(max(finite), precision)
        yield Cell(f"{name} {least}" if least == most else f"{name} {least} … {most}", "number")
    if len(finite) < len(numbers):
        yield Cell(f"{name}: {len(numbers) - len(finite):,} not finite", "alarm")
