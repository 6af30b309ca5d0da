"""Our SVG in a real browser: the text as written, inside its box, readable on its ground, and nothing that runs."""

import re

import pytest

from gradgraph import Graph, Node, OpDeclaration, fold, render
from gradgraph.visible_text import visible
from tests import architectures
from tests.browser import answer, answers, find_chromium
from tests.conftest import need
from tests.strategies import many_labels
from tests.test_goldens import CASES

AT_ONCE = 50
"""Labels in one drawing."""

LOOK = """
const close = 0.75, report = {texts: {}, outside: [], scripts: document.querySelectorAll('svg script').length,
    handlers: 0, pwned: typeof pwned, requests: performance.getEntriesByType('resource').map(entry => entry.name)};
for (const element of document.querySelectorAll('svg, svg *'))
    report.handlers += [...element.attributes].filter(each => /^on/i.test(each.name)).length;
document.querySelectorAll('svg').forEach((svg, number) => {
    const page = svg.viewBox.baseVal;
    for (const text of svg.querySelectorAll('text')) {
        const box = text.getBBox();
        if (box.x < page.x || box.x + box.width > page.x + page.width || box.y + box.height > page.y + page.height)
            report.outside.push(['page', text.textContent]);
    }
    for (const group of svg.querySelectorAll('[data-node], [data-op]')) {
        const key = number + ' ' + (group.dataset.node || group.dataset.op + 'op');
        const texts = [...group.querySelectorAll('text')], shape = group.querySelector('rect, circle').getBBox();
        report.texts[key] = texts.map(text => text.textContent);
        for (const text of texts) {
            const box = text.getBBox();
            if (box.x < shape.x - close || box.x + box.width > shape.x + shape.width + close
                || box.y < shape.y - close || box.y + box.height > shape.y + shape.height + close)
                report.outside.push([key, text.textContent, box.x - shape.x, box.width, shape.width]);
        }
    }
});
return report;
"""

CONTRAST = """
const luminance = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const least = {};
for (const text of document.querySelectorAll('svg text')) {
    const page = getComputedStyle(text.closest('div')).backgroundColor;
    const boxes = [...text.parentElement.querySelectorAll('rect, circle')].map(each => getComputedStyle(each).fill);
    const inside = text.parentElement.matches('[data-node], [data-op], [data-fold]');
    const ground = inside ? boxes.filter(fill => fill != 'none').slice(0, 1)[0] : page;
    const shades = [luminance(getComputedStyle(text).fill), luminance(ground)].sort((a, b) => b - a);
    const ratio = (shades[0] + 0.05) / (shades[1] + 0.05), name = text.closest('div').className;
    least[name] = Math.min(least[name] || 99, ratio);
}
return least;
"""

BOXES = """
const report = {boxes: 0, badges: 0, counts: 0, wrong: []}, close = 0.75;
const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > close
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > close;
const inside = (a, b) => a.left > b.left - close && a.right < b.right + close
    && a.top > b.top - close && a.bottom < b.bottom + close;
const grown = (a, by) => ({...a.toJSON(), top: a.top - by, right: a.right + by});  // the second outline of a fold
const place = element => element.getBoundingClientRect();
for (const svg of document.querySelectorAll('svg')) {
    const boxes = [...svg.querySelectorAll('[data-node], [data-fold]')];
    for (const box of boxes) {
        const outlines = [...box.querySelectorAll(':scope > rect:not(.gg-bar)')].map(place);
        const badge = box.querySelector(':scope > [data-op]');
        const lines = [...box.querySelectorAll(':scope > text')];
        const wrong = (what, element) => report.wrong.push([what, element.textContent]);
        report.boxes += 1;
        for (const line of lines)
            if (!outlines.every(each => inside(place(line), grown(each, 5))))
                wrong('outside', line);
        if (badge) {
            const shape = place(badge.querySelector('rect'));
            report.badges += 1;
            if (!outlines.every(each => inside(shape, each))) wrong('badge outside', badge);
            if (!inside(place(badge.querySelector('text')), shape)) wrong('op outside', badge);
            for (const line of lines) if (over(place(line), shape)) wrong('badge over', line);
        }
    }
    const counts = [...svg.querySelectorAll('.gg-wires text')].filter(each => each.textContent.includes('×'));
    report.counts += counts.length;
    for (const [number, count] of counts.entries()) {
        for (const box of boxes)
            if (over(place(count), place(box))) report.wrong.push(['count over', count.textContent, box.textContent]);
        for (const other of counts.slice(number + 1))
            if (over(place(count), place(other))) report.wrong.push(['counts', count.textContent, other.textContent]);
    }
}
return report;
"""


@pytest.fixture
def browser():
    need("chromium", find_chromium())


def labelled(labels: list[str]) -> Graph:
    """A leaf, and an op that bears the symbol, for each label."""
    nodes = []
    for n, label in enumerate(labels):
        nodes.append(Node(2 * n, 1.0, None, label))
        nodes.append(Node(2 * n + 1, 1.0, 0.5, label, op=f"op{n}", operands=(2 * n,)))
    ops = {f"op{n}": OpDeclaration(label[:20], 1) for n, label in enumerate(labels)}
    return Graph(tuple(nodes), (len(nodes) - 1,), ops)


def test_any_label_is_drawn_as_written_inside_its_box_and_runs_nothing(browser, each_engine, tmp_path):
    labels = many_labels(500)
    batches = [labels[start : start + AT_ONCE] for start in range(0, len(labels), AT_ONCE)]
    graphs = [labelled(batch) for batch in batches]
    drawings = [str(render(graph, "svg", strict=True, ops="circle", fold="none")) for graph in graphs]
    report = answer("".join(drawings), LOOK, tmp_path)
    for number, graph in enumerate(graphs):
        for node in graph:
            shown = report["texts"][f"{number} n{node.id}"]
            whole, lines = visible(node.label or ""), shown[:-2]
            assert len(lines) <= 3
            written = "".join("".join(lines).split())
            cut = written.endswith("…") and len(written) < len("".join(whole.split()))
            assert "".join(whole.split()).startswith(written[:-1]) if cut else written == "".join(whole.split())
            if node.op:
                assert report["texts"][f"{number} n{node.id}op"] == [visible(graph.symbol(node)) or node.op]
    assert report["outside"] == []
    assert (report["scripts"], report["handlers"], report["pwned"]) == (0, 0, "undefined")
    assert report["requests"] == []


def test_folded_boxes_and_badges_hold_their_text_and_counts_cover_nothing(browser, each_engine, tmp_path):
    mlp = CASES["mlp"]()
    drawings = [
        render(mlp, "svg", strict=True, ops="badge", fold="none"),
        render(mlp, "svg", strict=True, ops="badge", collapse=["layer 1", "layer 2"]),
        render(mlp, "svg", strict=True, ops="badge", max_boxes=40, direction="TB"),
        render(mlp, "svg", strict=True, ops="badge", fold="stacks"),
        render(architectures.rnn(12), "svg", strict=True, fold="steps"),
        render(architectures.gru(6), "svg", strict=True, fold="steps", direction="TB"),
    ]
    report = answer("".join(map(str, drawings)), BOXES, tmp_path)
    assert report["wrong"] == []
    assert (report["boxes"] > 150, report["badges"] > 70, report["counts"] > 30) == (True, True, True), report


def test_all_text_has_enough_contrast_on_what_it_stands_on(browser, layout_engine, tmp_path):
    pages = {"light": "#ffffff", "dark": "#0d1117"}
    views = [make() for make in CASES.values()] + [fold(CASES["mlp"](), max_boxes=30)]
    body = "".join(
        f'<div class="{theme}" style="background:{paper}">{drawing}</div>'
        for theme, paper in pages.items()
        for drawing in [str(render(view, "svg", strict=True, theme=theme, local=True)) for view in views]
    )
    least = answer(body, CONTRAST, tmp_path)
    assert least.keys() == pages.keys()
    assert min(least.values()) >= 4.5, least


INK = {"rgb(31, 35, 40)": "light", "rgb(240, 246, 252)": "dark"}
READS_DARK = ("--blink-settings=preferredColorScheme=0",)


def test_auto_follows_the_page_it_stands_in(browser, layout_engine, tmp_path):
    drawing = str(render(CASES["neuron"](), "svg", strict=True))
    script = "return getComputedStyle(document.querySelector('svg text')).fill"
    pages = {
        drawing: ("light", "light"),
        f"<meta name=color-scheme content='light dark'>{drawing}": ("light", "dark"),
        f"<div style='color-scheme: dark'>{drawing}</div>": ("dark", "dark"),
        f"<div data-theme=dark>{drawing}</div>": ("dark", "dark"),
        f"<div data-theme=auto>{drawing}</div>": ("light", "dark"),
        f"<div data-theme=light>{drawing}</div>": ("light", "light"),
    }
    found = [answers(pages, script, tmp_path, *flags) for flags in ((), READS_DARK)]
    for page, *inks, expected in zip(pages, *found, pages.values(), strict=True):
        assert (INK[inks[0]], INK[inks[1]]) == expected, page[:60]


def test_a_file_of_its_own_follows_the_reader_and_brings_its_paper(browser, layout_engine, tmp_path):
    file = render(CASES["neuron"](), "svg", strict=True).save(tmp_path / "neuron.svg")
    script = """
        const image = new Image(); image.src = 'neuron.svg'; await image.decode()
        const canvas = document.createElement('canvas'); canvas.width = canvas.height = 9
        const paint = canvas.getContext('2d'); paint.drawImage(image, 0, 0)
        try { return [...paint.getImageData(1, 1, 1, 1).data] } catch (error) { return String(error) }
    """
    corner = ("--allow-file-access-from-files",)
    assert file.name == "neuron.svg"
    assert answer("", script, tmp_path, *corner) == [255, 255, 255, 255]
    assert answer("", script, tmp_path, *corner, *READS_DARK) == [13, 17, 23, 255]


def test_a_page_can_set_colours_of_its_own(browser, layout_engine, tmp_path):
    drawing = str(render(CASES["neuron"](), "svg", strict=True))
    script = "return getComputedStyle(document.querySelector('svg text')).fill"
    own = answer(f"<style>:root{{--gg-ink:rgb(1, 2, 3)}}</style>{drawing}", script, tmp_path)
    assert own == "rgb(1, 2, 3)"


def test_a_picture_has_a_name_and_a_description(browser, layout_engine, tmp_path):
    drawing = str(render(CASES["neuron"](), "svg", strict=True))
    script = """
    const svg = document.querySelector('svg');
    return ['labelledby', 'describedby'].map(by => document.getElementById(svg.getAttribute('aria-' + by)).textContent)
    """
    name, description = answer(drawing, script, tmp_path)
    assert name == "Computation graph of o"
    assert re.fullmatch(r"10 values: 5 leaves and 5 results of .*\. Output o = 0\.7071\. The largest .*", description)
