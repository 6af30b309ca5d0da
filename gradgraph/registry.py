"""Finds renderers by entry point, lazily: a plug-in is imported when it is asked for, not before."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points

from gradgraph.errors import RendererError
from gradgraph.protocol import Renderer

GROUP = "gradgraph.renderers"


@cache
def _entries() -> dict[str, tuple[EntryPoint, ...]]:
    """Every entry point of the group by name; more than one distribution may claim a name."""
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        claims = found.get(entry.name, ())
        if entry.value not in [claim.value for claim in claims]:
            found[entry.name] = (*claims, entry)
    return found


def renderer_names() -> tuple[str, ...]:
    """The names of all registered renderers, sorted. Imports none of them."""
    return tuple(_entries())


@cache
def find_renderer(name: str) -> Renderer:
    """The renderer registered as `name`.

    Raises RendererError, with the reason, if there is none, if two plug-ins claim the name, or if the plug-in
    cannot be loaded; the other renderers are not affected.
    """
    claims = _entries().get(name, ())
    if not claims:
        known = ", ".join(renderer_names()) or "none: gradgraph is not installed, only imported"
        raise RendererError(f"there is no renderer named {name!r} (known: {known})")
    if len(claims) > 1:
        rivals = " and ".join(claim.value for claim in claims)
        raise RendererError(f"the renderer name {name!r} is claimed by {rivals}: uninstall one of them")
    try:
        renderer: Renderer = claims[0].load()()
    except Exception as error:  # a plug-in is anyone's code: whatever it raises is its own failure
        raise RendererError(f"the renderer {name!r} ({claims[0].value}) cannot be loaded: {error!r}") from error
    for attribute in ("name", "media_type", "suffixes", "availability", "render"):
        if not hasattr(renderer, attribute):
            raise RendererError(f"the renderer {name!r} ({claims[0].value}) has no {attribute!r}")
    return renderer


def renderer_for_suffix(suffix: str) -> str | None:
    """The name of the first renderer that writes files ending in `suffix` (".svg"), or None. Skips broken ones."""
    for name in renderer_names():
        try:
            if suffix.lower() in find_renderer(name).suffixes:
                return name
        except RendererError:
            continue
    return None
