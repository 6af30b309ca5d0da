"""What notebooks show: always text, a picture where it can be made, never an error, never a flood."""

import re

import pytest
from IPython.core.formatters import DisplayFormatter

import gradgraph
from gradgraph import CycleError, OptionError, Value, display, export, focus, fold, options, render
from gradgraph.drawing.finished import Rendering
from gradgraph.drawing.registry import find_renderer
from gradgraph.pages.inlining import on_paper
from gradgraph.pages.notebook import mimebundle
from tests.conftest import example


@pytest.fixture(autouse=True)
def fresh_defaults():
    options.reset()
    yield
    options.reset()


def chain(length: int) -> Value:
    value = Value(0.0)
    for _ in range(length):
        value = value + Value(1.0)
    return value


def test_text_always_and_a_picture_where_it_can_be_made(layout_engine):
    value = Value(2.0, "a") ** 2
    for shown in (value, export(value), render(value, "svg")):
        bundle = shown._repr_mimebundle_()
        assert bundle.keys() == {"text/plain", "image/svg+xml", "image/png"}
        assert "a**2" in bundle["text/plain"]
        assert shown._repr_mimebundle_(include={"text/plain"}).keys() == {"text/plain"}
        assert shown._repr_mimebundle_(exclude={"text/plain"}).keys() == {"image/svg+xml", "image/png"}
    assert render(value, "text")._repr_mimebundle_().keys() == {"text/plain"}
    assert repr(render(value, "svg")).startswith("<svg drawing, ")


def test_a_png_beside_the_svg_is_a_copy_of_it(layout_engine):
    value = Value(2.0, "a") ** 2
    copied = render(value, "png", title="square").content
    for bundle in (mimebundle(value, title="square"), mimebundle(render(value, "svg", title="square"))):
        assert bundle["image/png"] == copied
    assert mimebundle(value, exclude={"image/png"}).keys() == {"text/plain", "image/svg+xml"}
    options.formats = ("svg",)
    for shown in (value, render(value, "svg")):
        assert shown._repr_mimebundle_().keys() == {"text/plain", "image/svg+xml"}
    assert mimebundle(value, formats="png").keys() == {"text/plain", "image/png"}
    assert mimebundle(value, formats=("png", "svg")).keys() == {"text/plain", "image/svg+xml", "image/png"}


@pytest.mark.parametrize(
    ("name", "stand_in"),
    [
        ("gradgraph_renderers.raster.resvg.is_installed", lambda: False),
        ("gradgraph_renderers.raster.resvg.find_fonts", lambda: ()),
        ("gradgraph_renderers.raster.resvg.draw", lambda *_: 1 / 0),
        ("gradgraph.pages.notebook.find_renderer", lambda name: object() if name == "png" else find_renderer(name)),
        ("gradgraph.pages.notebook.MOST_COPIED_BYTES", 1000),
        ("gradgraph.pages.notebook.MOST_COPIED_PIXELS", 1000),
    ],
)
def test_without_the_copy_the_display_is_as_ever(layout_engine, monkeypatch, name, stand_in):
    value = Value(2.0, "a") ** 2
    plain = mimebundle(value, formats="svg")
    monkeypatch.setattr(name, stand_in)
    assert mimebundle(value) == plain


def test_a_copy_has_at_most_two_hundred_kilobytes(layout_engine):
    for length in (1, 10, 20, 30, 70):
        bundle = mimebundle(chain(length), fold="none")
        assert len(bundle.get("image/png", b"")) <= 200_000
        assert ("image/png" in bundle) == (length <= 30)
        assert "no png" not in bundle["text/plain"]
    assert len(mimebundle(chain(70), formats="png", scale=2, fold="none")["image/png"]) > 200_000


def test_only_an_svg_of_ours_is_copied():
    theirs = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><image href="file:///etc/passwd"/></svg>'
    drawing = Rendering(content=theirs, media_type="image/svg+xml", format="svg")
    assert drawing._repr_mimebundle_().keys() == {"text/plain", "image/svg+xml"}


def test_mermaid_is_shown_on_request(layout_engine):
    value = Value(2.0, "a") ** 2
    assert value._repr_mimebundle_(include={"text/vnd.mermaid"})["text/vnd.mermaid"].startswith("flowchart LR")
    options.formats = ("mermaid",)
    assert value._repr_mimebundle_().keys() == {"text/plain", "text/vnd.mermaid"}
    assert mimebundle(value, formats="svg").keys() == {"text/plain", "image/svg+xml"}
    assert mimebundle(value, formats=["svg", "mermaid"]).keys() == {"text/plain", "image/svg+xml", "text/vnd.mermaid"}


def test_html_is_the_picture_with_ids_of_its_own(layout_engine):
    value = Value(2.0, "a") ** 3
    options.formats = ("html",)
    first, second = (value._repr_mimebundle_() for _ in range(2))
    assert first.keys() == {"text/plain", "text/html"}
    ids = [re.findall(r' id="([^"]+)"', bundle["text/html"]) for bundle in (first, second)]
    assert len(ids[0]) == len(ids[1]) == 3
    assert not {*ids[0]} & {*ids[1]}
    assert "cube" in mimebundle(value, title="cube", include={"text/html"})["text/html"]


def test_the_defaults_are_those_of_options(layout_engine):
    value = Value(2 / 3, "a") * 2
    options.direction, options.precision, options.theme = "TB", 2, "dark"
    bundle = mimebundle(value)
    assert "0.67 " in bundle["text/plain"]
    drawing = str(render(value, "svg", direction="TB", precision=2, theme="dark"))
    assert bundle["image/svg+xml"] == on_paper(drawing)
    assert mimebundle(value, precision=7, formats=())["text/plain"].count("0.6666667") == 1
    for name, bad in (("theme", "pink"), ("formats", ("gif",)), ("formats", "svg"), ("precision", 0), ("max_boxes", 0)):
        with pytest.raises(OptionError):
            setattr(options, name, bad)
    with pytest.raises(OptionError, match="colour"):
        options.colour = "red"
    assert gradgraph.options is options


def test_a_large_graph_is_folded_and_its_text_shortened(layout_engine):
    network = example("mlp", (2, 8, 8, 1))
    assert len(network) > options.max_boxes
    bundle = mimebundle(network)
    assert 1 < bundle["image/svg+xml"].count("data-fold=") <= options.max_boxes
    assert 'To see each of them, draw it with fold="cones"' in bundle["image/svg+xml"].replace("&quot;", '"')
    assert len(bundle["text/plain"].splitlines()) < options.max_rows + 15
    assert "gradgraph.focus" in bundle["text/plain"]
    assert "image/svg+xml" in mimebundle(chain(1000))
    with_all = mimebundle(chain(1000), fold="groups", max_boxes=60)
    assert with_all.keys() == {"text/plain"}
    assert "no svg: 2,001 boxes are left" in with_all["text/plain"]
    assert mimebundle(chain(1000), fold="none", formats=("mermaid",)).keys() == {"text/plain"}


def test_ipython_takes_what_we_give(layout_engine):
    value = Value(2.0, "a") ** 2
    for shown in (value, export(value), focus(export(value), "a"), render(value, "svg")):
        bundle, _ = DisplayFormatter().format(shown)
        assert "name = expression" in bundle["text/plain"]
        assert bundle["image/svg+xml"].startswith("<svg")


def test_views_show_themselves_too(layout_engine):
    for view in (focus(example("mlp"), "loss", 3), fold(example("mlp"), ["layer 1"])):
        bundle = view._repr_mimebundle_()
        assert view.note in bundle["text/plain"]
        assert "image/svg+xml" in bundle


def test_nothing_that_happens_is_an_error_on_the_page(no_engine, monkeypatch):
    value = Value(2.0) ** 2
    assert "`dot` is not installed" in value._repr_mimebundle_()["text/plain"]
    looped = Value(1.0)
    looped.operands = (looped,)
    with pytest.raises(CycleError):
        export(looped)
    assert "cycle" in looped._repr_mimebundle_()["text/plain"]
    monkeypatch.setattr("gradgraph.pages.notebook.draw", lambda *_, **__: 1 / 0)
    assert "division by zero" in value._repr_mimebundle_()["text/plain"]


class Nameless:
    def __repr__(self):
        raise RuntimeError("no name")


@pytest.mark.parametrize("what", [Nameless(), [Nameless()], [1] * 10**6, "x" * 10**6, None])
def test_what_is_no_value_is_told_in_a_few_words(what):
    bundle = mimebundle(what)
    assert bundle.keys() == {"text/plain"}
    assert "no drawing: " in bundle["text/plain"]
    assert len(bundle["text/plain"]) < 1000


def test_a_picture_that_cannot_be_leaves_the_text(layout_engine):
    value = Value(2.0, "a") ** 2
    for asked, reason in (({"collapse": ["nobody"]}, "no group 'nobody'"), ({"formats": "gif"}, "no renderer")):
        text = mimebundle(value, **asked)["text/plain"]
        assert "a**2" in text
        assert reason in text


def test_what_is_not_asked_for_is_not_drawn(monkeypatch):
    drawn = []

    def note(_, name, *others, **more):
        drawn.append(name)

    monkeypatch.setattr("gradgraph.pages.notebook.draw", note)
    mimebundle(Value(1.0), include={"text/plain"})
    mimebundle(Value(1.0), exclude={"image/svg+xml", "image/png"})
    assert drawn == ["text", "text"]


def test_display_prints_text_outside_a_notebook(capsys):
    display(Value(2.0, "a") * 3)
    assert capsys.readouterr().out == str(render(Value(2.0, "a") * 3, "text"))
