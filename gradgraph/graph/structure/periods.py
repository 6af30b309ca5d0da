"""Stretches of a word that repeat."""

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

_MOST_PERIODS = 8
"""Periods that are tried: the distances that most often lead from a letter to the same letter before it."""
LEAST_REPEATS = 3


class Stretch(NamedTuple):
    """From `start` up to `end`, each letter is the one `period` before it, where that is in the stretch."""

    start: int
    end: int
    period: int


def repeats(word: Sequence[Hashable]) -> list[Stretch]:
    """Return stretches of a word that hold a period three times or more: the longest first, none inside another.

    Takes time linear in the word.

    >>> repeats("xabababy")
    [Stretch(start=1, end=7, period=2)]
    """
    last: dict[Hashable, int] = {}
    gaps: Counter[int] = Counter()
    for place, letter in enumerate(word):
        if letter in last:
            gaps[place - last[letter]] += 1
        last[letter] = place
    frequent = sorted(gaps, key=lambda gap: (-gaps[gap], gap))[:_MOST_PERIODS]
    found = [stretch for period in frequent for stretch in _of_period(word, period)]
    free = bytearray(len(word))
    chosen = []
    for stretch in sorted(found, key=lambda one: (one.start - one.end, one.period, one.start)):
        if not any(free[stretch.start : stretch.end]):
            free[stretch.start : stretch.end] = b"\1" * (stretch.end - stretch.start)
            chosen.append(stretch)
    return chosen


def _of_period(word: Sequence[Hashable], period: int) -> list[Stretch]:
    found = []
    place = period
    while place < len(word):
        if word[place] != word[place - period]:
            place += 1
            continue
        start = place - period
        while place < len(word) and word[place] == word[place - period]:
            place += 1
        if place - start >= LEAST_REPEATS * period:
            found.append(Stretch(start, place, period))
    return found
