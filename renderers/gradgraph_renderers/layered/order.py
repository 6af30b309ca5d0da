"""The order of vertices on each layer, with few crossings.

Layers are swept over, down and up: each vertex goes to the mean place of its neighbours on the layer before (Sugiyama,
Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures, 1981). Between sweeps neighbours
change places where that saves crossings (Gansner et al., A Technique for Drawing Directed Graphs, 1993). The best order
found is kept. Some vertices keep their order: operands that only one op uses, and frames, whose contents hold together.
"""

from collections.abc import Sequence

from gradgraph_renderers.layered.crossings import crossings, inversions
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import ROOT, Units


class Order:
    """The rows of a layered graph, and the place of each vertex in its row."""

    def __init__(self, graph: Layered, units: Units) -> None:
        self.graph = graph
        self.around = units.around
        self.kin = [-1] * len(graph.layer)
        """The unit that alone uses a vertex, if it uses others alone too: these keep their order."""
        self.slot = [0] * len(graph.layer)
        self._find_kin(units)
        height = max(graph.layer, default=-1) + 1
        self.rows: list[list[int]] = [[] for _ in range(height)]
        for vertex, layer in enumerate(graph.layer):
            self.rows[layer].append(vertex)
        self.place = [0] * len(graph.layer)
        self.key: list[float] = [0.0] * len(graph.layer)
        self.frames: list[list[int]] = [[] for _ in range(height)]
        """The frames on each layer, the inner ones first."""
        for frame in reversed(range(len(units.around))):
            first, last = graph.spans[frame]
            for layer in range(first, last + 1):
                self.frames[layer].append(frame)
        self.ranked = {*units.around} if units.around else set()
        """The frames that have frames in them: those, and trunks beside them, have the same order on all layers."""
        self.rank: dict[tuple[int, int], float] = {}
        """By frame and the one around it negated below 0, and by owner of a trunk and the frame it is in: their order."""
        self.has_kin = [
            len(row) > 1 and len({self.kin[vertex] for vertex in row}) <= len(row) for row in self.rows
        ]

    def _find_kin(self, units: Units) -> None:
        owner, frame = self.graph.owner, self.graph.frame
        kin = [-1] * len(units.parts)
        slot = [0] * len(units.parts)
        for unit, tails in enumerate(units.tails):
            alone = [
                tail
                for tail in dict.fromkeys(tails)
                if len(units.heads[tail]) == 1 and units.frame[tail] == units.frame[unit]
            ]
            if len(alone) > 1:
                for number, tail in enumerate(alone):
                    kin[tail], slot[tail] = unit, number
        for vertex, unit in enumerate(owner):
            if unit >= 0 and kin[unit] >= 0 and frame[vertex] == frame[unit]:
                self.kin[vertex], self.slot[vertex] = kin[unit], slot[unit]

    def start(self, key: Sequence[float]) -> None:
        """Put all vertices in the order of `key`, which is one of units."""
        inside: list[list[float]] = [[] for _ in self.around]
        self.rank.clear()
        for vertex, unit in enumerate(self.graph.owner):
            if unit >= 0:
                self.key[vertex] = key[unit]
                frame = self.graph.frame[vertex]
                if frame != ROOT:
                    inside[frame].append(key[unit])
                if unit != vertex and frame in self.ranked:
                    self.rank[unit, frame] = key[unit]
        for frame in reversed(range(len(inside))):
            mean = self.rank[-1, frame] = _mean(inside[frame]) if inside[frame] else 0.0
            if self.around[frame] != ROOT:
                inside[self.around[frame]].append(mean)
        for layer, row in enumerate(self.rows):
            row.sort()
            self._arrange(layer)

    def _arrange(self, layer: int) -> None:
        """Sort a row by the keys of its vertices, within frames and kin."""
        row = self.rows[layer]
        if self.ranked:
            self._arrange_frames(layer)
        else:
            row.sort(key=self.key.__getitem__)
        if self.has_kin[layer]:
            self._arrange_kin(row)
        for place, vertex in enumerate(row):
            self.place[vertex] = place

    def _arrange_kin(self, row: list[int]) -> None:
        groups: dict[int, list[int]] = {}
        for place, vertex in enumerate(row):
            if self.kin[vertex] >= 0:
                groups.setdefault(self.kin[vertex], []).append(place)
        for places in groups.values():
            if len(places) > 1:
                members = sorted([row[place] for place in places], key=self.slot.__getitem__)
                for place, vertex in zip(places, members, strict=True):
                    row[place] = vertex

    def _arrange_frames(self, layer: int) -> None:
        graph, key = self.graph, self.key
        inside: dict[int, list[int]] = {frame: [] for frame in (*self.frames[layer], ROOT)}
        for vertex in self.rows[layer]:
            if graph.owner[vertex] >= 0:
                inside[graph.frame[vertex]].append(vertex)
        whole: dict[int, list[int]] = {}  # by the upper border of a frame: all that is in it
        frame_of: dict[int, int] = {}
        for frame in (*self.frames[layer], ROOT):
            items = inside[frame]
            items.sort(key=key.__getitem__)
            if frame in self.ranked:
                ranks = {}
                places = []
                for place, item in enumerate(items):
                    if item in whole:
                        ranks[item] = self.rank[-1, frame_of[item]]
                        places.append(place)
                    elif graph.owner[item] != item:
                        ranks[item] = self.rank[graph.owner[item], frame]
                        places.append(place)
                if len(places) > 1:
                    for place, item in zip(places, sorted(ranks, key=lambda item: (ranks[item], item)), strict=True):
                        items[place] = item
            held = [vertex for item in items for vertex in whole.get(item, (item,))]
            if frame == ROOT:
                self.rows[layer] = held
                return
            at = layer - graph.spans[frame][0]
            top, bottom = graph.tops[frame][at], graph.bottoms[frame][at]
            if items:
                key[top] = _mean([key[item] for item in items])
            whole[top] = [top, *held, bottom]
            frame_of[top] = frame
            inside[self.around[frame]].append(top)

    def sweep(self, forward: bool, flip: bool) -> None:
        """Move the vertices of each layer to the mean places of their neighbours before it, or after it."""
        place, key = self.place, self.key
        height = len(self.rows)
        neighbours = self.graph.before if forward else self.graph.after
        for layer in range(1, height) if forward else range(height - 2, -1, -1):
            row = self.rows[layer]
            if len(row) < 2:
                continue
            last = -1.0
            for vertex in row:
                near = neighbours[vertex]
                if near:
                    last = place[near[0]] if len(near) == 1 else sum([place[each] for each in near]) / len(near)
                key[vertex] = last  # without a neighbour, it stays behind the vertex before it
            if flip:
                row.reverse()
            self._arrange(layer)

    def exchange(self, rounds: int, ties: bool) -> None:
        """Let neighbours change places where that saves crossings; in the first round also where it costs none."""
        graph, place, kin = self.graph, self.place, self.kin
        before, after = graph.before, graph.after
        dirty = set(range(len(self.rows)))
        for _ in range(rounds):
            moved: set[int] = set()
            for layer in sorted(dirty):
                row = self.rows[layer]
                if len(row) < 2:
                    continue
                above = [_places(before[vertex], place) for vertex in row]
                below = [_places(after[vertex], place) for vertex in row]
                changed = False
                for at in range(len(row) - 1):
                    left, right = above[at], above[at + 1]
                    low, high = below[at], below[at + 1]
                    crosses = bool(left and right and left[-1] > right[0]) or bool(low and high and low[-1] > high[0])
                    if not crosses and not (ties and (left != right or low != high)):
                        continue
                    one, other = row[at], row[at + 1]
                    if graph.frame[one] != graph.frame[other] or graph.owner[one] < 0 or graph.owner[other] < 0:
                        continue
                    if kin[one] >= 0 and kin[one] == kin[other]:
                        continue
                    gain = _gain(left, right) + _gain(low, high)
                    if gain > 0 or (ties and not gain):
                        row[at], row[at + 1] = other, one
                        above[at], above[at + 1] = right, left
                        below[at], below[at + 1] = high, low
                        changed = True
                if changed:
                    for at, vertex in enumerate(row):
                        place[vertex] = at
                    moved.update((layer - 1, layer, layer + 1))
            ties = False
            dirty = moved.intersection(range(len(self.rows)))
            if not dirty:
                return

    def crossings(self) -> int:
        """Return how many edges cross, those along the borders of frames included."""
        return sum([crossings(row, self.graph.after, self.place) for row in self.rows[:-1]])

    def copy(self) -> list[list[int]]:
        """Return the rows as they are now."""
        return [[*row] for row in self.rows]

    def restore(self, rows: Sequence[Sequence[int]]) -> None:
        """Put the vertices back into these rows."""
        for layer, row in enumerate(rows):
            self.rows[layer] = [*row]
            for place, vertex in enumerate(row):
                self.place[vertex] = place


def _places(neighbours: Sequence[int], place: Sequence[int]) -> list[int]:
    if len(neighbours) == 1:
        return [place[neighbours[0]]]
    return sorted([place[each] for each in neighbours])


def _gain(left: list[int], right: list[int]) -> int:
    """Return how many crossings fewer there are when two neighbours change places, from the places of their ends."""
    if not left or not right:
        return 0
    if len(left) == len(right) == 1:
        return (left[0] > right[0]) - (left[0] < right[0])
    gain = 0
    if left[-1] > right[0]:
        gain = inversions(left, right)
    if right[-1] > left[0]:
        gain -= inversions(right, left)
    return gain


def _mean(numbers: Sequence[float]) -> float:
    total = 0.0
    for number in numbers:  # sum() rounds differently from Python 3.12 on
        total += number
    return total / len(numbers)


def depth_first(units: Units) -> list[float]:
    """Return keys of units that put trees in order without a crossing: operands from the outputs on, then their user."""
    key = [-1.0] * len(units.parts)
    number = 0
    for root, heads in enumerate(units.heads):
        if heads:
            continue
        stack = [(root, iter(units.tails[root]))]
        while stack:
            unit, tails = stack[-1]
            for tail in tails:
                if key[tail] < 0:
                    key[tail] = 0.0  # seen
                    stack.append((tail, iter(units.tails[tail])))
                    break
            else:
                number += 1
                key[unit] = float(number)
                stack.pop()
    return key


def breadth_first(units: Units) -> list[float]:
    """Return keys of units by how far they are from the leaves."""
    queue = [unit for unit, tails in enumerate(units.tails) if not tails]
    key = [-1.0] * len(units.parts)
    for unit in queue:
        key[unit] = 0.0
    for number, unit in enumerate(queue, 1):
        key[unit] = float(number)
        for head in units.heads[unit]:
            if key[head] < 0:
                key[head] = 0.0
                queue.append(head)
    return key


def _shuffled(key: Sequence[float], seed: int) -> list[float]:
    """Return other keys, the same for the same seed on every machine: each is moved by up to half of their number."""
    shuffled = []
    for number in key:
        seed = (seed * 1103515245 + 12345) % (1 << 31)
        shuffled.append(number + (seed >> 8) / (1 << 23) * len(key) / 2)
    return shuffled


def find_order(graph: Layered, units: Units, work: int) -> tuple[list[list[int]], int]:
    """Return rows with few crossings, and their number. `work` bounds the visits to vertices and edges."""
    order = Order(graph, units)
    size = len(graph.layer) + sum(map(len, graph.after))
    best: list[list[int]] = []
    least = -1
    first = depth_first(units)
    starts = [first, breadth_first(units)]
    seed = 1
    small = size < 12_000
    while work > 0 or least < 0:
        if starts:
            order.start(starts.pop(0))
        elif size < 6000:
            seed = (seed * 1103515245 + 12345) % (1 << 31)
            order.start(_shuffled(first, seed))
        else:
            break
        stale = number = 0
        here = order.crossings()
        if least < 0 or here < least:
            best, least = order.copy(), here
        while least and stale < 12 and (work > 0 or number == 0):
            order.sweep(forward=number % 2 == 1, flip=number // 2 % 2 == 1)
            work -= size
            if small:
                order.exchange(8, number % 4 > 1)
                work -= 2 * size
            count = order.crossings()
            stale += 1
            if count < here:
                here, stale = count, 0
            if count < least:
                best, least = order.copy(), count
            number += 1
        if not least:
            break
    order.restore(best)
    if least and size < 40_000:
        order.exchange(40 if small else 4, False)
        least = order.crossings()
    return order.rows, least
