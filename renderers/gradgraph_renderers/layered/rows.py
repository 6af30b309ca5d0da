"""The rows of a layered graph, and how vertices change their order in them.

What is in a frame is together in each row, between the two borders of the frame. Three kinds of vertices keep an order:
operands that only one op uses, the frames in a frame, and the trunks that pass beside frames.
"""

from collections.abc import Mapping, Sequence

from gradgraph_renderers.layered.crossings import crossings, gain
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import ROOT, Units


class Rows:
    """The vertices of each layer, in order."""

    def __init__(self, graph: Layered, units: Units) -> None:
        self.graph = graph
        self.around = units.around
        self.rows: list[list[int]] = [[] for _ in range(max(graph.layer, default=-1) + 1)]
        for vertex, layer in enumerate(graph.layer):
            self.rows[layer].append(vertex)
        self.place = [0] * len(graph.layer)
        """The number of each vertex in its row."""
        self.key: list[float] = [0.0] * len(graph.layer)
        """Where each vertex is drawn to."""
        self.kin, self.slot = _private_operands(graph, units)
        self.has_kin = [len([1 for vertex in row if self.kin[vertex] >= 0]) > 1 for row in self.rows]
        self.frames: list[list[int]] = [[] for _ in self.rows]
        """The frames on each layer, the inner ones first."""
        for frame in reversed(range(len(units.around))):
            for layer in range(graph.spans[frame][0], graph.spans[frame][1] + 1):
                self.frames[layer].append(frame)
        self.holders = {*units.around}
        """The frames that hold frames, ROOT among them if there is a frame."""
        self.frame_rank = [0.0] * len(units.around)
        self.trunk_rank: dict[tuple[int, int], float] = {}
        """By the unit that a trunk belongs to, and the frame with frames in it that it passes."""

    def start(self, key: Sequence[float]) -> None:
        """Put all vertices in the order of the keys of their units."""
        inside: list[list[float]] = [[] for _ in self.around]
        for vertex, unit in enumerate(self.graph.owner):
            if unit >= 0:
                frame = self.graph.frame[vertex]
                self.key[vertex] = key[unit]
                if frame != ROOT:
                    inside[frame].append(key[unit])
                if unit != vertex and frame in self.holders:
                    self.trunk_rank[unit, frame] = key[unit]
        for frame in reversed(range(len(inside))):  # what is in a frame comes after it
            self.frame_rank[frame] = _mean(inside[frame])
            if self.around[frame] != ROOT:
                inside[self.around[frame]].append(self.frame_rank[frame])
        for layer, row in enumerate(self.rows):
            row.sort()
            self._arrange(layer)

    def sweep(self, forward: bool, flip: bool) -> None:
        """Move the vertices of each layer to the mean places of their neighbours before it, or after it.

        With `flip`, vertices with the same mean change their order.
        """
        place, key = self.place, self.key
        neighbours = self.graph.before if forward else self.graph.after
        last_layer = len(self.rows) - 1
        for layer in range(1, last_layer + 1) if forward else range(last_layer - 1, -1, -1):
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
        before, after, place = self.graph.before, self.graph.after, self.place
        dirty = {*range(len(self.rows))}
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
                    crosses = (left and right and left[-1] > right[0]) or (low and high and low[-1] > high[0])
                    if not crosses and not (ties and (left != right or low != high)):
                        continue
                    if not self._may_change(row[at], row[at + 1]):
                        continue
                    saved = gain(left, right) + gain(low, high)
                    if saved > 0 or (ties and not saved):
                        row[at], row[at + 1] = row[at + 1], row[at]
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

    def _may_change(self, one: int, other: int) -> bool:
        graph = self.graph
        if graph.frame[one] != graph.frame[other] or graph.owner[one] < 0 or graph.owner[other] < 0:
            return False
        return self.kin[one] < 0 or self.kin[one] != self.kin[other]

    def _arrange(self, layer: int) -> None:
        """Sort a row by the keys of its vertices, as far as they may change their order."""
        if self.around:
            self._arrange_frames(layer)
        else:
            self.rows[layer].sort(key=self.key.__getitem__)
        row = self.rows[layer]
        if self.has_kin[layer]:
            groups: dict[int, list[int]] = {}
            for place, vertex in enumerate(row):
                if self.kin[vertex] >= 0:
                    groups.setdefault(self.kin[vertex], []).append(place)
            for places in groups.values():
                _reorder(row, places, self.slot)
        for place, vertex in enumerate(row):
            self.place[vertex] = place

    def _arrange_frames(self, layer: int) -> None:
        """Sort a row frame by frame, from the inside out. A frame is one item of the frame around it."""
        graph, key = self.graph, self.key
        inside: dict[int, list[int]] = {frame: [] for frame in (*self.frames[layer], ROOT)}
        for vertex in self.rows[layer]:
            if graph.owner[vertex] >= 0:
                inside[graph.frame[vertex]].append(vertex)
        whole: dict[int, list[int]] = {}  # all that is in a frame, by its upper border
        for frame, items in inside.items():
            items.sort(key=key.__getitem__)
            if frame in self.holders:
                self._arrange_passing(frame, items, whole)
            held = [vertex for item in items for vertex in whole.get(item, (item,))]
            if frame == ROOT:
                self.rows[layer] = held
                return
            at = layer - graph.spans[frame][0]
            top, bottom = graph.tops[frame][at], graph.bottoms[frame][at]
            if items:
                key[top] = _mean([key[item] for item in items])
            whole[top] = [top, *held, bottom]
            inside[self.around[frame]].append(top)

    def _arrange_passing(self, frame: int, items: list[int], whole: dict[int, list[int]]) -> None:
        """Put the frames in a frame, and the trunks beside them, into the order that they have on all layers."""
        owner = self.graph.owner
        ranks: dict[int, float] = {}
        places = []
        for place, item in enumerate(items):
            if item in whole:
                ranks[item] = self.frame_rank[self.graph.frame[item]]
            elif owner[item] != item:
                ranks[item] = self.trunk_rank[owner[item], frame]
            else:
                continue
            places.append(place)
        _reorder(items, places, ranks)


def _private_operands(graph: Layered, units: Units) -> tuple[list[int], list[int]]:
    """Return for each vertex the unit that alone uses it, if it uses others alone too, else -1; and which it is."""
    kin, slot = [-1] * len(graph.layer), [0] * len(graph.layer)
    for unit, tails in enumerate(units.tails):
        alone = [
            tail
            for tail in dict.fromkeys(tails)
            if len(units.heads[tail]) == 1 and units.frame[tail] == units.frame[unit]
        ]
        if len(alone) > 1:
            for number, tail in enumerate(alone):
                kin[tail], slot[tail] = unit, number
    for vertex, unit in enumerate(graph.owner):
        if unit >= 0 and kin[unit] >= 0 and graph.frame[vertex] == graph.frame[unit]:
            kin[vertex], slot[vertex] = kin[unit], slot[unit]
    return kin, slot


def _reorder(row: list[int], places: Sequence[int], rank: Mapping[int, float] | Sequence[float]) -> None:
    """Sort the vertices at some places of a row among these places."""
    if len(places) > 1:
        vertices = sorted([row[place] for place in places], key=lambda vertex: (rank[vertex], vertex))
        for place, vertex in zip(places, vertices, strict=True):
            row[place] = vertex


def _places(neighbours: Sequence[int], place: Sequence[int]) -> list[int]:
    if len(neighbours) == 1:
        return [place[neighbours[0]]]
    return sorted([place[each] for each in neighbours])


def _mean(numbers: Sequence[float]) -> float:
    total = 0.0
    for number in numbers:  # sum() rounds in another way from Python 3.12 on
        total += number
    return total / (len(numbers) or 1)
