"""Renderers of other people that are wrong in some way: each is reported by name, and harms nobody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gradgraph import Limits, OptionError, RendererError, ToolMissing, Value, View, register, render
from gradgraph.drawing import registry
from gradgraph.pages.notebook import mimebundle
from gradgraph.pages.options import parse_options
from gradgraph.plugins import DrawingOptions
from tests.conftest import ROOT

NEURON = str(ROOT / "examples/neuron.json")
GOOD = """
from gradgraph.plugins import DrawingOptions
class Guest:
    name, media_type, suffixes, Options = "guest", "text/x-guest", (".guest",), DrawingOptions
    def availability(self): return None
    def render(self, view, options, limits): return "drawn"
"""
BAD = {
    "exits when it is imported": "raise SystemExit(0)",
    "has no record": GOOD + "Guest.Options = None",
    "has a type that is not there": GOOD
    + "class O(DrawingOptions, frozen=True):\n    pen: 'Pen' = None\nGuest.Options = O",
    "has an option without a default": GOOD + "class O(DrawingOptions, frozen=True):\n    pen: int\nGuest.Options = O",
    "renames its options": GOOD
    + "class O(DrawingOptions, frozen=True, rename='kebab'):\n    pen_tip: int = 1\nGuest.Options = O",
    "has no suffixes": GOOD + "Guest.suffixes = None",
    "has a suffix as a text": GOOD + "Guest.suffixes = '.guest'",
    "raises in a property": GOOD + "Guest.media_type = property(lambda self: 1 / 0)",
    "has another name": GOOD + "Guest.name = 'svg'",
    "has a name that is none": GOOD + "Guest.name = 5",
}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "gradgraph", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False, cwd=folder)


def installed(folder: Path, code: str) -> Path:
    """A folder of packages in which this code is the module of the renderer `guest`."""
    info = folder / "guest-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: guest\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[gradgraph.renderers]\nguest = guest_module:Guest\n")
    (folder / "guest_module.py").write_text(code)
    return folder


@pytest.mark.parametrize("flaw", BAD)
def test_it_harms_nobody(flaw, tmp_path):
    folder = installed(tmp_path, BAD[flaw])
    ran = run(folder, "render", NEURON, "-f", "guest")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("the renderer 'guest' (guest_module:Guest) ")
    assert len(ran.stderr.splitlines()) == 1
    listed = run(folder, "renderers")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        "dot",
        "guest",
        "mermaid",
        "pdf",
        "png",
        "svg",
        "text",
    ]
    # What asks every renderer for its options: a wrong flag.
    ran = run(folder, "render", NEURON, "-f", "text", "--scale", "2")
    assert (ran.returncode, ran.stderr.partition(" (")[0]) == (2, "text has no option 'scale'; png has it")


def test_its_availability_may_raise(tmp_path):
    folder = installed(tmp_path, GOOD + "Guest.availability = lambda self: 1 / 0")
    for command in ("renderers", "doctor"):
        ran = run(folder, command)
        assert ran.returncode == 0
        assert "broken: division by zero" in ran.stdout


def test_it_takes_no_suffix_and_no_flag_of_ours(tmp_path):
    more = "from typing import Literal\nclass O(DrawingOptions, frozen=True):\n    theme: int = 3\n    files: int = 1\n"
    code = GOOD.replace('"guest"', '"aaa"') + more + "Guest.Options, Guest.suffixes = O, ('.aaa', '.txt')"
    folder = installed(tmp_path, code)
    (folder / "guest-1.0.dist-info/entry_points.txt").write_text("[gradgraph.renderers]\naaa = guest_module:Guest\n")
    assert run(folder, "render", NEURON, "-o", "out.txt").returncode == 0
    assert "name = expression" in (folder / "out.txt").read_text(encoding="utf-8")
    ran = run(folder, "render", NEURON, "--theme", "dark", "--fenced")
    assert ran.stderr.startswith("svg has no option 'fenced'; mermaid has it")
    assert "--theme [auto|light|dark]" in run(folder, "render", "--help").stdout


@pytest.fixture
def guest(monkeypatch):
    """A class that is registered, to be changed by the test."""
    monkeypatch.setattr(registry, "_registered", {})

    class Guest:
        name, media_type, suffixes, Options = "guest", "text/x-guest", (".guest",), DrawingOptions

        def availability(self) -> str | None:
            return None

        def render(self, view: View, options: DrawingOptions, limits: Limits) -> str | bytes:
            return "drawn"

        def __bool__(self) -> bool:
            return False

    return register(Guest)


@pytest.mark.parametrize("answer", [None, bytearray(b"drawn"), 3])
def test_an_answer_that_is_no_drawing_is_refused(guest, answer, monkeypatch):
    monkeypatch.setattr(guest, "render", lambda *_: answer)
    with pytest.raises(RendererError, match=f"answered with {type(answer).__name__}, no text or bytes"):
        render(Value(1.0), "guest")


def test_a_renderer_that_leaves_is_told(guest, monkeypatch):
    monkeypatch.setattr(guest, "render", lambda *_: sys.exit(3))
    with pytest.raises(RendererError, match=r"failed: SystemExit\(3\)"):
        render(Value(1.0), "guest")
    assert "SystemExit(3)" in mimebundle(Value(1.0), formats="guest")["text/plain"]


def test_text_takes_no_option_that_only_shares_its_name(guest, monkeypatch):
    class Options(DrawingOptions, frozen=True, kw_only=True):
        width: str = "100%"

    def draw(renderer: object, view: View, options: Options, limits: Limits) -> str:
        raise ToolMissing(f"no ruler of {options.width}", "buy one")

    monkeypatch.setattr(guest, "Options", Options)
    monkeypatch.setattr(guest, "render", draw)
    with pytest.warns(match="no ruler of 50%"):
        assert render(Value(1.0), "guest", width="50%", precision=2).degraded_from == "guest"


@pytest.mark.parametrize("name", ["", 5, "a b", "../x", None, ["x"], "html", "auto"])
def test_a_name_that_is_none_is_refused(name):
    made = type("Guest", (), {"name": name, "media_type": "a/b", "suffixes": (".x",), "Options": DrawingOptions})
    made.availability = made.render = lambda *_: None  # type: ignore[attr-defined]
    with pytest.raises(RendererError, match="its name is "):
        register(made)


def test_text_that_never_replaces_a_format_has_no_say_in_its_options():
    with pytest.raises(OptionError, match="there is no option 'columns'"):
        parse_options({"format": "dot", "columns": "40"})
