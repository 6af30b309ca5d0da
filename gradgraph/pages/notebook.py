"""How values, graphs and drawings show themselves in a notebook: as mime bundles that never raise and never flood."""

import sys
from collections import Counter
from collections.abc import Container, Iterable
from reprlib import Repr
from typing import Any

from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.renderer import Rendering, RenderOptions
from gradgraph.drawing.rendering import render
from gradgraph.engine.value import Value
from gradgraph.errors import GradgraphError
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View, everything
from gradgraph.pages.display_defaults import options as defaults
from gradgraph.pages.inlining import inline_svg, on_paper, pixels, root_id
from gradgraph.tracing.values import export

Shown = Value | Graph | View | Rendering

_MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png", "mermaid": "text/vnd.mermaid", "html": "text/html"}

MOST_COPIED_BYTES, MOST_COPIED_PIXELS = 200_000, 3_000_000
"""Of the PNG that is a copy of an SVG. Every save of the notebook writes it. A picture of three million pixels takes
0.3 s to draw, and nearly always has more bytes than that."""

_short = Repr()
"""Reprs of what cannot be drawn: not much longer than this, and told even if they raise."""
_short.maxother = 500

_inlined: Counter[str] = Counter()
"""How often each picture has been put into HTML by this process, whose outputs may share a page."""


def display(what: Shown | Iterable[Value], *, formats: str | Iterable[str] | None = None, **options: Any) -> None:
    """Show a value, a graph, a view of one or a finished drawing, now and not only on the last line of a cell.

    `formats` are one or several of those of `gradgraph.options.formats`, and `options` those of `render`. Outside a
    notebook the text drawing is printed. Never raises.

    >>> from gradgraph import Value, display
    >>> display(Value(2.0, label="a") * 3)
         id  data  grad  name = expression
    ○    n0     2     –  a
    │ ◇  n1     3     –
    ●─╯  n2     6     –  = a * n1
    <BLANKLINE>
    ○ input   ◇ constant   ● op, using any value right above   ╯ last use
    """
    ipython: Any = sys.modules.get("IPython")  # where a notebook runs, it is loaded
    if ipython is None or ipython.get_ipython() is None:
        print(mimebundle(what, formats=(), **options)["text/plain"], end="")
    else:
        ipython.display.display(mimebundle(what, formats=formats, **options), raw=True)


def mimebundle(
    what: Shown | Iterable[Value],
    include: Container[str] | None = None,
    exclude: Container[str] | None = None,
    *,
    formats: str | Iterable[str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """What a notebook shows of `what`: always `text/plain`, and a picture in each format that can be made.

    `include` and `exclude` are collections of media types, as IPython passes them; a type that is included is made
    even if it is none of the `formats`. `options` are those of `render`. Never raises.
    """
    try:
        if isinstance(what, Rendering):
            bundle = _of_rendering(what, _wanted(formats, include, exclude))
        else:
            bundle = _of_graph(what, _wanted(formats, include, exclude), options)
    except Exception as error:  # a display that raises hides the value it should show, whatever the reason
        bundle = {"text/plain": f"{_short.repr(what)}\n(no drawing: {error})"}
    return {kind: content for kind, content in bundle.items() if _is_asked(kind, include, exclude)}


def _is_asked(kind: str, include: Container[str] | None, exclude: Container[str] | None) -> bool:
    return (not include or kind in include) and (not exclude or kind not in exclude)


def _wanted(
    formats: str | Iterable[str] | None, include: Container[str] | None, exclude: Container[str] | None
) -> list[str]:
    """The names of the formats to draw besides text."""
    names = [formats] if isinstance(formats, str) else [*(defaults.formats if formats is None else formats)]
    if include:
        names += _MEDIA_TYPES
    return [
        name
        for name in dict.fromkeys(names)
        if name != "text" and (name not in _MEDIA_TYPES or _is_asked(_MEDIA_TYPES[name], include, exclude))
    ]


def _of_rendering(rendering: Rendering, formats: Iterable[str]) -> dict[str, Any]:
    if rendering.media_type == "text/plain":
        return {"text/plain": str(rendering)}
    text = repr(rendering) if rendering.view is None else _text(rendering.view, {})
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
        png: bytes = renderer.of_svg(svg, RenderOptions())
    except Exception:
        return {}
    return {_MEDIA_TYPES["png"]: png} if len(png) <= MOST_COPIED_BYTES else {}


def _of_graph(
    what: Value | Graph | View | Iterable[Value], formats: list[str], options: dict[str, Any]
) -> dict[str, Any]:
    view = what if isinstance(what, View) else everything(what if isinstance(what, Graph) else export(what))
    chosen = {"theme": defaults.theme, "direction": defaults.direction, "precision": defaults.precision, **options}
    bundle: dict[str, Any] = {"text/plain": _text(view, chosen)}
    for name in formats:
        if name == "png" and "svg" in formats:
            continue
        try:
            kind, content = _drawn(view, name, {"max_nodes": _boxes(view), **chosen})
        except GradgraphError as error:
            bundle["text/plain"] += f"\n(no {name}: {error})\n"
        else:
            bundle[kind] = content
    return bundle | (_copied(bundle) if {"svg", "png"} <= {*formats} else {})


def _drawn(view: View, name: str, options: dict[str, Any]) -> tuple[str, str | bytes]:
    """The media type and the content of a format. HTML is the SVG, with ids that no other HTML of ours has."""
    drawing = render(view, "svg" if name == "html" else name, strict=True, **options)
    if name != "html":
        return drawing.media_type, _readable(drawing)
    svg = str(drawing)
    root = root_id(svg)
    _inlined[root] += 1
    return _MEDIA_TYPES[name], inline_svg(svg, copy=_inlined[root] - 1, paper=True)


def _readable(drawing: Rendering) -> str | bytes:
    """The content; an SVG on paper of its own, since a notebook's page may be dark and not say so."""
    is_svg = drawing.media_type == _MEDIA_TYPES["svg"] and isinstance(drawing.content, str)
    return on_paper(str(drawing)) if is_svg else drawing.content


def _boxes(view: View) -> int | None:
    """How many boxes a picture may have, None for a view that has no more."""
    return defaults.max_nodes if len(view.nodes) > defaults.max_nodes and not view.folds else None


def _text(view: View, options: dict[str, Any]) -> str:
    rows = {"max_rows": defaults.max_rows, **options}
    kept = {name: value for name, value in rows.items() if name not in ("collapse", "max_nodes")}
    drawing = str(render(view, "text", **kept))
    if kept["max_rows"] and len(view.nodes) > kept["max_rows"]:
        drawing += "\n(gradgraph.render(…, 'text') shows more of it, gradgraph.focus(…, node) what is near a node)\n"
    return drawing
