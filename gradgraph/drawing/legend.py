"""The legend of a scene: what occurs in it that needs a word."""

import re
from collections.abc import Iterator, Sequence

from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.scene import KINDS, Box, Sample, Wire
from gradgraph.drawing.tints import STEPS, largest_gradient
from gradgraph.graph.views import View, any_number, facing
from gradgraph.visible_text import visible
from gradgraph.words import number

_PATTERNS = {
    "each to each": "each to each: every pair is joined",
    "one to one": "one to one: in pairs",
    "some": "some: not every value of both boxes takes part",
}
_SUM = re.compile("Σ([₀-₉]+)")
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def legend(view: View, options: DrawingOptions, boxes: Sequence[Box], wires: Sequence[Wire]) -> Iterator[Sample]:
    """Yield what outlines, tints, marks and expressions mean, those that occur. What was left out is told in any case.

    Colours of boxes of several values say that they mean the largest gradient of those.
    """
    if options.legend:
        is_structure = any(fold.kind != "group" for fold in view.folds)
        kinds = {box.kind for box in boxes}
        yield from [Sample(kind, kind) for kind in KINDS if kind in kinds]
        yield Sample("output", "output")
        if any(box.is_alarm for box in boxes):
            yield Sample("alarm", "not finite")
        if options.grad and any(box.tint for box in boxes):
            largest = largest_shown(view)
            if is_structure:
                yield Sample("", "colour: the largest |grad| of the box")
            yield Sample("tint0", "grad 0 or none")
            for step, share in enumerate(STEPS, 1):
                yield Sample(f"tint{step}", f"≤ {number(share * largest, options.precision)}")
        if any(wire.mark[:1].isdigit() for wire in wires):
            yield Sample("", "1, 2 … operands in order")
        if options.local:
            yield Sample("", "∂ local derivative")
        if any("×" in wire.mark for wire in wires):
            yield Sample("", "× so many edges")
        if is_structure:
            yield from [Sample("", meaning) for meaning in _of_structure(view, wires)]
    if view.note:
        yield Sample("note", visible(view.note))


def largest_shown(view: View) -> float:
    """Return the largest gradient that boxes show: that of a value within a fold would make all others pale."""
    return largest_gradient([*view.nodes, *[node for fold in view.folds for node in facing(view.graph, fold)]])


def _of_structure(view: View, wires: Sequence[Wire]) -> Iterator[str]:
    """Yield what the words and signs mean that only boxes of several values have."""
    marks = {wire.mark.partition(" ")[2].partition(",")[0] for wire in wires if wire.mark.startswith("×")}
    yield from [meaning for pattern, meaning in _PATTERNS.items() if pattern in marks]
    said = "\n".join([fold.expression for fold in view.folds])
    several = next((fold for fold in view.folds if fold.members > 1 and fold.kind in ("stack", "layer")), None)
    if several:
        yield f"{several.members:,} × {visible(several.name)}: {several.members:,} such values"
    terms = _SUM.search(said)
    if terms:
        yield f"{terms[0]}: a sum of {terms[1].translate(_DIGITS)} such terms"
    if "Σ " in said:
        yield "Σ: a sum, not of as many terms in all"
    if "[t]" in said:
        yield "[t]: of step t"
    if "[t−1]" in said:
        yield "[t−1]: of the step before"
    if "′" in said:
        yield "′: another value of the same box"
    letter = any_number([*[fold.name for fold in view.folds], *[node.label for node in view.nodes]])
    if re.search(rf"(?<![\w.'\]]){letter}(?![\w.'(\[])", said):
        yield f"{letter}: a number that is not the same in all"
