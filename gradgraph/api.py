"""The public functions that take anything: each turns what it is given into a Graph, then calls one room."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

from gradgraph.errors import OptionError
from gradgraph.graph.model import Graph
from gradgraph.graph.views import FoldMode, View

if TYPE_CHECKING:
    from gradgraph.document.files import Format
    from gradgraph.drawing.finished import Rendering
    from gradgraph.graph.comparing import Change
    from gradgraph.graph.figures import Summary
    from gradgraph.limits import Limits
    from gradgraph.replay.verifying import Disagreement


def graph_of(what: Any, limits: "Limits | None" = None, names: Any = None) -> Graph:
    """Return the graph of whatever a user hands over.

    That is a Graph itself; a View; the path of a document, as a text or a Path; a Value or several; or values of
    another engine of the same shape, as `export` says. `limits` bound the reading of a document, and `names` name
    live values, as `export` says.

    >>> from gradgraph import Value
    >>> graph = graph_of(Value(3.0, label="a"))
    >>> graph_of(graph) is graph
    True

    Raises what `gradgraph.load` raises for a path, what `export` raises for values, and OptionError for the names of
    what is no live value.
    """
    if names is not None and not is_live(what):
        raise OptionError(f"names= is for live values: a {type(what).__name__} keeps the labels that it was made with")
    if isinstance(what, Graph):
        return what
    if isinstance(what, View):
        return what.graph
    if isinstance(what, (str, os.PathLike)):
        from gradgraph.document.files import load

        return load(what, limits=limits)
    from gradgraph.tracing.values import trace  # only live values need the engine

    return trace(what, names)


def is_live(what: Any) -> bool:
    """Return whether this is no graph yet, but live values, which `names` can name.

    >>> from gradgraph import Value
    >>> is_live(Value(3.0)), is_live("neuron.json")
    (True, False)
    """
    return not isinstance(what, (Graph, View, str, os.PathLike))


def view_of(what: Any, limits: "Limits | None" = None, names: Any = None) -> Graph | View:
    """Return a View as it is, and the graph of anything else."""
    return what if isinstance(what, View) and names is None else graph_of(what, limits, names)


def export(what: Any, path: str | os.PathLike[str] | None = None, *, names: Any = None) -> Graph:
    """Return the graph of everything the outputs depend on, also written to `path` as a document when one is given.

    Takes one Value or several, ours or those of another engine: its names for operands, op, data and gradient are
    found, the order of operands is that of its backward closures, and its gradients count as not computed if every one
    is 0. What would have to be guessed is refused; `register_engine` helps then. The live values are read, never
    changed. Ids follow the depth-first post-order with operands in order, so the same computation always gets the same
    ids. Local derivatives are recorded beside the data; `grad` is None where no backward pass has been. Linear in the
    graph, without recursion. A Graph, a View or the path of a document is taken as well.

    `names` gives labels to values that have none: a dict of names and values, `locals()`, a model, a state dict, a
    module, or a list of (name, value) pairs. Lists, dicts and attributes in it are followed, so a label can be
    `layers[0].neurons[1].w[0]`. A leaf found in a model or a state dict gets the role "parameter", and what is found in
    an object gets its groups, where no named scope gave it one. The how-to "Name your values" has the rules.

    >>> from gradgraph import Value
    >>> a = Value(3.0, label="a")
    >>> export(a + a).nodes[1].operands
    (0, 0)
    >>> x = [Value(1.0), Value(2.0)]
    >>> [node.label for node in export(x[0] * x[1], names={"x": x})]
    ['x[0]', 'x[1]', '']

    Raises TypeError if an output is not a Value or `names` has no names, EngineError, a TypeError too, if the graph of
    another engine cannot be read without guessing, ValueError if there is no output or `names` leads to none of the
    values, OptionError if `names` are given for a graph or a document, and OSError if the path cannot be written.
    """
    graph = graph_of(what, names=names)
    if path is not None:
        dump(graph, path)
    return graph


def render(
    what: Any,
    format: str | None = None,
    *,
    path: str | os.PathLike[str] | None = None,
    focus: int | str | None = None,
    radius: int = 1,
    collapse: str | Iterable[str] = (),
    fold: FoldMode | None = None,
    expand: str | Iterable[str] = (),
    max_boxes: int | None = None,
    limits: "Limits | None" = None,
    strict: bool = False,
    names: Any = None,
    **options: Any,
) -> "Rendering":
    """Draw a value and all it depends on, a graph, a view of one, or the document at a path.

    `format` names a registered renderer and `options` are the fields of its record, such as `SvgRenderer.Options`.
    With `path`, the drawing is saved there too, as `Rendering.save` does. The format is then that of the suffix, and
    may be left out. Without a path or a suffix it is SVG.

    With `focus`, an id or a label, only that node is drawn and what is `radius` edges from it or fewer. Groups named in
    `collapse`, one name or several, are drawn as one box each, and more groups until `max_boxes` boxes are left, or
    fewer where the format cannot hold so many. `fold` says what else is drawn as one box: "cones", "stacks", "steps",
    "regions", "layers", "groups" or "none"; "auto", the default of pictures, shows all of a small graph, and of a large
    one the finest of these with few boxes. `expand` opens the folds of these names, one or several, as the picture
    calls them. `limits` bound the work, those of the environment by default. `names` name live values, as `export`
    says.

    When a program the renderer needs is missing or fails, the answer is a text drawing with `degraded_from` set, and a
    DegradedWarning that says what would help; with `strict` it is the ToolError itself. The text for NAME.svg is saved
    as NAME.txt.

    >>> from gradgraph import Value
    >>> print(render(Value(3.0, label="a") * 2, "text"), end="")
         id  data  grad  name = expression
    ○    n0     3     –  a
    │ ◇  n1     2     –
    ●─╯  n2     6     –  = a * n1
    <BLANKLINE>
    ○ input   ◇ constant   ● op, using any value right above   ╯ last use

    Raises RendererError for an unknown format and for a renderer that fails, OptionError for an option that the format
    does not have, for a node or a group that is not there, and for a suffix that no format has or another one than the
    format given, TooLarge for a graph beyond what the format can hold, and OSError if the path cannot be written.
    """
    from gradgraph.drawing.rendering import draw
    from gradgraph.drawing.selection import Selection, names_of
    from gradgraph.drawing.suffixes import format_for
    from gradgraph.limits import limits_from_environment
    from gradgraph.option_records import chosen

    bounds = limits_from_environment() if limits is None else limits
    selected = {
        "focus": focus,
        "radius": radius,
        "collapse": names_of(collapse),
        "fold": fold,
        "expand": names_of(expand),
        "max_boxes": max_boxes,
    }
    format = format_for(path, format)
    drawing = draw(
        view_of(what, limits, names),
        format,
        options,
        bounds,
        selection=chosen(Selection, selected),
        policy="error" if strict else "warn",
        path=path,
    )
    if path is not None:
        drawing.save(path)
    return drawing


def dumps(what: Any, format: "Format" = "json") -> str:
    """Return the canonical document: the same graph gives the same text on every machine.

    >>> from gradgraph import Value
    >>> print(dumps(Value(2.0, label="x", role="parameter")), end="")
    {
    "format": "gradgraph",
    "version": "1.0",
    "ops": {},
    "outputs": [0],
    "nodes": [
    {"id": 0, "label": "x", "role": "parameter", "data": 2.0, "grad": null}
    ]
    }

    Raises OptionError for another format than "json" and "yaml".
    """
    from gradgraph.document import files

    return files.dumps(graph_of(what), format)


def dump(what: Any, target: str | os.PathLike[str] | BinaryIO, format: "Format | None" = None) -> None:
    """Write the canonical document to a path, atomically, or to an open binary file, streaming rows.

    `format` is "yaml" for paths that end in .yaml or .yml and "json" otherwise. Raises OSError if the document
    cannot be written; the old file is then untouched.
    """
    from gradgraph.document import files

    files.dump(graph_of(what), target, format)


def focus(what: Any, node: int | str, radius: int = 1) -> View:
    """Return the neighbourhood of one node: all nodes that `radius` edges or fewer lead to, along or against the flow.

    `node` is an id, as a number or as drawings write it ("n7"), or a label that only one node has. Raises OptionError
    for any other node, and for a radius below 0.

    >>> from gradgraph import Value
    >>> a = Value(3.0, label="a")
    >>> focus(a * a + 1, "a").note
    'n0 and what is next to it: 2 of 4 nodes'
    """
    from gradgraph.graph import views

    return views.focus(graph_of(what), node, radius)


def fold(what: Any, groups: str | Iterable[str] = (), max_boxes: int | None = None) -> View:
    """Return the view in which some groups, and all in them, are shown as one box each.

    `groups` are names of groups to fold, of all that have the name, or ways down to one ("mlp/layer1"). With
    `max_boxes`, more are folded until no more than that many boxes are left, the deepest groups first and the largest
    of those first. A fold that would close a cycle, because what leaves its group comes back into it, is split into as
    many parts as keep operands before their users. The view's note says what was folded.

    Raises OptionError for a group that is not there and for a view that is folded already, and TooLarge when folding
    every group is not enough. Takes time linear in what is shown.

    >>> from gradgraph import Value, named_scope
    >>> with named_scope("layer"):
    ...     half = Value(3.0, label="a") * 0.5
    >>> fold(half + 1, ["layer"]).note
    'layer folded: 3 nodes stand in 1 box'
    """
    from gradgraph.drawing.selection import names_of
    from gradgraph.graph import folding

    return folding.fold(view_of(what), names_of(groups), max_boxes)


def verify(what: Any, tolerance: float | None = None) -> "tuple[Disagreement, ...]":
    """Recompute every number of a graph from its neighbours, and return those that disagree.

    Data is compared with the op's forward rule on the recorded operands, local derivatives with its partials, and a
    gradient with the sum over the node's users of their gradient times local derivative, plus the 1 that a backward
    pass starts with at an output. Data and local of an op that is no primitive are taken as recorded, as are
    gradients that depend on an unrecorded local.

    `tolerance` is in ulps: of the expected number for data and local, of the sum of the terms' sizes for a gradient.
    With 0 every bit counts, which is right for numbers of this engine on machines with the same C library; it is the
    default for them. The default is 4 for numbers of another engine, as a document says by `engine` in its `meta`: they
    are computed by other formulas. Where its `meta` has the `dtype` "float32", the ulps are those of float32.
    A gradient of three terms or more has an ulp a term on top in a graph of another engine or of several outputs, for
    there the order in which they were added is not known. A gradient of 0.0 equals one of -0.0.

    >>> from gradgraph import Value
    >>> a = Value(3.0)
    >>> verify(a * a)
    ()
    """
    from gradgraph.replay import verifying

    return verifying.verify(graph_of(what), tolerance)


def diff(before: Any, after: Any) -> "tuple[Change, ...]":
    """Return what differs from `before` to `after`: removed nodes, then changed and added ones.

    Empty if the graphs say the same, in whatever order their rows are. Nodes are matched by label and by place in the
    computation. Linear in the graphs.

    >>> from gradgraph import Value
    >>> for change in diff(Value(1.0, "a") * 2, Value(1.5, "a") * 2):
    ...     print(change)
    ~ n0 (a): data 1.0 → 1.5
    ~ n2: data 2.0 → 3.0, local (2.0, 1.0) → (2.0, 1.5)
    """
    from gradgraph.graph import comparing

    return comparing.diff(graph_of(before), graph_of(after))


def summarize(what: Any) -> "Summary":
    """Return the figures of a graph: size, depth, ops, gradient range, and where numbers stop being finite.

    >>> from gradgraph import Value
    >>> found = summarize(Value(2.0) ** 2 + 1)
    >>> found.nodes, found.depth, found.ops
    (4, 2, {'add': 1, 'power': 1})
    """
    from gradgraph.graph import figures

    return figures.summarize(graph_of(what))
