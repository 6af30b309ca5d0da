"""Plug-ins of any group by entry point: each is imported when it is asked for, and blamed for its own failures."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from gradgraph.errors import RendererError


@cache
def claims(group: str) -> dict[str, tuple[EntryPoint, ...]]:
    """Return every entry point of the group by name; more than one distribution may claim a name. Imports none."""
    found: dict[str, tuple[EntryPoint, ...]] = {}
    for entry in sorted(entry_points(group=group), key=lambda entry: (entry.name, entry.value)):
        rivals = found.get(entry.name, ())
        if entry.value not in [rival.value for rival in rivals]:
            found[entry.name] = (*rivals, entry)
    return found


def load(group: str, kind: str, name: str) -> Any:
    """Return the object that the entry point `name` of the group names; `kind` says in messages what it is.

    Raises RendererError, with the reason, if there is none, if two plug-ins claim the name, or if the import fails.
    """
    rivals = claims(group).get(name, ())
    if not rivals:
        known = ", ".join(claims(group)) or "none: gradgraph is not installed, only imported"
        raise RendererError(f"there is no {kind} named {name!r} (known: {known})")
    if len(rivals) > 1:
        named = " and ".join(rival.value for rival in rivals)
        raise RendererError(f"the {kind} name {name!r} is claimed by {named}: uninstall one of them")
    try:
        return rivals[0].load()
    except (Exception, SystemExit) as error:  # a plug-in is anyone's code: whatever it raises is its own failure
        raise RendererError(f"the {kind} {name!r} ({rivals[0].value}) cannot be loaded: {error!r}") from error


def load_instance(group: str, kind: str, name: str, attributes: Sequence[str]) -> Any:
    """Return an instance of the class that the entry point names. Raises RendererError as `load` does.

    It also raises RendererError if the class cannot be called, or if the instance lacks one of the `attributes`.
    """
    made_by = load(group, kind, name)
    whose = f"the {kind} {name!r} ({claims(group)[name][0].value})"
    try:
        plug_in = made_by()
    except (Exception, SystemExit) as error:  # as above
        raise RendererError(f"{whose} cannot be loaded: {error!r}") from error
    missing = lacking(plug_in, attributes)
    if missing:
        raise RendererError(f"{whose} has no {missing!r}")
    return plug_in


def is_ours(group: str, name: str) -> bool:
    """Return whether the package of our renderers has this entry point."""
    return any(rival.value.startswith("gradgraph_renderers.") for rival in claims(group).get(name, ()))


def lacking(plug_in: object, attributes: Sequence[str]) -> str | None:
    """Return the first of the `attributes` that a plug-in does not have, None if it has them all."""
    return next((attribute for attribute in attributes if not hasattr(plug_in, attribute)), None)
