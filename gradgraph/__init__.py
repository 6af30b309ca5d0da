"""Autograd computation graphs as documents and pictures.

    >>> from gradgraph import Value, export
    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    >>> o = (x * w).tanh()
    >>> o.backward()
    >>> export(o)
    <Graph of 4 nodes, output n3>

Every public name of the library is here; importing it loads nothing until a name is used.
"""

from typing import TYPE_CHECKING

from gradgraph.lazy_names import lazily
from gradgraph.version import __version__ as __version__

if TYPE_CHECKING:
    from gradgraph.api import diff as diff
    from gradgraph.api import dump as dump
    from gradgraph.api import dumps as dumps
    from gradgraph.api import export as export
    from gradgraph.api import focus as focus
    from gradgraph.api import fold as fold
    from gradgraph.api import render as render
    from gradgraph.api import summarize as summarize
    from gradgraph.api import verify as verify
    from gradgraph.batch import render_many as render_many
    from gradgraph.document.files import load as load
    from gradgraph.document.files import loads as loads
    from gradgraph.document.reading import validate as validate
    from gradgraph.drawing.batch import Drawn as Drawn
    from gradgraph.drawing.finished import Rendering as Rendering
    from gradgraph.drawing.options import DrawingOptions as DrawingOptions
    from gradgraph.drawing.registry import register as register
    from gradgraph.drawing.renderer import Renderer as Renderer
    from gradgraph.engine.defining import op as op
    from gradgraph.engine.scopes import named_scope as named_scope
    from gradgraph.engine.value import Value as Value
    from gradgraph.errors import CallError as CallError
    from gradgraph.errors import CycleError as CycleError
    from gradgraph.errors import DegradedWarning as DegradedWarning
    from gradgraph.errors import DerivativeError as DerivativeError
    from gradgraph.errors import DocumentError as DocumentError
    from gradgraph.errors import DocumentWarning as DocumentWarning
    from gradgraph.errors import EngineError as EngineError
    from gradgraph.errors import GradgraphError as GradgraphError
    from gradgraph.errors import OptionError as OptionError
    from gradgraph.errors import Problem as Problem
    from gradgraph.errors import RendererError as RendererError
    from gradgraph.errors import ReplayError as ReplayError
    from gradgraph.errors import StaleDataWarning as StaleDataWarning
    from gradgraph.errors import TooLarge as TooLarge
    from gradgraph.errors import ToolError as ToolError
    from gradgraph.errors import ToolFailed as ToolFailed
    from gradgraph.errors import ToolLimit as ToolLimit
    from gradgraph.errors import ToolMissing as ToolMissing
    from gradgraph.graph.model import Edge as Edge
    from gradgraph.graph.model import Graph as Graph
    from gradgraph.graph.model import Group as Group
    from gradgraph.graph.model import Node as Node
    from gradgraph.graph.model import OpDeclaration as OpDeclaration
    from gradgraph.graph.views import Fold as Fold
    from gradgraph.graph.views import View as View
    from gradgraph.interop.graphviz_pydot import draw_dot as draw_dot
    from gradgraph.interop.graphviz_pydot import from_pydot as from_pydot
    from gradgraph.interop.graphviz_pydot import to_graphviz as to_graphviz
    from gradgraph.interop.graphviz_pydot import to_pydot as to_pydot
    from gradgraph.interop.networkx import from_networkx as from_networkx
    from gradgraph.interop.networkx import to_networkx as to_networkx
    from gradgraph.limits import Limits as Limits
    from gradgraph.pages.display_defaults import options as options
    from gradgraph.pages.notebook import display as display
    from gradgraph.replay.reviving import to_values as to_values
    from gradgraph.tracing.engines import register_engine as register_engine

_HOMES = {
    "gradgraph.api": (
        "diff",
        "dump",
        "dumps",
        "export",
        "focus",
        "fold",
        "render",
        "summarize",
        "verify",
    ),
    "gradgraph.batch": ("render_many",),
    "gradgraph.document.files": (
        "load",
        "loads",
    ),
    "gradgraph.document.reading": ("validate",),
    "gradgraph.drawing.batch": ("Drawn",),
    "gradgraph.drawing.finished": ("Rendering",),
    "gradgraph.drawing.options": ("DrawingOptions",),
    "gradgraph.drawing.registry": ("register",),
    "gradgraph.drawing.renderer": ("Renderer",),
    "gradgraph.engine.defining": ("op",),
    "gradgraph.engine.scopes": ("named_scope",),
    "gradgraph.engine.value": ("Value",),
    "gradgraph.errors": (
        "CallError",
        "CycleError",
        "DegradedWarning",
        "DerivativeError",
        "DocumentError",
        "DocumentWarning",
        "EngineError",
        "GradgraphError",
        "OptionError",
        "Problem",
        "RendererError",
        "ReplayError",
        "StaleDataWarning",
        "TooLarge",
        "ToolError",
        "ToolFailed",
        "ToolLimit",
        "ToolMissing",
    ),
    "gradgraph.graph.model": (
        "Edge",
        "Graph",
        "Group",
        "Node",
        "OpDeclaration",
    ),
    "gradgraph.graph.views": (
        "Fold",
        "View",
    ),
    "gradgraph.interop.graphviz_pydot": (
        "draw_dot",
        "from_pydot",
        "to_graphviz",
        "to_pydot",
    ),
    "gradgraph.interop.networkx": (
        "from_networkx",
        "to_networkx",
    ),
    "gradgraph.limits": ("Limits",),
    "gradgraph.pages.display_defaults": ("options",),
    "gradgraph.pages.notebook": ("display",),
    "gradgraph.replay.reviving": ("to_values",),
    "gradgraph.tracing.engines": ("register_engine",),
}

__all__ = sorted([name for names in _HOMES.values() for name in names])
__getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
