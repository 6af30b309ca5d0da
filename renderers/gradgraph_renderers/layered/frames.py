"""Where things are across the drawing, frames by frames, from the inside out: a frame is placed as one thick trunk."""

from collections.abc import Sequence

from gradgraph_renderers.layered.places import Frame, Net, find_places
from gradgraph_renderers.layered.room import APART, PAD, TRUNK, Room
from gradgraph_renderers.layered.trunks import Layered
from gradgraph_renderers.layered.units import ROOT, Units, innermost

_SWEEPS = 96_000
"""Visits to vertices in all sweeps, of which there are from 3 to 12: more change little."""


def find_across(
    units: Units, graph: Layered, rows: Sequence[Sequence[int]], half: Sequence[float], room: Room
) -> tuple[list[float], list[tuple[float, float]]]:
    """Return the middle of each vertex, and from where to where each frame is. `half` is that of units."""
    count = len(units.parts)
    if not units.around:
        size = len(graph.layer)
        joint = [vertex >= count for vertex in range(size)]
        every = [*half, *[TRUNK / 2] * (size - count)]
        return find_places(Net(rows, graph.before, graph.after, every, joint, ()), _rounds(size)), []
    return _Frames(units, graph, rows, half, room).place()


def _rounds(size: int) -> int:
    return min(12, max(3, _SWEEPS // max(1, size)))


class _Frames:
    """The placements of all frames, each relative to its middle."""

    def __init__(
        self, units: Units, graph: Layered, rows: Sequence[Sequence[int]], half: Sequence[float], room: Room
    ) -> None:
        self.units, self.graph, self.half, self.room = units, graph, half, room
        self.frame_of_top = {top: frame for frame, tops in enumerate(graph.tops) for top in tops}
        self.rows = self._split(rows)
        self.edges = self._lift()
        self.at = [0.0] * len(graph.layer)
        self.middle = [0.0] * len(units.around)
        self.height = [0.0] * len(units.around)

    def _split(self, rows: Sequence[Sequence[int]]) -> dict[int, list[list[int]]]:
        """Return the rows of each frame, in which a frame is its upper border."""
        graph = self.graph
        bottoms = {bottom for each in graph.bottoms for bottom in each}
        split: dict[int, list[list[int]]] = {frame: [] for frame in (ROOT, *range(len(graph.spans)))}
        for row in rows:
            open_rows: list[list[int]] = [[]]
            split[ROOT].append(open_rows[0])
            for vertex in row:
                if vertex in self.frame_of_top:
                    open_rows[-1].append(vertex)
                    open_rows.append([])
                    split[self.frame_of_top[vertex]].append(open_rows[-1])
                elif vertex in bottoms:
                    open_rows.pop()
                else:
                    open_rows[-1].append(vertex)
        return split

    def _lift(self) -> dict[int, list[tuple[int, int]]]:
        """Return the edges whose ends are in different frames, by the innermost frame around both."""
        graph, around = self.graph, self.units.around
        depth = [0] * (len(around) + 1)  # ROOT, -1, is the last
        for frame, outer in enumerate(around):
            depth[frame] = depth[outer] + 1
        edges: dict[int, list[tuple[int, int]]] = {frame: [] for frame in (ROOT, *range(len(around)))}
        for tail, heads in enumerate(graph.after):
            for head in heads:
                one, other = graph.frame[tail], graph.frame[head]
                if one != other:
                    edges[innermost(one, other, around, depth)].append((tail, head))
        return edges

    def place(self) -> tuple[list[float], list[tuple[float, float]]]:
        """Place all frames, then what is in no frame, and add up where everything is."""
        around = self.units.around
        for frame in (*reversed(range(len(around))), ROOT):
            self._place(frame)
        found = []
        for frame, outer in enumerate(around):  # what is in a frame comes after it
            if outer != ROOT:
                self.middle[frame] += self.middle[outer]
            found.append((self.middle[frame] - self.height[frame] / 2, self.middle[frame] + self.height[frame] / 2))
        for vertex, frame in enumerate(self.graph.frame):
            if frame != ROOT:
                self.at[vertex] += self.middle[frame]
        return self.at, found

    def _place(self, frame: int) -> None:
        items = [vertex for row in self.rows[frame] for vertex in row]
        net = self._net(frame, items)
        across = find_places(net, _rounds(len(self.graph.layer)))[: len(items)]
        low = min([at - half for at, half in zip(across, net.half, strict=False)], default=0.0)
        high = max([at + half for at, half in zip(across, net.half, strict=False)], default=0.0)
        title = self.room.titles[frame].across if frame != ROOT else 0.0
        height = high - low - APART + 2 * PAD + title
        middle = low + APART / 2 - PAD - title + height / 2
        if frame != ROOT:
            self.height[frame] = height
        for vertex, at in zip(items, across, strict=False):
            if vertex in self.frame_of_top:
                self.middle[self.frame_of_top[vertex]] = at - middle
            else:
                self.at[vertex] = at - middle

    def _net(self, frame: int, items: Sequence[int]) -> Net:
        """Return what is placed in a frame: items, and the ends of lines in the frames that are items."""
        graph, count = self.graph, len(self.units.parts)
        local = {vertex: number for number, vertex in enumerate(items)}
        before: list[list[int]] = [[] for _ in items]
        after: list[list[int]] = [[] for _ in items]
        half, joint = [], []
        within: dict[int, list[tuple[int, float]]] = {}
        for number, vertex in enumerate(items):
            inner = self.frame_of_top.get(vertex)
            if inner is not None:
                half.append((self.height[inner] + APART) / 2)
                within.setdefault(inner, [])
            else:
                half.append(TRUNK / 2 if vertex >= count else self.half[vertex])
                for head in graph.after[vertex]:
                    if head in local:
                        after[number].append(local[head])
                        before[local[head]].append(number)
            joint.append(inner is None and vertex >= count)
        for edge in self.edges[frame]:
            ends = []
            for vertex in edge:
                if vertex in local:
                    ends.append(local[vertex])
                    continue
                inner, shift = graph.frame[vertex], self.at[vertex]
                while self.units.around[inner] != frame:
                    shift += self.middle[inner]
                    inner = self.units.around[inner]
                ends.append(len(before))
                within[inner].append((len(before), shift))
                before.append([])
                after.append([])
                joint.append(False)
            tail, head = ends
            after[tail].append(head)
            before[head].append(tail)
        frames = [Frame([local[top] for top in graph.tops[inner]], ends) for inner, ends in within.items()]
        return Net([[local[vertex] for vertex in row] for row in self.rows[frame]], before, after, half, joint, frames)
