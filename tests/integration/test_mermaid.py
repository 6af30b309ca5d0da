"""Our Mermaid, drawn by mermaid.js in a browser: the text as written, every node and edge, and nothing that runs."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from gradgraph import Graph, Node, OpDeclaration, TooLarge, Value, export, fold, render
from gradgraph.visible_text import visible
from tests.browser import answer, find_chromium
from tests.conftest import ROOT, example, need
from tests.readback import edges_of, names_of, picture_of
from tests.strategies import many_labels
from tests.test_goldens import CASES

MERMAID = ROOT / "tests/node_modules/mermaid/dist/mermaid.min.js"
AT_ONCE = 40
"""Labels in one flowchart."""

DRAW = """
mermaid.initialize({startOnLoad: false, securityLevel: 'strict'});
const report = [];
for (const [number, text] of TEXTS.entries()) {
    try {
        const {svg} = await mermaid.render('drawing' + number, text);
        const holder = document.createElement('div');
        holder.innerHTML = svg;
        const nodes = {}, edges = {};
        for (const node of holder.querySelectorAll('.node')) {
            const name = /flowchart-([A-Za-z0-9]+)-[0-9]+$/.exec(node.id)[1];
            nodes[name] = (node.querySelector('.nodeLabel') || node).textContent;
        }
        for (const path of holder.querySelectorAll('path.flowchart-link')) {
            const [, tail, head] = /L_([A-Za-z0-9]+)_([A-Za-z0-9]+)_/.exec(path.id);
            edges[tail + ' ' + head] = (edges[tail + ' ' + head] || 0) + 1;
        }
        const every = [...holder.querySelectorAll('*')];
        report.push({nodes, edges, scripts: holder.querySelectorAll('script').length,
            handlers: every.filter(each => [...each.attributes].some(one => /^on/i.test(one.name))).length,
            links: every.filter(each => each.tagName.toLowerCase() === 'a').length,
            pwned: typeof pwned, icons: holder.querySelectorAll('i').length,
            clusters: holder.querySelectorAll('g.cluster').length});
    } catch (error) {
        report.push({error: String(error)});
    }
}
return report;
"""


@pytest.fixture
def draw(tmp_path):
    """Draws flowcharts with the real mermaid.js and tells what is in each picture."""
    need("chromium", find_chromium())
    need("mermaid.js (make mermaid)", MERMAID.exists())

    def in_a_browser(texts: list[str], folder: Path = tmp_path) -> list[dict[str, Any]]:
        (folder / "texts.js").write_text(f"const TEXTS = {json.dumps(texts)}", encoding="utf-8")
        scripts = f'<script src="{MERMAID.as_uri()}"></script><script src="texts.js"></script>'
        report = answer(scripts, DRAW, folder, "--allow-file-access-from-files")
        assert len(report) == len(texts)
        return report

    return in_a_browser


def spaced(text: str) -> str:
    """Text as HTML shows it: white space in a row is one space, and none at the ends."""
    return re.sub(r"[ \t\n\r\f]+", " ", text).strip(" ")


def labelled(labels: list[str]) -> Graph:
    nodes = []
    for number, label in enumerate(labels):
        nodes.append(Node(2 * number, 1.0, None, label))
        nodes.append(Node(2 * number + 1, 1.0, None, op=f"op{number}", operands=(2 * number,)))
    ops = {f"op{number}": OpDeclaration(label, 1) for number, label in enumerate(labels)}
    return Graph(tuple(nodes), (len(nodes) - 1,), ops)


def check(graph: Graph, picture: dict[str, Any], *, local: bool = False) -> None:
    """Every box, circle and wire is there, and nothing that runs or leads away."""
    assert "error" not in picture, picture
    names, wires = (names_of(graph), edges_of(graph)) if local else picture_of(graph)
    assert picture["nodes"].keys() == names
    assert Counter(picture["edges"]) == Counter({" ".join(ends): count for ends, count in wires.items()})
    harm = {key: picture[key] for key in ("scripts", "handlers", "links", "icons", "pwned")}
    assert harm == {"scripts": 0, "handlers": 0, "links": 0, "icons": 0, "pwned": "undefined"}


def test_labels_are_drawn_as_written(draw, label_count):
    labels = many_labels(label_count)
    graphs = [labelled(labels[start : start + AT_ONCE]) for start in range(0, len(labels), AT_ONCE)]
    pictures = draw([str(render(graph, "mermaid", ops="circle", fold="none")) for graph in graphs])
    for graph, picture in zip(graphs, pictures, strict=True):
        check(graph, picture)
        for node in graph:
            if node.op is None:
                label = [visible(node.label)] if node.label else []
                assert spaced(picture["nodes"][f"n{node.id}"]) == spaced(" | ".join([*label, "data 1", "grad –"]))
            else:
                symbol = visible(graph.symbol(node)) or node.op
                assert spaced(picture["nodes"][f"n{node.id}op"]) == spaced(symbol)


def test_the_examples_are_drawn_whole(draw):
    options: list[dict[str, Any]] = [
        {"ops": "circle", "fold": "none"},
        {"direction": "TB", "local": True, "ops": "circle", "fold": "none"},
    ]
    drawn = [(make(), chosen) for make in CASES.values() for chosen in options]
    pictures = draw([str(render(graph, "mermaid", **chosen)) for graph, chosen in drawn])
    for (graph, chosen), picture in zip(drawn, pictures, strict=True):
        check(graph, picture, local="local" in chosen)
        assert picture["clusters"] == len(graph.groups)


def test_folds_and_titles_are_drawn(draw):
    view = fold(example("mlp"), ["layer 1", "layer 2"])
    titled = str(render(Value(1.0, "a"), "mermaid", title="end } direction LR ; <b>", desc="accTitle: {x}"))
    folded, one = draw([str(render(view, "mermaid")), titled])
    assert folded["nodes"]["g4folded"].startswith("layer 1 | ⋯ 32 nodes")
    assert folded["edges"]["g4folded g2folded"] == 1
    assert one["nodes"].keys() == {"n0"}


def chain(edges: int) -> Graph:
    """A graph that is drawn with so many edges: each negation has two, and an addition to itself three."""
    value = Value(0.0)
    if edges % 2:
        value = value + value
        edges -= 3
    for _ in range(edges // 2):
        value = -value
    return export(value)


def test_the_border_of_500_edges_is_that_of_mermaid(draw):
    most = str(render(chain(500), "mermaid", ops="circle", fold="none"))
    with pytest.raises(TooLarge, match="501 edges and Mermaid draws at most 500"):
        render(chain(501), "mermaid", ops="circle", fold="none")
    inside, outside = draw([most, most.replace("  n0 --> n1op\n", "  n0 --> n1op\n  n0 --> n1op\n")])
    assert sum(inside["edges"].values()) == 500
    # Over a border mermaid.js either fails or draws a picture that says so, which has nothing of ours in it.
    assert "error" in outside or not outside["edges"], outside


def test_the_border_of_50000_characters_is_that_of_mermaid(draw):
    empty = len(str(render(Graph((Node(0, 1.0, None, "x"),), (0,)), "mermaid")))
    # The label stands in its box and, cut at 60 characters, in the title and twice in the description.
    longest = max(n for n in range(49_000, 50_000) if _fits(n))
    assert longest > 49_000 > empty
    text = str(render(Value(1.0, "x" * longest), "mermaid"))
    assert len(text) == 50_000
    inside, outside = draw([text, text + " "])
    assert inside["nodes"]["n0"].startswith("xxx")
    assert "error" in outside or not outside["nodes"].get("n0", "").startswith("xxx")


def _fits(length: int) -> bool:
    try:
        return bool(render(Value(1.0, "x" * length), "mermaid"))
    except TooLarge:
        return False


def test_more_groups_are_folded_where_that_makes_it_fit(draw):
    without_groups = export([Value(float(n)) * Value(2.0) for n in range(300)])
    with pytest.raises(TooLarge, match="900 edges"):
        render(without_groups, "mermaid", max_boxes=10_000, ops="circle")
    network = example("mlp", (2, 8, 8, 1))
    with pytest.raises(TooLarge, match=r"edges and Mermaid draws at most 500; fold groups \(--max-boxes"):
        render(network, "mermaid", ops="circle", fold="none")
    folded = str(render(network, "mermaid", max_boxes=10_000, ops="circle", fold="none"))
    assert "folded" in folded
    (picture,) = draw([folded])
    assert sum(picture["edges"].values()) <= 500
    assert len(picture["nodes"]) > 50
    small = example("mlp")
    assert render(small, "mermaid", max_boxes=10_000) == render(small, "mermaid", fold="none")


def test_fenced_is_markdown():
    plain = str(render(Value(1.0, "```"), "mermaid"))
    assert str(render(Value(1.0, "```"), "mermaid", fenced=True)) == f"```mermaid\n{plain}```\n"
    assert "`" not in plain
