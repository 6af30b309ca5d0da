"""What is selected of a graph is the same part everywhere: in Python, on the command line, and in pages."""

import shutil
import subprocess
import sys

from gradgraph import render
from mlp import mlp
from tests.command import run_cli
from tests.conftest import ROOT
from tests.unit.test_fences import plain

DIRECTIVE = """Page
====

.. gradgraph:: mlp.json
   :focus: x0
   :radius: 2
   :collapse: layer 1
"""
FENCE = '```{.gradgraph file="mlp.json" focus="x0" radius="2" collapse="layer 1"}\n```'


def test_a_focus_and_a_folded_group_give_the_same_bytes_everywhere(dot, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/mlp.json", tmp_path)
    expected = str(render(mlp(), "svg", focus="x0", radius=2, collapse=["layer 1"], strict=True))
    assert "more user" in expected
    assert "layer 1" in expected

    arguments = ("--focus", "x0", "--radius", "2", "--collapse", "layer 1", "-o", "out.svg")
    assert run_cli("render", "mlp.json", *arguments).returncode == 0
    assert (tmp_path / "out.svg").read_text(encoding="utf-8") == expected

    plain(FENCE, cache="fences")
    (fence,) = (tmp_path / "fences").glob("*.svg")
    assert fence.read_text(encoding="utf-8") == expected

    (tmp_path / "conf.py").write_text('extensions = ["gradgraph.sphinxext"]\n')
    (tmp_path / "index.rst").write_text(DIRECTIVE)
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-d", "trees", ".", "html"], check=True)
    (directive,) = (tmp_path / "trees/gradgraph").glob("*.svg")
    assert directive.read_text(encoding="utf-8") == expected
