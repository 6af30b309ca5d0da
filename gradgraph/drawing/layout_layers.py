"""On which layer a layered layout puts each block, estimated from the graph before an engine starts."""

from graphlib import TopologicalSorter

from gradgraph.drawing.layout import Outline


def estimated_layers(plan: Outline) -> dict[str, int]:
    """Return the layer of each block: operands before users, and lines as short as can be told in two passes.

    The first pass puts everything as near to the leaves as it can be (longest-path layering). The second moves a
    block towards its users unless that makes more lines longer than shorter: what feeds it alone moves with it.
    `dot` finds the layers of each frame by itself, so what is in a frame is not moved towards users elsewhere,
    but for leaves, which move together.

    >>> from gradgraph.drawing.layout import Block, Line
    >>> blocks = dict.fromkeys("abc", Block(9.0, 9.0))
    >>> estimated_layers(Outline(blocks, (Line("a", "b"), Line("b", "c"), Line("a", "c")), ()))
    {'a': 0, 'b': 1, 'c': 2}
    """
    frames = {key: frame.group_id for frame in plan.frames for key in frame.members}
    tails: dict[str, list[str]] = {key: [] for key in plan.blocks}
    heads: dict[str, list[str]] = {key: [] for key in plan.blocks}
    for line in plan.lines:
        tails[line.head].append(line.tail)
        heads[line.tail].append(line.head)
    layers: dict[str, int] = {}
    held: dict[str, int] = {}  # how many lines into a block get longer when it moves towards its users
    order = list(TopologicalSorter(tails).static_order())
    for key in order:
        layers[key] = max([layers[tail] + 1 for tail in tails[key]], default=0)
        held[key] = sum([min(1, held[tail]) if len(heads[tail]) == 1 else 1 for tail in tails[key]])
    loose: dict[int | None, list[str]] = {}  # by frame: leaves whose users are all elsewhere
    for key in reversed(order):
        frame = frames.get(key)
        pulling = [head for head in heads[key] if frame is None or frames.get(head) == frame]
        if len(pulling) >= max(held[key], 1):
            layers[key] = min([layers[head] for head in heads[key]]) - 1
        elif heads[key] and not tails[key]:
            loose.setdefault(frame, []).append(key)
    for keys in loose.values():
        first = min([layers[head] for key in keys for head in heads[key]])
        layers.update(dict.fromkeys(keys, first - 1))
    return layers
