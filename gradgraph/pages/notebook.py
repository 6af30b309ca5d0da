"""How values, graphs and drawings show themselves in a notebook: as mime bundles that never raise and never flood."""

import sys
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from typing import Any

import msgspec

from gradgraph.api import view_of
from gradgraph.displayed import short_repr
from gradgraph.drawing.choosing import FALLBACK, options_for
from gradgraph.drawing.finished import Rendering
from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.drawing.rendering import draw
from gradgraph.drawing.selection import PICTURES, Selection, names_of
from gradgraph.errors import GradgraphError, ToolError
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View
from gradgraph.limits import Limits, limits_from_environment
from gradgraph.option_records import chosen
from gradgraph.pages.display_defaults import RENDERER_OF, renderers_of
from gradgraph.pages.display_defaults import options as defaults
from gradgraph.pages.inlining import inline_svg, on_paper, pixels, root_id
from gradgraph.pages.variables import named_by_variables, shell

_MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "mermaid": "text/vnd.mermaid", "html": "text/html"}

MOST_COPIED_BYTES, MOST_COPIED_PIXELS = 200_000, 3_000_000
"""Of the PNG that is a copy of an SVG. Every save of the notebook writes it. A picture of three million pixels takes
0.3 s to draw, and nearly always has more bytes than that."""

MOST_SAID = 400
"""Characters of the reason why there is no drawing."""

_inlined: Counter[str] = Counter()
"""How often each picture has been put into HTML by this process, whose outputs may share a page."""


def display(what: Any, *, formats: str | Iterable[str] | None = None, names: Any = None, **options: Any) -> None:
    """Show a value, a graph, a view of one or a finished drawing, now and not only on the last line of a cell.

    `formats` are one or several of those of `gradgraph.options.formats`, and `options` those of `render`. `names` name
    live values, as `export` says: in a cell, `names=locals()` gives each value the name of its variable, and
    `gradgraph.options.names = True` does that for every display. Outside a notebook the text drawing is printed. Never
    raises.

    >>> from gradgraph import Value, display
    >>> display(Value(2.0, label="a") * 3)
         id  data  grad  name = expression
    ○    n0     2     –  a
    │ ◇  n1     3     –
    ●─╯  n2     6     –  = a * n1
    <BLANKLINE>
    ○ input   ◇ constant   ● op, using any value right above   ╯ last use
    """
    if shell() is None:
        print(mimebundle(what, ("text/plain",), formats=formats, names=names, **options)["text/plain"], end="")
    else:
        ipython: Any = sys.modules["IPython"]
        ipython.display.display(mimebundle(what, formats=formats, names=names, **options), raw=True)


def mimebundle(
    what: Any,
    include: Container[str] | None = None,
    exclude: Container[str] | None = None,
    *,
    formats: str | Iterable[str] | None = None,
    names: Any = None,
    **options: Any,
) -> dict[str, Any]:
    """What a notebook shows of `what`: always `text/plain`, and a picture in each format that can be made.

    `include` and `exclude` are collections of media types, as IPython passes them; a type that is included is made
    even if it is none of the `formats`. `names` and `options` are those of `render`. Never raises.
    """
    try:
        chosen_formats = _formats(formats, include)
        wanted = [name for name in chosen_formats if _is_asked(_MEDIA_TYPES.get(name), include, exclude)]
        if isinstance(what, Rendering):
            bundle = _of_rendering(what, wanted)
        else:
            _check(options, renderers_of(chosen_formats))
            bundle = _of_graph(what, names, wanted, options)
    except Exception as error:  # a display that raises hides the value it should show, whatever the reason
        bundle = {"text/plain": f"{short_repr(what)}\n(no drawing: {error!s:.{MOST_SAID}})\n"}
    return {kind: content for kind, content in bundle.items() if _is_asked(kind, include, exclude)}


def _is_asked(kind: str | None, include: Container[str] | None, exclude: Container[str] | None) -> bool:
    """Whether a media type is wanted; None, for the format of a plug-in, always is."""
    return kind is None or ((not include or kind in include) and (not exclude or kind not in exclude))


def _formats(formats: str | Iterable[str] | None, include: Container[str] | None) -> list[str]:
    """The names of the formats that may be drawn besides text."""
    names = [formats] if isinstance(formats, str) else [*(defaults.formats if formats is None else formats)]
    if include:
        names += _MEDIA_TYPES
    return [name for name in dict.fromkeys(names) if name != FALLBACK]


def _check(options: Mapping[str, Any], formats: tuple[str, ...]) -> None:
    """Raise OptionError for an option that is none of `render` itself, and that no format here has."""
    of_render = (*Selection.__struct_fields__, "limits", "strict")
    drawing = {name: value for name, value in options.items() if name not in of_render}
    there = [format for format in formats if format in renderer_names()]
    for format in there:
        options_for(format, drawing, beside=there)


def _of_rendering(rendering: Rendering, formats: Iterable[str]) -> dict[str, Any]:
    if rendering.media_type == "text/plain":
        return {"text/plain": str(rendering)}
    text = repr(rendering) if rendering.view is None else _text(rendering.view, {}, limits_from_environment())
    bundle = {"text/plain": text, rendering.media_type: _readable(rendering)}
    return bundle | (_copied(bundle) if "png" in formats else {})


def _copied(bundle: dict[str, Any]) -> dict[str, bytes]:
    """The SVG of a bundle as PNG, under its media type; nothing if there is no SVG, or no PNG, or too large a one.

    Nothing is said then: whoever runs the notebook sees the SVG.
    """
    svg = bundle.get(_MEDIA_TYPES["svg"], "")
    if not 0 < pixels(svg) <= MOST_COPIED_PIXELS:
        return {}
    try:
        renderer: Any = find_renderer("png")
        png: bytes = renderer.of_svg(svg, renderer.Options())
    except Exception:
        return {}
    return {_MEDIA_TYPES["png"]: png} if len(png) <= MOST_COPIED_BYTES else {}


def _of_graph(what: Any, names: Any, formats: list[str], options: Mapping[str, Any]) -> dict[str, Any]:
    selected = {name: options[name] for name in Selection.__struct_fields__ if name in options}
    names_in = {name: names_of(selected.get(name, ())) for name in ("collapse", "expand")}
    selection = chosen(Selection, {**selected, **names_in})
    limits = options.get("limits") or limits_from_environment()
    if names is None and defaults.names:
        graph, unnamed = named_by_variables(what, limits)
    else:
        graph, unnamed = view_of(what, limits, names), ""
    unfolded = {"collapse": (), "fold": None, "expand": (), "max_boxes": None}  # text has room for every node
    text = msgspec.structs.replace(selection, **unfolded)
    bundle: dict[str, Any] = {"text/plain": _text(text.view(graph), options, limits)}
    is_whole = True
    for name in formats:
        if name == "png" and "svg" in formats:
            continue
        chosen_for = _picture(selection) if name in PICTURES else selection
        try:
            kind, content = _drawn(graph, name, chosen_for, options, limits)
        except GradgraphError as error:
            said = error.in_words_of(_in_a_cell) if isinstance(error, ToolError) else error
            if isinstance(error, ToolError) and is_whole:  # what the picture would have shown
                bundle["text/plain"], is_whole = _text(chosen_for.view(graph), options, limits), False
            bundle["text/plain"] += f"\n(no {name}: {said})\n"
        else:
            bundle[kind] = content
    if unnamed:
        bundle["text/plain"] += f"\n(no names of variables: {unnamed})\n"
    return bundle | (_copied(bundle) if {"svg", "png"} <= {*formats} else {})


def _picture(selection: Selection) -> Selection:
    """Return the selection with the fold that a picture has in a notebook, if none was asked for."""
    if selection.fold is not None or selection.collapse or selection.max_boxes is not None:
        return selection
    return msgspec.structs.replace(selection, fold="auto", max_boxes=defaults.max_boxes)


def _in_a_cell(name: str, value: str) -> str:
    return f'set gradgraph.options.{name} = "{value}"'


def _drawn(
    what: Graph | View, name: str, selection: Selection, options: Mapping[str, Any], limits: Limits
) -> tuple[str, str | bytes]:
    """The media type and the content of a format. HTML is the SVG, with ids that no other HTML of ours has."""
    format = RENDERER_OF.get(name, name)
    drawing = draw(what, format, _of_renderer(format, options), limits, selection=selection, policy="error")
    if name != "html":
        return drawing.media_type, _readable(drawing)
    svg = str(drawing)
    root = root_id(svg)
    _inlined[root] += 1
    return _MEDIA_TYPES[name], inline_svg(svg, copy=_inlined[root] - 1, paper=True)


def _of_renderer(format: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that a renderer has, the defaults of the notebook first."""
    own = find_renderer(format).Options.__struct_fields__
    return {name: value for name, value in {**defaults.drawing, **options}.items() if name in own}


def _readable(drawing: Rendering) -> str | bytes:
    """The content; an SVG on paper of its own, since a notebook's page may be dark and not say so."""
    is_svg = drawing.media_type == _MEDIA_TYPES["svg"] and isinstance(drawing.content, str)
    return on_paper(str(drawing)) if is_svg else drawing.content


def _text(view: View, options: Mapping[str, Any], limits: Limits) -> str:
    own = {"max_rows": defaults.max_rows, **_of_renderer(FALLBACK, options)}
    drawing = str(draw(view, FALLBACK, own, limits))
    if own["max_rows"] and len(view.nodes) > own["max_rows"]:
        drawing += "\n(gradgraph.render(…, 'text') shows more of it, gradgraph.focus(…, node) what is near a node)\n"
    return drawing
