"""Where a large cone is cut: at terms that are alike, at what is used in two ways, and after each step of a chain."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import compress

from gradgraph.graph.structure.periods import repeats
from gradgraph.graph.structure.shapes import Cones
from gradgraph.graph.structure.wiring import Wiring

LEAST_CHAIN = 6
"""Results in a cone that is searched for equal steps."""


def alike_terms(wiring: Wiring, cones: Cones) -> list[int]:
    """Return where terms of a sum that are alike begin, each where the leaves that scale it end.

    Of w₁·tanh(…) + w₂·tanh(…) these are the tanh. It is how the samples of a loss and the neurons of a layer are found.
    """
    found = []
    for total, terms in cones.terms.items():
        if wiring.is_sum(total) and len(terms) > 1:
            shapes, nodes = cones.shapes_of(total), cones.nodes_of(total)
            large = [cones.size[node] > 1 and cones.root[node] != node for node in nodes]
            if any(large):
                counts = Counter([shape for shape, is_large in zip(shapes, large, strict=True) if is_large])
                alike = [counts[shape] > 1 and is_large for shape, is_large in zip(shapes, large, strict=True)]
                found += [_core(wiring, cones, node) for node in compress(nodes, alike)]
    return [
        place for place in found if cones.size[place] > 1 and cones.root[place] != place and cones.total[place] == place
    ]


def _core(wiring: Wiring, cones: Cones, place: int) -> int:
    """Return the term without the operands from outside that are applied to it."""
    while True:
        tails = wiring.operands[place]
        inner = {tail for tail in tails if _is_result_inside(wiring, cones, tail)}
        if len(inner) != 1 or all(tail in inner or wiring.constant[tail] for tail in tails):
            return place
        place = inner.pop()


def used_in_two_ways(wiring: Wiring, cones: Cones) -> list[int]:
    """Return inner values whose shape is a thing of its own.

    That is a function of two ops or more with users of two shapes, where all results that are shared count as users of
    one shape. It is the rule of one user, applied to shapes. And it is a shape that is the root of a shared result more
    often than it is inside something: the last step of a recurrent network is a step like the others.
    """
    above: dict[int, set[int]] = {}
    alone: Counter[int] = Counter()
    inside: Counter[int] = Counter()
    candidates = []
    shape, size, root = cones.shape, cones.size, cones.root
    for place, user_shape in _uses(wiring, cones):
        if size[place] < 2 or cones.total[place] != place:
            continue
        kind = shape[place]
        if user_shape < 0:
            alone[kind] += 1
        else:
            inside[kind] += 1
            candidates.append(place)
        if wiring.law[place] is None and not any(
            wiring.op[tail] is None and not wiring.constant[tail] for tail in wiring.operands[place]
        ):
            above.setdefault(kind, set()).add(user_shape)
    return [
        place
        for place in candidates
        if root[place] != place and (len(above.get(shape[place], ())) > 1 or alone[shape[place]] > inside[shape[place]])
    ]


def _uses(wiring: Wiring, cones: Cones) -> Iterator[tuple[int, int]]:
    """Yield results with the shape of what uses them in their cone; of roots that are shared, with -1."""
    for place, op in enumerate(wiring.op):
        if op is None:
            continue
        if cones.root[place] == place and wiring.uses[place] > 1:
            yield place, -1
        if wiring.law[place] is None:
            tails: Sequence[int] = wiring.operands[place]
        else:
            tails = cones.nodes_of(place) if cones.total[place] == place else []
        for tail in tails:
            if cones.root[tail] == cones.root[place] and _is_result_inside(wiring, cones, tail):
                yield tail, cones.shape[place]


def equal_steps(wiring: Wiring, cones: Cones) -> list[int]:
    """Return where the steps of long chains end: cones in which an expression is applied over and over to its result.

    The chain goes down by the largest operand, and ends where two are as large.
    """
    found: list[int] = []
    for root, size in enumerate(cones.size):
        if size < LEAST_CHAIN or cones.root[root] != root:
            continue
        spine, word = _spine(wiring, cones, root)
        for start, end, period in repeats(word):
            within = range(start, min(start + period, end))
            # a step ends with its activation, if it has one
            first = next((at for at in within if len(wiring.operands[spine[at]]) == 1), start)
            found += [spine[at] for at in range(first, end + 1, period) if 0 < at < len(spine)]
    return found


def _spine(wiring: Wiring, cones: Cones, root: int) -> tuple[list[int], list[Hashable]]:
    """Return the chain from a root down by the largest operand, and what each link of it is apart from that operand."""
    spine: list[int] = []
    word: list[Hashable] = []
    place: int | None = root
    while place is not None:
        terms = cones.terms_of(place) if wiring.law[place] and cones.total[place] == place else None
        tails = wiring.operands[place] if terms is None else [term.node for term in terms if term.inside]
        inner = [tail for tail in tails if _is_result_inside(wiring, cones, tail)]
        most = max([cones.size[tail] for tail in inner], default=0)
        largest = [tail for tail in inner if cones.size[tail] == most]
        below = largest[0] if len(largest) == 1 else None
        beside: Hashable
        if terms is None:
            beside = tuple([-1 if tail == below else cones.seen[tail] for tail in tails])
        else:
            beside = frozenset([term.shape for term in terms if term.node != below])
        spine.append(place)
        word.append((wiring.op[place], wiring.params[place], beside))
        place = below
    return spine, word


def _is_result_inside(wiring: Wiring, cones: Cones, place: int) -> bool:
    """Return whether it is a result that is not the root of its cone."""
    return wiring.op[place] is not None and cones.root[place] != place
