"""Names of boxes: the label that its members have in common, or a letter and a number."""

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from gradgraph.graph.structure.boxes import Boxes
from gradgraph.graph.structure.stacks import Partition
from gradgraph.graph.structure.steps import Steps
from gradgraph.graph.structure.wiring import Wiring
from gradgraph.words import number, shortened

MOST_NAME = 16
"""Characters of a name in expressions. Boxes show the labels of single values whole."""
PRECISION = 3
"""Digits of a number in an expression."""

_DIGITS = re.compile(r"([0-9]+)")
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_FIGURES = re.compile(r"−?([0-9][0-9.e+-]*[₀-₉]*|inf|nan)")
_LETTERS = {"result": "hrs", "parameter": "wp", "input": "xv"}
"""By kind of a box: the letter for boxes without a label, and others if labels have that one."""


class Names(NamedTuple):
    """What boxes are called, by box.

    `family` is the same for the boxes in one place of all steps of a run. `own` is the name among those, if labels
    give it one.
    """

    family: dict[int, str]
    own: dict[int, str]


def subscript(number: int) -> str:
    """Return a number in small digits that follow a letter.

    >>> subscript(16)
    '₁₆'
    """
    return str(number).translate(_LOW)


def name_boxes(
    wiring: Wiring, part: Partition, boxes: Boxes, sequence: Sequence[int], steps: Steps, kinds: Mapping[int, int]
) -> Names:
    """Return what each box of a sequence is called in expressions.

    A single value has its label, and a box of several what their labels have in common. Boxes of one label are
    numbered, if they are of several `kinds`, which are by root. Unlabelled boxes are h₁, h₂ and so on if they are
    results, w for parameters, x for inputs and v for other leaves. A number is called by itself: a constant, and a 0
    that is no parameter, as the start of a sum or of a loop. Boxes are numbered along the sequence, and leaves in the
    order of their first use.
    """
    members: dict[int, list[int]] = {box: [] for box in sequence}
    alike: dict[int, list[int]] = {}
    for root, box in part.items():
        members[box].append(root)
        alike.setdefault(steps.first.get(box, box), []).append(root)
    place = {box: number for number, box in enumerate(sequence)}

    def in_use(box: int) -> tuple[int, int]:
        users = boxes.users[box] if wiring.op[box] is None else ()
        return min([place[user] for user in users], default=place[box]), place[box]

    def kind(box: int) -> Hashable:
        node = wiring.nodes[box]
        if said[box] and not node.label and node.role == "constant":
            return "number"
        is_one_of_a_kind = said[box] and (node.op is None or boxes.members[box] == 1)
        return (kinds[box],) if is_one_of_a_kind else box

    ordered = sorted([box for box in sequence if box not in steps.first], key=in_use)
    said = {box: _said(wiring, alike[box]) for box in ordered}
    taken = {_DIGITS.sub("", name) for name in said.values()}
    family: dict[int, str] = {}
    numbers: dict[str, dict[Hashable, int]] = {}
    for box in ordered:
        of_name = numbers.setdefault(said[box] or _letter(wiring, box, taken), {})
        of_name.setdefault(kind(box), len(of_name) + 1)
    for box in ordered:
        name = said[box] or _letter(wiring, box, taken)
        is_plain = said[box] and len(numbers[name]) == 1
        family[box] = name if is_plain else name + subscript(numbers[name][kind(box)])
    family.update({box: family[its] for box, its in steps.first.items()})
    own = {}
    for box in steps.of:
        label = in_common([wiring.nodes[root].label for root in members[box]])
        if label and shortened(label, MOST_NAME) != said[steps.first.get(box, box)]:
            own[box] = shortened(label, MOST_NAME)
    return Names(family, own)


def _said(wiring: Wiring, members: Sequence[int]) -> str:
    """Return what labels or numbers call a box, "" if nothing does."""
    nodes = [wiring.nodes[root] for root in members]
    name = shortened(in_common([node.label for node in nodes]), MOST_NAME)
    if name or wiring.op[members[0]] is not None:
        return name
    role, numbers = nodes[0].role, {node.data for node in nodes}
    is_number = role == "constant" or (role != "parameter" and numbers == {0.0})
    return in_figures(nodes[0].data) if is_number and len(numbers) == 1 else ""


def in_figures(data: float) -> str:
    """Return a number as expressions show it.

    >>> in_figures(-0.12345), in_figures(1e-5)
    ('−0.123', '1e-05')
    """
    text = number(data, PRECISION)
    return "−" + text[1:] if text.startswith("-") else text


def is_figures(text: str) -> bool:
    """Return whether a name or an expression is a number."""
    return _FIGURES.fullmatch(text) is not None


def _letter(wiring: Wiring, box: int, taken: set[str]) -> str:
    kind = "result" if wiring.op[box] is not None else wiring.nodes[box].role or "leaf"
    letters = _LETTERS.get(kind, "v")
    return next((letter for letter in letters if letter not in taken), letters[0])


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
