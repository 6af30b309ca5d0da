"""Mime bundles: how values, graphs and drawings show themselves on the last line of a notebook cell."""

from typing import Any

from gradgraph.engine import Value
from gradgraph.errors import ToolError
from gradgraph.graph import Graph
from gradgraph.protocol import Rendering
from gradgraph.rendering import render
from gradgraph.tracing import export

MOST_NODES = 500
"""A larger graph shows as a one-line summary, so that no cell floods the page."""


def mimebundle(
    what: Value | Graph | Rendering, include: Any = None, exclude: Any = None, **options: Any
) -> dict[str, Any]:
    """What a notebook shows of `what`: always `text/plain`, and `image/svg+xml` when a layout engine answers.

    `include` and `exclude` are collections of media types, as IPython passes them; `options` are those of `render`.
    Never raises.
    """
    try:
        bundle = _of_rendering(what) if isinstance(what, Rendering) else _of_graph(what, options)
    except Exception as error:  # a display that raises hides the value it should show, whatever the reason
        bundle = {"text/plain": f"{what!r}\n(no drawing: {error})"}
    return {
        kind: content
        for kind, content in bundle.items()
        if (not include or kind in include) and (not exclude or kind not in exclude)
    }


def _of_rendering(rendering: Rendering) -> dict[str, Any]:
    if rendering.media_type == "text/plain":
        return {"text/plain": str(rendering)}
    summary = f"<{rendering.format} drawing, {len(rendering.content)} long>"
    text = str(rendering) if isinstance(rendering.content, str) and rendering.format != "svg" else summary
    return {"text/plain": text, rendering.media_type: rendering.content}


def _of_graph(what: Value | Graph, options: dict[str, Any]) -> dict[str, Any]:
    graph = what if isinstance(what, Graph) else export(what)
    if len(graph) > MOST_NODES:
        return {"text/plain": f"{graph!r}: too many to show here; gradgraph.render(…, 'text') shows them all"}
    bundle: dict[str, Any] = {"text/plain": str(render(graph, "text", **options))}
    try:
        bundle["image/svg+xml"] = render(graph, "svg", strict=True, **options).content
    except ToolError as error:
        bundle["text/plain"] += f"\n(no svg: {error})\n"
    return bundle
