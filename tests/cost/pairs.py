"""All pairs of an action and a dimension, and the verdict on one."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import gradgraph
from tests.cost.actions import ON_GRAPHS, READING, Format, Source, attempt
from tests.cost.broken import BROKEN
from tests.cost.dot_texts import DOT
from tests.cost.measuring import Growth, measure
from tests.cost.sound import SOUND
from tests.cost.yaml_texts import YAML

KINDS: dict[str, tuple[Format, dict[str, Callable[[int], bytes]]]] = {
    "sound": ("json", SOUND),
    "broken": ("json", BROKEN),
    "yaml": ("yaml", YAML),
    "dot": ("dot", DOT),
}


@lru_cache(maxsize=24)
def source(kind: str, dimension: str, n: int) -> Source:
    """The document of size n along a dimension."""
    format, dimensions = KINDS[kind]
    return Source(dimensions[dimension](n), format)


@lru_cache(maxsize=24)
def graph(kind: str, dimension: str, n: int) -> gradgraph.Graph | None:
    """The graph in it, None where it is refused."""
    read: list[gradgraph.Graph] = []
    attempt(lambda data: read.append(gradgraph.loads(data)), source(kind, dimension, n).data)
    return read[0] if read else None


NESTED = ("groups in groups", "groups in groups, down and up", "long name around groups in groups")
"""Dimensions on which the engine `layered` is not linear: each frame has borders on each of its layers. It refuses more
than 200 frames in each other, for which the drawing takes less than a second."""


class Pair(NamedTuple):
    """An action on a dimension of a kind of document."""

    action: str
    kind: str
    dimension: str

    def __str__(self) -> str:
        return f"{self.action} | {self.kind}: {self.dimension}"

    def do(self, what: Any) -> None:
        """The action, on a Source or a graph. There is nothing to do with a graph that was refused."""
        if self.action in READING:
            attempt(READING[self.action], what)
        elif what is not None:
            attempt(ON_GRAPHS[self.action], what)

    def subject(self, n: int) -> Any:
        """What the action is done with."""
        return (source if self.action in READING else graph)(self.kind, self.dimension, n)

    def size(self, n: int) -> int:
        """Bytes of the document."""
        return len(source(self.kind, self.dimension, n).data)

    def measured(self, seconds: float, most_bytes: int) -> Growth:
        """What the action costs along the dimension, from n where it takes so many seconds, up to so many bytes."""
        return measure(self.do, self.subject, self.size, seconds=seconds, most_bytes=most_bytes)

    def judged(self, seconds: float, most_bytes: int, attempts: int = 3) -> Growth:
        """The same, measured again where it grows too fast: only what does so each time counts."""
        for _ in range(attempts):
            growth = self.measured(seconds, most_bytes)
            if growth.is_linear:
                break
        return growth


def pairs() -> Iterator[Pair]:
    """Every pair: what is done with a graph is done with those of sound documents in JSON."""
    for kind, (_, dimensions) in KINDS.items():
        for dimension in dimensions:
            for action in (*READING, *ON_GRAPHS) if kind == "sound" else READING:
                if action != "render svg, layered" or dimension not in NESTED:
                    yield Pair(action, kind, dimension)
