"""Our own pages: every link leads somewhere, nothing is loaded from elsewhere, and every diagram has its words."""

import os
import re
import shutil
import subprocess
import sys
import zlib
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from inspect import ismodule
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import click
import pytest

import gradgraph.plugins
import gradgraph.testing
from benchmarks.listed_graphs import ALL
from gradgraph.cli.main import cli
from gradgraph.drawing.registry import find_renderer, renderer_names
from gradgraph.drawing.selection import Selection
from gradgraph.option_records import Field, fields_of
from gradgraph.pages.display_defaults import NotebookOptions
from gradgraph.pages.options import PageOptions
from tests.browser import accessibility_trees, find_chromium
from tests.conftest import ROOT, need

DIAGRAM = re.compile(r'<svg [^>]*id="gg-.*?</svg>', re.DOTALL)
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """The ids of a page, the addresses it leads to, and those it loads."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        if known.get("id"):
            self.ids[known["id"]] += 1
        if tag == "a" and known.get("href"):
            self.links.add(known["href"])
        elif tag == "link" or known.get("src"):
            self.loaded.add(known.get("src") or known["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The folder of the pages, built as `make docs` builds them."""
    folder = tmp_path_factory.mktemp("docs")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs"), str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    return {file: Page(file) for file in site.rglob("*.html")}


def test_every_link_inside_leads_somewhere(site, pages):
    broken = []
    for file, page in pages.items():
        for link in page.links | page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target.suffix == ".html" and not pages[target].ids[anchor]):
                broken.append((str(file.relative_to(site)), link))
    assert not broken


def test_nothing_is_loaded_from_elsewhere_and_no_id_stands_twice(pages):
    for file, page in pages.items():
        assert not [address for address in page.loaded if urlsplit(address).netloc], file
        assert not [name for name, times in page.ids.items() if times > 1 and name.startswith("gg-")], file


def test_links_between_files_of_the_source_lead_somewhere():
    for file in [ROOT / "README.md", ROOT / "schemas/README.md", ROOT / "renderers/README.md"]:
        links = re.findall(r"\]\(([^)#]+)", file.read_text(encoding="utf-8"))
        assert links, file
        assert not [link for link in links if not urlsplit(link).scheme and not (file.parent / link).is_file()], file


def test_every_drawing_of_a_graph_is_made_by_the_directive():
    for file in (ROOT / "docs").rglob("*.rst"):
        text = re.sub(r"^>>> .*?\n\n", "", file.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        assert not re.search(  # what a doctest prints is checked by itself
            r"^\.\. (image|figure):: (?!house.svg)|name = expression|flowchart LR$", text, re.MULTILINE
        ), file


def test_each_layout_picture_fits_the_page_and_leads_to_its_file(site):
    source = (ROOT / "docs/explanation/layout-pictures.rst").read_text(encoding="utf-8")
    asked = re.findall(r"^\.\. layout-pictures:: .+\n(?:   :(?!engines).*\n)*(   :engines:.*\n)?", source, re.MULTILINE)
    page = site / "explanation/layout-pictures.html"
    need("dot", shutil.which("dot"))
    shown = re.findall(
        r'<a class="[^"]*image-reference" href="([^"]+)"><img alt="[^"]+" src="\1" style="width: (\d+)px;',
        page.read_text(encoding="utf-8"),
    )
    assert len(shown) == sum(len(engines.split()) - 1 if engines else 2 for engines in asked) > 10
    for file, width in shown:
        own = ElementTree.parse(page.parent / file).getroot()  # noqa: S314  # our own
        assert 100 < int(width) <= min(730, float(own.get("width", "")) + 1), file


def test_the_gallery_shows_each_listed_graph_and_its_times(site):
    need("dot", shutil.which("dot"))
    source = (ROOT / "docs/gallery.rst").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\.\. listed-picture:: (.+)$", source, re.MULTILINE)) == sorted(ALL)
    assert re.findall(r"^   \* - (.+)$", source, re.MULTILINE)[1:] == [*ALL]
    page = (site / "gallery.html").read_text(encoding="utf-8")
    shown = re.findall(r'<img alt="([^"]+), [\d,]+ values(?: in \d+ boxes)?" src="([^"]+)"', page)
    assert sorted(name for name, _ in shown) == sorted(ALL)
    assert all((site / file).is_file() for _, file in shown)
    assert len(page) < 500_000


def test_layout_pictures_need_no_dot(tmp_path):
    paths = [str(ROOT / folder) for folder in ("", "docs/_ext")]
    conf = f"import sys\nsys.path[:0] = {paths}\nextensions = ['layout_pictures']\n"
    (tmp_path / "conf.py").write_text(conf, encoding="utf-8")
    (tmp_path / "index.rst").write_text("Title\n=====\n\n.. layout-pictures:: neuron\n", encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", str(tmp_path), str(tmp_path / "site")],
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert built.returncode == 0, built.stderr
    page = (tmp_path / "site/index.html").read_text(encoding="utf-8")
    assert page.count("<img alt=") == 1
    assert "There is no picture of dot here: `dot` is not installed." in page


def test_a_screen_reader_is_told_the_title_and_description_of_every_diagram(site):
    need("chromium", find_chromium())
    told = {}
    for file in site.rglob("*.html"):
        found = DIAGRAM.findall(file.read_text(encoding="utf-8"))
        drawings = [ElementTree.fromstring(svg) for svg in found]  # noqa: S314  # our own
        if drawings:
            told[file.as_uri()] = Counter((svg.findtext(f"{SVG}title"), svg.findtext(f"{SVG}desc")) for svg in drawings)
    assert sum(map(len, told.values())) > 20
    for address, nodes in accessibility_trees(told).items():
        heard = Counter(
            (node["name"]["value"], node["description"]["value"])
            for node in nodes
            if not node["ignored"] and node["role"]["value"] in ("image", "group") and "description" in node
        )
        assert heard == told[address]


def test_the_reference_has_every_public_name(site):
    described = inventory(site)
    for module in (gradgraph, gradgraph.plugins, gradgraph.testing):
        for name in exported(module):
            assert {f"{module.__name__}.{name}", f"gradgraph.{name}"} & described, f"{module.__name__}.{name}"


def inventory(site: Path) -> set[str]:
    """What the pages describe: https://www.sphinx-doc.org/en/master/usage/domains/standard.html lists such names."""
    *_, packed = (site / "objects.inv").read_bytes().split(b"\n", 4)
    return {line.split(" ")[0] for line in zlib.decompress(packed).decode().splitlines() if " py:" in line}


def exported(module: ModuleType) -> list[str]:
    public = [name for name in dir(module) if not name.startswith("_") and not ismodule(getattr(module, name))]
    return list(getattr(module, "__all__", public))


def rows(site: Path, page: str, kind: str) -> list[tuple[str, ...]]:
    """The cells of all tables of a class, row by row, heads left out."""
    text = (site / page).read_text(encoding="utf-8")
    tables = re.findall(rf'<table class="{kind} .*?</table>', text, re.DOTALL)
    cells = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", "".join(tables), re.S)]
    return [tuple([unescape(re.sub("<[^>]+>", "", cell)).strip() for cell in row]) for row in cells if row]


def drawing_fields() -> list[Field]:
    """The fields of all renderers' records, each once."""
    fields = [field for name in renderer_names() for field in fields_of(find_renderer(name).Options)]
    return [*{field.name: field for field in fields}.values()]


@pytest.mark.parametrize(
    ("page", "fields", "spelling"),
    [
        ("reference/drawings.html", [*fields_of(Selection), *drawing_fields()], "name"),
        ("how-to/sphinx.html", [*fields_of(PageOptions), *fields_of(Selection), *drawing_fields()], "page"),
        ("how-to/notebook.html", [*fields_of(NotebookOptions)], "name"),
    ],
    ids=["render", "page", "notebook"],
)
def test_every_option_is_in_the_tables_once(site, page, fields, spelling):
    said = [(row[0], row[-1]) for row in rows(site, page, "options")]
    names = [(getattr(field, spelling), field.sentence) for field in fields]
    assert sorted(said) == sorted((name, sentence) for name, sentence in names if name is not None)
    assert all(sentence for _, sentence in said)


def test_every_command_and_every_flag_is_in_the_reference_once(site):
    page = "reference/command-line.html"
    text = (site / page).read_text(encoding="utf-8")
    assert len(re.findall('class="rubric"', text)) == len(re.findall('class="rubric">[^\\n]*\n<div class="table', text))
    assert "<blockquote>" not in text
    usages = [row[0].split()[1] for row in rows(site, page, "commands")]
    assert sorted(usages) == sorted(cli.commands)
    flags = Counter(name for row in rows(site, page, "flags") for name in re.findall(r"(?<!\S)--?[\w-]+", row[0]))
    own: Counter[str] = Counter()
    shared: set[str] = set()
    for name, command in cli.commands.items():
        command.get_help(click.Context(command, info_name=name))
        for flag in command.get_params(click.Context(command)):
            if isinstance(flag, click.Option) and "--help" not in flag.opts:
                names = [*flag.opts, *flag.secondary_opts]
                if flag.expose_value:
                    own.update(names)
                else:
                    shared.update(names)
    assert flags == own + Counter(shared)
