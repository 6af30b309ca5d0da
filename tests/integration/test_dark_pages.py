"""Pictures on dark pages of four kinds, as notebooks and docs have them: every text can be read."""

import math
from html import escape
from xml.etree import ElementTree

import numpy as np
import pytest

from gradgraph import focus, render
from gradgraph.graph.views import View
from gradgraph.pages.inlining import inline_svg
from gradgraph.pages.notebook import mimebundle
from tests.browser import answer, find_chromium, screenshot
from tests.conftest import example, need
from tests.svg_engines import CLOSE, SCALE, Picture, room, size_of

PAGES = {
    "VS Code dark": ("data-vscode-theme-kind='vscode-dark' class='vscode-dark'", "#1e1e1e", "dark"),
    "VS Code high contrast": ("data-vscode-theme-kind='vscode-high-contrast'", "#000000", "dark"),
    "VS Code light": ("data-vscode-theme-kind='vscode-light'", "#ffffff", "light"),
    "Colab dark": ("theme='dark'", "#383838", "dark"),
    "Bootstrap dark": ("data-bs-theme='dark'", "#212529", "dark"),
    "Quarto dark": ("class='quarto-dark'", "#222222", "dark"),
    "JupyterLab dark": ("data-jp-theme-light='false'", "#111111", "dark"),
    "a plain dark page": ("", "#1b1b1f", "light"),
    "a plain grey page": ("", "#777777", "light"),
}
"""Attributes of the page's root, its colour, and the scheme of a picture there."""

LEAST = """
const luminance = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
        .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const found = [];
for (const frame of document.querySelectorAll('iframe')) {
    const page = frame.contentDocument, style = element => frame.contentWindow.getComputedStyle(element);
    for (const text of page.querySelectorAll('svg text')) {
        const own = style(text), paper = style(text.ownerSVGElement).backgroundColor;
        const halo = own.paintOrder.startsWith('stroke') && parseFloat(own.strokeWidth) >= 3 ? own.stroke : 'none';
        const boxes = [...text.parentElement.querySelectorAll('rect, circle')].map(each => style(each).fill);
        const inside = text.parentElement.matches('[data-node], [data-op], [data-fold]');
        const ground = inside ? boxes.filter(fill => fill != 'none')[0] : halo;
        const shades = [luminance(own.fill), ground == 'none' ? -1 : luminance(ground)].sort((a, b) => b - a);
        const ratio = ground == 'none' ? 0 : (shades[0] + 0.05) / (shades[1] + 0.05);
        found.push([frame.title, text.closest('section').className, ratio, own.fill, paper]);
    }
}
return found;
"""
INK = {"rgb(31, 35, 40)": "light", "rgb(240, 246, 252)": "dark"}
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}


@pytest.fixture
def browser():
    need("chromium", find_chromium())


def picture() -> View:
    """A part of a network: groups, stubs, marks on wires, a note, a legend."""
    return focus(example("mlp"), "x0", 2)


def set_root(attributes: str, colour: str) -> str:
    """A page whose root has these attributes, and which declares no colour scheme."""
    root = f"<template {attributes}></template>"
    script = "for (const each of document.querySelector('template').attributes) document.documentElement.setAttribute("
    return f"{root}<script>{script}each.name, each.value)</script><style>body{{margin:0;background:{colour}}}</style>"


def test_text_has_enough_contrast_by_the_styles_there(browser, layout_engine, tmp_path):
    bundle = mimebundle(picture(), formats=("svg", "html"), local=True)
    drawing = render(picture(), "svg", strict=True, local=True)
    parts = {
        "svg": bundle["image/svg+xml"],
        "html": bundle["text/html"],
        "drawing": mimebundle(drawing)["image/svg+xml"],
        "bare": inline_svg(str(drawing), copy=99),
    }
    body = "".join(f"<section class={name}>{part}</section>" for name, part in parts.items())
    frames = [
        f'<iframe title="{page}" srcdoc="{escape("<!doctype html>" + set_root(attributes, colour) + body)}"></iframe>'
        for page, (attributes, colour, _) in PAGES.items()
    ]
    loaded = "await new Promise(done => document.readyState == 'complete' ? done() : addEventListener('load', done));"
    found = answer("".join(frames), loaded + LEAST, tmp_path)
    assert {(page, name) for page, name, *_ in found} == {(page, name) for page in PAGES for name in parts}
    for page, name, ratio, ink, paper in found:
        scheme = PAGES[page][2]
        assert ratio >= 4.5, (page, name, ratio)
        assert INK[ink] == scheme, (page, name)
        assert paper == ("rgba(0, 0, 0, 0)" if name == "bare" else PAPER[scheme]), (page, name)


@pytest.mark.parametrize("page", ["VS Code dark", "Colab dark", "Bootstrap dark", "a plain dark page"])
def test_text_has_enough_contrast_by_the_pixels_there(page, browser, layout_engine, tmp_path):
    attributes, colour, scheme = PAGES[page]
    drawing = str(render(picture(), "svg", strict=True, local=True))
    width, height = map(math.ceil, size_of(drawing))
    placed = "".join(
        f"<div style='position:absolute;left:0;top:{height * number}px'>{svg}</div>"
        for number, svg in enumerate([drawing, mimebundle(picture(), local=True)["image/svg+xml"]])
    )
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8>{set_root(attributes, colour)}{placed}", encoding="utf-8")
    shot = screenshot(file, width, 2 * height, SCALE)
    pixels = np.asarray(shot.convert("RGB"), dtype=np.int16)
    for half in (pixels[: height * SCALE], pixels[height * SCALE :]):
        seen = Picture(half, scheme)
        texts = [each for each in ElementTree.fromstring(drawing).iter() if each.tag.endswith("}text")]  # noqa: S314
        ratios = {text.text: contrast(text, seen) for text in texts}
        assert len(ratios) > 20
        assert min(ratios.values()) >= 4.5, ratios


def contrast(text: ElementTree.Element, seen: Picture) -> float:
    """Return the contrast of a text's ink to what is around its letters."""
    left, top, right, bottom = room(text)
    part = seen.part(left - 3, top - 3, right + 3, bottom + 3)
    ink = seen.distance(part, "ink") <= 3 * CLOSE
    assert ink.any(), text.text
    around = grown(ink, 3) & ~grown(ink, 1)
    ground = np.median(part[around], axis=0)
    shades = sorted([luminance(seen.colours["ink"]), luminance(ground)])
    return (shades[1] + 0.05) / (shades[0] + 0.05)


def grown(mask: np.ndarray, by: int) -> np.ndarray:
    """Return the mask and all that is at most so many pixels from it along a row and a column."""
    for axis in (0, 1):
        padded = np.pad(mask, [(by, by) if each == axis else (0, 0) for each in (0, 1)])
        shifts = range(2 * by + 1)
        mask = np.any([np.take(padded, range(at, at + mask.shape[axis]), axis) for at in shifts], axis=0)
    return mask


def luminance(colour: np.ndarray) -> float:
    """Return the relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = np.asarray(colour) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
