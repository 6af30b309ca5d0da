"""Renderers and layout engines by name, those of installed distributions and those that a program registers."""

from functools import cache
from typing import Any, TypeVar

from gradgraph.drawing.guests import flaws
from gradgraph.drawing.layout import Layout
from gradgraph.drawing.renderer import Renderer
from gradgraph.entry_points import claims, is_ours, load_instance
from gradgraph.errors import RendererError

RENDERERS, LAYOUTS = "gradgraph.renderers", "gradgraph.layouts"
OURS = ("dot", "layered")
"""Our own layout engines. "auto" takes no other: what is drawn does not change with what else is installed."""

_PARTS_OF_A_LAYOUT = ("name", "availability", "version", "place")

_registered: dict[str, Renderer[Any]] = {}

R = TypeVar("R", bound=Renderer[Any] | type[Renderer[Any]])


def register(renderer: R) -> R:
    """Let `renderer` draw its format in this process, as an installed plug-in does; returns it, to serve as decorator.

    It is an instance, or a class that is called without arguments. One of the same name that was registered before is
    replaced, so a cell of a notebook can run again. Raises RendererError for an unfinished renderer, and for the name
    of an installed one.
    """
    made: Renderer[Any] = renderer() if isinstance(renderer, type) else renderer
    for flaw in flaws(made):
        raise RendererError(f"{type(made).__name__} is no renderer: {flaw}")
    if made.name in claims(RENDERERS):
        raise RendererError(f"an installed renderer has the name {made.name!r}: choose another")
    _registered[made.name] = made
    return renderer


def renderer_names() -> tuple[str, ...]:
    """Return the names of all renderers, sorted. Imports none of them."""
    return tuple(sorted({*claims(RENDERERS), *_registered}))


def ours_first() -> tuple[str, ...]:
    """Return the names of all renderers, those of gradgraph before any other. Imports none of them."""
    return tuple(sorted(renderer_names(), key=lambda name: not is_ours(RENDERERS, name)))


def layout_names() -> tuple[str, ...]:
    """Return the names of all layout engines, ours first. Imports none of them."""
    return tuple(sorted(claims(LAYOUTS), key=lambda name: (name not in OURS, name)))


def find_renderer(name: str) -> Renderer[Any]:
    """Return the renderer of this name.

    Raises RendererError, with the reason, if there is none, if two plug-ins claim the name, or if the plug-in
    cannot be loaded; the other renderers are not affected.
    """
    return _registered[name] if name in _registered else _installed(name)


@cache
def _installed(name: str) -> Renderer[Any]:
    renderer: Renderer[Any] = load_instance(RENDERERS, "renderer", name, ())
    whose = f"the renderer {name!r} ({claims(RENDERERS)[name][0].value})"
    for flaw in flaws(renderer):
        raise RendererError(f"{whose} cannot be used: {flaw}")
    if renderer.name != name:
        raise RendererError(f"{whose} calls itself {renderer.name!r}: its entry point needs the same name")
    return renderer


@cache
def find_layout(name: str) -> Layout:
    """Return the layout engine of this name. Raises RendererError as `find_renderer` does."""
    layout: Layout = load_instance(LAYOUTS, "layout engine", name, _PARTS_OF_A_LAYOUT)
    return layout


def renderer_for_suffix(suffix: str) -> str | None:
    """Return the name of a renderer that writes files ending in `suffix` (".svg"), or None. Skips broken ones.

    A renderer that is named as the suffix is asked first, so that nearly always no other is imported. Then ours are,
    so that no other takes a suffix of ours.
    """
    suffix = suffix.lower()
    for name in sorted(ours_first(), key=lambda name: f".{name}" != suffix):
        try:
            if suffix in find_renderer(name).suffixes:
                return name
        except RendererError:
            continue
    return None
