"""The directive in builds of a project, by Sphinx itself, with and without a layout engine."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT

PAGES = ROOT / "tests/pages"
PAGE_NAMES = ("index", "inline", "called")
SUFFIXES = (".html", ".tex", ".txt", ".1", ".pot")
BUILDERS = ("html", "latex", "text", "man", "gettext")


@pytest.fixture
def source(tmp_path) -> Path:
    """The project, with documents to draw."""
    folder = tmp_path / "source"
    shutil.copytree(PAGES, folder)
    for name in ("neuron", "mlp"):
        shutil.copy(ROOT / f"examples/{name}.json", folder)
    return folder


@pytest.fixture
def drawn(dot, tmp_path, monkeypatch):
    """How many drawings `dot` has been asked for."""
    programs = tmp_path / "programs"
    programs.mkdir()
    log = tmp_path / "dot.log"
    log.touch()
    (programs / "dot").write_text(f'#!/bin/sh\necho "$1" >> {log}\nexec {dot} "$@"\n')
    (programs / "dot").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    monkeypatch.setenv("GRADGRAPH_LEAN_DOT", "0")  # which would ask it more
    return lambda: len([line for line in log.read_text().splitlines() if line != "-V"])


def build(source: Path, builder: str = "html", *options: str) -> tuple[Path, str]:
    """Where the pages are, and what Sphinx complained of."""
    out = source.parent / builder
    ran = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "--no-color", "-b", builder, "-d", str(source.parent / "doctrees")]
        + [*options, str(source), str(out)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in ran.stderr
    return out, ran.stderr + (f"exit {ran.returncode}" if ran.returncode else "")


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def ids(page: Path) -> list[str]:
    return re.findall(r'\bid="([^"]*)"', page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("jobs", ["1", "4"])
@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_is_content_with_an_engine(source, dot, builder, jobs, request):
    if jobs == "1":
        request.getfixturevalue("measured")
    out, complaints = build(source, builder, "-W", "--keep-going", "-j", jobs)
    assert complaints == ""
    if builder == "html":
        index, inline, called = ((out / f"{name}.html").read_text("utf-8") for name in ("index", "inline", "called"))
        assert (index.count("<svg"), inline.count("<svg"), called.count("<svg")) >= (2, 3, 1)
        assert "<title id=" in index
        assert ">A neuron of two inputs</title>" in index
        assert ">Two inputs are weighted, added to a bias and squashed.</desc>" in index
        assert 'alt="Around x0 (n6 and what is next to it: 5 of 107 nodes). 5 values: ' in called
        assert 'style="width:50%' in index
        assert 'href="#neuron-figure"' in index
        assert 'href="#network"' in index
        assert "flowchart LR" in inline
        assert "╰─□" in inline
        assert not re.search(r'(src|href)="(https?:)?//[^"]*(cdn|unpkg|jsdelivr)', index + inline + called)
        assert len([*(out / "_images").glob("*.png")]) == 1
        for page in out.glob("*.html"):
            twice = [name for name, count in Counter(ids(page)).items() if count > 1 and name.startswith("gg-")]
            assert not twice
    elif builder == "latex":
        tex = (out / "pages.tex").read_text(encoding="utf-8")
        pictures = re.findall(r"\\sphinxincludegraphics(?:\[[^]]*\])?\{\{([0-9a-f]+)\}\.(pdf|png)\}", tex)
        assert sorted(suffix for _, suffix in pictures) == ["pdf"] * 6 + ["png"]
        assert all((out / f"{name}.{suffix}").is_file() for name, suffix in pictures)
        assert "width=0.5" in tex
    elif builder in ("text", "man"):
        text = "".join(page.read_text(encoding="utf-8") for page in out.glob("*.*"))
        assert text.count("name = expression") == 8
        assert "●─╯" in text


def test_latex_needs_no_dot(source, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    out, complaints = build(source, "latex", "-W", "--keep-going", "-D", "gradgraph_layout=layered")
    assert complaints == ""
    tex = (out / "pages.tex").read_text(encoding="utf-8")
    assert len(re.findall(r"\\sphinxincludegraphics(?:\[[^]]*\])?\{\{[0-9a-f]+\}\.pdf\}", tex)) == 6


@pytest.mark.parametrize("builder", BUILDERS)
def test_every_builder_is_content_without_an_engine(source, without_engine, builder):
    out, complaints = build(source, builder, "-W", "--keep-going", "-j", "4", "-D", "gradgraph_missing_dot=text")
    assert complaints == ""
    pages = "".join(page.read_text(encoding="utf-8") for page in out.glob("*.*") if page.suffix in SUFFIXES)
    if builder == "latex":
        assert pages.count("\\sphinxincludegraphics") == 1  # the network: layered draws what is wide
        assert "o n0" in re.sub(" +", " ", pages)
        assert not set("○●│╯─") & set(pages)
    elif builder != "gettext":
        assert pages.count("name = expression") == (8 if builder in ("text", "man") else 7)
        assert "●─╯" in pages


def test_a_missing_engine_is_told_at_every_build_or_ends_it(source, without_engine, measured):
    for _ in range(2):
        _, complaints = build(source)
        places = re.findall(r"(\w+\.rst:\d+): WARNING: a text drawing stands in for the picture: (.*)", complaints)
        assert [place for place, _ in sorted(places)] == [
            *("called.rst:4", "called.rst:8", "index.rst:6"),
            *("inline.rst:10", "inline.rst:21", "inline.rst:4"),
        ]
        assert all(
            '`dot` is not installed; set gradgraph_layout = "layered" in conf.py, or install Graphviz' in told
            for _, told in places[:1]
        )
        assert complaints.count("[gradgraph.missing]") == 6
    _, complaints = build(source, "html", "-D", "gradgraph_missing_dot=error")
    assert complaints.count("ERROR: a text drawing stands in for the picture: ") == 6
    assert complaints.endswith("exit 1")
    assert build(source, "html", "-j", "4", "-D", "gradgraph_missing_dot=error")[1].endswith("exit 1")


def test_pictures_come_when_an_engine_does(source, dot, without_engine, monkeypatch):
    policy = ("-D", "gradgraph_missing_dot=text")
    out, _ = build(source, "html", *policy)
    assert 'id="gg-' not in (out / "called.html").read_text(encoding="utf-8")
    monkeypatch.setenv("PATH", str(Path(dot).parent))
    build(source, "html", *policy)
    assert 'id="gg-' in (out / "called.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("jobs", ["1", "4"])
def test_a_broken_document_is_told_with_its_place_at_every_build(source, dot, jobs):
    replace(source / "neuron.json", '"operands": [0, 1]', '"operands": [0, 11]')
    replace(source / "inline.rst", '"data": 1.0, "grad": null}]}\n\n.. grad', '"data": "x", "grad": null}]}\n\n.. grad')
    for _ in range(2):
        out, complaints = build(source, "html", "-j", jobs)
        found = re.findall(r"(\w+\.rst:\d+): WARNING: (.*) \[gradgraph\.document\]", complaints)
        assert sorted(place for place, _ in found) == [
            "index.rst:6",
            "inline.rst:24",
            "inline.rst:26",
            "inline.rst:30",
            "inline.rst:8",
        ]
        told = dict(found)
        assert re.match(r"neuron\.json:\d+:\d+: /nodes/2/operands/1: operand 11 is not an earlier", told["index.rst:6"])
        assert told["inline.rst:8"].startswith("/nodes/0/data: ")
        assert "operand 11 is not an earlier node" in (out / "index.html").read_text(encoding="utf-8")
    replace(source / "neuron.json", '"operands": [0, 11]', '"operands": [0, 1]')
    replace(source / "inline.rst", '"data": "x"', '"data": 1.0')
    assert build(source, "html", "-j", jobs, "-W")[1] == ""
    assert "operand 11" not in (out / "index.html").read_text(encoding="utf-8")


def test_lines_of_documents_in_markdown_pages_are_told(source, dot):
    (source / "called.rst").unlink()
    document = """{"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [0],
"nodes": [{"id": 0, "data": "x", "grad": null}]}"""
    fences = f"```{{gradgraph}} neuron.json\n:width: 50%\n```\n\n```{{gradgraph}}\n:alt: x\n\n{document}\n```\n"
    (source / "called.md").write_text(f"# Title\n\n{fences}", encoding="utf-8")
    out, complaints = build(source, "html", "-D", "extensions=gradgraph.sphinxext,myst_parser")
    assert re.findall(r"called\.md:(\d+): WARNING: (/nodes/0/\w+): ", complaints) == [("11", "/nodes/0/data")]
    shown = (out / "called.html").read_text(encoding="utf-8")
    assert shown.count('id="gg-') == 3
    assert "&quot;x&quot; is not a number" in shown


def test_a_failure_met_while_writing_comes_again_too(source, dot, tmp_path, monkeypatch):
    build(source, "text")  # reads the pages, and draws nothing
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "dot").write_text("#!/bin/sh\n[ $1 = -V ] && exec " + dot + " -V\necho no >&2; exit 1\n")
    (programs / "dot").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    counts = [build(source)[1].count("[gradgraph.tool]") for _ in range(3)]
    assert counts == [6, 6, 6]


def test_a_warning_comes_again_after_a_build_that_was_interrupted(source, dot):
    replace(source / "neuron.json", '"operands": [0, 1]', '"operands": [0, 11]')
    assert "[gradgraph.document]" in build(source)[1]
    settings = (source / "conf.py").read_text(encoding="utf-8")
    stop = "def stop(*_):\n    raise KeyboardInterrupt\n\n\ndef setup(app):\n    app.connect('source-read', stop)\n"
    (source / "conf.py").write_text(f"{settings}\n\n{stop}", encoding="utf-8")
    assert "Interrupted" in build(source)[1]
    (source / "conf.py").write_text(settings, encoding="utf-8")
    assert "[gradgraph.document]" in build(source)[1]


def test_pictures_that_were_deleted_are_drawn_again(source, drawn):
    build(source)
    first = drawn()
    for picture in (source.parent / "doctrees/gradgraph").glob("*.*"):
        picture.unlink()
    out, complaints = build(source, "html", "-a")
    assert complaints == ""
    assert drawn() == 2 * first
    assert (out / "index.html").read_text(encoding="utf-8").count("<svg") >= 2


def test_an_unchanged_build_draws_nothing_and_a_changed_document_its_page(source, drawn):
    out, complaints = build(source)
    assert complaints == ""
    first = drawn()
    assert first > 0
    times = {page: page.stat().st_mtime_ns for page in out.glob("*.html") if page.stem in PAGE_NAMES}
    build(source)
    assert drawn() == first
    assert times == {page: page.stat().st_mtime_ns for page in times}
    replace(source / "neuron.json", '"label": "x1"', '"label": "first"')
    build(source)
    changed = {page.name for page, time in times.items() if page.stat().st_mtime_ns != time}
    assert {"index.html", "inline.html"} <= changed
    assert "called.html" not in changed
    assert drawn() == first + 1  # inline.rst has it as text, and the other pictures are kept
    assert ">first</text>" in (out / "index.html").read_text(encoding="utf-8")
    replace(source / "model.py", "Value(3.0", "Value(4.0")
    build(source)
    assert "data 4<" in (out / "called.html").read_text(encoding="utf-8")
    assert drawn() == first + 2


WRONG = [
    (".. gradgraph:: nowhere.json", "file", "WARNING: nowhere.json: No such file or directory"),
    (
        ".. gradgraph:: neuron.json\n   :colour: red",
        "option",
        "there is no option 'colour' (there are: align, alt,",
    ),
    (
        ".. gradgraph:: neuron.json\n   :direction: up",
        "option",
        "direction takes 'BT', 'LR', 'RL' or 'TB', not",
    ),
    (".. gradgraph:: neuron.json\n   :columns: wide", "option", "columns takes a whole number of 0 or more, not"),
    (".. gradgraph:: neuron.json\n   :width: 3 miles", "option", "a width is a number above 0 with a unit"),
    (".. gradgraph:: neuron.json\n   :width: 0.0", "option", "such as 50% or 20em, not '0.0'"),
    (".. gradgraph:: neuron.json\n   :width: 10vw", "option", "such as 50% or 20em, not '10vw'"),
    (".. gradgraph:: neuron.json\n   :class: }\\input{x}", "option", "a class has letters, digits, hyphens and"),
    (".. gradgraph:: a\0b.json", "option", "no file has the name"),
    (".. gradgraph:: neuron.json\n   :show-local: no", "option", "the option 'show-local' takes no value"),
    (".. gradgraph:: neuron.json\n   :focus: nobody", "option", "nobody"),
    (".. gradgraph:: neuron.json\n   :collapse: nobody", "option", "nobody"),
    (
        ".. gradgraph:: neuron.json\n   :format: pdf",
        "option",
        "a page shows svg, png, or what is text, but not pdf",
    ),
    (".. gradgraph:: neuron.json\n   :format: gif", "renderer", "there is no renderer named 'gif'"),
    (".. gradgraph:: mlp.json\n   :max-boxes: 1", "large", "8 boxes are left when every group is folded"),
    (".. gradgraph::", "option", "name a file, or write a document below"),
    (".. gradgraph:: neuron.json\n   :call: model:loss", "option", "one of the three"),
    (".. gradgraph::\n   :call: model:broken", "call", "model:broken: RuntimeError: no such luck"),
    (".. gradgraph::\n   :call: nothing:here", "call", "No module named 'nothing'"),
]
"""A directive, the type of the warning it gives, and what that says."""


def test_what_is_wrong_is_told_in_a_line_and_on_the_page(source, dot, measured):
    for number, (directive, _, _) in enumerate(WRONG):
        (source / f"wrong{number:02}.rst").write_text(f":orphan:\n\nTitle\n=====\n\n{directive}\n", encoding="utf-8")
    for _ in range(2):
        out, complaints = build(source)
        lines = sorted(complaints.splitlines())
        for number, (line, (_, subtype, sentence)) in enumerate(zip(lines, WRONG, strict=True)):
            assert line.startswith(f"{source}/wrong{number:02}.rst:6: WARNING: ")
            assert sentence in line
            assert line.endswith(f"[gradgraph.{subtype}]")
    for number, (_, _, sentence) in enumerate(WRONG):
        page = (out / f"wrong{number:02}.html").read_text(encoding="utf-8")
        assert sentence.removeprefix("WARNING: ").partition("'")[0] in page
        assert 'class="admonition error"' in page


@pytest.mark.parametrize("builder", ["html", "latex", "text"])
def test_an_option_of_the_picture_and_one_of_the_text_are_both_taken(source, dot, builder):
    directive = ".. gradgraph:: neuron.json\n   :theme: dark\n   :columns: 50\n"
    (source / "called.rst").write_text(f"Title\n=====\n\n{directive}")
    out, complaints = build(source, builder)
    assert not [line for line in complaints.splitlines() if "called.rst" in line]
    if builder == "text":
        drawing = (out / "called.txt").read_text(encoding="utf-8")
        assert "no rails: 50 columns are too few" in drawing
        assert max(map(len, drawing.splitlines())) <= 54  # four are the indent of the block
    if builder == "html":
        assert 'class="gg-paper"' in (out / "called.html").read_text(encoding="utf-8")


def test_calling_can_be_switched_off(source, dot, measured):
    _, complaints = build(source, "html", "-D", "gradgraph_call=0")
    assert "called.rst:4: WARNING: model:loss is not called: gradgraph_call = False in conf.py" in complaints


def test_a_build_of_strangers_pages_runs_no_code_and_reads_within_tight_limits(source, dot, measured):
    replace(source / "neuron.json", '"label": "x1"', f'"label": "{"x" * 501}"')
    _, complaints = build(source, "html", "-D", "gradgraph_untrusted=1")
    assert "called.rst:4: WARNING: model:loss is not called: the build is untrusted" in complaints
    assert "/nodes/0/label: 501 characters are more than max_text = 500" in complaints


def test_a_warning_of_the_code_that_is_called_is_its_own(source, dot, measured):
    replace(
        source / "model.py", "    x = Value(3.0", "    import warnings\n\n    warnings.warn('mine')\n    x = Value(3.0"
    )
    _, complaints = build(source)
    assert "UserWarning: mine" in complaints
    assert "gradgraph" not in complaints


def test_warnings_can_be_suppressed_by_type(source, without_engine):
    assert build(source, "html", "-W", "-D", "suppress_warnings=gradgraph.missing")[1] == ""


def test_a_document_of_a_newer_minor_version_is_drawn_with_a_warning(source, dot):
    replace(source / "inline.rst", '"version": "1.0"', '"version": "1.7", "later": 1')
    out, complaints = build(source)
    assert complaints.count("[gradgraph.document]") == complaints.count("WARNING") == 2
    assert (out / "inline.html").read_text(encoding="utf-8").count('id="gg-') >= 3


def test_the_pages_of_an_epub_are_well_formed(source, dot):
    out, _ = build(source, "epub")
    pages = {page.stem: ElementTree.parse(page) for page in out.glob("*.xhtml")}  # noqa: S314  # our own
    svg = {name: [*page.iter("{http://www.w3.org/2000/svg}svg")] for name, page in pages.items()}
    assert [len(svg[name]) for name in PAGE_NAMES] == [2, 3, 1]


def test_one_page_of_everything_has_no_id_twice(source, dot):
    out, complaints = build(source, "singlehtml", "-W")
    assert complaints == ""
    assert not [name for name, count in Counter(ids(out / "index.html")).items() if count > 1 and name[:3] == "gg-"]
