"""The cones of a graph: which values are boxes of their own, and what is folded into them."""

from gradgraph.graph.structure.cuts import alike_terms, equal_steps, used_in_two_ways
from gradgraph.graph.structure.numbers import sum_starts, written_numbers
from gradgraph.graph.structure.shapes import Cones, shape_cones
from gradgraph.graph.structure.wiring import Wiring

MOST_ROUNDS = 4
"""Times that shapes are searched for more cuts. Each cut can show others; deeper nests of patterns than these are rare,
and a bound keeps the time linear."""
LABELLED_SHARE = 3
"""Labels cut cones if at most one result in so many has one. If most have, labels tell nothing about structure."""


def find_cones(wiring: Wiring) -> Cones:
    """Return the cones of a graph.

    A value is the root of a cone if it is an output, is used more than once or never, or is labelled, where labels are
    few. So is a leaf, except a number that is used once: see `numbers`. The other roots are found by their shapes: see
    `cuts`.
    Nothing depends on numbers, on the names of labels or on the ids of nodes. Takes time linear in the graph.
    """
    cut = _cut_at_first(wiring)
    for _ in range(MOST_ROUNDS):
        cones = shape_cones(wiring, cut)
        more = alike_terms(wiring, cones) or used_in_two_ways(wiring, cones) or equal_steps(wiring, cones)
        if not more:
            break
        for place in more:
            cut[place] = True
    else:
        cones = shape_cones(wiring, cut)
    numbers = [*written_numbers(wiring, cones), *sum_starts(wiring, cones)]
    for place in numbers:
        cut[place], wiring.constant[place] = False, True
    return shape_cones(wiring, cut) if numbers else cones


def _cut_at_first(wiring: Wiring) -> list[bool]:
    results = sum([op is not None for op in wiring.op])
    labelled = sum([bool(stem) and op is not None for stem, op in zip(wiring.stem, wiring.op, strict=True)])
    labels_count = LABELLED_SHARE * labelled <= results
    return [
        wiring.is_output[place]
        or (op is None and not wiring.constant[place])
        or (op is not None and labels_count and bool(wiring.stem[place]))
        for place, op in enumerate(wiring.op)
    ]
