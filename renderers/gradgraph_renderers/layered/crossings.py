"""How many edges between two layers cross."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence


def crossings(row: Iterable[int], after: Sequence[Sequence[int]], place: Sequence[int]) -> int:
    """Return how many edges from the vertices of a row, in order, cross between it and the next row.

    >>> crossings([0, 1], [[3], [2]], [0, 1, 0, 1])
    1
    """
    seen: list[int] = []
    count = 0
    for vertex in row:
        ends = [place[head] for head in after[vertex]]
        if len(ends) > 1:
            ends.sort()
        if seen:
            for end in ends:
                if end < seen[-1]:
                    count += len(seen) - bisect_right(seen, end)
        for end in ends:
            insort(seen, end)
    return count


def gain(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many crossings fewer there are when two vertices change places, from the sorted places of their ends.

    >>> gain([1, 4], [0, 2, 4])
    1
    """
    if not left or not right:
        return 0
    if len(left) == len(right) == 1:
        return (left[0] > right[0]) - (left[0] < right[0])
    saved = _inversions(left, right) if left[-1] > right[0] else 0
    return saved - _inversions(right, left) if right[-1] > left[0] else saved


def _inversions(left: Sequence[int], right: Sequence[int]) -> int:
    """Return how many pairs have the right one first."""
    count = low = 0
    for end in left:
        while low < len(right) and right[low] < end:
            low += 1
        count += low
    return count
