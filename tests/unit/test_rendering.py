"""render(): options, fallback, strictness, saving; and what notebooks show."""

import warnings
from typing import Any

import pytest

from gradgraph import (
    CycleError,
    DegradedWarning,
    OptionError,
    RendererError,
    Rendering,
    TooLarge,
    ToolMissing,
    Value,
    display,
    draw_dot,
    export,
    fold,
    named_scope,
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


@pytest.mark.parametrize(("name", "format"), [("n.mmd", "mermaid"), ("n.GV", "dot"), ("n.b.txt", "text")])
def test_a_path_is_drawn_in_the_format_of_its_suffix_and_saved(name, format, tmp_path):
    drawing = render(example("neuron"), path=tmp_path / name)
    assert drawing.format == format
    assert drawing == render(example("neuron"), format)
    assert (tmp_path / name).read_bytes() == drawing.to_bytes()
    assert render(example("neuron"), path=str(tmp_path / name)) == drawing


def test_a_path_without_a_suffix_or_with_one_of_nobodys_takes_any_format(tmp_path, layout_engine):
    assert render(example("neuron"), path=tmp_path / "neuron").media_type == "image/svg+xml"
    assert render(example("neuron"), "dot", path=tmp_path / "neuron.graph").format == "dot"
    assert render(example("neuron"), "dot", path=tmp_path / "neuron.txt").save(tmp_path / "x.txt").exists()
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize(
    ("name", "format", "message"),
    [
        ("n.gif", None, r"no renderer writes .gif files \(known: .dot, .gv, .*.svg, .txt\): name a format"),
        ("n.png", "svg", "n.png names a png drawing, but the format is svg: leave it out, or change the suffix"),
        ("n.SVG", "text", "n.SVG names a svg drawing, but the format is text"),
        ("n.txt", "svg", "n.txt names a text drawing, but the format is svg"),
    ],
)
def test_a_path_of_another_format_is_refused_and_nothing_is_written(name, format, message, tmp_path):
    with pytest.raises(OptionError, match=message):
        render(example("neuron"), format, path=tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_no_drawing_is_saved_under_the_name_of_another_format(tmp_path):
    svg = Rendering(content="<svg/>", media_type="image/svg+xml", format="svg")
    for suffix, format in ((".png", "png"), (".PDF", "pdf"), (".gv", "dot"), (".txt", "text")):
        with pytest.raises(OptionError, match=rf'but this one is svg: render\(…, "{format}"\) draws it'):
            svg.save(tmp_path / f"x{suffix}")
    assert list(tmp_path.iterdir()) == []
    by_hand = Rendering(content=b"x", media_type="image/gif", format="gif")
    with pytest.raises(OptionError, match=r"x\.svg names a svg drawing, but this one is gif"):
        by_hand.save(tmp_path / "x.svg")
    for drawing, name in ((svg, "x.svg"), (svg, "x"), (svg, "x.xml"), (by_hand, "x.gif")):
        assert drawing.save(tmp_path / name).read_bytes() == drawing.to_bytes()


def test_text_in_place_of_a_picture_goes_to_a_text_file_and_the_warning_says_so(no_engine, tmp_path):
    with pytest.warns(DegradedWarning, match=r"no svg, but text in .*neuron\.txt: .*layered") as caught:
        rendering = render(example("neuron"), path=tmp_path / "neuron.svg")
    assert (len(caught), caught[0].filename) == (1, __file__)
    assert [path.name for path in tmp_path.iterdir()] == ["neuron.txt"]
    assert (tmp_path / "neuron.txt").read_bytes() == rendering.to_bytes()
    with pytest.raises(ToolMissing):
        render(example("neuron"), path=tmp_path / "strict.svg", strict=True)
    assert not (tmp_path / "strict.txt").exists()


def test_one_group_to_fold_is_a_text_and_several_are_a_list(capsys):
    with named_scope("layer 1"):
        value = Value(3.0) * 2
    value = value + 1
    assert render(value, "text", collapse="layer 1") == render(value, "text", collapse=["layer 1"])
    assert fold(value, "layer 1") == fold(value, iter(["layer 1"])) != fold(value, [])
    display(value, collapse="layer 1", formats="dot")
    assert "no drawing" not in capsys.readouterr().out
    wrong: Any
    for wrong in (3, None, ["layer 1", 3], b"layer 1"):
        with pytest.raises(OptionError, match="a group to fold or a fold to expand, or several, are texts, not"):
            render(value, "text", collapse=wrong)


def test_mermaid_states_its_bounds():
    value = Value(0.0)
    for _ in range(167):
        value = value + Value(1.0)
    with pytest.raises(TooLarge, match="501 edges and Mermaid draws at most 500"):
        render(value, "mermaid", ops="circle", fold="none")
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
    assert "= Σ₁₀₀₀ 1 + 0: 2,000 values" in text  # what the picture would have shown
    shown = mimebundle(long, fold="none")["text/plain"]
    assert len(shown.splitlines()) < 55
    assert "1,961 nodes (n20 to n1980) left out" in shown
    assert "gradgraph.focus" in shown


def test_draw_dot_is_the_notebooks():
    drawing = draw_dot(Value(2.0, label="x1") ** 2)
    assert drawing.source == str(render(drawing.graph, "dot"))
    assert "rankdir=TB" in draw_dot(drawing.graph, rankdir="TB").source
    assert draw_dot(drawing.graph, format="png").format == "png"
