"""Which leaves are numbers that the code wrote, though no role says so: 1 and −1 in 1 − y, and the start of a sum."""

from collections import Counter, defaultdict

from gradgraph.graph.structure.shapes import CONSTANT, Cones
from gradgraph.graph.structure.wiring import Wiring

LEAST_NUMBERS = 2
"""Numbers that one expression has at least. A single leaf there can as well be a bias."""

LEAST_ALIKE = 3
"""Terms of one kind that a sum has at least, for a leaf beside them to be what it starts from."""


def written_numbers(wiring: Wiring, cones: Cones) -> list[int]:
    """Return the leaves that are written into the expression that uses them, as constants are.

    An engine that wraps every number in a value has leaves without roles: parameters, inputs, targets, and the numbers
    of the code. A leaf is a number if it has no role and no label, is used once, and is no entry of a vector: that is
    a term or a factor with others like it in the same sum. An expression has two of them or more, and the graph also
    has leaves of no role that are used more than once. Where no leaf is, they can all be parameters.
    """
    plain = [
        node.op is None and node.role is None and not node.label and not is_output
        for node, is_output in zip(wiring.nodes, wiring.is_output, strict=True)
    ]
    if not any(is_plain and uses > 1 for is_plain, uses in zip(plain, wiring.uses, strict=True)):
        return []
    once = [is_plain and user >= 0 for is_plain, user in zip(plain, wiring.user, strict=True)]
    entries = _entries(wiring, cones, once)
    lone: dict[int, list[int]] = defaultdict(list)
    for place, is_once in enumerate(once):
        if is_once and place not in entries:
            lone[cones.root[wiring.user[place]]].append(place)
    return [place for its in lone.values() if len(its) >= LEAST_NUMBERS for place in its]


def sum_starts(wiring: Wiring, cones: Cones) -> list[int]:
    """Return the leaves that a sum starts from, as the 0 of a penalty: `sum((w * w for w in weights), Value(0.0))`.

    Such a leaf has no label and is no parameter. It is added to terms that are alike, and is the only leaf in its
    expression that nothing else uses: a bias is beside weights that only its neuron uses, or several neurons use it. No
    other expression has the same shape: leaves of many that do are inputs or biases.
    """
    alone: dict[int, list[int]] = defaultdict(list)  # by root: leaves of its expression that are used once
    for place, user in enumerate(wiring.user):
        if wiring.op[place] is None and user >= 0 and not wiring.constant[place]:
            alone[cones.root[user]].append(place)
    starts = {
        its[0]: root
        for root, its in alone.items()
        if len(its) == 1
        and wiring.nodes[its[0]].role in (None, "input")
        and not wiring.stem[its[0]]
        and not wiring.is_output[its[0]]
    }
    shapes = Counter([cones.shape[place] for place, root in enumerate(cones.root) if place == root]) if starts else {}
    found: list[int] = []
    for place, root in starts.items():
        terms = cones.terms.get(cones.total[wiring.user[place]], [])
        is_added = place in terms and wiring.is_sum(wiring.user[place])
        if is_added and shapes[cones.shape[root]] == 1:
            kinds = Counter([cones.seen[term] for term in terms if term >= 0 and term != place])
            del kinds[CONSTANT]  # among numbers it would be one of them
            if max(kinds.values(), default=0) >= LEAST_ALIKE:
                found.append(place)
    return found


def _entries(wiring: Wiring, cones: Cones, once: list[bool]) -> set[int]:
    """Return the leaves that are terms of a sum with other such leaves, or factors of terms with others like them."""
    entries: set[int] = set()
    for total in cones.terms:
        if wiring.is_sum(total):
            terms = cones.terms_of(total)
            counts = Counter([(term.shape, term.inside, once[term.node]) for term in terms])
            for term in terms:
                if counts[term.shape, term.inside, once[term.node]] > 1:
                    entries.add(term.node)
                    if term.inside:
                        entries.update(wiring.operands[term.node])
                        entries.update(cones.nodes_of(term.node) if term.node in cones.terms else ())
    return entries
