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
    from gradgraph.defaults import options as options
    from gradgraph.document import dump as dump
    from gradgraph.document import dumps as dumps
    from gradgraph.document import load as load
    from gradgraph.document import loads as loads
    from gradgraph.engine import Value as Value
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
    from gradgraph.folding import fold as fold
    from gradgraph.graph import Edge as Edge
    from gradgraph.graph import Graph as Graph
    from gradgraph.graph import Group as Group
    from gradgraph.graph import Node as Node
    from gradgraph.graph import OpDeclaration as OpDeclaration
    from gradgraph.interop import draw_dot as draw_dot
    from gradgraph.interop import from_pydot as from_pydot
    from gradgraph.interop import to_graphviz as to_graphviz
    from gradgraph.interop import to_pydot as to_pydot
    from gradgraph.limits import Limits as Limits
    from gradgraph.networks import from_networkx as from_networkx
    from gradgraph.networks import to_networkx as to_networkx
    from gradgraph.notebook import display as display
    from gradgraph.protocol import Renderer as Renderer
    from gradgraph.protocol import Rendering as Rendering
    from gradgraph.protocol import RenderOptions as RenderOptions
    from gradgraph.rendering import render as render
    from gradgraph.replay import to_values as to_values
    from gradgraph.replay import verify as verify
    from gradgraph.scopes import named_scope as named_scope
    from gradgraph.tracing import export as export
    from gradgraph.validation import validate as validate
    from gradgraph.views import View as View
    from gradgraph.views import focus as focus

_HOME = {
    "defaults": ("options",),
    "document": ("dump", "dumps", "load", "loads"),
    "engine": ("Value",),
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
    "folding": ("fold",),
    "graph": ("Edge", "Graph", "Group", "Node", "OpDeclaration"),
    "interop": ("draw_dot", "from_pydot", "to_graphviz", "to_pydot"),
    "limits": ("Limits",),
    "notebook": ("display",),
    "networks": ("from_networkx", "to_networkx"),
    "protocol": ("RenderOptions", "Renderer", "Rendering"),
    "rendering": ("render",),
    "replay": ("to_values", "verify"),
    "scopes": ("named_scope",),
    "tracing": ("export",),
    "validation": ("validate",),
    "views": ("View", "focus"),
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
