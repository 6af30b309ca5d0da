"""The house: imports point downwards, and what is published stays as it was."""

import ast
import hashlib
from pathlib import Path

import pytest

from tests.conftest import ROOT

GROUND = {"errors", "toposort", "limits", "saving", "symbols", "frozen", "locating", "inputs", "joiners", "labels"}
GROUND |= {"choices", "lookalikes", "remembering"}
"""Modules that import nothing of ours but others of the ground."""

MAY_IMPORT = {
    "ops": set(),
    "scopes": set(),
    "backward": {"ops"},
    "copying": set(),
    "engine": {"ops", "backward", "copying", "scopes"},
    "graph": set(),
    "views": {"graph"},
    "folding": {"graph", "views"},
    "protocol": {"graph", "views"},
    "layouts": {"protocol"},
    "registry": {"protocol", "layouts"},
    "rules": {"graph"},
    "bounds": {"graph", "rules"},
    "duplicates": {"graph", "rules"},
    "malformed": {"rules"},
    "wording": {"rules"},
    "explaining": {"graph", "rules", "duplicates", "malformed", "migrations", "wording"},
    "validation": {"rules", "bounds", "duplicates", "explaining", "malformed", "migrations", "yaml_reading"},
    "migrations": {"rules"},
    "writing": {"graph", "rules"},
    "yaml_writing": {"graph", "writing"},
    "yaml_reading": {"rules", "malformed"},
    "dot_lexing": {"rules"},
    "dot_parsing": {"dot_lexing"},
    "dot_drawing": {"dot_lexing", "dot_parsing"},
    "dot_reading": {"graph", "rules", "malformed", "duplicates", "validation", "dot_lexing", "dot_drawing"},
    "document": {"graph", "rules", "validation", "writing", "yaml_writing", "dot_reading"},
    "foreign": {"engine", "ops"},
    "tracing": {"graph", "engine", "ops", "document", "foreign"},
    "replay": {"graph", "engine", "ops"},
    "readback": set(),
    "describing": {"graph", "protocol", "views"},
    "defaults": set(),
    "inlining": set(),
    "calling": {"graph", "tracing"},
    "cli_signals": set(),
    "cli_streams": set(),
    "diagrams": {
        "describing",
        "document",
        "folding",
        "graph",
        "protocol",
        "registry",
        "rendering",
        "validation",
        "views",
        "writing",
    },
    "rendering": {"graph", "engine", "tracing", "views", "folding", "protocol", "registry"},
}
"""What each module may import, besides the ground. Those not named here may import any of them."""

MIME_BUNDLES = {"engine", "graph", "protocol", "views"}
"""Their `_repr_mimebundle_` asks notebook, from inside the function: the one exception."""

HOSTED = {"sphinxext", "sphinx_drawing", "sphinx_warnings", "fences"}
"""They import packages of extras, so only they import each other."""

RENDERERS_MAY_IMPORT = {"errors", "limits", "labels", "graph", "views", "describing", "protocol", "layouts", "registry"}
RENDERERS_MAY_IMPORT |= {"writing", "remembering", "joiners"}


def imports_of(path: Path) -> set[str]:
    """The modules a file imports anywhere, functions included; `gradgraph.x` and `gradgraph_y.z` in full."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative import"
            found.add(node.module or "")
            if node.module == "gradgraph":
                found |= {f"gradgraph.{alias.name}" for alias in node.names}
    return {name for name in found if name.partition(".")[0].startswith("gradgraph")}


def library_modules() -> list[Path]:
    return sorted((ROOT / "gradgraph").glob("*.py"))


@pytest.mark.parametrize("path", library_modules(), ids=lambda path: path.stem)
def test_library_imports_point_downwards(path):
    imported = imports_of(path)
    assert not {name for name in imported if name.startswith("gradgraph_renderers")}, "nothing imports the renderers"
    ours = {name.split(".")[1] for name in imported if name.startswith("gradgraph.")} - {"__version__"}
    assert path.stem in HOSTED or not ours & HOSTED
    allowed = MAY_IMPORT.get(path.stem)
    if path.stem in GROUND:
        allowed = set()
    if allowed is None:
        return
    if path.stem in MIME_BUNDLES:
        ours.discard("notebook")
    assert ours <= allowed | GROUND


@pytest.mark.parametrize("path", sorted((ROOT / "renderers/gradgraph_renderers").glob("*.py")), ids=lambda p: p.stem)
def test_renderers_import_only_what_plug_ins_may(path):
    ours = {name.split(".")[1] for name in imports_of(path) if name.startswith("gradgraph.")}
    assert ours <= RENDERERS_MAY_IMPORT


def test_schemas_import_nothing_of_ours():
    for path in (ROOT / "schemas/gradgraph_schemas").rglob("*.py"):
        assert not imports_of(path)


RUN_CODE = {"eval", "exec", "compile", "__import__", "import_module", "pickle", "marshal", "shelve"}
NAMED_BY_USERS = {"__init__", "registry", "calling"}
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
    for path in [*library_modules(), *(ROOT / "renderers/gradgraph_renderers").glob("*.py")]:
        if path.stem != "_process":
            assert "subprocess" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize(
    "path", [*library_modules(), *sorted((ROOT / "renderers").rglob("*.py"))], ids=lambda path: path.stem
)
def test_no_module_holds_two_ideas(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 320


def test_published_schemas_never_change():
    published = {"v1/graph-1.0.schema.json": "201957b61b4b567b9f2fee79da605482793961ba8f0857d672399aacc56ce702"}
    for name, digest in published.items():
        content = (ROOT / "schemas/gradgraph_schemas" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
