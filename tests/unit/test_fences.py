"""Fences in Markdown, by Python-Markdown alone and by superfences."""

import logging
import pickle
import re
import shutil
from collections import Counter
from typing import Any

import pytest
from markdown import Markdown, markdown

from gradgraph import ToolMissing
from gradgraph.pages.markdown import Settings, fence, make_fence, validate
from tests.conftest import ROOT

ALONE = """{"format": "gradgraph", "version": "1.0", "ops": {}, "outputs": [0],
"nodes": [{"id": 0, "label": "a<b>", "data": 1.0, "grad": null}]}"""


@pytest.fixture(autouse=True)
def documents(tmp_path, monkeypatch):
    """A folder with documents, where we are."""
    for name in ("neuron", "mlp"):
        shutil.copy(ROOT / f"examples/{name}.json", tmp_path)
    (tmp_path / "round.json").symlink_to("round.json")
    monkeypatch.chdir(tmp_path)


def plain(text: str, **settings: Any) -> str:
    return markdown(
        text, extensions=["gradgraph.fences", "fenced_code"], extension_configs={"gradgraph.fences": settings}
    )


def superfences(text: str, **settings: Any) -> str:
    format = make_fence(**settings) if settings else fence
    custom = {"name": "gradgraph", "class": "gradgraph", "format": format, "validator": validate}
    configs = {"pymdownx.superfences": {"custom_fences": [custom]}}
    return markdown(text, extensions=["attr_list", "pymdownx.superfences"], extension_configs=configs)


@pytest.fixture(params=[plain, superfences])
def convert(request):
    """Each of the two ways."""
    return request.param


def test_a_document_in_the_page_is_drawn(convert, layout_engine):
    html = convert(f"Before\n\n```gradgraph\n{ALONE}\n```\n\nAfter")
    assert re.fullmatch(
        r'<p>Before</p>\s*<figure class="gradgraph"><div .*<svg .*</svg></div></figure>\s*<p>After</p>', html, re.DOTALL
    )
    assert ">a&lt;b&gt;</text>" in html


def test_a_file_is_drawn_with_its_options(convert, layout_engine):
    html = convert(
        '```{.gradgraph .wide #here file="neuron.json" alt="One <neuron>" caption="A & B" align=right width=50%'
        " show-local}\n```"
    )
    assert '<figure class="gradgraph wide" id="here" style="text-align:right">' in html
    assert ">One &lt;neuron&gt;</title>" in html
    assert "<figcaption>A &amp; B</figcaption>" in html
    assert 'style="width:50%;' in html
    assert html.count("-3</text>") == 2  # data of w1, and the local derivative of x1*w1 with respect to x1
    assert '<figure class="gradgraph">' in convert('```gradgraph file="mlp.json" max_boxes="30" no_legend\n```')


def test_equal_diagrams_of_a_page_share_no_id(convert, layout_engine):
    html = convert(f"```gradgraph\n{ALONE}\n```\n\n" * 3)
    ids = Counter(re.findall(r' id="([^"]*)"', html))
    assert len(ids) == 9
    assert set(ids.values()) == {1}
    assert len(set(re.findall(r'aria-labelledby="([^"]*)"', html))) == 3


def test_a_page_is_the_same_whatever_was_converted_before(layout_engine):
    converter = Markdown(extensions=["gradgraph.fences"])
    first, second = (converter.reset().convert(f"```gradgraph\n{ALONE}\n```") for _ in range(2))
    assert first == second


def test_a_fence_inside_another_stays_code(convert, layout_engine):
    html = convert('````markdown\n```gradgraph file="nowhere.json"\n```\n````\n\n~~~\n```gradgraph\n```\n~~~')
    assert "<figure" not in html
    assert "nowhere.json" in html
    assert "admonition" not in html


def test_fences_that_are_not_closed_are_left_alone():
    fences = Markdown(extensions=["gradgraph.fences"]).preprocessors["gradgraph"]
    page = ["~~~gradgraph", "```gradgraph", "a"] * 20_000 + ["`" * 99_999 + "~", "~" * 99_999 + "`"]
    assert fences.run(page) == page


def test_other_formats_are_text_that_stays_aligned(convert):
    html = convert('```gradgraph file="neuron.json" format="text" style="tree"\n```')
    assert '<pre class="gradgraph-text" style="text-align:left"><code>tree ' in html
    assert "flowchart LR" in convert('```gradgraph file="neuron.json" format="mermaid"\n```')


def test_a_finer_png_is_as_large_in_the_page(convert, layout_engine):
    plain, finer, set_by_hand = (
        convert(f'```gradgraph file="neuron.json" format="png" {options}\n```')
        for options in ("", 'dpi="192"', 'dpi="192" width="300"')
    )
    assert "width" not in plain.rpartition("<img")[2]
    assert 'style="width:846px"' in finer
    assert len(finer) > 1.5 * len(plain)
    assert 'style="width:300px"' in set_by_hand


def test_png_stands_in_the_page_with_its_name(convert, dot):
    options = 'file="mlp.json" focus="loss" radius="9" max_boxes="9"'
    html = convert(f'```gradgraph {options} format="png" width="300"\n```')
    spoken = re.findall(r"<(?:title|desc) [^>]*>(.*?)<", convert(f"```gradgraph {options}\n```"))
    assert f'alt="{". ".join(spoken)}" src="data:image/png;base64,' in html
    assert 'style="width:300px"' in html


@pytest.mark.parametrize(
    ("head", "body", "sentence"),
    [
        ("gradgraph", '{"format": "gradgraph"', "fence:1:"),
        ("gradgraph", ALONE.replace("1.0, ", '"x", '), "fence:2:"),
        ("gradgraph", "", "name a file, or write a document in the fence, one of the two"),
        ('gradgraph file="neuron.json"', ALONE, "one of the two"),
        ('gradgraph file="nowhere.json"', "", "nowhere.json: No such file or directory"),
        ('gradgraph file="../secret.json"', "", "../secret.json is not in base_path"),
        ('gradgraph file="a\0b.json"', "", "no file has the name"),
        ('gradgraph file="round.json"', "", "round.json: Too many levels of symbolic links"),
        ('gradgraph file="neuron.json" colour="red"', "", "there is no option 'colour'"),
        ('gradgraph file="neuron.json" direction="up"', "", "direction takes 'BT', 'LR', 'RL' or 'TB', not 'up'"),
        ('gradgraph file="neuron.json" focus="nobody"', "", "nobody"),
        ('gradgraph call="os:getcwd"', "", "a fence calls no code"),
        ('gradgraph file="neuron.json" format="pdf"', "", "not pdf"),
    ],
)
def test_what_is_wrong_is_told_and_stands_in_the_page(convert, caplog, dot, head, body, sentence):
    html = convert(f"```{head}\n{body}\n```" if body else f"```{head}\n```")
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert sentence in record.getMessage()
    assert '<div class="admonition danger gradgraph">' in html
    assert "<svg" not in html


def test_a_missing_engine_means_what_the_settings_say(convert, no_engine, caplog):
    page = '```gradgraph file="neuron.json"\n```'
    assert "name = expression" in convert(page, missing_dot="text")
    assert not caplog.records
    assert "name = expression" in convert(page)
    remedy = "`dot` is not installed; give the fences the setting layout: layered, or install"
    assert f"a text drawing stands in for the picture: {remedy}" in caplog.text
    with pytest.raises(
        Exception, match="`dot` is not installed; give the fences the setting layout: layered"
    ) as raised:
        convert(page, missing_dot="error")
    assert isinstance(raised.value, ToolMissing) or type(raised.value).__name__ == "SuperFencesException"


def test_pictures_are_kept_if_a_folder_is_named(convert, layout_engine, tmp_path, monkeypatch):
    page = '```gradgraph file="neuron.json"\n```'
    first = convert(page, cache="kept")
    (kept,) = (tmp_path / "kept").iterdir()
    time = kept.stat().st_mtime_ns
    assert convert(page, cache="kept") == first == convert(page)
    assert kept.stat().st_mtime_ns == time
    convert(page.replace("neuron", "mlp"), cache="kept")
    assert len([*(tmp_path / "kept").iterdir()]) == 2


def test_files_are_looked_for_in_the_base_path(convert, layout_engine, tmp_path, caplog):
    (tmp_path / "inner").mkdir()
    shutil.move(tmp_path / "neuron.json", tmp_path / "inner")
    assert "<svg" in convert('```gradgraph file="neuron.json"\n```', base_path="inner")
    convert('```gradgraph file="../mlp.json"\n```', base_path="inner")
    assert "../mlp.json is not in base_path" in caplog.text


def test_every_diagram_has_our_class(convert, layout_engine):
    for head in ('gradgraph class="wide"', "{.gradgraph .wide}", '{.gradgraph class="wide"}'):
        assert '<figure class="gradgraph wide">' in convert(f"```{head}\n{ALONE}\n```"), head


def test_formats_can_be_pickled_as_some_hosts_do():
    usual, made = pickle.loads(pickle.dumps((fence, make_fence(base_path="docs"))))  # noqa: S301  # our own
    assert usual is fence
    assert made.keywords == {"settings": Settings(base_path="docs")}


def test_documents_of_strangers_have_tight_limits(convert):
    page = f"```{{.gradgraph format=text}}\n{ALONE.replace('a<b>', 'x' * 501)}\n```"
    assert "501 characters are more than max_text = 500" in convert(page, untrusted=True)
    assert "name = expression" in convert(page)
