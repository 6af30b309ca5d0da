"""Plug-ins by entry point: a good one, and each way one can be bad."""

from importlib.metadata import EntryPoint

import pytest

from gradgraph import RendererError, registry, render
from tests.conftest import example


class UpperRenderer:
    """A renderer as a third party might write it."""

    name = "upper"
    media_type = "text/x-upper"
    suffixes = (".up",)

    def availability(self):
        return None

    def render(self, view, options):
        return " ".join(f"N{node.id}" for node in view.nodes)


class Unfinished:
    name = "unfinished"


@pytest.fixture
def plug_ins(monkeypatch):
    """Entry points of a made-up distribution beside ours."""
    here = "tests.unit.test_registry"
    made_up = [
        EntryPoint("upper", f"{here}:UpperRenderer", registry.RENDERERS),
        EntryPoint("twice", f"{here}:UpperRenderer", registry.RENDERERS),
        EntryPoint("twice", f"{here}:Unfinished", registry.RENDERERS),
        EntryPoint("missing", f"{here}.nowhere:Renderer", registry.RENDERERS),
        EntryPoint("unfinished", f"{here}:Unfinished", registry.RENDERERS),
        EntryPoint("text", "gradgraph_renderers.text:TextRenderer", registry.RENDERERS),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry for entry in made_up if entry.group == group])
    registry._entries.cache_clear()
    registry.find_renderer.cache_clear()
    yield
    registry._entries.cache_clear()
    registry.find_renderer.cache_clear()


def test_a_plug_in_is_found_by_name_and_suffix(plug_ins):
    assert render(example("neuron"), "upper").content == " ".join(f"N{n}" for n in range(10))
    assert registry.renderer_for_suffix(".UP") == "upper"
    assert registry.renderer_for_suffix(".none") is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("absent", "no renderer named 'absent' (known: missing, text, twice, unfinished, upper)"),
        ("twice", "claimed by tests.unit.test_registry:Unfinished and tests.unit.test_registry:UpperRenderer"),
        ("missing", "cannot be loaded: ModuleNotFoundError"),
        ("unfinished", "has no 'media_type'"),
    ],
)
def test_a_bad_plug_in_is_named_and_harms_nobody_else(plug_ins, name, told):
    with pytest.raises(RendererError) as caught:
        registry.find_renderer(name)
    assert told in str(caught.value)
    assert registry.find_renderer("text").name == "text"
