"""render(): picks the renderer, falls back to text."""

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gradgraph.errors import DegradedWarning, ToolError
from gradgraph.graph import Graph
from gradgraph.protocol import Rendering, RenderOptions, render_options
from gradgraph.registry import find_renderer
from gradgraph.views import View, everything

if TYPE_CHECKING:
    from gradgraph.engine import Value

FALLBACK = "text"


def render(
    what: "Value | Iterable[Value] | Graph | View", format: str = "svg", *, strict: bool = False, **options: Any
) -> Rendering:
    """Draw a value and all it depends on, a graph, or a view of one.

    `format` names a registered renderer and `options` are the fields of RenderOptions. When a program the renderer
    needs is missing or fails, the answer is a text drawing with `degraded_from` set, and a DegradedWarning that
    says what would help; with `strict` it is the ToolError itself.

    >>> from gradgraph import Value
    >>> print(render(Value(3.0, label="a") * 2, "text"), end="")
         id  data  grad  name = expression
    ○    n0     3     –  a
    │ ◇  n1     2     –
    ●─╯  n2     6     –  = a * n1
    <BLANKLINE>
    ○ input   ◇ constant   ● op, using any value right above   ╯ last use

    Raises RendererError for an unknown format, OptionError for an unknown option, TooLarge for a graph beyond what
    the format can hold.
    """
    view = _as_view(what)
    chosen = render_options(options)
    try:
        return _draw(format, view, chosen)
    except ToolError as error:
        if strict or format == FALLBACK:
            raise
        warnings.warn(f"no {format}: {error}", DegradedWarning, stacklevel=2)
        text = _draw(FALLBACK, view, chosen)
        return Rendering(content=text.content, media_type=text.media_type, format=text.format, degraded_from=format)


def _draw(name: str, view: View, options: RenderOptions) -> Rendering:
    renderer = find_renderer(name)
    return Rendering(content=renderer.render(view, options), media_type=renderer.media_type, format=name)


def _as_view(what: "Value | Iterable[Value] | Graph | View") -> View:
    if isinstance(what, View):
        return what
    if not isinstance(what, Graph):
        from gradgraph.tracing import export  # only live values need the engine

        what = export(what)
    return everything(what)
