"""What we ask of `dot`: it warns of nothing, and what its layout costs is told right before it starts."""

import re
import subprocess
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given

from benchmarks.layout_graphs import apart, chain, reused, tree
from gradgraph import Graph, Limits, Node, ToolLimit, Value, export, fold, load, named_scope, render
from gradgraph.drawing.layout import Outline
from gradgraph.drawing.layout_cost import check_cost, layout_cost
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import View, everything
from gradgraph_renderers.graphviz.engine import _request
from gradgraph_renderers.svg.placing import outline
from tests.command import run_cli
from tests.conftest import ROOT, example, examples
from tests.integration.test_mermaid import labelled
from tests.strategies import graphs, many_labels
from tests.test_goldens import CASES, PARTS


def plan(what: Graph | View | Value, **options) -> Outline:
    if isinstance(what, Value):
        what = export(what)
    view = everything(what) if isinstance(what, Graph) else what
    return outline(build_scene(view, DrawingOptions(**options)))


def told_by(dot: str, text: str, *arguments: str) -> str:
    ran = subprocess.run([dot, "-Tjson0", *arguments], input=text, capture_output=True, encoding="utf-8", check=True)
    return ran.stderr


def solved_by(dot: str, drawing: Outline) -> int:
    """How large the largest problem is that `dot` says it solves: that of the places on the layers."""
    told = told_by(dot, _request(drawing, "LR"), "-v")
    return max([int(size) for size in re.findall(r"network simplex: (\d+) nodes", told)])


DRAWN: dict[str, Graph | View] = {
    **{name: make() for name, make in CASES.items()},
    **{f"{name} {part}": show(CASES[name]()) for name, parts in PARTS.items() for part, show in parts.items()},
    **{path.name: load(path) for path in (ROOT / "examples").glob("*.json")},
    "mlp layer folded": fold(example("mlp"), ["layer 2"]),
    "hostile labels": labelled(many_labels(100)),
}
"""Everything in `examples/` and the goldens; tests/test_goldens.py draws the first from the modules in `examples/`."""


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
@pytest.mark.parametrize("name", DRAWN)
def test_dot_warns_of_nothing(name, direction, local, dot):
    options = {"direction": direction, "local": local}
    request = _request(plan(DRAWN[name], **options), direction)
    assert told_by(dot, request) == ""
    assert told_by(dot, str(render(DRAWN[name], "dot", **options))) == ""


SHORT_LINES = {
    "own constants": lambda: chain(40, lambda value: value - 0.5),
    "itself twice": lambda: chain(40, lambda value: value - value),
    "tree": lambda: tree(64),
}


@pytest.mark.parametrize("make", SHORT_LINES.values(), ids=SHORT_LINES)
def test_the_cost_of_short_lines_is_the_size_of_the_problem_that_dot_solves(make, dot):
    drawing = plan(make())
    solved = solved_by(dot, drawing)
    assert solved <= layout_cost(drawing) - len(drawing.blocks) <= 1.04 * solved


def test_the_cost_of_any_drawing_is_near_what_dot_solves(dot):
    larger = {"weight": export(reused(20)), "groups": example("mlp", (2, 8, 8, 1)), "apart": export(apart(6, 8))}
    for name, what in {**DRAWN, **larger}.items():
        drawing = plan(what)
        solved = solved_by(dot, drawing)
        assert solved / 1.4 <= layout_cost(drawing) - len(drawing.blocks) <= 1.4 * solved, name


def test_chains_of_short_lines_are_drawn_within_the_limits(dot):
    for make in (
        lambda: chain(460, lambda value: value - 0.5),
        lambda: chain(1_450, lambda value: value - value),
    ):
        # Limits as they are, but for wall time, which on a busy machine says nothing.
        drawn = str(render(make(), "svg", fold="none", strict=True, layout="dot", limits=Limits(tool_seconds=300.0)))
        assert drawn.startswith("<svg")


def test_long_lines_are_refused_before_dot_starts(tmp_path, monkeypatch):
    note = tmp_path / "started"
    program = tmp_path / "dot"
    program.write_text(f"#!/bin/sh\n: > {note}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = r"202 boxes and circles and 300 edges would cost 62,175, more than max_layout_cost = 20,000; .*"
    with pytest.raises(ToolLimit, match=refused + r"--limit max_layout_cost=N"):
        render(reused(100), "svg", strict=True, layout="dot", ops="circle", fold="none")
    with pytest.warns(match='would cost 62,175.*; pass layout="layered", or draw less'):
        assert render(reused(100), "svg", layout="dot", ops="circle", fold="none").degraded_from == "svg"
    assert not note.exists()


def test_the_cost_of_a_reused_weight_grows_faster_than_that_of_a_chain():
    costs = [layout_cost(plan(reused(times))) for times in (25, 50, 100, 200)]
    assert all(4 * less < more < 9 * less for less, more in pairwise(costs))
    costs = [layout_cost(plan(chain(times, lambda value: value - 1))) for times in (25, 50, 100, 200)]
    assert all(1.9 * less < more < 2.1 * less for less, more in pairwise(costs))


def test_what_is_too_large_to_be_worth_an_estimate_is_refused_at_once(dot):
    leaves = Graph(tuple([Node(n, 1.0, None) for n in range(300)]), (0,))
    with pytest.raises(ToolLimit, match="300 boxes and circles and 0 edges would cost at least 600"):
        render(leaves, "svg", fold="none", strict=True, layout="dot", limits=Limits(max_layout_cost=599))
    assert render(leaves, "svg", fold="none", strict=True, layout="dot", limits=Limits(max_layout_cost=600)).content


def test_the_command_answers_with_text_and_the_figure(tmp_path):
    path = tmp_path / "reuse.json"
    export(reused(100), path)
    ran = run_cli("render", str(path), "-f", "svg", "--layout", "dot", "--ops", "circle", "--fold", "none")
    assert ran.returncode == 0
    assert "would cost 62,175, more than max_layout_cost = 20,000; use --layout layered, or draw less" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not Path(tmp_path / "reuse.svg").exists()


def test_groups_inside_each_other_cost_as_well():
    def nested(depth: int) -> Value:
        with ExitStack() as scopes:
            for number in range(depth):
                scopes.enter_context(named_scope(f"level {number}"))
            return chain(100, lambda value: value + 0.5)

    costs = [layout_cost(plan(nested(depth))) for depth in (0, 30, 60, 90)]
    steps = [more - less for less, more in pairwise(costs)]
    assert min(steps) > costs[0] / 2
    assert max(steps) - min(steps) <= 1  # no more inside than outside


@examples(40)
@given(graphs(most=40))
def test_any_graph_has_a_cost_that_is_not_less_than_what_it_shows(graph):
    drawing = plan(graph)
    assert layout_cost(drawing) >= 2 * len(drawing.blocks) + len(drawing.lines)
    check_cost(drawing, Limits())
    if drawing.lines:
        with pytest.raises(ToolLimit):
            check_cost(drawing, Limits(max_layout_cost=2 * len(drawing.blocks)))
