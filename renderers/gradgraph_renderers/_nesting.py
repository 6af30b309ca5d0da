"""Nested clusters as the brackets that DOT and Mermaid write them in."""

from collections.abc import Callable, Iterator

from gradgraph_renderers._scene import Cluster, Scene


def nested(
    scene: Scene, opening: Callable[[Cluster], str], member: Callable[[str], str], closing: str
) -> Iterator[str]:
    """The lines of every cluster inside the one around it, indented, without recursion."""
    inside: dict[int | None, list[Cluster]] = {}
    for cluster in scene.clusters:
        inside.setdefault(cluster.parent, []).append(cluster)
    stack = [(0, cluster) for cluster in reversed(inside.get(None, []))]
    open_depths: list[int] = []
    while stack:
        depth, cluster = stack.pop()
        while open_depths and open_depths[-1] >= depth:
            yield _indent(open_depths.pop() + 1) + closing
        yield _indent(depth + 1) + opening(cluster)
        open_depths.append(depth)
        for key in cluster.members:
            yield _indent(depth + 2) + member(key)
        stack.extend((depth + 1, inner) for inner in reversed(inside.get(cluster.group_id, [])))
    while open_depths:
        yield _indent(open_depths.pop() + 1) + closing


def nesting_depth(scene: Scene) -> int:
    """How many clusters stand inside each other."""
    depths: dict[int | None, int] = {None: 0}
    for cluster in scene.clusters:
        depths[cluster.group_id] = depths[cluster.parent] + 1
    return max(depths.values())


def _indent(depth: int) -> str:
    return "  " * min(depth, 20)  # a deep nest would be mostly white space
