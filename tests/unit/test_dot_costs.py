"""Hostile DOT: what is four times as long takes four times as long, in every direction a text can grow."""

import gc
import time
import tracemalloc
from collections.abc import Callable

import pytest

from gradgraph import DocumentError, loads

N = 25_000
ENDS = "->{x y}"

SHAPES: dict[str, Callable[[int], str]] = {
    "braces": lambda n: "digraph{" + "{" * n + "}" * n + "}",
    "braces not closed": lambda n: "digraph{" + "{" * n,
    "deep braces side by side": lambda n: "digraph{" + ("{" * 1000 + "a" + "}" * 1000) * (n // 2000) + "}",
    "empty subgraphs": lambda n: "digraph{" + "{}" * (n // 2) + "}",
    "subgraphs in a subgraph": lambda n: "digraph{subgraph s{" + "{a}" * (n // 3) + "}}",
    "edges from deep subgraphs": lambda n: "digraph{" + "{" * 900 + "a" + ("}" + ENDS) * 900 + " " * n + "}",
    "edges between subgraphs": lambda n: f"digraph{{{{{names('a', n)}}}->{{{names('b', n)}}}}}",
    "edges between node lists": lambda n: f"digraph{{{names('a', n, ',')}->{names('b', n, ',')}}}",
    "edges to nothing": lambda n: f"digraph{{subgraph s{{{names('a', n)}}}" + "subgraph s{}->{}" * (n // 32) + "}",
    "a chain": lambda n: "digraph{" + "->".join(["a"] * (n // 3)) + "}",
    "joined values": lambda n: 'digraph{a[data="x"' + '+"y"' * (n // 4) + "]}",
    "joined names": lambda n: 'digraph{"x"' + '+"y"' * (n // 4) + "}",
    "escapes": lambda n: 'digraph{gradgraph="' + '\\"' * (n // 2) + '"}',
    "continued lines": lambda n: 'digraph{"' + "\\\n" * (n // 2) + '"}',
    "comments": lambda n: "digraph{" + "/**/" * (n // 4) + "}",
    "comment lines": lambda n: "digraph{" + "#\n" * (n // 2) + "}",
    "a comment not closed": lambda n: "digraph{/*" + "*" * n,
    "a string not closed": lambda n: 'digraph{"' + "\\\\" * (n // 2),
    "angles": lambda n: "digraph{a[b=" + "<" * (n // 2) + ">" * (n // 2) + "]}",
    "angles not closed": lambda n: "digraph{a[b=" + "<" * n,
    "HTML strings": lambda n: "digraph{a[" + "b=<>" * (n // 4) + "]}",
    "attributes": lambda n: "digraph{a[" + "data=1 " * (n // 7) + "]}",
    "defaults": lambda n: "digraph{" + "node[data=1]a " * (n // 14) + "}",
    "clusters": lambda n: "digraph{" + "".join(f"subgraph cluster_{i}{{a}}" for i in range(n // 22)) + "}",
    "keys": lambda n: "digraph{" + "a->b[key=1]" * (n // 11) + "}",
    "lines": lambda n: "digraph{" + "\n" * n + "?",
    "a deep header": lambda n: 'digraph{gradgraph="{\\"meta\\":' + "[" * (n // 2) + "]" * (n // 2) + '}"}',
    "a header that repeats": lambda n: 'digraph{gradgraph="{' + '\\"a\\":1,' * (n // 8) + '\\"a\\":1}"}',
}


def names(letter: str, n: int, between: str = " ") -> str:
    return between.join(f"{letter}{i}" for i in range(n // 16))


def seconds(text: str) -> float:
    gc.disable()  # a collection costs as much as the tests before this one have left behind
    try:
        start = time.process_time()
        with pytest.raises(DocumentError):
            loads(text, "dot")
        return time.process_time() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_the_text(shape):
    """Quadratic work would make the ratio 16."""
    for _ in range(3):
        small, large = SHAPES[shape](N), SHAPES[shape](4 * N)
        if seconds(large) < 8 * max(seconds(small), 0.002):
            return
    raise AssertionError(f"{shape}: four times the text takes more than eight times the time")


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_is_a_multiple_of_the_text(shape):
    text = SHAPES[shape](N)
    tracemalloc.start()
    with pytest.raises(DocumentError):
        loads(text, "dot")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4_000_000 + 150 * len(text)
