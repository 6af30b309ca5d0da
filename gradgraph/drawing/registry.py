"""Finds renderers and layout engines by entry point, lazily: a plug-in is imported when it is asked for, not before."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from gradgraph.drawing.layout import Layout
from gradgraph.drawing.renderer import Renderer
from gradgraph.errors import RendererError

RENDERERS, LAYOUTS = "gradgraph.renderers", "gradgraph.layouts"
OURS_FIRST = ("dot", "embedded")
"""The layout engines in the order in which they are tried; those of other distributions come after ours."""


@cache
def _entries(group: str) -> dict[str, tuple[EntryPoint, ...]]:
    """Every entry point of the group by name; more than one distribution may claim a name."""
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for entry in sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value)):
        claims = found.get(entry.name, ())
        if entry.value not in [claim.value for claim in claims]:
            found[entry.name] = (*claims, entry)
    return found


def renderer_names() -> tuple[str, ...]:
    """The names of all registered renderers, sorted. Imports none of them."""
    return tuple(_entries(RENDERERS))


def layout_names() -> tuple[str, ...]:
    """The names of all registered layout engines, in the order in which "auto" tries them. Imports none of them."""
    return tuple(sorted(_entries(LAYOUTS), key=lambda name: (name not in OURS_FIRST, name)))


@cache
def find_renderer(name: str) -> Renderer:
    """The renderer registered as `name`.

    Raises RendererError, with the reason, if there is none, if two plug-ins claim the name, or if the plug-in
    cannot be loaded; the other renderers are not affected.
    """
    renderer: Renderer = _load(
        RENDERERS, "renderer", name, ("name", "media_type", "suffixes", "availability", "render")
    )
    return renderer


@cache
def find_layout(name: str) -> Layout:
    """The layout engine registered as `name`. Raises RendererError as `find_renderer` does."""
    layout: Layout = _load(LAYOUTS, "layout engine", name, ("name", "availability", "version", "place"))
    return layout


def _load(group: str, kind: str, name: str, attributes: Sequence[str]) -> Any:
    entries = _entries(group)
    claims = entries.get(name, ())
    if not claims:
        known = ", ".join(entries) or "none: gradgraph is not installed, only imported"
        raise RendererError(f"there is no {kind} named {name!r} (known: {known})")
    if len(claims) > 1:
        rivals = " and ".join(claim.value for claim in claims)
        raise RendererError(f"the {kind} name {name!r} is claimed by {rivals}: uninstall one of them")
    try:
        plug_in = claims[0].load()()
    except Exception as error:  # a plug-in is anyone's code: whatever it raises is its own failure
        raise RendererError(f"the {kind} {name!r} ({claims[0].value}) cannot be loaded: {error!r}") from error
    for attribute in attributes:
        if not hasattr(plug_in, attribute):
            raise RendererError(f"the {kind} {name!r} ({claims[0].value}) has no {attribute!r}")
    return plug_in


def renderer_for_suffix(suffix: str) -> str | None:
    """The name of the first renderer that writes files ending in `suffix` (".svg"), or None. Skips broken ones."""
    for name in renderer_names():
        try:
            if suffix.lower() in find_renderer(name).suffixes:
                return name
        except RendererError:
            continue
    return None
