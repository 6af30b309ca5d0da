"""Autograd computation graphs as documents and pictures.

    >>> from gradgraph import Value, export
    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    >>> o = (x * w).tanh()
    >>> o.backward()
    >>> export(o)
    <Graph of 4 nodes, output n3>

Every public name of the library is here; importing it loads nothing until a name is used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradgraph.document.files import dump as dump
    from gradgraph.document.files import dumps as dumps
    from gradgraph.document.files import load as load
    from gradgraph.document.files import loads as loads
    from gradgraph.document.reading import validate as validate
    from gradgraph.drawing.renderer import Renderer as Renderer
    from gradgraph.drawing.renderer import Rendering as Rendering
    from gradgraph.drawing.renderer import RenderOptions as RenderOptions
    from gradgraph.drawing.rendering import render as render
    from gradgraph.engine.scopes import named_scope as named_scope
    from gradgraph.engine.value import Value as Value
    from gradgraph.errors import CallError as CallError
    from gradgraph.errors import CycleError as CycleError
    from gradgraph.errors import DegradedWarning as DegradedWarning
    from gradgraph.errors import DocumentError as DocumentError
    from gradgraph.errors import DocumentWarning as DocumentWarning
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
    from gradgraph.graph.folding import fold as fold
    from gradgraph.graph.model import Edge as Edge
    from gradgraph.graph.model import Graph as Graph
    from gradgraph.graph.model import Group as Group
    from gradgraph.graph.model import Node as Node
    from gradgraph.graph.model import OpDeclaration as OpDeclaration
    from gradgraph.graph.views import View as View
    from gradgraph.graph.views import focus as focus
    from gradgraph.interop.graphviz_pydot import draw_dot as draw_dot
    from gradgraph.interop.graphviz_pydot import from_pydot as from_pydot
    from gradgraph.interop.graphviz_pydot import to_graphviz as to_graphviz
    from gradgraph.interop.graphviz_pydot import to_pydot as to_pydot
    from gradgraph.interop.networkx import from_networkx as from_networkx
    from gradgraph.interop.networkx import to_networkx as to_networkx
    from gradgraph.limits import Limits as Limits
    from gradgraph.pages.display_defaults import options as options
    from gradgraph.pages.notebook import display as display
    from gradgraph.replay.verifying import to_values as to_values
    from gradgraph.replay.verifying import verify as verify
    from gradgraph.tracing.values import export as export

_HOME = {
    "pages.display_defaults": ("options",),
    "document.files": ("dump", "dumps", "load", "loads"),
    "engine.value": ("Value",),
    "errors": (
        "CallError",
        "CycleError",
        "DegradedWarning",
        "DocumentError",
        "DocumentWarning",
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
    "graph.folding": ("fold",),
    "graph.model": ("Edge", "Graph", "Group", "Node", "OpDeclaration"),
    "interop.graphviz_pydot": ("draw_dot", "from_pydot", "to_graphviz", "to_pydot"),
    "limits": ("Limits",),
    "pages.notebook": ("display",),
    "interop.networkx": ("from_networkx", "to_networkx"),
    "drawing.renderer": ("RenderOptions", "Renderer", "Rendering"),
    "drawing.rendering": ("render",),
    "replay.verifying": ("to_values", "verify"),
    "engine.scopes": ("named_scope",),
    "tracing.values": ("export",),
    "document.reading": ("validate",),
    "graph.views": ("View", "focus"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE_OF)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
