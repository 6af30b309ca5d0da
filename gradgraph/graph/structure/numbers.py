"""Which leaves of no known role are numbers that the code wrote, as 1 and −1 in 1 − y."""

from collections import Counter, defaultdict

from gradgraph.graph.structure.shapes import Cones
from gradgraph.graph.structure.wiring import Wiring

LEAST_NUMBERS = 2
"""Numbers that one expression has at least. A single leaf there can as well be a bias."""


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


def _entries(wiring: Wiring, cones: Cones, once: list[bool]) -> set[int]:
    """Return the leaves that are terms of a sum with other such leaves, or factors of terms with others like them."""
    entries: set[int] = set()
    for total in cones.terms:
        if wiring.law[total].family == "add":  # type: ignore[union-attr]  # sums have laws
            terms = cones.terms_of(total)
            counts = Counter([(term.shape, term.inside, once[term.node]) for term in terms])
            for term in terms:
                if counts[term.shape, term.inside, once[term.node]] > 1:
                    entries.add(term.node)
                    if term.inside:
                        entries.update(wiring.operands[term.node])
                        entries.update(cones.nodes_of(term.node) if term.node in cones.terms else ())
    return entries
