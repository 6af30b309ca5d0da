"""Documents from people we do not trust: nothing small may become large, and nothing may take quadratic time.

Times are not asserted: a road that was quadratic would take minutes here, and so be noticed.
"""

import json
import subprocess
from collections import Counter
from typing import Any

import pytest

from gradgraph import (
    DocumentError,
    Graph,
    Group,
    Limits,
    Node,
    OpDeclaration,
    ToolLimit,
    Value,
    dumps,
    export,
    loads,
    named_scope,
    render,
    validate,
    verify,
)
from tests.readback import dot_draws

LEAF = Node(0, 1.0, None)


def test_symbols_do_not_expand_each_other_or_without_bound():
    params = {chr(97 + n): ("{" + chr(98 + n) + "}") * 10 for n in range(14)}
    graph = Graph(
        (LEAF, Node(1, 1.0, None, op="f", operands=(0,), params=params)), (1,), {"f": OpDeclaration("{a}" * 9, 1)}
    )
    options: dict[str, dict[str, Any]] = {"dot": {}, "mermaid": {}, "text": {"width": 0}}
    for name, wide in options.items():
        assert len(str(render(graph, name, **wide))) < 20_000


def test_a_long_symbol_is_not_repeated_whole_on_every_node():
    nodes = (LEAF, *(Node(n, 1.0, None, op="f", operands=(n - 1,)) for n in range(1, 1000)))
    graph = Graph(nodes, (999,), {"f": OpDeclaration("s" * 100_000, 1)})
    assert len(str(render(graph, "dot"))) < 500_000


def test_long_labels_are_one_string_to_graphviz(dot):
    for label in ("x" * 40_000, "\\|" * 20_000, '"&' * 9_000):
        texts, _ = dot_draws(dot, str(render(Value(1.0, label), "dot")))
        assert texts["n0"][0] == label


def test_a_deep_nest_of_scopes_is_exported_and_drawn():
    scopes = [named_scope(f"s{n}") for n in range(900)]
    values = []
    for scope in scopes:
        scope.__enter__()
        values.append(Value(1.0))
    for scope in reversed(scopes):
        scope.__exit__(None, None, None)
    graph = export(values)
    assert len(graph.groups) == 900
    assert graph.groups[-1].parent == 898
    assert loads(dumps(graph)) == graph
    assert len(str(render(graph, "dot"))) < 500_000
    for layout, most in (("dot", "the 100"), ("layered", "200")):
        with pytest.raises(ToolLimit, match=f"groups nest deeper than {most} levels"):
            render(graph, "svg", fold="none", strict=True, layout=layout)


def test_look_alikes_of_keys_cost_little():
    groups = [{"id": n, "name": "g"} for n in range(60_000)]
    document = {"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [0], "groups": groups}
    document["nodes"] = [{"id": 0, "label": '":', "data": 1.0, "grad": None}]
    assert validate(json.dumps(document, separators=(",", " : ")).encode()) == ()


def test_many_outputs_verify():
    leaves = tuple(Node(n, 1.0, 1.0) for n in range(40_000))
    assert verify(Graph(leaves, tuple(range(40_000)))) == ()


def test_an_op_of_very_many_operands_is_drawn_as_text_and_not_laid_out(dot):
    graph = Graph((LEAF, Node(1, 1.0, None, op="f", operands=(0,) * 20_000)), (1,), {"f": OpDeclaration("f", None)})
    with pytest.raises(ToolLimit, match="20,001 edges would cost at least 20,007, more than max_layout_cost = 20,000"):
        render(graph, "svg", strict=True, layout="dot")
    with pytest.raises(
        ToolLimit, match=r"3 boxes and circles and 20,001 edges, more than max_drawn = 20,000; .*limit max"
    ):
        render(graph, "svg", strict=True, limits=Limits.untrusted())
    assert "╰20000●" in str(render(graph, "text", width=0))


def test_mermaid_reads_no_statement_in_a_label():
    with named_scope("direction TB"):
        text = str(render(Value(1.0, "wind Direction LR") ** 2, "mermaid"))
    assert [line for line in text.splitlines() if "direction " in line.lower()] == ["    direction LR"]


def test_mermaid_has_no_empty_text():
    graph = Graph(
        (LEAF, Node(1, 1.0, None, op="f", operands=(0,), group=0)), (1,), {"f": OpDeclaration("", 1)}, (Group(0, ""),)
    )
    text = str(render(graph, "mermaid"))
    assert 'n1op(("f"))' in text
    assert 'subgraph g0["#160;"]' in text


def test_problems_come_in_one_order_under_every_hash_seed(tmp_path):
    import os
    import sys

    path = tmp_path / "bad.json"
    path.write_text('{"format": "gradgraph", "version": "1.0", "x": 1, "y": 2}')
    told = Counter(
        subprocess.run(
            [sys.executable, "-m", "gradgraph", "validate", str(path)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=False,
        ).stderr
        for seed in range(5)
    )
    assert len(told) == 1


def test_an_infinite_gradient_stands_out_and_none_does_not():
    graph = Graph((Node(0, 1.0, float("inf")), Node(1, 1.0, None)), (0,))
    infinite, none = (line for line in str(render(graph, "dot")).splitlines() if "record" in line)
    assert "inf starts here" in infinite
    assert "#ffffff" in none


def test_a_leaf_cannot_pose_as_an_op():
    a = Value(1.0, "a")
    text = str(render([Value(2.0, "c = a * b"), Value(2.0, "= a"), a], "text"))
    assert r"c \x3d a * b" in text
    assert r"\x3d a" in text


def test_free_form_data_that_json_lacks_is_refused_and_not_changed():
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(Graph((LEAF,), (0,), meta={"a": float("nan")}))


def nested(depth: int) -> bytes:
    return (
        b'{"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [0], "meta": {"a": '
        + b"[" * depth
        + b"]" * depth
        + b'}, "nodes": [{"id": 0, "data": 1.0, "grad": null}]}'
    )


def test_depth_is_bounded_even_where_the_limit_is_not():
    without = Limits(max_depth=10**6)
    graph = loads(nested(190), limits=without)
    assert loads(dumps(graph, "yaml"), "yaml", limits=without) == graph
    assert loads(dumps(graph), limits=without) == graph
    for data in (nested(300), nested(900), nested(100_000)):
        assert "max_depth = 200" in validate(data, limits=without)[0].sentence
    assert validate(nested(3), limits=Limits(max_depth=1)) == ()
    assert "max_depth = 5" in validate(nested(4), limits=Limits(max_depth=1))[0].sentence


@pytest.mark.filterwarnings("ignore::gradgraph.DocumentWarning")
def test_a_newer_minor_version_is_refused_for_what_is_wrong_with_it():
    for old, new in ((b'"data": 1.0', b'"data": 1e400'), (b'"grad": null', b'"grad": null, "new": 1, "label": 3')):
        (problem,) = validate(nested(1).replace(b'"1.0"', b'"1.4"').replace(old, new))
        assert problem.pointer in ("/nodes/0/data", "/nodes/0/label")


def test_a_long_sound_header_costs_little_when_a_row_is_wrong():
    document: dict[str, object] = {"format": "gradgraph", "version": "1.0", "outputs": [0] * 200_000}
    document["ops"] = {f"op{n}": {"symbol": "+", "arity": 2} for n in range(20_000)}
    document["groups"] = [{"id": n, "name": "g"} for n in range(20_000)]
    document["nodes"] = [{"id": 0, "data": 1.0, "grad": "x"}]
    (problem,) = validate(json.dumps(document).encode())
    assert problem.pointer == "/nodes/0/grad"


def test_text_with_half_a_pair_is_refused_by_name():
    with pytest.raises(DocumentError, match=r"1:3: \\ud800 is half of a surrogate pair"):
        loads("{ \ud800}")
