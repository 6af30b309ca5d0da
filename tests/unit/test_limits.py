"""Limits: each checked by itself, in whatever a document is written, and named with its place and remedy."""

import os
from typing import Any

import pytest

from gradgraph import DocumentError, Graph, Group, Limits, Node, OpDeclaration, OptionError, dumps, loads, render
from gradgraph.limits import how_to_raise, limits_from_environment
from tests.command import run_cli
from tests.conftest import ROOT, example

LEAF = Node(0, 1.0, None, "x" * 30)
NODE = Node(1, 2.0, None, op="f" * 30, operands=(0,) * 9, params={"p" * 30: ("t" * 30, 1)})
GRAPH = Graph(
    (LEAF, NODE),
    (1,),
    {"f" * 30: OpDeclaration("s" * 30, 9)},
    tuple(Group(index, "g" * 30, index - 1 if index else None) for index in range(5)),
    meta={"m": ["x" * 50]},
)
EXCEEDED = {
    "max_nodes": (1, ["/nodes"]),
    "max_text": (
        29,
        [f"/ops/{'f' * 30}", f"/ops/{'f' * 30}/symbol", *(f"/groups/{n}/name" for n in range(5)), "/nodes/0/label"]
        + [f"/nodes/1/params/{'p' * 30}"] * 2,
    ),
    "max_operands": (8, ["/nodes/1/operands"]),
    "max_group_depth": (4, ["/groups/4"]),
    "max_meta": (50, ["/meta"]),
}


@pytest.mark.parametrize("format", ["json", "yaml", "dot"])
@pytest.mark.parametrize("name", EXCEEDED)
def test_every_limit_is_told_with_its_places_and_its_remedy(name, format):
    number, places = EXCEEDED[name]
    text = str(render(GRAPH, "dot")) if format == "dot" else dumps(GRAPH, format)
    with pytest.raises(DocumentError) as caught:
        loads(text, format, limits=Limits(**{name: number}))
    assert [problem.pointer for problem in caught.value.problems] == places
    for problem in caught.value.problems:
        assert f"more than {name} = {number}" in problem.sentence or "larger than max_meta" in problem.sentence
        assert problem.remedy == how_to_raise(name)
        assert problem.line is not None
    assert loads(text, format, limits=Limits(**{name: number + 50})) == GRAPH


def test_params_count_as_operands_do():
    text = dumps(
        Graph(
            (LEAF, Node(1, 1.0, None, op="f", operands=(0,), params={"a": (1, 2, 3), "b": 1, "c": 1})),
            (1,),
            {"f": OpDeclaration("f", 1)},
        )
    )
    with pytest.raises(DocumentError) as caught:
        loads(text, limits=Limits(max_operands=2))
    assert [problem.sentence for problem in caught.value.problems] == [
        "3 params are more than max_operands = 2",
        "3 items are more than max_operands = 2",
    ]


@pytest.mark.parametrize("name", ["neuron", "mlp"])
def test_our_examples_are_within_the_limits_for_strangers(name):
    assert loads(dumps(example(name)), limits=Limits.untrusted()) == example(name)


def test_limits_for_strangers_are_no_wider_than_the_others():
    for name, tight, wide in zip(Limits._fields, Limits.untrusted(), Limits(), strict=True):
        assert tight < wide or (name == "max_problems" and tight == wide)


@pytest.mark.parametrize(
    "number", [0, -1, True, "5", None, 2.5, float("nan"), 2**62, 10**5000], ids=lambda number: str(type(number))
)
def test_a_limit_that_is_none_is_refused(number: Any):
    for make in (lambda: Limits(max_problems=number), lambda: Limits()._replace(max_problems=number)):
        with pytest.raises(OptionError, match="the limit max_problems takes a number above 0"):
            make()
    assert Limits(tool_seconds=0.5).tool_seconds == 0.5


def test_what_is_set_by_name_holds_whoever_is_trusted():
    assert limits_from_environment({"GRADGRAPH_UNTRUSTED": "1", "GRADGRAPH_MAX_NODES": "9"}) == (
        Limits.untrusted()._replace(max_nodes=9)
    )
    assert limits_from_environment({"GRADGRAPH_MAX_NODES": "999999"}, untrusted=True).max_nodes == 999_999
    assert limits_from_environment({"GRADGRAPH_UNTRUSTED": "0"}) == Limits()


def test_the_command_line_reads_strangers_files_within_tight_limits(tmp_path):
    file = tmp_path / "long.json"
    file.write_text(dumps(Graph((Node(0, 1.0, None, "x" * 501),), (0,))))
    told = f"{file}:7:20: /nodes/0/label: 501 characters are more than max_text = 500"
    for command in ("validate", "info", "render", "verify"):
        ran = run_cli(command, str(file), "--untrusted", *(["-f", "text"] if command == "render" else []))
        assert (ran.returncode, ran.stdout) == (1, "")
        assert ran.stderr.startswith(told)
    assert run_cli("validate", str(file), env={**os.environ, "GRADGRAPH_UNTRUSTED": "1"}).stderr.startswith(told)
    assert run_cli("validate", str(file), "--untrusted", "--limit", "max_text=501").returncode == 0
    assert run_cli("validate", str(file)).returncode == 0
    neuron = str(ROOT / "examples/neuron.json")
    assert run_cli("diff", neuron, neuron, "--untrusted", "--limit", "max_nodes=9").returncode == 1
