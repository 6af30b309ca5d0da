"""The style sheet of an SVG: its colours as custom properties, and the scheme that it follows."""

from collections.abc import Callable

from gradgraph_renderers.palette import DARK, LIGHT
from gradgraph_renderers.svg.metrics import FONT_STACK

_DARK_PAGES = (
    "[data-theme=dark]",  # Furo and other themes of Sphinx
    "[data-bs-theme=dark]",  # Bootstrap 5.3
    ".quarto-dark",
    "[data-vscode-theme-kind$=dark]",  # a notebook in VS Code
    "[data-vscode-theme-kind=vscode-high-contrast]",
    "[data-jp-theme-light=false]",  # JupyterLab
    "html[theme=dark]",  # the frame of an output in Colab
)
"""How pages say that they are dark which declare no `color-scheme`."""


def style(root: str, theme: str) -> str:
    """Return the style sheet of the SVG with the id `root`. Every rule is bound to that id.

    A page can override each colour by a custom property, `--gg-ink` and so on.

    Engines without custom properties (Typst, WeasyPrint, resvg, CairoSVG, librsvg) would paint every `var()` black, so
    the rules are for those that know them; the others read the presentation attributes.
    """

    def colours(spell: Callable[[str], str]) -> str:
        return f"#{root}{{{''.join([f'--_{name}:var(--gg-{name},{spell(name)});' for name in LIGHT])}}}"

    rules = [f"#{root}{{font-family:{FONT_STACK}}}", colours((DARK if theme == "dark" else LIGHT).__getitem__)]
    if theme == "auto":
        both = colours(lambda name: f"light-dark({LIGHT[name]},{DARK[name]})")
        rules += [f"@supports (color:light-dark(red,red)){{{both}}}", *_schemes(f"#{root}")]
    else:
        rules.append(f"#{root}{{background:var(--_paper)}}")  # a file of its own may be smaller than its window
    if theme == "dark":
        rules.append(f"@media print{{{colours(LIGHT.__getitem__)}}}")  # paper is white
    rules += [f"#{root} .gg-tint{index}{{fill:var(--_tint{index})}}" for index in range(5)]
    rules += [
        f"#{root} text{{fill:var(--_ink);stroke:none}}",
        # A halo keeps text readable on a page of any colour, and where it crosses a line. It is here and no attribute:
        # CairoSVG and WeasyPrint know no paint-order, and would stroke over the letters.
        f"#{root} :is(.gg-clusters,.gg-wires,.gg-legend,[data-stub]) text"
        "{paint-order:stroke;stroke:var(--_paper);stroke-width:3px;stroke-linejoin:round}",
        f"#{root} .gg-wires,#{root} .gg-nodes,#{root} .gg-legend{{stroke:var(--_line)}}",
        f"#{root} .gg-wires polygon,#{root} .gg-bar{{fill:var(--_line)}}",
        f"#{root} .gg-clusters{{stroke:var(--_faint)}}",
        f"#{root} circle,#{root} .gg-paper{{fill:var(--_paper)}}",
        f"#{root} .gg-output{{stroke:var(--_ink)}}",
        f"#{root} rect.gg-alarm{{fill:var(--_alarm-paper);stroke:var(--_alarm)}}",
        f"#{root} text.gg-alarm{{fill:var(--_alarm)}}",
        # On paper nobody can scroll.
        f"@media print{{#{root}{{max-width:100%!important;min-width:0!important;height:auto!important}}}}",
    ]
    return f"@supports (color:var(--x)){{{''.join(rules)}}}"


def _schemes(own: str) -> list[str]:
    """Return the rules for `theme="auto"`: a file or image follows its reader, and a drawing in a page the page.

    Many pages are light whatever the reader wants, and others have a switch, so inside a page it is the page's
    `color-scheme` that counts. Pages that do not set it say it in an attribute.
    """
    return [
        f"{own}:root{{color-scheme:light dark;background:var(--_paper)}}",  # an image cannot know what it stands on
        f"@media screen{{:is({','.join(_DARK_PAGES)}) {own}{{color-scheme:dark}}}}",
        f"@media screen and (prefers-color-scheme:dark){{[data-theme=auto] {own}{{color-scheme:dark}}}}",
        f"@media print{{{own},{own}:root{{color-scheme:light}}}}",  # paper is white
    ]
