"""Cost in the gate: forty of the pairs that `make cost` measures, and what stays behind."""

import gc
import tracemalloc
from collections.abc import Iterator
from itertools import count
from time import thread_time
from typing import Any

import pytest

from tests.cost.actions import ON_GRAPHS, READING, Source, attempt, grid_layout, read
from tests.cost.documents import document, leaf, result
from tests.cost.measuring import Growth, TooLong, bounded, forget, measure
from tests.cost.pairs import KINDS, Pair, pairs

SECONDS, MOST_BYTES = 0.004, 1 << 20

GATE = [
    Pair(action, kind, dimension)
    for action, kind, dimension in (
        ("loads", "broken", "open string of escaped quotes"),
        ("loads", "broken", "length of a wrong text"),
        ("loads", "broken", "last row: key twice"),
        ("loads", "broken", "all of n groups"),
        ("loads", "sound", "white space at colons"),
        ("loads", "sound", "newer version, unknown keys"),
        ("loads", "yaml", "tags of directives"),
        ("loads", "yaml", "block rows"),
        ("loads", "dot", "braces in braces"),
        ("loads", "dot", "concatenation"),
        ("loads", "dot", "chain"),
        ("validate", "broken", "every row: a type"),
        ("validate", "broken", "one row: n params of a wrong type"),
        ("validate", "broken", "last in meta: too large"),
        ("validate", "yaml", "type, last"),
        ("validate", "yaml", "ambiguous scalar after wide letters"),
        ("validate --reference", "broken", "last of n ops"),
        ("convert to json", "sound", "params of each node"),
        ("convert to yaml", "sound", "length of a label"),
        ("convert to dot and back", "sound", "groups in groups"),
        ("render dot", "sound", "length of a group's name, many nodes"),
        ("render text", "sound", "flags"),
        ("render text", "sound", "long-lived values"),
        ("render text", "sound", "braces of a symbol, many uses"),
        ("render text, ASCII", "sound", "joined emoji"),
        ("render text, all", "sound", "long name around groups in groups"),
        ("render text tree", "sound", "long wide label with many users"),
        ("render text tree, all", "sound", "v - v"),
        ("render mermaid", "sound", "groups side by side"),
        ("render mermaid, folded", "sound", "groups that split"),
        ("render svg", "sound", "groups in groups, down and up"),
        ("structure", "sound", "one value used by all"),
        ("structure", "sound", "groups in groups"),
        ("render svg, limits", "sound", "one value used by all"),
        ("render svg, layered", "sound", "one op of n operands"),
        ("render svg, layered", "sound", "groups side by side"),
        ("render svg, layered", "sound", "one leaf under n results"),
        ("render png", "sound", "combining marks of a letter"),
        ("render pdf", "sound", "groups side by side"),
        ("notebook", "sound", "n outputs"),
        ("verify", "sound", "chain, every number wrong"),
        ("info", "sound", "ops declared and used"),
        ("diff, equal", "sound", "width of meta"),
        ("diff, changed", "sound", "groups of one name"),
        ("focus", "sound", "one leaf under n results"),
        ("fold", "sound", "groups in groups"),
        ("to_values, backward", "sound", "Fibonacci"),
        ("networkx", "sound", "one op of n operands"),
        ("read text back", "sound", "binary tree"),
    )
]


@pytest.fixture(scope="module", autouse=True)
def still() -> Iterator[None]:
    """What is there before is nothing that a measurement has to collect, and layout takes no time."""
    gc.collect()
    gc.freeze()
    with grid_layout():
        yield
    gc.unfreeze()


@pytest.mark.parametrize("pair", GATE, ids=str)
def test_cost_grows_no_faster_than_the_document(pair: Pair) -> None:
    growth = pair.judged(SECONDS, MOST_BYTES)
    assert growth.is_linear, str(growth)


def test_the_gate_has_every_action() -> None:
    assert {pair.action for pair in GATE} == {*READING, *ON_GRAPHS}
    assert {*GATE} <= {*pairs()}
    assert len(GATE) >= 40


@pytest.mark.parametrize("action", [*READING, *ON_GRAPHS])
def test_nothing_long_is_kept(action: str) -> None:
    """What one document left in caches and counters is little, however long its texts were."""

    def use(number: int) -> None:
        text = f"{number}" + "x" * 60_000
        data = document(
            [leaf(0, text, group=0), leaf(1, "w", group=0), result(2, "f", [0, 1], label=f"y{text}", group=0)],
            [2],
            ops={"f": {"symbol": text, "arity": 2}},
            groups=[{"id": 0, "name": text}],
            meta={text: text},
        )
        source = Source(data, "json")
        attempt(READING.get(action) or (lambda source: ON_GRAPHS[action](read(source))), source)

    use(0)  # what is imported then stays
    forget()
    tracemalloc.start()
    try:
        for number in range(1, 6):
            use(number)
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] < 150_000
    finally:
        tracemalloc.stop()


class TestTheJudges:
    """They find what they are for."""

    def test_a_square(self) -> None:
        def action(what: bytes) -> None:
            sum(1 for _ in what for _ in what)

        growth = _measured(action)
        assert growth.time_ratio > 3

    def test_memory(self) -> None:
        growth = _measured(lambda what: (b" " * len(what) ** 2)[0] + sum(what * 200))
        assert growth.memory_ratio > 3

    def test_a_line(self) -> None:
        assert min(_measured(lambda what: sum(what * 200)).time_ratio for _ in range(3)) <= 2.6

    def test_what_never_ends(self) -> None:
        began = thread_time()
        with pytest.raises(TooLong), bounded(0.2):
            all(True for _ in count())
        assert thread_time() - began < 2

    def test_dimensions_are_what_they_are_called(self) -> None:
        for dimension, make in KINDS["sound"][1].items():
            for n in (1, 3, 40):
                assert attempt(read, Source(make(n), "json")), (dimension, n)
        for dimension, make in KINDS["broken"][1].items():
            for n in (400, 401):
                assert not attempt(read, Source(make(n), "json")), (dimension, n)

    def test_documents_grow_in_proportion(self) -> None:
        for format, dimensions in KINDS.values():
            for dimension, make in dimensions.items() if format != "dot" else ():
                sizes = [len(make(n)) for n in (1000, 2000, 4000)]
                assert sizes[1] - sizes[0] > 100, dimension
                assert 1.6 < (sizes[2] - sizes[1]) / (sizes[1] - sizes[0]) < 2.5, (dimension, sizes)


def _measured(action: Any) -> Growth:
    return measure(action, lambda n: b"x" * n, lambda n: n, seconds=0.003, most_bytes=1 << 14)
