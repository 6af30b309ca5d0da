"""Which layout engine draws: the rule of `auto`, the environment, and the settings of each place."""

from typing import Any

import pytest
from markdown import markdown

from gradgraph import Graph, Limits, OptionError, ToolMissing, Value, export, options, render
from gradgraph.drawing.layout import Outline
from gradgraph.drawing.layout_choice import AUTO_COST, AUTO_WIDTH, auto_layout, dot_width
from gradgraph.drawing.layout_cost import layout_cost
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.registry import find_layout
from gradgraph.drawing.staging import build_scene
from gradgraph.graph.views import everything
from gradgraph.pages.diagrams import Diagram, picture_file
from gradgraph.pages.notebook import mimebundle
from gradgraph.pages.options import parse_options
from gradgraph_renderers.svg.placing import outline
from gradgraph_renderers.svg.renderer import SvgRenderer
from tests.command import run_cli, run_process
from tests.conftest import ROOT, example
from tests.test_goldens import CASES

NEURON = str(ROOT / "examples/neuron.json")


def chain(length: int) -> Value:
    value = Value(1.0, "x")
    for _ in range(length):
        value = value.tanh()
    return value


def fan(size: int) -> Graph:
    """So many ops of one value: few layers, whatever the size."""
    value = Value(1.0, "x")
    return export([value.tanh() for _ in range(size)])


def plan(what: Value | Graph) -> Outline:
    graph = export(what) if isinstance(what, Value) else what
    return outline(build_scene(everything(graph), DrawingOptions()))


@pytest.fixture
def layered() -> str:
    """The neuron as `layered` draws it."""
    return str(render(example("neuron"), "svg", strict=True, layout="layered"))


def test_auto_takes_dot_for_what_costs_little_whatever_is_installed(no_engine):
    plans = {size: plan(fan(size)) for size in range(100, 400, 10)}
    assert {size: auto_layout(each) == "dot" for size, each in plans.items()} == {
        size: layout_cost(each) <= AUTO_COST for size, each in plans.items()
    }
    large = next(size for size, each in plans.items() if layout_cost(each) > AUTO_COST)
    circles: dict[str, Any] = {"strict": True, "ops": "circle", "fold": "none"}  # as in the plans above
    drawn = render(fan(large), "svg", **circles).content
    assert drawn == render(fan(large), "svg", layout="layered", **circles).content
    with pytest.raises(ToolMissing):
        render(fan(large - 10), "svg", **circles)


def test_auto_takes_dot_for_what_is_no_wider_than_a_page_whatever_is_installed(no_engine):
    plans = {length: plan(chain(length)) for length in range(1, 40)}
    assert max(map(layout_cost, plans.values())) <= AUTO_COST
    assert {length: auto_layout(each) == "dot" for length, each in plans.items()} == {
        length: dot_width(each) <= AUTO_WIDTH for length, each in plans.items()
    }
    long = next(length for length, each in plans.items() if dot_width(each) > AUTO_WIDTH)
    assert 5 < long < 20
    circles: dict[str, Any] = {"strict": True, "ops": "circle"}
    assert render(chain(long), "svg", **circles).content
    with pytest.raises(ToolMissing):
        render(chain(long - 1), "svg", **circles)


def test_the_width_of_dot_is_told_without_it(dot):
    for name, what in {**CASES, "chain": lambda: export(chain(9)), "fan": lambda: fan(20)}.items():
        each = plan(what())
        real = find_layout("dot").place(each, direction="LR", limits=Limits()).width
        assert 0.8 * real < dot_width(each) < 1.2 * real, name


def test_the_environment_decides_where_nothing_else_does(no_engine, layered, monkeypatch):
    monkeypatch.setenv("GRADGRAPH_LAYOUT", "layered")
    assert render(example("neuron"), "svg", strict=True).content == layered
    assert run_cli("render", NEURON).stdout == layered
    assert options.layout == "layered"
    assert "image/svg+xml" in mimebundle(example("neuron"))
    assert "<svg" in markdown(f'```gradgraph file="{NEURON}"\n```', extensions=["gradgraph.fences"])
    assert SvgRenderer().availability() is None
    for asked in ("auto", "dot"):
        with pytest.raises(ToolMissing):
            render(example("neuron"), "svg", strict=True, layout=asked)
        assert "use --layout layered" in run_cli("render", NEURON, "--layout", asked).stderr


def test_an_empty_variable_is_none(no_engine, monkeypatch):
    monkeypatch.setenv("GRADGRAPH_LAYOUT", "")
    with pytest.raises(ToolMissing):
        render(example("neuron"), "svg", strict=True)


def test_an_unknown_name_in_the_environment_is_an_error_that_names_the_variable(monkeypatch, capsys):
    monkeypatch.setenv("GRADGRAPH_LAYOUT", "tidy")
    told = "GRADGRAPH_LAYOUT is 'tidy', and no layout engine has that name (there are: auto, dot, layered"
    with pytest.raises(OptionError) as caught:
        render(example("neuron"), "svg")
    assert str(caught.value).startswith(told)
    for run in (run_cli, run_process):
        ran = run("render", NEURON)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith(told)
        assert f": not here: {told}" in run("renderers").stdout
        assert "Default: what GRADGRAPH_LAYOUT says" in " ".join(run("render", "--help").stdout.split())
    assert told in mimebundle(example("neuron"))["text/plain"]
    assert str(render(example("neuron"), "text"))
    assert "</svg>" in str(render(example("neuron"), "svg", strict=True, layout="layered"))


def test_a_notebook_chooses_it_for_the_session(no_engine, layered):
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(options.drawing, "layout", "layered")
        shown = mimebundle(example("neuron"), formats="svg")["image/svg+xml"]
        assert layered in shown.replace('<svg style="background:var(--_paper)" ', "<svg ")
        text = mimebundle(example("neuron"), layout="dot")["text/plain"]
        assert 'not installed; set gradgraph.options.layout = "layered", or install Graphviz' in text


def test_a_kept_picture_is_drawn_anew_by_another_engine(dot, layered, monkeypatch, tmp_path):
    diagram = Diagram(example("neuron"), parse_options({}))
    one = picture_file(diagram, "svg", tmp_path)
    monkeypatch.setenv("GRADGRAPH_LAYOUT", "layered")
    other = picture_file(diagram, "svg", tmp_path)
    assert one != other
    assert one.read_text(encoding="utf-8") != other.read_text(encoding="utf-8") == layered


@pytest.mark.parametrize("name", ["layered", "dot"])
def test_the_setting_of_a_page_is_for_diagrams_that_name_no_engine(name):
    assert parse_options({}, layout=name).record("svg").layout == name
    assert parse_options({"layout": "auto"}, layout=name).record("svg").layout == "auto"
    assert parse_options({"format": "png"}, layout=name).record("png").layout == name
    assert "layout" not in parse_options({"format": "mermaid"}, layout=name).drawing


def test_the_setting_of_fences_is_for_all_of_them(no_engine):
    for settings, drawn in (({"layout": "layered"}, True), ({}, False)):
        for option in ("", ' layout="dot"'):
            page = f'```gradgraph file="{NEURON}"{option}\n```'
            html = markdown(
                page,
                extensions=["gradgraph.fences"],
                extension_configs={"gradgraph.fences": {"base_path": str(ROOT), "missing_dot": "text", **settings}},
            )
            assert ("<svg" in html) == (drawn and not option)
