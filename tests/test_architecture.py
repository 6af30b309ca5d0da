"""The house: imports point downwards, and what is published stays as it was."""

import ast
import hashlib
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from gradgraph.pages.sphinx.warnings import _SUBTYPES as WARNINGS
from tests.conftest import ROOT
from tests.imports import PACKAGES, between_rooms, circle_in, floors, import_graph, imports_of, our_modules

MAY_IMPORT = {
    "schemas": set(),
    "ground": set(),
    "engine": {"ground"},
    "graph": {"ground"},
    "document": {"ground", "schemas", "graph"},
    "tracing": {"ground", "engine", "graph"},
    "replay": {"ground", "engine", "graph"},
    "drawing": {"ground", "graph"},
    "api": {"ground", "graph", "document", "tracing", "replay", "drawing"},
    "plugins": {"ground", "graph", "document", "drawing"},
    "testing": {"ground", "engine", "graph", "document", "drawing", "api"},
    "interop": {"ground", "graph", "document", "drawing", "api"},
    "pages": {"ground", "graph", "document", "tracing", "drawing", "api"},
    "cli": {"ground", "schemas", "graph", "document", "tracing", "replay", "drawing", "api", "service"},
    "service": {"ground", "schemas", "graph", "document", "drawing", "api"},
    "doors": {"ground", "pages", "cli"},
    "gradgraph": {"ground", "engine", "graph", "document", "drawing", "tracing", "replay", "api", "interop", "pages"},
}
"""The rooms of the house, and which others each may import. The ground and the façade import within themselves."""

IMPORTS = import_graph()


def test_each_room_imports_only_what_it_may():
    rooms = between_rooms(IMPORTS)
    own = {room: imported for room, imported in rooms.items() if not room.startswith("renderers")}
    assert own.keys() == MAY_IMPORT.keys()
    assert {room: imported - MAY_IMPORT[room] for room, imported in own.items()} == {room: set() for room in own}


def test_there_is_no_circle_of_modules_or_rooms():
    assert circle_in(IMPORTS) == []
    assert circle_in(between_rooms(IMPORTS)) == []


def test_the_house_has_at_most_nine_floors():
    assert max(floors(between_rooms(IMPORTS)).values()) <= 9


def test_the_reader_of_imports_finds_what_is_wrong(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("def f():\n    from gradgraph.cli import main\n    import gradgraph_renderers.palette\n")
    assert imports_of(module, our_modules()) == {"gradgraph.cli.main", "gradgraph_renderers.palette"}
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}})
    assert floors({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"c": 1, "b": 2, "a": 3}


def test_renderers_import_the_door_of_plug_ins_and_each_other():
    for module, imported in IMPORTS.items():
        if module.startswith("gradgraph_renderers"):
            assert {name for name in imported if name.startswith("gradgraph.")} <= {"gradgraph.plugins"}, module
        else:
            assert not [name for name in imported if name.startswith("gradgraph_renderers")], module


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.stem)
def test_examples_import_what_users_do(path):
    assert imports_of(path, our_modules()) <= {"gradgraph", "gradgraph.plugins", "gradgraph.testing"}


@pytest.mark.parametrize("package", [name for name, path in our_modules().items() if path.name == "__init__.py"])
def test_a_package_holds_a_docstring_and_nothing_else(package):
    tree = ast.parse(our_modules()[package].read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    if package not in ("gradgraph", "gradgraph.testing", "gradgraph_schemas"):
        assert len(tree.body) == 1


@pytest.mark.parametrize("module", ["gradgraph", "gradgraph.plugins"])
def test_names_that_are_loaded_late_are_the_same_everywhere(module):
    """What type checkers see, what is loaded, and what `import *` gives."""
    tree = ast.parse(our_modules()[module].read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        (node.module, alias.name, alias.asname)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    loaded = import_module(module)
    homes = vars(loaded)["_HOMES"]
    assert seen == {(home, name, name) for home, names in homes.items() for name in names}
    assert loaded.__all__ == sorted(name for _, name, _ in seen)
    for name in loaded.__all__:
        assert getattr(loaded, name) is not None


def documented() -> list[Path]:
    pages = [
        path for path in (ROOT / "docs").rglob("*") if path.suffix in (".rst", ".md") and "_build" not in path.parts
    ]
    return [*pages, ROOT / "README.md", ROOT / "renderers/README.md", ROOT / "schemas/README.md"]


@pytest.mark.parametrize("page", documented(), ids=lambda page: page.stem)
def test_pages_name_no_module_that_is_not_there(page):
    text = page.read_text(encoding="utf-8")
    for found in {*re.findall(r"\b(?:gradgraph|gradgraph_renderers|gradgraph_schemas)(?:\.\w+)+", text)}:
        if not found.endswith((".json", ".yaml", ".yml", ".ext")) and found not in OTHER_NAMES:
            assert exists(found), f"{found} is not there"
    for found in {
        *re.findall(r"\b(?:gradgraph|renderers|schemas|tests|docs|examples|benchmarks)/[\w/.-]*\.py\b", text)
    }:
        assert (ROOT / found).exists(), f"{found} is not there"


OTHER_NAMES = {"gradgraph.renderers", "gradgraph.layouts", "gradgraph.displays", "gradgraph.engines"}
OTHER_NAMES |= {f"gradgraph.{name}" for name in WARNINGS.values()}
"""Groups of entry points, and types of warnings in Sphinx."""


def exists(dotted: str) -> bool:
    """Whether this is a module, or something in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        try:
            if find_spec(".".join(parts[:length])) is None:
                continue
        except ModuleNotFoundError:
            continue
        found = import_module(".".join(parts[:length]))
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def library_modules() -> list[Path]:
    return sorted(PACKAGES["gradgraph"].rglob("*.py"))


RUN_CODE = {"eval", "exec", "compile", "__import__", "import_module", "pickle", "marshal", "shelve"}
NAMED_BY_USERS = {"lazy_names", "entry_points", "calling"}
"""They import what users or installed distributions name, never a document."""


@pytest.mark.parametrize("path", library_modules(), ids=lambda path: path.stem)
def test_reading_runs_no_code(path):
    if path.stem in NAMED_BY_USERS:
        return
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(alias.name for alias in node.names)
            names.add(getattr(node, "module", None) or "")
    assert not names & RUN_CODE


def test_only_one_module_starts_programs():
    for path in [*library_modules(), *(ROOT / "renderers/gradgraph_renderers").rglob("*.py")]:
        if path.stem != "process":
            assert "subprocess" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    "path", [*library_modules(), *sorted((ROOT / "renderers").rglob("*.py"))], ids=lambda path: path.stem
)
def test_no_module_holds_two_ideas(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_published_schemas_never_change():
    published = {"v1/graph-1.0.schema.json": "201957b61b4b567b9f2fee79da605482793961ba8f0857d672399aacc56ce702"}
    for name, digest in published.items():
        content = (ROOT / "schemas/gradgraph_schemas" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
