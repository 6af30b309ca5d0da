"""A renderer of another distribution, found by its entry points alone, and bad ones that harm nobody."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import msgspec
import pytest

import gradgraph
from d2_renderer import D2Renderer
from gradgraph import OptionError, RendererError, focus, fold
from gradgraph.drawing import registry
from gradgraph.plugins import DrawingOptions, build_scene, everything
from gradgraph.testing import check_renderer
from gradgraph.testing.renderers import HOSTILE_LABELS
from tests.conftest import ROOT, example, need
from tests.integration.test_mermaid import labelled

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
    return run_python(site, "-m", "gradgraph", *arguments)


def run_python(site: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
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


D2 = ROOT / "tests/node_modules/@terrastruct/d2/dist/node-esm/index.js"
COMPILE = """
import { readFileSync } from 'node:fs';
const { D2 } = await import(process.argv[2]);
const d2 = new D2(), found = [];
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
    try {
        const { diagram } = await d2.compile(text);
        found.push([diagram.shapes.map(each => [each.id, each.label]), diagram.connections.length]);
    } catch (error) {
        found.push(error.message);
    }
}
process.stdout.write(JSON.stringify(found), () => process.exit(0));
"""


def test_d2_reads_every_label_and_wire(tmp_path):
    """D2 itself, compiled for node, reads what the example writes."""
    need("node", shutil.which("node"))
    need("D2 (make mermaid)", D2.exists())
    program = tmp_path / "compile.mjs"
    program.write_text(COMPILE)
    mlp = example("mlp")
    options = D2Renderer.Options(local=True, link="x?{label}", title='"${a} *b* <c>', desc="}\n<d>", sketch=True)
    views = [everything(labelled([*HOSTILE_LABELS])), fold(mlp, max_boxes=10), focus(mlp, "x0")]
    ran = subprocess.run(
        ["node", str(program), D2.as_uri()],
        input=json.dumps([D2Renderer().render(view, options, gradgraph.Limits()) for view in views]),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    for view, (labels, wires) in zip(views, json.loads(ran.stdout), strict=True):
        scene = build_scene(view, options)
        said = [scene.title, "", *["\n".join([cell.text for cell in box.cells]) for box in scene.boxes]]
        said += [circle.symbol for circle in scene.circles] + [stub.text for stub in scene.stubs]
        said += [cluster.name for cluster in scene.clusters] + [sample.meaning for sample in scene.legend]
        assert Counter(label for _, label in labels) == Counter(said)
        assert wires == len(scene.wires)


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


EVERYWHERE = """
import io, json, sys
import gradgraph, markdown
from sphinx.application import Sphinx

folder = sys.argv[1]
shown = {"render": str(gradgraph.render(f"{folder}/n.json", "d2", sketch=True))}
fence = "```gradgraph format=d2 sketch file=n.json\\n```\\n"
settings = {"gradgraph.fences": {"base_path": folder}}
shown["fence"] = markdown.markdown(fence, extensions=["gradgraph.fences"], extension_configs=settings)
out = f"{folder}/out"
app = Sphinx(folder, folder, out, out, "html", status=None, warning=io.StringIO(), warningiserror=True)
app.build()
shown["directive"] = open(f"{out}/index.html", encoding="utf-8").read()
print(json.dumps(shown))
"""
PAGE = """
D2
==

.. gradgraph:: n.json
   :format: d2
   :sketch:
"""


def test_its_own_option_is_reached_from_everywhere(site, tmp_path):
    """The same text by `render`, the command, the directive and the fence, none of which knows the option."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "n.json").write_bytes(Path(NEURON).read_bytes())
    (folder / "index.rst").write_text(PAGE)
    (folder / "conf.py").write_text("extensions = ['gradgraph.sphinxext']\nhtml_theme = 'basic'\n")
    ran = run_python(site, "-c", EVERYWHERE, str(folder))
    assert (ran.returncode, ran.stderr) == (0, "")
    shown = json.loads(ran.stdout)
    assert shown["render"].startswith("vars: {d2-config: {sketch: true}}\ndirection: right\n")
    assert run(site, "render", NEURON, "-f", "d2", "-O", "sketch=true").stdout == shown["render"]
    for page in ("directive", "fence"):
        texts = [unescape(re.sub("<[^>]*>", "", found)) for found in re.findall("(?s)<pre.*?</pre>", shown[page])]
        assert [text.strip("\n") for text in texts] == [shown["render"].strip("\n")]


def test_its_own_option_says_what_it_takes(site):
    ran = run(site, "render", NEURON, "-f", "d2", "-O", "sketch=3")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "sketch takes true or false, not '3'" in ran.stderr
    ran = run(site, "render", NEURON, "-f", "mermaid", "-O", "sketch=true")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "mermaid has no option 'sketch'; d2 has it" in ran.stderr


def test_no_module_of_ours_knows_its_option():
    modules = [*(ROOT / "gradgraph").rglob("*.py")]
    assert len(modules) > 80
    assert [path for path in modules if "sketch" in path.read_text(encoding="utf-8")] == []


@pytest.fixture
def registered(monkeypatch) -> None:
    """The example registered in this process alone."""
    monkeypatch.setattr(registry, "_registered", {})
    assert gradgraph.register(D2Renderer) is D2Renderer


def test_a_program_registers_it_without_a_distribution(registered):
    drawn = gradgraph.render(NEURON, "d2", sketch=True)
    assert (drawn.format, drawn.media_type) == ("d2", "text/x-d2")
    assert str(drawn) == D2Renderer().render(
        everything(gradgraph.load(NEURON)), D2Renderer.Options(sketch=True), gradgraph.Limits()
    )
    assert "d2" in registry.renderer_names()
    assert registry.renderer_for_suffix(".d2") == "d2"
    with pytest.raises(OptionError, match="sketch takes true or false, not 3"):
        gradgraph.render(NEURON, "d2", sketch=3)
    with pytest.raises(OptionError, match="mermaid has no option 'sketch'; d2 has it"):
        gradgraph.render(NEURON, "mermaid", sketch=True)


def test_a_notebook_shows_a_registered_format(registered, monkeypatch):
    shown: list[dict[str, Any]] = []
    display = SimpleNamespace(display=lambda bundle, raw: shown.append(bundle))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=object, display=display))
    gradgraph.display(NEURON, formats="d2", sketch=True)
    assert [bundle["text/x-d2"] for bundle in shown] == [str(gradgraph.render(NEURON, "d2", sketch=True))]


def test_registering_it_again_replaces_it(registered):
    class Loud(D2Renderer):
        def render(self, view, options, limits):
            return super().render(view, options, limits).upper()

    gradgraph.register(Loud())
    assert "DIRECTION: RIGHT" in str(gradgraph.render(NEURON, "d2"))
    gradgraph.register(D2Renderer)
    assert "direction: right" in str(gradgraph.render(NEURON, "d2"))


def test_a_name_that_is_taken_and_an_unfinished_class_are_refused(registered):
    class Svg(D2Renderer):
        name = "svg"

    class Unfinished:
        name = "unfinished"

    with pytest.raises(RendererError, match="an installed renderer has the name 'svg': choose another"):
        gradgraph.register(Svg)
    with pytest.raises(RendererError, match="Unfinished is no renderer: it has no 'media_type'"):
        gradgraph.register(Unfinished)  # type: ignore[type-var]
    assert {"d2", "svg"} <= {*registry.renderer_names()}
    assert "unfinished" not in registry.renderer_names()


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


class Plain:
    """A record of its own."""


class Lax(DrawingOptions, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """Options of any name."""


class Required(DrawingOptions, frozen=True, kw_only=True):
    sketch: bool


class Other(DrawingOptions, frozen=True, kw_only=True):
    sketch: bool = False
    grad: int = 1  # type: ignore[assignment]


class Choosy(D2Renderer.Options, frozen=True, kw_only=True):
    theme: Literal["plain", "loud"] = "plain"


class ChoosyRenderer(D2Renderer):
    Options = Choosy

    def render(self, view, options, limits):
        if options.theme == "loud":
            raise KeyError("loud")
        if limits.tool_bytes == 1:
            return ""
        return super().render(view, options, limits)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (Plain, f"Options is {Plain!r}, not a class that extends DrawingOptions"),
        (Plain(), "not a class that extends DrawingOptions"),
        (Lax, "Options takes unknown names: it has to keep forbid_unknown_fields"),
        (Required, "the option sketch has no default"),
        (Other, "the option grad has another type than in DrawingOptions"),
    ],
)
def test_the_check_finds_what_is_wrong_with_options(record, told):
    renderer: Any = D2Renderer()
    renderer.Options = record
    with pytest.raises(AssertionError) as caught:
        check_renderer(renderer)
    assert str(caught.value).splitlines()[0] == "the renderer 'd2' breaks 1 promises:"
    assert str(caught.value).splitlines()[1].endswith(told)


def test_the_check_tries_each_choice_and_each_limit():
    with pytest.raises(AssertionError) as caught:
        check_renderer(ChoosyRenderer(), d2_reads)
    assert str(caught.value).splitlines()[1:] == [
        "with theme='loud': raised KeyError('loud')",
        "with tool_bytes=1: drawn as '', not as text or bytes",
    ]
