"""render(): picks the renderer, falls back to text."""

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.renderer import Rendering, RenderOptions
from gradgraph.errors import DegradedWarning, GradgraphError, RendererError, TooLarge, ToolError
from gradgraph.graph.folding import fold
from gradgraph.graph.model import Graph
from gradgraph.graph.views import View, everything
from gradgraph.option_records import chosen

if TYPE_CHECKING:
    from gradgraph.engine.value import Value

FALLBACK = "text"


def render(
    what: "Value | Iterable[Value] | Graph | View",
    format: str = "svg",
    *,
    strict: bool = False,
    collapse: Iterable[str] = (),
    max_nodes: int | None = None,
    **options: Any,
) -> Rendering:
    """Draw a value and all it depends on, a graph, or a view of one.

    `format` names a registered renderer and `options` are the fields of RenderOptions. Groups named in `collapse` are
    drawn as one box each, and more groups until `max_nodes` boxes are left, or fewer where the format cannot hold so
    many; `fold` says how. When a program the renderer
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

    Raises RendererError for an unknown format and for a renderer that fails, OptionError for an unknown option, and
    TooLarge for a graph beyond what the format can hold.
    """
    view = _as_view(what)
    how = chosen(RenderOptions, options)
    try:
        return _draw_folded(format, view, tuple(collapse), max_nodes, how)
    except ToolError as error:
        if strict or format == FALLBACK:
            raise
        warnings.warn(f"no {format}: {error}", DegradedWarning, stacklevel=2)
        text = _draw_folded(FALLBACK, view, tuple(collapse), max_nodes, how)
        return msgspec.structs.replace(text, degraded_from=format)


def _draw_folded(
    name: str, view: View, collapse: tuple[str, ...], max_nodes: int | None, options: RenderOptions
) -> Rendering:
    """The drawing with groups folded; with ever more of them, if `max_nodes` allows, until the format can hold it."""
    refusal: TooLarge | None = None
    while True:
        try:
            folded = fold(view, collapse, max_nodes) if collapse or max_nodes is not None else view
        except TooLarge as error:
            raise refusal or error from None
        try:
            return _draw(name, folded, options)
        except TooLarge as error:
            if max_nodes is None:
                raise
            refusal = refusal or error
            max_nodes = min(max_nodes, len(folded.nodes) + len(folded.folds)) * 3 // 4


def _draw(name: str, view: View, options: RenderOptions) -> Rendering:
    renderer = find_renderer(name)
    try:
        content = renderer.render(view, options)
    except (GradgraphError, MemoryError, RecursionError):
        raise
    except Exception as error:  # a plug-in is anyone's code: whatever it raises is its own failure
        raise RendererError(f"the renderer {name!r} failed: {error!r}") from error
    return Rendering(content=content, media_type=renderer.media_type, format=name, view=view)


def _as_view(what: "Value | Iterable[Value] | Graph | View") -> View:
    if isinstance(what, View):
        return what
    if not isinstance(what, Graph):
        from gradgraph.tracing.values import export  # only live values need the engine

        what = export(what)
    return everything(what)
