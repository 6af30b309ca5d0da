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


@lru_cache(maxsize=12)
def source(kind: str, dimension: str, n: int) -> Source:
    """The document of size n along a dimension."""
    format, dimensions = KINDS[kind]
    return Source(dimensions[dimension](n), format)


@lru_cache(maxsize=12)
def graph(kind: str, dimension: str, n: int) -> gradgraph.Graph | None:
    """The graph in it, None where it is refused."""
    read: list[gradgraph.Graph] = []
    attempt(lambda data: read.append(gradgraph.loads(data)), source(kind, dimension, n).data)
    return read[0] if read else None


class Pair(NamedTuple):
    """An action on a dimension of a kind of document."""

    action: str
    kind: str
    dimension: str

    def __str__(self) -> str:
        return f"{self.action} | {self.kind}: {self.dimension}"

    def measured(self, seconds: float, most_bytes: int) -> Growth:
        """What the action costs along the dimension, from n where it takes so many seconds, up to so many bytes."""
        action = READING.get(self.action) or (lambda graph: ON_GRAPHS[self.action](graph) if graph else None)
        subject: Callable[..., Any] = source if self.action in READING else graph
        return measure(
            lambda what: attempt(action, what),
            lambda n: subject(self.kind, self.dimension, n),
            lambda n: len(source(self.kind, self.dimension, n).data),
            seconds=seconds,
            most_bytes=most_bytes,
        )

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
                yield Pair(action, kind, dimension)
