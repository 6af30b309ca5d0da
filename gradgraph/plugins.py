"""All that the author of a renderer or a layout engine imports; docs/how-to/renderer.rst shows how.

Renderers of ours import nothing else of gradgraph. A name is loaded when it is first used.
"""

from typing import TYPE_CHECKING

from gradgraph.lazy_names import lazily

if TYPE_CHECKING:
    from gradgraph.document.json_writing import escapes_texts as escapes_texts
    from gradgraph.document.json_writing import header as header
    from gradgraph.document.json_writing import params_text as params_text
    from gradgraph.document.json_writing import spelled_label as spelled_label
    from gradgraph.document.json_writing import spelled_number as spelled_number
    from gradgraph.drawing.describing import called as called
    from gradgraph.drawing.describing import find_origin as find_origin
    from gradgraph.drawing.describing import symbol as symbol
    from gradgraph.drawing.finished import Rendering as Rendering
    from gradgraph.drawing.fold_cells import fold_numbers as fold_numbers
    from gradgraph.drawing.layout import Block as Block
    from gradgraph.drawing.layout import Frame as Frame
    from gradgraph.drawing.layout import Layout as Layout
    from gradgraph.drawing.layout import Line as Line
    from gradgraph.drawing.layout import Outline as Outline
    from gradgraph.drawing.layout import Placement as Placement
    from gradgraph.drawing.layout import Point as Point
    from gradgraph.drawing.layout import Rectangle as Rectangle
    from gradgraph.drawing.layout import Route as Route
    from gradgraph.drawing.layout import Trunk as Trunk
    from gradgraph.drawing.layout import complaint as complaint
    from gradgraph.drawing.layout import whole_way as whole_way
    from gradgraph.drawing.layout_choice import auto_layout as auto_layout
    from gradgraph.drawing.layout_choice import default_layout as default_layout
    from gradgraph.drawing.layout_cost import check_cost as check_cost
    from gradgraph.drawing.layout_cost import check_drawn as check_drawn
    from gradgraph.drawing.layout_cost import layout_cost as layout_cost
    from gradgraph.drawing.options import Direction as Direction
    from gradgraph.drawing.options import DrawingOptions as DrawingOptions
    from gradgraph.drawing.options import PictureOptions as PictureOptions
    from gradgraph.drawing.registry import find_layout as find_layout
    from gradgraph.drawing.registry import find_renderer as find_renderer
    from gradgraph.drawing.registry import layout_names as layout_names
    from gradgraph.drawing.registry import register as register
    from gradgraph.drawing.renderer import Renderer as Renderer
    from gradgraph.drawing.scene import KINDS as KINDS
    from gradgraph.drawing.scene import Box as Box
    from gradgraph.drawing.scene import Cell as Cell
    from gradgraph.drawing.scene import Circle as Circle
    from gradgraph.drawing.scene import Cluster as Cluster
    from gradgraph.drawing.scene import Sample as Sample
    from gradgraph.drawing.scene import Scene as Scene
    from gradgraph.drawing.scene import Stub as Stub
    from gradgraph.drawing.scene import Wire as Wire
    from gradgraph.drawing.staging import build_scene as build_scene
    from gradgraph.drawing.tints import STEPS as STEPS
    from gradgraph.drawing.tints import largest_gradient as largest_gradient
    from gradgraph.drawing.tints import tint as tint
    from gradgraph.errors import GradgraphError as GradgraphError
    from gradgraph.errors import OptionError as OptionError
    from gradgraph.errors import RendererError as RendererError
    from gradgraph.errors import TooLarge as TooLarge
    from gradgraph.errors import ToolError as ToolError
    from gradgraph.errors import ToolFailed as ToolFailed
    from gradgraph.errors import ToolLimit as ToolLimit
    from gradgraph.errors import ToolMissing as ToolMissing
    from gradgraph.graph.fields import REQUIRED_FIRST as REQUIRED_FIRST
    from gradgraph.graph.fields import Kind as Kind
    from gradgraph.graph.model import Edge as Edge
    from gradgraph.graph.model import Graph as Graph
    from gradgraph.graph.model import Group as Group
    from gradgraph.graph.model import Node as Node
    from gradgraph.graph.model import OpDeclaration as OpDeclaration
    from gradgraph.graph.views import Fold as Fold
    from gradgraph.graph.views import View as View
    from gradgraph.graph.views import around_fold as around_fold
    from gradgraph.graph.views import covered as covered
    from gradgraph.graph.views import everything as everything
    from gradgraph.graph.views import first_and_last as first_and_last
    from gradgraph.graph.views import fold_formula as fold_formula
    from gradgraph.graph.views import fold_name as fold_name
    from gradgraph.graph.views import in_order as in_order
    from gradgraph.limits import Limits as Limits
    from gradgraph.limits import how_to_raise as how_to_raise
    from gradgraph.option_records import option as option
    from gradgraph.remembering import remember_short as remember_short
    from gradgraph.visible_text import JOINERS as JOINERS
    from gradgraph.visible_text import visible as visible
    from gradgraph.words import counted as counted
    from gradgraph.words import listed as listed
    from gradgraph.words import number as number
    from gradgraph.words import shortened as shortened

_HOMES = {
    "gradgraph.document.json_writing": (
        "escapes_texts",
        "header",
        "params_text",
        "spelled_label",
        "spelled_number",
    ),
    "gradgraph.drawing.describing": (
        "called",
        "find_origin",
        "symbol",
    ),
    "gradgraph.drawing.finished": ("Rendering",),
    "gradgraph.drawing.fold_cells": ("fold_numbers",),
    "gradgraph.drawing.layout": (
        "Block",
        "Frame",
        "Layout",
        "Line",
        "Outline",
        "Placement",
        "Point",
        "Rectangle",
        "Route",
        "Trunk",
        "complaint",
        "whole_way",
    ),
    "gradgraph.drawing.layout_choice": (
        "auto_layout",
        "default_layout",
    ),
    "gradgraph.drawing.layout_cost": (
        "check_cost",
        "check_drawn",
        "layout_cost",
    ),
    "gradgraph.drawing.options": (
        "Direction",
        "DrawingOptions",
        "PictureOptions",
    ),
    "gradgraph.drawing.registry": (
        "find_layout",
        "find_renderer",
        "layout_names",
        "register",
    ),
    "gradgraph.drawing.renderer": ("Renderer",),
    "gradgraph.drawing.scene": (
        "Box",
        "Cell",
        "Circle",
        "Cluster",
        "KINDS",
        "Sample",
        "Scene",
        "Stub",
        "Wire",
    ),
    "gradgraph.drawing.staging": ("build_scene",),
    "gradgraph.drawing.tints": (
        "STEPS",
        "largest_gradient",
        "tint",
    ),
    "gradgraph.errors": (
        "GradgraphError",
        "OptionError",
        "RendererError",
        "TooLarge",
        "ToolError",
        "ToolFailed",
        "ToolLimit",
        "ToolMissing",
    ),
    "gradgraph.graph.fields": (
        "Kind",
        "REQUIRED_FIRST",
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
        "around_fold",
        "covered",
        "everything",
        "first_and_last",
        "fold_formula",
        "fold_name",
        "in_order",
    ),
    "gradgraph.limits": (
        "Limits",
        "how_to_raise",
    ),
    "gradgraph.option_records": ("option",),
    "gradgraph.remembering": ("remember_short",),
    "gradgraph.visible_text": (
        "JOINERS",
        "visible",
    ),
    "gradgraph.words": (
        "counted",
        "listed",
        "number",
        "shortened",
    ),
}

__all__ = sorted([name for names in _HOMES.values() for name in names])
__getattr__ = lazily(__name__, _HOMES)


def __dir__() -> list[str]:
    return __all__
