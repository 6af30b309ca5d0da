"""What is refused costs as little as what is read: twice the document, twice the time.

Each document is sound but for one free dimension, which grows. Judged by CPU time, as a ratio.
"""

import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from gradgraph import Graph, Group, Limits, Node, ReplayError, dumps, export, loads, to_values, validate
from gradgraph.graph.comparing import diff
from gradgraph.graph.folding import fold

ROW = {"id": 0, "data": 1.0, "grad": None}
OPS = {"f": {"symbol": "f", "arity": None}}
MOST = 2.6
"""Of the time at 2n to that at n."""


def document(**changed: Any) -> bytes:
    sound = {"format": "gradgraph", "version": "1.0", "ops": OPS, "outputs": [0], "nodes": [ROW]}
    return json.dumps(sound | changed).encode()


def row(**changed: Any) -> dict[str, Any]:
    return {"id": 1, "op": "f", "operands": [0], "data": 1.0, "grad": None} | changed


def last(**changed: Any) -> bytes:
    return document(nodes=[ROW, row(**changed)])


def with_repeated_keys(n: int) -> bytes:
    rows = [json.dumps(ROW | {"id": index})[:-1] + ', "label": 3, "label": "x"}' for index in range(n // 4)]
    return document(nodes=[]).replace(b"[]", f"[{', '.join(rows)}]".encode())


BROKEN: dict[str, Callable[[int], bytes]] = {
    "an open string": lambda n: b'{"a": "' + b'\\"' * n,
    "open strings": lambda n: b'{"a": ' + b'"a\\' * n,
    "half pairs": lambda n: b'{"a": "' + b"\\ud800" * n,
    "an open string in YAML": lambda n: b'a: "' + b'\\"' * n,
    "brackets": lambda n: b"[" * n,
    "white space": lambda n: b'{"format"' + b" " * n,
    "operands": lambda n: last(operands=[-1] * n),
    "the last operand": lambda n: last(operands=[0] * n + ["x"]),
    "local": lambda n: last(local=["x"] * n),
    "params": lambda n: last(params={f"p{index}": None for index in range(n)}),
    "items of a param": lambda n: last(params={"p": [None] * n}),
    "the last item of a param": lambda n: last(params={"p": [*[1] * n, None]}),
    "data that is a list": lambda n: last(data=[1] * n),
    "data that is a text": lambda n: last(data="x" * n),
    "unknown keys": lambda n: last(**{f"key{index}": 1 for index in range(n)}),
    "an unknown key": lambda n: last(**{"k" * n: 1}),
    "unknown keys above": lambda n: document(**{f"key{index}": 1 for index in range(n)}),
    "ops": lambda n: document(ops={f"op{index}": {"symbol": 1} for index in range(n)}),
    "the last op": lambda n: document(ops={f"op{index}": {"symbol": "", "arity": 1} for index in range(n)} | {"o": 1}),
    "outputs": lambda n: document(outputs=[-1] * n),
    "the last output": lambda n: document(outputs=[0] * n + [0.5]),
    "groups": lambda n: document(groups=[{"id": -1}] * n),
    "rows": lambda n: document(nodes=[{"id": -1}] * n),
    "meta": lambda n: document(meta={"a": [10**400] * n}),
    "numbers in meta": lambda n: document(meta={"a": [0] * n}).replace(b"0, ", b"1e999, "),
    "the version": lambda n: document(version="9" * n),
    "repeated keys": with_repeated_keys,
    "repeated keys in meta": lambda n: document(meta={"a": {str(index): 1 for index in range(n)}}).replace(
        b": 1, ", b': 1, "0": 1, '
    ),
    "outputs that are not there": lambda n: document(outputs=[7] * n),
    "ids": lambda n: document(nodes=[ROW] * n),
    "a number": lambda n: last(data=0).replace(b'"data": 0', b'"data": ' + b"9" * n),
}


IN_YAML = {
    "an open text": lambda n: b'a: "' + b'\\"' * n,
    "ids": lambda n: document(nodes=[ROW] * (n // 20)),
    "unknown keys": lambda n: document(**{f"key{index}": 1 for index in range(n // 20)}),
    "plain scalars": lambda n: b"a: " + b"1:" * n,
    "digits": lambda n: b"a: " + b"1_" * n,
}


def cpu(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return time.process_time() - started


def grows_no_faster_than(most: float, action: Callable[[int], Callable[[], object]], n: int) -> bool:
    """Whether twice the size takes no more than so many times the time, in one of three tries."""
    once, twice = action(n), action(2 * n)
    once()
    return any(min(cpu(twice), cpu(twice)) <= most * max(cpu(once), 0.005) for _ in range(3))


def judging(make: Callable[[int], bytes], **options: Any) -> Callable[[int], Callable[[], object]]:
    def action(n: int) -> Callable[[], object]:
        data = make(n)
        return lambda: validate(data, **options)

    return action


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_refused_takes_linear_time_and_says_little(name):
    assert grows_no_faster_than(MOST, judging(BROKEN[name]), 20_000)
    problems = validate(BROKEN[name](5_000))
    assert 0 < len(problems) <= Limits().max_problems
    assert max(len(str(problem)) for problem in problems) < 400


@pytest.mark.parametrize("name", IN_YAML)
def test_in_yaml_too(name):
    assert validate(IN_YAML[name](1_000), yaml=True)
    assert grows_no_faster_than(MOST, judging(IN_YAML[name], yaml=True), 20_000)


def calls(action: Callable[[], object]) -> int:
    """Return how many functions are called meanwhile, which other work on the machine does not change."""
    counted = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        action()
    finally:
        sys.setprofile(None)
    return counted


def test_no_function_is_called_for_each_item_of_a_huge_broken_row():
    small, huge = (last(operands=[0] * n + ["x"]) for n in (100, 200_000))
    validate(small)  # what is imported and prepared once
    assert calls(lambda: validate(huge)) < 3 * calls(lambda: validate(small))


def test_a_huge_broken_document_takes_little_memory():
    data = document(nodes=[ROW, row(params={"p": [None] * 200_000}, data=["x"] * 200_000)])
    validate(last(data=3))  # what is imported and prepared once
    tracemalloc.start()
    assert len(validate(data)) == 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(data)


def nest(depth: int, name: str = "g") -> Graph:
    groups = tuple(Group(index, f"{name}{index % 3}", index - 1 if index else None) for index in range(depth))
    return Graph(tuple(Node(index, 1.0, None, group=index) for index in range(depth)), (0,), groups=groups)


@pytest.mark.parametrize(
    "action",
    [
        lambda graph: diff(graph, nest(len(graph), "h")),
        lambda graph: loads(dumps(graph), limits=Limits(max_group_depth=10**6)),
        lambda graph: fold(graph, ["/".join(group.name for group in graph.groups)]),
    ],
    ids=["diff", "load", "fold"],
)
def test_nested_groups_take_linear_time_and_memory(action):
    graphs = {n: nest(n) for n in (2_000, 4_000)}
    assert grows_no_faster_than(MOST, lambda n: lambda: action(graphs[n]), 2_000)
    peaks = []
    for graph in graphs.values():
        tracemalloc.start()
        action(graph)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < MOST * peaks[0]


def test_scopes_of_live_values_are_bounded():
    graph = nest(1_000)
    assert to_values(graph)[999].scope == tuple(group.name for group in graph.groups)
    assert export(to_values(graph)[999]).groups == graph.groups
    with pytest.raises(ReplayError, match="their scopes have 12,502,500 names"):
        to_values(nest(5_000))


def test_groups_that_differ_far_up_are_told_by_their_last_names():
    changes = diff(nest(40), nest(40, "h"))
    (was, now) = changes[39].facts["group"]
    assert was.startswith("…/g")
    assert now.endswith("/h0")
    assert was.count("/") == 32


@pytest.mark.parametrize("remembered", ["width", "quote", "caption", "plain"])
def test_long_texts_are_not_remembered(remembered):
    from gradgraph.document.yaml_reading import _plain
    from gradgraph_renderers.dot.facts import _text
    from gradgraph_renderers.dot.quoting import quote
    from gradgraph_renderers.svg.metrics import text_width

    functions: dict[str, Callable[[str], object]] = {
        "width": text_width,
        "quote": quote,
        "caption": _text,
        "plain": _plain,
    }
    function = functions[remembered]
    function("x")
    tracemalloc.start()
    for index in range(20):
        function(f"{index}" + "x" * 100_000)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert kept < 100_000
