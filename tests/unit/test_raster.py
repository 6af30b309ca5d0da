"""PNG and PDF: the picture of the SVG with the extras, Graphviz's own without, and never another in silence."""

import io
import os
import re
import shutil
import struct
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.image import imread
from pypdf import PdfReader

from gradgraph import (
    DegradedWarning,
    Limits,
    ToolFailed,
    ToolLimit,
    ToolMissing,
    Value,
    dumps,
    named_scope,
    render,
)
from gradgraph.drawing.registry import find_renderer
from gradgraph.graph.views import everything
from gradgraph.pages import diagrams
from gradgraph.pages.diagrams import engines
from gradgraph_renderers.raster import cairo, fonts, renderers, resvg
from gradgraph_renderers.svg.metrics import text_width
from tests.command import run_cli, run_process
from tests.conftest import example, need
from tests.strategies import many_labels
from tests.test_goldens import CASES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def no_extras(monkeypatch):
    """Neither resvg-py nor CairoSVG is installed."""
    monkeypatch.setattr(resvg, "is_installed", lambda: False)
    monkeypatch.setattr(renderers, "_has_cairosvg", lambda: False)


@pytest.fixture
def no_fonts(monkeypatch):
    """A machine without a font of ours."""
    monkeypatch.setattr(resvg, "find_fonts", lambda: ())
    monkeypatch.setattr(cairo, "_scaled", lambda _, found=cairo._scaled: found("serif"))


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, by its header (https://www.w3.org/TR/png/#11IHDR)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def dots_an_inch(png: bytes) -> int:
    """Its resolution, by the one pHYs it has (https://www.w3.org/TR/png/#11pHYs)."""
    assert png.count(b"pHYs") == 1
    across, down, unit = struct.unpack(">IIB", png.partition(b"pHYs")[2][:9])
    assert (across, unit) == (down, 1)
    return round(across * 0.0254)


def drawn(what, format, **options):
    return render(what, format, strict=True, **options).to_bytes()


def svg_of(name: str) -> Any:
    return ElementTree.fromstring(str(render(CASES[name](), "svg", strict=True)))  # noqa: S314  # our own


def text_of(pdf: bytes) -> str:
    return "".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


@pytest.mark.parametrize("name", CASES)
def test_every_case_becomes_a_png_and_a_pdf_without_the_extras_too(name, dot, no_extras):
    for layout in ("auto", "dot"):
        png = drawn(CASES[name](), "png", layout=layout)
        assert min(size(png)) > 50
        assert dots_an_inch(png) == 96
    page = drawn(CASES[name](), "pdf")
    assert page.startswith(b"%PDF-")
    assert page.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("name", CASES)
def test_the_png_is_the_picture_of_the_svg(name, layout_engine):
    root = svg_of(name)
    left, top, width, height = map(float, root.get("viewBox").split())
    pixels = imread(io.BytesIO(drawn(CASES[name](), "png")))
    assert pixels.shape[:2] == pytest.approx((height, width), abs=1)
    assert (pixels[..., 3] == 1).all()  # it brings its paper
    boxes = [rect for rect in root.iter(f"{SVG}rect") if "gg-tint" in rect.get("class", "") and not rect.get("rx")]
    assert boxes
    for rect in boxes:
        x, y, across = (float(rect.get(name)) for name in ("x", "y", "width"))
        inside = pixels[int(y - top + 3), int(x - left + across - 3), :3]
        assert "#" + bytes(round(255 * part) for part in inside).hex() == rect.get("fill")
    for text in root.iter(f"{SVG}text"):
        room = text_width(text.text, float(text.get("font-size", "12")))
        start = float(text.get("x")) - left - (room / 2 if text.get("text-anchor") else 0)
        base = float(text.get("y")) - top
        letters = pixels[int(base - 9) : int(base + 1), int(start) : int(start + room), :3]
        assert not text.text.strip() or letters.min() < 0.6, text.text


@pytest.mark.parametrize("name", sorted(CASES.keys() - {"hostile"}))
def test_the_pdf_is_the_page_of_the_svg_with_its_text(name, layout_engine):
    root = svg_of(name)
    pdf = drawn(CASES[name](), "pdf")
    texts = [text.text for text in root.iter(f"{SVG}text")]
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert (page.mediabox.width, page.mediabox.height) == pytest.approx(
        (float(root.get("width")) * 0.75, float(root.get("height")) * 0.75), abs=0.01
    )
    found = text_of(pdf)
    assert all("".join(text.split()) in found for text in texts)
    assert len(pdf) < 20_000 or name == "mlp"


def test_letters_of_a_pdf_have_room_in_their_boxes(monkeypatch):
    monkeypatch.setattr(cairo, "find_fonts", lambda: (fonts.Font("DejaVu Sans", ()), fonts.Font("No Such Font", ())))
    family = cairo._scaled(cairo.choose_family())
    for text in ("iiiiii", "WWWWWW", "data 0.1234"):
        assert family.text_extents(text)[4] / 100 * 12 <= text_width(text, 12.0)


def test_the_pdf_is_the_same_bytes_at_any_time_and_place(dot, monkeypatch, tmp_path):
    pages = set()
    for zone in ("Asia/Tokyo", "UTC", "America/St_Johns"):
        monkeypatch.setenv("TZ", zone)
        out = tmp_path / "neuron.pdf"
        assert run_process("render", "examples/neuron.json", "-o", str(out)).returncode == 0
        pages.add(out.read_bytes())
    assert len(pages) == 1


def test_scale_is_how_large_and_dpi_how_fine(dot, request):
    for extras in (True, False):
        if not extras:
            request.getfixturevalue("no_extras")
        width, height = size(drawn(example("neuron"), "png"))
        for scale, dpi in ((2, 96), (1, 192), (0.5, 384)):
            png = drawn(example("neuron"), "png", scale=scale, dpi=dpi)
            assert size(png) == pytest.approx((2 * width, 2 * height), abs=3)
            assert dots_an_inch(png) == dpi


def within(name: str) -> Value:
    """A value in a group of that name, which is drawn whole where a label is wrapped."""
    with named_scope(name):
        return Value(1.0)


def test_what_would_be_too_large_is_refused_before_it_is_drawn(dot, request):
    long = within("x" * 3000)
    for extras in (True, False):
        if not extras:
            request.getfixturevalue("no_extras")
        for options in ({"scale": 2}, {"dpi": 192}):
            with pytest.raises(ToolLimit, match=r"would have [0-9,]+ × [0-9,]+ pixels, more than 32,767 on a side"):
                drawn(long, "png", **options)
        for name in ("png", "pdf"):
            with pytest.raises(ToolLimit, match=r"boxes and circles .* would cost .* more than max_layout_cost = 3"):
                drawn(example("neuron"), name, limits=Limits(max_layout_cost=3))


def test_more_letters_than_the_engines_can_take_are_refused(layout_engine):
    many = [within(f"{n:03}" + "x" * 947) for n in range(220)]
    options: dict[str, dict[str, Any]] = {"png": {"scale": 0.1, "fold": "none"}, "pdf": {"fold": "none"}}
    for name, small in options.items():
        with pytest.raises(ToolLimit, match=r"12,023 letters in one text|12,000 letters in one text"):
            drawn(within("x" * 12_000), name, **small)
        with pytest.raises(ToolLimit, match=r"[0-9,]+ letters in all, more than 200,000"):
            drawn(many, name, **small)


def test_any_label_can_be_drawn(dot):
    for label in many_labels(40, seed=3):
        for name in ("png", "pdf"):
            assert drawn(Value(1.0, label), name)


def test_text_that_cairosvg_would_set_wrong_is_set_by_dot(dot, monkeypatch):
    for label, right in (
        ("w₁", True),
        ("a→b", True),
        ("שלום", False),
        ("e\u0301", False),
        ("權重", False),
        ("مرحبا", False),
    ):
        assert cairo.can_set(str(render(Value(1.0, label), "svg"))) == right
        pages = drawn(Value(1.0, label), "pdf")
        monkeypatch.setattr(renderers, "_has_cairosvg", lambda: False)
        assert (drawn(Value(1.0, label), "pdf") == pages) != right
        monkeypatch.undo()
    assert "w₁" in text_of(drawn(Value(1.0, "w₁"), "pdf"))
    monkeypatch.setattr(renderers, "find_dot", lambda: None)
    with pytest.raises(ToolMissing, match="CairoSVG cannot set some of the text"):
        drawn(Value(1.0, "שלום"), "pdf")


def test_without_a_font_there_is_text_and_not_another_picture(dot, no_fonts):
    for name in ("png", "pdf"):
        assert "no font of our stack" in str(find_renderer(name).availability())
        with pytest.raises(ToolMissing, match="fonts-dejavu-core"):
            drawn(example("neuron"), name)
        with pytest.warns(DegradedWarning, match="fonts-dejavu-core"):
            assert render(example("neuron"), name).degraded_from == name


def test_a_file_that_is_no_font_does_not_count(monkeypatch, tmp_path):
    broken = tmp_path / "DejaVuSansMono.ttf"
    broken.write_bytes(b"no font")
    monkeypatch.setattr(fonts, "_folders", lambda: iter([tmp_path]))
    assert fonts.find_fonts() == (fonts.Font("DejaVu Sans Mono", (str(broken),)),)
    with pytest.raises(ToolMissing, match="no font of our stack"):
        resvg.choose_font()


def test_fonts_are_searched_in_the_setting_first(monkeypatch, tmp_path):
    regular, *_ = resvg.choose_font().files
    (tmp_path / "deep").mkdir()
    shutil.copy(regular, tmp_path / "deep")
    monkeypatch.setenv("GRADGRAPH_FONTS", os.pathsep.join(["/no/such/folder", str(tmp_path)]))
    found = next(font for font in fonts.find_fonts() if font.family == resvg.choose_font().family)
    assert found.files[0] == str(tmp_path / "deep" / Path(regular).name)
    assert drawn(example("neuron"), "png")


def test_fonts_of_matplotlib_are_found_where_the_system_has_none(monkeypatch, tmp_path):
    for variable in ("XDG_DATA_DIRS", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    if sys.platform == "linux":
        (font,) = fonts.find_fonts()
        assert "mpl-data" in font.files[0]
        assert len(font.files) == 2


WITH, WITHOUT = True, False


@pytest.mark.parametrize(
    ("extras", "dot_there", "layout", "png", "pdf"),
    [
        (WITH, WITH, "auto", None, None),
        (WITH, WITHOUT, "layered", None, None),
        (WITH, WITHOUT, "auto", "`dot` is not installed", "`dot` is not installed"),
        (WITHOUT, WITH, "auto", None, None),
        (WITHOUT, WITHOUT, "auto", r"gradgraph\[png\]", r"gradgraph\[pdf\]"),
        (WITHOUT, WITHOUT, "layered", r"gradgraph\[png\]", r"gradgraph\[pdf\]"),
    ],
)
def test_what_is_said_to_work_works(extras, dot_there, layout, png, pdf, request, monkeypatch, tmp_path):
    need("dot", shutil.which("dot"))
    monkeypatch.setenv("GRADGRAPH_LAYOUT", layout)
    if not extras:
        request.getfixturevalue("no_extras")
    if not dot_there:
        monkeypatch.setenv("PATH", str(tmp_path))
    for name, reason in (("png", png), ("pdf", pdf)):
        said = find_renderer(name).availability()
        if reason is None:
            assert said is None
            assert drawn(example("neuron"), name)
        else:
            assert re.search(reason, str(said))
            with pytest.raises(ToolMissing):
                drawn(example("neuron"), name)


def test_without_cairo_itself_there_is_no_pdf_and_a_remedy(dot, monkeypatch):
    monkeypatch.delitem(sys.modules, "gradgraph_renderers.raster.cairo")
    monkeypatch.delattr("gradgraph_renderers.raster.cairo")
    monkeypatch.setitem(sys.modules, "cairocffi", None)
    assert "libcairo2" in str(find_renderer("pdf").availability())
    with pytest.raises(ToolMissing, match="cannot load cairo"):
        drawn(example("neuron"), "pdf")


def test_no_group_makes_the_svg_deeper(layout_engine):
    """Engines in this process walk it recursively, and resvg runs out of stack at some hundred levels."""
    value = Value(1.0, "x")
    with ExitStack() as scopes:
        for level in range(90):
            scopes.enter_context(named_scope(f"scope {level}"))
            value = value * 2
    assert drawn(value, "png", scale=0.1)
    depth = most = 0
    for closing, alone in re.findall(r"<(/?)[a-z][^>]*?(/?)>", str(render(value, "svg", link="nodes/{id}"))):
        depth += -1 if closing else 0 if alone else 1
        most = max(most, depth)
    assert most <= 6  # svg, its part, a link, a box, its badge, text: whatever the groups


def test_pictures_are_kept_by_what_draws_them(dot, request):
    with_extras = engines()
    request.getfixturevalue("no_extras")
    diagrams._engines.cache_clear()
    assert re.search("png by resvg-py [0-9.]+ in .*, pdf by CairoSVG [0-9.]+ with cairo [0-9.]+ in ", with_extras)
    assert "png by Graphviz, pdf by Graphviz" in engines()
    diagrams._engines.cache_clear()


def test_doctor_says_what_draws(dot):
    said = run_cli("doctor").stdout
    assert re.search(r"png +image/png \(\.png\), drawn by resvg-py", said)
    assert re.search(r"pdf +application/pdf \(\.pdf\), drawn by CairoSVG", said)


class Panic(BaseException):
    """As Rust's panics come."""


def test_what_an_engine_raises_is_its_failure(layout_engine, monkeypatch):
    def panic(*_, **__):
        raise Panic("index out of bounds")

    resvg.choose_font()
    monkeypatch.setattr("resvg_py.svg_to_bytes", panic)
    monkeypatch.setattr(cairo._Page, "convert", lambda *_, **__: 1 / 0)
    with pytest.raises(ToolFailed, match=r"resvg failed: Panic.*index out of bounds"):
        drawn(example("neuron"), "png")
    with pytest.raises(ToolFailed, match="CairoSVG failed: ZeroDivisionError"):
        drawn(example("neuron"), "pdf")


def test_engines_are_imported_only_when_they_draw():
    code = (
        "import sys; from gradgraph.drawing.registry import find_renderer; find_renderer('png'), find_renderer('pdf');"
        "print([name for name in sys.modules if name.partition('.')[0] in ('resvg_py', 'cairosvg', 'cairocffi')])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "[]\n"


def test_the_dark_theme_brings_a_dark_page(layout_engine):
    """As soon as the colours that engines without styles see are the dark ones, so is the paper."""
    view = everything(example("neuron"))
    svg = str(render(view, "svg", theme="dark"))
    pixels = imread(io.BytesIO(drawn(view, "png", theme="dark")))
    (ink,) = re.findall(r'<g class="gg-nodes" stroke="[^"]+" fill="#(..)', svg)
    assert (int(ink, 16) < 128) == (pixels[1, 1, :3].mean() > 0.5)


def test_binary_goes_to_files_and_pipes(dot, tmp_path):
    out = tmp_path / "neuron.png"
    document = dumps(example("neuron"))
    assert run_cli("render", "-", "-o", str(out), "--scale", "0.5", "--dpi", "192", input=document).returncode == 0
    assert dots_an_inch(out.read_bytes()) == 192
