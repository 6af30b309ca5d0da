"""The imports of our packages, read from the source: functions and `TYPE_CHECKING` blocks count."""

import ast
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

from tests.conftest import ROOT

PACKAGES = {
    "gradgraph": ROOT / "gradgraph",
    "gradgraph_renderers": ROOT / "renderers/gradgraph_renderers",
    "gradgraph_schemas": ROOT / "schemas/gradgraph_schemas",
}

Key = TypeVar("Key", bound=Hashable)


def our_modules() -> dict[str, Path]:
    """Our modules by their dotted names."""
    return {
        ".".join((package, *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__"): path
        for package, folder in PACKAGES.items()
        for path in sorted(folder.rglob("*.py"))
    }


def imports_of(path: Path, modules: Mapping[str, Path]) -> set[str]:
    """Which of our modules a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in modules else str(node.module) for name in names}
    return {name for name in found if name.partition(".")[0] in PACKAGES}


def import_graph() -> dict[str, set[str]]:
    """Which of our modules each of them imports."""
    modules = our_modules()
    return {name: imports_of(path, modules) - {name} for name, path in modules.items()}


def room_of(module: str) -> str:
    """The folder that a module is in; the façade, the doors and the ground are rooms of several modules.

    >>> [room_of(f"gradgraph{name}") for name in ("", ".limits", ".api", ".graph.views", "_renderers.svg.legend")]
    ['gradgraph', 'ground', 'api', 'graph', 'renderers/svg']
    """
    package, *parts = module.split(".")
    if package == "gradgraph_schemas":
        return "schemas"
    if package == "gradgraph_renderers":
        return f"renderers/{parts[0]}" if parts else "renderers"
    if not parts:
        return "gradgraph"
    if (PACKAGES["gradgraph"] / parts[0]).is_dir():
        return parts[0]
    return ALONE.get(parts[0], "ground")


ALONE = {
    "api": "api",
    "batch": "api",
    "plugins": "plugins",
    "sphinxext": "doors",
    "fences": "doors",
    "__main__": "doors",
}
"""Modules beside the folders that are no part of the ground."""


def between_rooms(imports: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    """Which rooms each room imports."""
    rooms: defaultdict[str, set[str]] = defaultdict(set)
    for module, imported in imports.items():
        rooms[room_of(module)] |= {room_of(name) for name in imported} - {room_of(module)}
    return dict(rooms)


def circle_in(imports: Mapping[Key, Iterable[Key]]) -> list[Key]:
    """A circle among the imports, [] if there is none."""
    try:
        [*TopologicalSorter(imports).static_order()]
    except CycleError as error:
        found: list[Key] = error.args[1]
        return found
    return []


def floors(imports: Mapping[Key, Iterable[Key]]) -> dict[Key, int]:
    """The floor of each: 1 for what imports nothing, otherwise one above the highest that it imports."""
    height: dict[Key, int] = {}
    for each in TopologicalSorter(imports).static_order():
        height[each] = 1 + max([height[other] for other in imports.get(each, ())], default=0)
    return height
