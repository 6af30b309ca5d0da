"""Draws what is selected of a graph: picks the renderer, checks its options, and falls back to text."""

import os
import warnings
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from gradgraph.drawing.choosing import FALLBACK, drawn_as, options_for
from gradgraph.drawing.finished import Rendering, text_in_place_of
from gradgraph.drawing.options import DrawingOptions
from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.renderer import Renderer
from gradgraph.drawing.selection import Selection
from gradgraph.errors import (
    DegradedWarning,
    GradgraphError,
    RendererError,
    Spelling,
    TooLarge,
    ToolError,
    ToolMissing,
    in_python,
)
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View
from gradgraph.limits import Limits
from gradgraph.option_records import fields_of

Policy = Literal["text", "warn", "error"]
"""What it means that a picture cannot be made: text in its place, text and a DegradedWarning, or the error."""


def draw(
    what: Graph | View,
    format: str,
    options: Mapping[str, Any],
    limits: Limits,
    *,
    selection: Selection = Selection(),  # noqa: B008  # it is frozen
    policy: Policy = "warn",
    place: Mapping[str, Any] | None = None,
    spelled: Spelling = in_python,
    path: str | os.PathLike[str] | None = None,
) -> Rendering:
    """Return the drawing of what is selected, in the format if it can be made, as `policy` says otherwise.

    `options` are those of the renderer, and they are checked. With `place` they may be those of the text that replaces
    a picture as well: `place` has the options of that text that the place of the drawing decides, such as its width.
    Text takes them first from the options given, then from the place, then from the record of the picture. A warning
    has options as they are `spelled` in that place, and the file that text goes to if the picture was for a `path`.

    Raises RendererError for an unknown format and for a renderer that fails, OptionError for an option that no format
    here has, TooLarge for a graph beyond what the format can hold, and with the policy "error" ToolError.
    """
    selection = selection.drawn_as(format)  # also of the text that replaces a picture
    record = options_for(format, options, beside=() if place is None else drawn_as(format))
    try:
        return _draw_folded(format, what, selection, record, limits)
    except ToolError as error:
        if policy == "error" or format == FALLBACK:
            raise
        why = str(error.in_words_of(spelled))
        if policy == "warn":
            instead = "" if path is None else f", but text in {text_in_place_of(path)}"
            warnings.warn(f"no {format}{instead}: {why}", DegradedWarning, stacklevel=3)
        of_text = {name: value for name, value in options.items() if name not in record.__struct_fields__}
        text = options_for(FALLBACK, {**_shared(record), **(place or {}), **of_text})
        drawing = _draw_folded(FALLBACK, what, selection, text, limits)
        return msgspec.structs.replace(drawing, degraded_from=format, degraded_because=why)


def policy_for(error: ToolError, missing: Policy) -> Policy:
    """Return what follows from an error in a page: its settings decide only what it means that a program is missing."""
    return missing if isinstance(error, ToolMissing) else "warn"


def _shared(record: DrawingOptions) -> dict[str, Any]:
    """Return the options of a picture that text has too, and of the same type."""
    text = {field.name: field.takes for field in fields_of(find_renderer(FALLBACK).Options)}
    shared = [field.name for field in fields_of(type(record)) if text.get(field.name) == field.takes]
    return {name: getattr(record, name) for name in shared}


def _draw_folded(
    format: str, what: Graph | View, selection: Selection, options: DrawingOptions, limits: Limits
) -> Rendering:
    """Return the drawing; with ever more groups folded, if `max_boxes` is set, until the format can hold it."""
    refusal: TooLarge | None = None
    while True:
        try:
            view = selection.view(what)
        except TooLarge as error:
            raise refusal or error from None
        try:
            return _draw(find_renderer(format), view, options, limits)
        except TooLarge as error:
            if selection.max_boxes is None or selection.max_boxes == 1:
                raise
            refusal = refusal or error
            boxes = max(1, min(selection.max_boxes, len(view.nodes) + len(view.folds)) * 3 // 4)
            selection = msgspec.structs.replace(selection, max_boxes=boxes)


def _draw(renderer: Renderer[Any], view: View, options: DrawingOptions, limits: Limits) -> Rendering:
    try:
        content = renderer.render(view, options, limits)
    except (GradgraphError, MemoryError, RecursionError):
        raise
    except (Exception, SystemExit) as error:  # a plug-in is anyone's code: whatever it raises is its own failure
        raise RendererError(f"the renderer {renderer.name!r} failed: {error!r}") from error
    if not isinstance(content, (str, bytes)):
        raise RendererError(f"the renderer {renderer.name!r} answered with {type(content).__name__}, no text or bytes")
    return Rendering(content=content, media_type=renderer.media_type, format=renderer.name, view=view)
