"""Nested groups as the brackets that DOT and Mermaid write them in."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar


class Group(Protocol):
    """A cluster of a scene, or a frame of an outline."""

    @property
    def group_id(self) -> int: ...
    @property
    def parent(self) -> int | None: ...
    @property
    def members(self) -> tuple[str, ...]: ...


AnyGroup = TypeVar("AnyGroup", bound=Group)


def nested(
    groups: Sequence[AnyGroup], opening: Callable[[AnyGroup], str], member: Callable[[str], str], closing: str
) -> Iterator[str]:
    """The lines of every group inside the one around it, indented, without recursion."""
    inside: dict[int | None, list[AnyGroup]] = {}
    for group in groups:
        inside.setdefault(group.parent, []).append(group)
    stack = [(0, group) for group in reversed(inside.get(None, []))]
    open_depths: list[int] = []
    while stack:
        depth, group = stack.pop()
        while open_depths and open_depths[-1] >= depth:
            yield _indent(open_depths.pop() + 1) + closing
        yield _indent(depth + 1) + opening(group)
        open_depths.append(depth)
        for key in group.members:
            yield _indent(depth + 2) + member(key)
        stack.extend((depth + 1, inner) for inner in reversed(inside.get(group.group_id, [])))
    while open_depths:
        yield _indent(open_depths.pop() + 1) + closing


def nesting_depth(groups: Sequence[Group]) -> int:
    """How many groups stand inside each other."""
    depths: dict[int | None, int] = {None: 0}
    for group in groups:
        depths[group.group_id] = depths[group.parent] + 1
    return max(depths.values())


def _indent(depth: int) -> str:
    return "  " * min(depth, 20)  # a deep nest would be mostly white space
