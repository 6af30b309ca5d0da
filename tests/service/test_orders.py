"""An order holds nothing that its sender may not choose, and its key all that its drawing depends on."""

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradgraph.drawing import registry
from gradgraph.drawing.choosing import drawn_as
from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.selection import Selection
from gradgraph.limits import Limits
from gradgraph.service.orders import LAYOUTS, formats, order_of, parameters
from gradgraph.service.refusals import Refusal
from tests.service.served import NEURON


def order(*query, format="svg", kind="json", document=NEURON):
    return order_of(document, kind, format, query)


def refusal_of(*query, format="svg") -> Refusal:
    with pytest.raises(Refusal) as refused:
        order(*query, format=format)
    return refused.value


@pytest.mark.parametrize("format", formats())
def test_parameters_are_the_fields_of_the_records_and_no_others(format):
    known = {name for one in drawn_as(format) for name in find_renderer(one).Options.__struct_fields__}
    assert {field.name for field in parameters(format).values()} == known | set(Selection.__struct_fields__)


@pytest.mark.parametrize("name", [*Limits._fields, *[name.replace("_", "-") for name in Limits._fields]])
def test_no_limit_can_be_set(name):
    for format in formats():
        assert name not in parameters(format)
        assert refusal_of((name, "1"), format=format).status == 400


@pytest.mark.parametrize(
    "name",
    ["limit", "untrusted", "output", "path", "jobs", "engine", "program", "stylesheet", "fontname", "imagepath", "URL",
     "option", "O", "-O", "attributes", "graph_attr", "__class__", "show_local", "SHOW-LOCAL", "", "\0", "layout\r\n"],
)  # fmt: skip
def test_nothing_that_is_no_option_can_be_set(name):
    for format in formats():
        assert refusal_of((name, "1"), format=format).status == 400


def test_no_plug_in_is_a_format_or_a_layout(monkeypatch):
    """Not even one that is installed, and whose name is known."""
    monkeypatch.setitem(registry._registered, "fake", find_renderer("text"))
    assert "fake" in registry.renderer_names()
    assert "fake" not in formats()
    assert refusal_of(format="fake").status == 404
    for name in ("elk", "neato", "somebody.plugin:Layout", "../dot", "/usr/bin/dot", "dot ", "DOT", ""):
        refusal = refusal_of(("layout", name))
        assert refusal.status == 400
        assert all(layout in refusal.detail for layout in LAYOUTS)
    for name in LAYOUTS:
        assert order(("layout", name)).options == {"layout": name}


@pytest.mark.parametrize("format", ["", "SVG", "html", "gif", "../svg", "svg\0", "dot -Tpng"])
def test_no_other_format_is_drawn(format):
    assert refusal_of(format=format).status == 404


@pytest.mark.parametrize(
    ("name", "text"),
    [("precision", "0"), ("precision", "18"), ("precision", "4.5"), ("precision", ""), ("grad", "yes"),
     ("title", "x" * 1_001),
     ("direction", "lr"), ("max-boxes", "0"), ("max-boxes", "null"), ("radius", "-1"), ("strict", ""), ("strict", "2"),
     ("fold", "everything")],
)  # fmt: skip
def test_an_option_is_checked_by_its_record(name, text):
    refusal = refusal_of((name, text))
    assert refusal.status == 400
    assert name in refusal.detail
    assert "_" not in refusal.detail.split(" takes ")[0]


def test_options_have_their_types_and_what_repeats_is_kept_in_order():
    made = order(("precision", "7"), ("grad", "false"), ("collapse", "b"), ("collapse", "a"), ("focus", "null"))
    assert made.options == {"precision": 7, "grad": False}
    assert made.selection == {"collapse": ("b", "a"), "focus": "null"}
    assert refusal_of(("title", "a"), ("title", "b")).status == 400


def test_the_key_depends_on_everything_and_on_nothing_else():
    orders = [
        order(),
        order(document=NEURON + b" "),
        order(kind="yaml"),
        order(format="png"),
        order(("precision", "5")),
        order(("title", "5")),
        order(("desc", "5")),
        order(("focus", "x")),
        order(("collapse", "a"), ("collapse", "b")),
        order(("collapse", "b"), ("collapse", "a")),
        order(("strict", "1")),
        order(("width", str(10**30))),
    ]
    keys = [one.key(*versions) for one in orders for versions in (("1", "a"), ("1", "b"), ("2", "a"))]
    assert len(set(keys)) == len(keys)
    assert order(("v", "1.0")).key("1") == order().key("1")
    for query in itertools.permutations((("precision", "5"), ("title", "a"), ("strict", "1"))):
        assert order(*query).key("1") == order(("precision", "5"), ("title", "a"), ("strict", "1")).key("1")


names = st.sampled_from([*parameters("svg"), "strict", "v"]) | st.text(max_size=10)
texts = (
    st.text(max_size=20) | st.integers().map(str) | st.sampled_from(("true", "null", "auto", "\ud800", "1e999", "\0"))
)


@given(st.lists(st.tuples(names, texts), max_size=5), st.sampled_from(formats()))
def test_any_query_is_an_order_or_refused(query, format):
    try:
        made = order(*query, format=format)
    except Refusal as refusal:
        assert refusal.status == 400
        refusal.as_json(), refusal.as_svg()
    else:
        assert len(made.key("1")) == 64
        assert msgspec.structs.replace(made) == made
