"""A renderer of another distribution, found by its entry points alone, and bad ones that harm nobody."""

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from d2_renderer import D2Renderer
from gradgraph.testing import check_renderer
from tests.conftest import ROOT

NEURON = str(ROOT / "examples/neuron.json")
ENTRY_POINTS = """
[gradgraph.renderers]
d2 = d2_renderer:D2Renderer
missing = nowhere_to_be_found:Renderer
broken = broken_renderer:Renderer
dot = broken_renderer:Renderer
raises = broken_renderer:Raises
"""
BROKEN = """
import gradgraph.plugins
class Renderer:
    def __init__(self): raise RuntimeError("out of order")

class Raises:
    name, media_type, suffixes = "raises", "text/x-raises", (".raises",)
    Options = gradgraph.plugins.DrawingOptions
    def availability(self): return None
    def render(self, view, options, limits): return 1 / 0
"""


@pytest.fixture
def site(tmp_path) -> Path:
    """A folder of installed packages that holds the example renderer and broken ones."""
    info = tmp_path / "another-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: another\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "d2_renderer.py").write_text((ROOT / "examples/d2_renderer.py").read_text(encoding="utf-8"), "utf-8")
    (tmp_path / "broken_renderer.py").write_text(BROKEN)
    return tmp_path


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gradgraph", *arguments],
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def d2_reads(text: str | bytes) -> tuple[set[int], Counter[tuple[int, int]]]:
    assert isinstance(text, str)
    nodes = {int(found) for found in re.findall(r"^(?:g\d+\.)*n(\d+): ", text, re.MULTILINE)}
    edges = re.findall(r"^(?:g\d+\.)*n(\d+) -> (?:g\d+\.)*n(\d+)op\b", text, re.MULTILINE)
    return nodes, Counter((int(tail), int(head)) for tail, head in edges)


def test_the_example_of_the_docs_keeps_every_promise():
    assert len((ROOT / "examples/d2_renderer.py").read_text(encoding="utf-8").splitlines()) < 100
    check_renderer(D2Renderer(), d2_reads)


def test_it_is_used_like_ours(site, tmp_path, measured):
    out = tmp_path / "neuron.d2"
    assert run(site, "render", NEURON, "-o", str(out)).returncode == 0
    assert out.read_text(encoding="utf-8").startswith("direction: right\n# 10 values: ")
    assert run(site, "render", NEURON, "-f", "d2", "--collapse", "neuron").stdout.count("g0folded: ") == 1
    assert re.search(r"^d2 +text/x-d2 \(.d2\)$", run(site, "renderers").stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("missing", "the renderer 'missing' (nowhere_to_be_found:Renderer) cannot be loaded: ModuleNotFoundError"),
        ("broken", "the renderer 'broken' (broken_renderer:Renderer) cannot be loaded: RuntimeError('out of order')"),
        (
            "dot",
            "'dot' is claimed by broken_renderer:Renderer and gradgraph_renderers.dot.renderer:DotRenderer",
        ),
        ("raises", "the renderer 'raises' failed: ZeroDivisionError"),
    ],
)
def test_a_bad_one_is_told_in_one_line_and_harms_nobody_else(site, name, told, measured):
    ran = run(site, "render", NEURON, "-f", name)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert run(site, "render", NEURON, "-f", "text").returncode == 0
    listed = run(site, "renderers")
    assert listed.returncode == 0
    assert "svg" in listed.stdout


def forgetful() -> Any:
    """A renderer that tells no repeated operand."""
    renderer: Any = D2Renderer()

    def render(view, options, limits):
        distinct = {(edge.tail, edge.head): edge for edge in reversed(view.edges)}
        return D2Renderer().render(msgspec.structs.replace(view, edges=tuple(distinct.values())), options, limits)

    renderer.render = render
    return renderer


def test_the_check_finds_what_is_wrong():
    with pytest.raises(AssertionError, match="it is not shown how often an operand is used"):
        check_renderer(forgetful())
    with pytest.raises(AssertionError, match="an op nobody knows: shows the edges"):
        check_renderer(forgetful(), d2_reads)
