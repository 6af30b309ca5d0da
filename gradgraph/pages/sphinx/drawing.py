"""What stands on a page in the place of a diagram: the picture or the text that this builder can show."""

from collections import Counter
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from gradgraph.drawing.choosing import FALLBACK
from gradgraph.drawing.rendering import policy_for
from gradgraph.errors import GradgraphError, ToolError
from gradgraph.pages.diagrams import (
    PICTURES,
    Diagram,
    alt_text,
    draw_text,
    engines,
    picture_file,
    sentence,
    shown_width,
)
from gradgraph.pages.inlining import inline_svg, root_id
from gradgraph.pages.sphinx.warnings import complain, folder, note_read, subtype, warn


class diagram(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes so
    """A diagram in a page before it is known what it has to be there.

    It has `diagram`, what is drawn; `docname`, the page; `failed`, the formats it could not be drawn in, each
    told once; and `fatal` if the settings say that this makes the build fail.
    """


def draw_early(app: Sphinx, doctree: nodes.document) -> None:
    """Draw what this builder will need of a page that has just been read."""
    found = list(doctree.findall(diagram))
    note_read(app.env, engines() if found else None)
    for node in found:
        try:
            _picture(app, node)
        except (GradgraphError, OSError) as error:
            node.replace_self(_complaint(app, node, error))


def resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put in the place of each diagram what the builder shows there."""
    copies: Counter[str] = Counter()
    for node in list(doctree.findall(diagram)):
        try:
            shown = _shown(app, node, copies)
        except (GradgraphError, OSError) as error:
            shown = [_complaint(app, node, error)]
        if node.get("fatal"):
            app.statuscode = 1
        for part in shown:
            part.source, part.line = node.source, node.line
        if app.builder.format == "man":
            _free_caption(node.parent)
        node.replace_self(shown)


def _shown(app: Sphinx, node: diagram, copies: Counter[str]) -> list[nodes.Element]:
    drawn: Diagram = node["diagram"]
    page = drawn.options.page
    picture = _picture(app, node)
    if picture and picture.suffix == ".svg":
        svg = picture.read_text(encoding="utf-8")
        root = root_id(svg)
        copies[root] += 1
        return [nodes.raw("", inline_svg(svg, page.width, copies[root] - 1), format="html")]
    if picture:
        uri = str(picture)
        app.env.images.add_file(node["docname"], uri)
        image = nodes.image(uri=uri, candidates={"*": uri}, alt=alt_text(drawn))
        # TeX reads from the file how fine it is; browsers do not.
        html = app.builder.format == "html"
        if width := shown_width(picture.read_bytes(), drawn) if html else page.width:
            image["width"] = width
        return [image]
    text = _text(app, node)
    # Figures are centred by most themes, which would move every line by itself.
    around = [nodes.raw("", html, format="html") for html in ('<div style="text-align:left">', "</div>")]
    return [around[0], nodes.literal_block(text, text, language="text", classes=["gradgraph-text"]), around[1]]


def _free_caption(wrapper: nodes.Element) -> None:
    """Make a paragraph of a caption, after which docutils' man pages (0.22) go on in the same line."""
    for caption in list(wrapper.findall(nodes.caption)):
        caption.replace_self(nodes.paragraph(caption.rawsource, "", *caption.children))


def _picture(app: Sphinx, node: diagram) -> Path | None:
    """The file of the picture that this builder shows, None if it shows text. What goes wrong is told once."""
    format = {("html", "svg"): "svg", ("html", "png"): "png", ("latex", "svg"): "pdf", ("latex", "png"): "png"}.get(
        (app.builder.format, node["diagram"].options.page.format), ""
    )
    if not format or format in node["failed"]:
        return None
    try:
        return picture_file(node["diagram"], format, folder(app.env))
    except ToolError as error:
        _tell(app, node, format, error)
        return None


def _text(app: Sphinx, node: diagram) -> str:
    """The drawing in a format that is text, or the text drawing where there is no other."""
    drawn: Diagram = node["diagram"]
    format = drawn.options.page.format
    if format not in (*PICTURES, FALLBACK, *node["failed"]):
        try:
            return draw_text(drawn, format)
        except ToolError as error:
            _tell(app, node, format, error)
    # What sets pages in TeX may have no character for a rail.
    return draw_text(drawn, **({"charset": "ascii"} if app.builder.format == "latex" else {}))


def _tell(app: Sphinx, node: diagram, format: str, error: ToolError) -> None:
    """Tell once, as the settings say, that the diagram cannot be drawn in a format."""
    node["failed"].append(format)
    policy = policy_for(error, app.config.gradgraph_missing_dot)
    node["fatal"] = policy == "error"
    if policy != "text":
        message = f"a text drawing stands in for the picture: {sentence(error, _in_conf)}"
        warn(app.env, node["docname"], message, subtype(error), node, node["fatal"])


def _in_conf(name: str, value: str) -> str:
    return f'set gradgraph_{name} = "{value}" in conf.py'


def _complaint(app: Sphinx, node: diagram, error: Exception) -> nodes.Element:
    return complain(app.env, node["docname"], error, [(sentence(error), node)])
