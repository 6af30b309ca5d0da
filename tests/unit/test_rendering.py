"""render(): options, fallback, strictness, saving; and what notebooks show."""

import warnings

import pytest

from gradgraph import (
    CycleError,
    DegradedWarning,
    OptionError,
    RendererError,
    TooLarge,
    ToolMissing,
    Value,
    draw_dot,
    export,
    render,
)
from gradgraph.graph.views import everything
from gradgraph.pages.notebook import mimebundle
from tests.conftest import example


def test_values_graphs_and_views_draw_alike():
    value = Value(2.0, label="a") ** 2
    graph = export(value)
    drawings = {str(render(what, "dot")) for what in (value, [value], graph, everything(graph))}
    assert len(drawings) == 1


def test_unknown_formats_and_options_are_refused():
    with pytest.raises(RendererError, match="no renderer named 'gif'"):
        render(Value(1.0), "gif")
    with pytest.raises(OptionError, match="colour"):
        render(Value(1.0), "text", colour="red")
    with pytest.raises(OptionError, match="precision"):
        render(Value(1.0), "text", precision=0)
    with pytest.raises(TypeError, match="an output must be a Value"):
        render(3.0, "text")


def test_text_stands_in_for_a_picture(no_engine, tmp_path):
    with pytest.warns(DegradedWarning, match='not installed; pass layout="layered", or install') as caught:
        rendering = render(example("neuron"), "svg")
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert (rendering.format, rendering.degraded_from) == ("text", "svg")
    assert rendering.save(tmp_path / "a.b.svg") == tmp_path / "a.b.txt"
    with pytest.raises(ToolMissing):
        render(example("neuron"), "svg", strict=True)


def test_a_picture_that_can_be_made_is_saved_under_its_name(tmp_path):
    path = render(example("neuron"), "dot").save(tmp_path / "x.dot")
    assert path.read_text(encoding="utf-8").startswith("digraph")


def test_mermaid_states_its_bounds():
    value = Value(0.0)
    for _ in range(167):
        value = value + 1.0
    with pytest.raises(TooLarge, match="501 edges and Mermaid draws at most 500"):
        render(value, "mermaid", fold="none")
    wordy = Value(0.0, label="-" * 20_000)
    with pytest.raises(TooLarge, match="at most 50000"):
        render(wordy, "mermaid")


def test_notebooks_always_get_text_and_svg_where_it_can_be_made(layout_engine):
    value = Value(2.0, label="a") ** 2
    for shown in (value, export(value), draw_dot(value)):
        bundle = shown._repr_mimebundle_()
        assert bundle["image/svg+xml"].startswith("<svg")
        assert "a**2" in bundle["text/plain"]
        assert shown._repr_mimebundle_(include={"text/plain"}).keys() == {"text/plain"}
        assert "text/plain" not in shown._repr_mimebundle_(exclude={"text/plain"})
    assert render(value, "text")._repr_mimebundle_().keys() == {"text/plain"}
    assert render(value, "svg")._repr_mimebundle_().keys() == {"text/plain", "image/svg+xml", "image/png"}
    assert render(value, "mermaid")._repr_mimebundle_()["text/vnd.mermaid"].startswith("flowchart")


def test_no_display_raises_or_floods(no_engine):
    value = Value(2.0) ** 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bundle = draw_dot(value)._repr_mimebundle_()
    assert bundle.keys() == {"text/plain"}
    assert '; set gradgraph.options.layout = "layered", or install' in bundle["text/plain"]
    looped = Value(1.0)
    looped.operands = (looped,)
    with pytest.raises(CycleError):
        export(looped)
    assert "cycle" in looped._repr_mimebundle_()["text/plain"]
    long = Value(0.0)
    for _ in range(1000):
        long = long + 1
    text = long._repr_mimebundle_()["text/plain"]
    assert len(text.splitlines()) < 55
    assert "= Σ₁₀₀₀ 1 + x₁: 2,000 values" in text  # what the picture would have shown
    shown = mimebundle(long, fold="none")["text/plain"]
    assert len(shown.splitlines()) < 55
    assert "1,961 nodes (n20 to n1980) left out" in shown
    assert "gradgraph.focus" in shown


def test_draw_dot_is_the_notebooks():
    drawing = draw_dot(Value(2.0, label="x1") ** 2)
    assert drawing.source == str(render(drawing.graph, "dot"))
    assert "rankdir=TB" in draw_dot(drawing.graph, rankdir="TB").source
    assert draw_dot(drawing.graph, format="png").format == "png"
