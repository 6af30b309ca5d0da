"""Options: declared once in the record of their renderer, and refused by every renderer that lacks them."""

from typing import Annotated, Any

import msgspec
import pytest

from gradgraph import DrawingOptions, Limits, OptionError, Value, View, render
from gradgraph.drawing.choosing import FALLBACK, options_for
from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.drawing.selection import Selection
from gradgraph.option_records import Field, fields_of, option
from gradgraph.pages.display_defaults import DisplayDefaults, NotebookOptions
from gradgraph.pages.notebook import mimebundle
from gradgraph.pages.options import PageOptions, drawn_in, parse_options
from gradgraph_renderers.mermaid import MermaidRenderer
from tests.command import run_cli
from tests.conftest import ROOT

FORMATS = renderer_names()
OPTIONS = sorted({field.name for name in FORMATS for field in fields_of(find_renderer(name).Options)})


def fields(record: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field for field in fields_of(record)}


def of_format(name: str) -> dict[str, Any]:
    return fields(find_renderer(name).Options)


@pytest.mark.parametrize("name", FORMATS)
def test_a_record_extends_what_every_drawing_has(name):
    record = find_renderer(name).Options
    assert issubclass(record, DrawingOptions)
    assert record() == record(**{field.name: field.default for field in fields_of(record)})
    assert all(field.sentence.endswith(".") for field in fields_of(record))


@pytest.mark.parametrize("option", OPTIONS)
def test_one_name_means_one_thing_in_all_records(option):
    """Same type, default, sentence and spellings, so that a place needs to know it once."""
    assert len({repr(of_format(name)[option]) for name in FORMATS if option in of_format(name)}) == 1


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_takes_its_own_options_and_says_who_has_the_others(name, option):
    owner = next(each for each in FORMATS if option in of_format(each))
    given = {option: of_format(owner)[option].default}
    if option in of_format(name):
        assert getattr(options_for(name, given), option) == given[option]
        return
    with pytest.raises(OptionError) as caught:
        render(Value(1.0), name, **given)
    said = str(caught.value)
    assert said.startswith(f"{name} has no option {option!r}; ")
    owners = said.partition("; ")[2].partition(" ha")[0].split(", ")
    assert owners == [each for each in FORMATS if option in of_format(each)]
    assert f"({name} takes: {', '.join(sorted(of_format(name)))})" in said


def test_an_option_that_nobody_has_is_refused_too():
    with pytest.raises(OptionError, match=r"^svg has no option 'colour' \(svg takes: desc, direction, "):
        render(Value(1.0), "svg", colour="red")


def test_limits_are_no_options_of_a_picture():
    assert not {"limits"} & {*OPTIONS}


def test_no_two_options_have_one_spelling():
    """Of all that a command line takes at once, and of all that a page does."""
    of_all = [field for name in FORMATS for field in fields_of(find_renderer(name).Options)]
    spelled = {
        (spelling, field.name)
        for field in (*fields_of(Selection), *of_all)
        for spelling in (field.flag, *field.switches)
    }
    assert len({spelling for spelling, _ in spelled}) == len(spelled)
    for name in FORMATS:
        drawing = {
            field.page: field.name for each in drawn_in(name) for field in fields_of(find_renderer(each).Options)
        }
        pages = [*[field.page for record in (PageOptions, Selection) for field in fields_of(record)], *drawing]
        assert len({*pages}) == len(pages)


def test_a_page_takes_an_option_if_a_format_that_it_may_be_drawn_in_has_it():
    options = parse_options({"theme": "dark", "columns": "40"})
    assert options.record("svg").theme == "dark"
    assert options.record(FALLBACK).width == 40
    with pytest.raises(OptionError, match="there is no option 'scale'; png has it"):
        parse_options({"scale": "2"})
    with pytest.raises(OptionError, match="there is no option 'theme'; pdf, png, svg have it"):
        parse_options({"format": "text", "theme": "dark"})
    with pytest.raises(OptionError, match="columns takes a whole number of 0 or more, not 'many'"):
        parse_options({"columns": "many"})


@pytest.mark.parametrize("name", FORMATS)
def test_every_option_of_a_page_arrives(name):
    """Spelled as a page spells it, each ends in the record of its format."""
    for field in fields_of(find_renderer(name).Options):
        if field.page is not None:
            other = _another(field)
            text = None if isinstance(field.default, bool) else str(other)
            options = parse_options({"format": name, field.page: text})
            assert getattr(options.record(name), field.name) == other != field.default


def _another(field: Field) -> Any:
    """A value that is not the default."""
    if field.choices:
        return field.choices[-1]
    match field.default:
        case bool():
            return not field.default
        case str():
            return "dot"
        case number:
            return number + 1


def test_the_notebook_decides_of_text_what_text_has():
    assert NotebookOptions().max_rows < of_format(FALLBACK)["max_rows"].default


def test_an_option_added_to_one_renderer_is_known_everywhere(monkeypatch):
    """As a line in the renderer's module would add it."""

    class Ruled(MermaidRenderer.Options, frozen=True, kw_only=True):
        ruler: Annotated[bool, option("Draw a ruler.")] = False
        tick_every: Annotated[int, option("Put so many units between ticks.", ge=1)] = 10

    drawn: list[Ruled] = []

    def draw(renderer: MermaidRenderer, view: View, options: Ruled, limits: Limits) -> str:
        drawn.append(options)
        return "drawn"

    monkeypatch.setattr(MermaidRenderer, "Options", Ruled)
    monkeypatch.setattr(MermaidRenderer, "render", draw)
    asked = Ruled(ruler=True, tick_every=5)

    render(Value(1.0), "mermaid", ruler=True, tick_every=5)
    neuron = str(ROOT / "examples/neuron.json")
    for flags in (("--ruler", "--tick-every", "5"), ("-O", "ruler=true", "-O", "tick-every=5")):
        assert run_cli("render", neuron, "-f", "mermaid", *flags).stdout == "drawn"
    assert parse_options({"format": "mermaid", "ruler": None, "tick-every": "5"}).record("mermaid") == asked
    defaults = DisplayDefaults()
    defaults.formats = ("mermaid",)
    defaults.ruler, defaults.tick_every = True, 5
    monkeypatch.setattr("gradgraph.pages.notebook.defaults", defaults)
    assert mimebundle(Value(1.0))["text/vnd.mermaid"] == "drawn"
    assert drawn == [asked] * 4

    help_text = " ".join(run_cli("render", "--help").stdout.split())
    assert "--ruler / --no-ruler Draw a ruler." in help_text
    with pytest.raises(OptionError, match="text has no option 'ruler'; mermaid has it"):
        render(Value(1.0), "text", ruler=True)
    with pytest.raises(OptionError, match="tick_every takes a whole number of 1 or more, not 0"):
        render(Value(1.0), "mermaid", tick_every=0)
