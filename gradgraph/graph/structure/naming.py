"""Names of boxes: the label that its members have in common, or a letter and a number."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from gradgraph.graph.structure.runs import Run
from gradgraph.graph.structure.stacks import Partition
from gradgraph.graph.structure.wiring import Wiring
from gradgraph.words import shortened

MOST_NAME = 16
"""Characters of a name in expressions. Boxes show the labels of single values whole."""

_DIGITS = re.compile(r"([0-9]+)")
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LETTERS = {"parameter": "w", "input": "x"}


def subscript(number: int) -> str:
    """Return a number in small digits that follow a letter.

    >>> subscript(16)
    '₁₆'
    """
    return str(number).translate(_LOW)


def name_boxes(wiring: Wiring, part: Partition, sequence: Sequence[int], runs: Iterable[Run]) -> dict[int, str]:
    """Return what each box of a sequence is called in expressions. The steps of a run have the names of its first one.

    A single value has its label, and a box of several what their labels have in common. Unlabelled boxes are h₁, h₂ and
    so on if they are results, w for parameters, x for inputs and v for other leaves, numbered along the sequence.
    """
    members: dict[int, list[str]] = {box: [] for box in sequence}
    for root, box in part.items():
        members[box].append(wiring.nodes[root].label)
    model = {**models(wiring, runs, start=1), **models(wiring, runs)}
    names: dict[int, str] = {}
    counts: Counter[str] = Counter()
    for box in sequence:
        if box in model:
            continue
        node = wiring.nodes[box]
        name = in_common(members[box])
        if not name:
            letter = "h" if node.op is not None else _LETTERS.get(node.role or "", "v")
            counts[letter] += 1
            name = letter + subscript(counts[letter])
        names[box] = shortened(name, MOST_NAME)
    for box, its in model.items():
        names[box] = names[model.get(its, its)]
    return names


def models(wiring: Wiring, runs: Iterable[Run], start: int = 0) -> dict[int, int]:
    """Return, for the boxes in the steps of runs after step number `start`, the box in its place in that step.

    Leaves that only one step uses are left out where that step has others.
    """
    found: dict[int, int] = {}
    for run in runs:
        first = run.steps[start]
        for step in run.steps[start + 1 :]:
            for box, its in zip(reversed(step), reversed(first), strict=False):
                if wiring.op[box] is None and len(step) != len(first):
                    break
                if (wiring.op[box] is None) == (wiring.op[its] is None):
                    found[box] = its
    return found


def in_common(labels: Sequence[str]) -> str:
    """Return what labels of one family have in common: the label of a single one, else without the digits that vary.

    >>> in_common(["w0"]), in_common(["w00", "w01"]), in_common(["h1_0", "h1_1"]), in_common(["W0[0]", "W0[1]"])
    ('w0', 'w', 'h1', 'W0')
    """
    if len(set(labels)) == 1:
        return labels[0]
    pieces = [_DIGITS.split(label) for label in labels]
    kept: list[str] = []
    for same in zip(*pieces, strict=False):
        if len(set(same)) > 1:
            break
        kept.append(same[0])
    return "".join(kept).rstrip(" _,.-[(") or pieces[0][0]
