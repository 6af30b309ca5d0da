"""The house: imports point downwards, and what is published stays as it was."""

import ast
import hashlib
from pathlib import Path

import pytest

from tests.conftest import ROOT


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
    return sorted((ROOT / "gradgraph").rglob("*.py"))


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
    for path in [*library_modules(), *(ROOT / "renderers/gradgraph_renderers").rglob("*.py")]:
        if path.stem != "process":
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
