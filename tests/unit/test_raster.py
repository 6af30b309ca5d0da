"""PNG and PDF: real files of the size asked for, refused with figures where they would be too large."""

import struct

import pytest

from gradgraph import Limits, ToolLimit, ToolMissing, Value, dumps, render
from gradgraph_renderers._graphviz import find_embedded
from tests.conftest import example, need, run_cli
from tests.strategies import many_labels
from tests.test_goldens import CASES


def size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, by its header (https://www.w3.org/TR/png/#11IHDR)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("name", CASES)
def test_every_case_becomes_a_png_and_a_pdf(name, dot):
    for layout in ("auto", "dot"):
        assert min(size(render(CASES[name](), "png", strict=True, layout=layout).to_bytes())) > 50
    page = render(CASES[name](), "pdf", strict=True).to_bytes()
    assert page.startswith(b"%PDF-")
    assert page.rstrip().endswith(b"%%EOF")


def test_the_scale_is_that_of_both_sides(dot):
    width, height = size(render(example("neuron"), "png", strict=True).to_bytes())
    larger = size(render(example("neuron"), "png", strict=True, scale=2).to_bytes())
    assert larger == pytest.approx((2 * width, 2 * height), abs=3)


def test_a_bitmap_that_would_be_too_large_is_refused_before_it_is_drawn(dot):
    value = Value(1.0, "x" * 3000)
    with pytest.raises(ToolLimit, match=r"the picture would have [0-9,]+ × [0-9,]+ pixels, more than 32,767 on a side"):
        render(value, "png", strict=True, scale=2)
    with pytest.raises(ToolLimit, match=r"boxes and circles .* would cost .* more than max_layout_cost = 3"):
        render(example("neuron"), "pdf", strict=True, limits=Limits(max_layout_cost=3))


def test_any_label_can_be_drawn(dot):
    for label in many_labels(40, seed=3):
        assert render(Value(1.0, label), "png", strict=True).content


def test_the_embedded_engine_has_png_and_no_pdf(monkeypatch, tmp_path):
    need("graphviz-pure", find_embedded())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert size(render(example("neuron"), "png", strict=True).to_bytes())
    with pytest.raises(ToolMissing, match="dot draws PDF"):
        render(example("neuron"), "pdf", strict=True)


def test_without_graphviz_there_is_text(no_engine):
    for name in ("png", "pdf"):
        with pytest.warns(match="apt install graphviz"):
            assert render(example("neuron"), name).degraded_from == name


def test_binary_goes_to_files_and_pipes(dot, tmp_path):
    out = tmp_path / "neuron.png"
    assert run_cli("render", "-", "-o", str(out), "--scale", "0.5", input=dumps(example("neuron"))).returncode == 0
    assert size(out.read_bytes())
