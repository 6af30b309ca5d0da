"""Markdown: fenced blocks named `gradgraph` become pictures, by superfences of pymdown-extensions or without it.

With superfences, as MkDocs has it, `fence` and `validate` are the format and the validator of a custom fence;
`make_fence` makes others. Without it, `gradgraph.fences` is an extension of Python-Markdown. docs/how-to/markdown.rst
says how to set them up. Fences run no code.
"""

import base64
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.attr_list import get_attrs_and_remainder
from markdown.preprocessors import Preprocessor

from gradgraph.drawing.rendering import Policy, policy_for
from gradgraph.errors import GradgraphError, OptionError, ToolError, ToolMissing, one_line
from gradgraph.graph.model import Graph
from gradgraph.limits import Limits, limits_from_environment
from gradgraph.pages.diagrams import (
    PICTURES,
    Diagram,
    alt_text,
    draw,
    draw_text,
    picture_file,
    read_file,
    read_inline,
    sentence,
    shown_width,
)
from gradgraph.pages.inlining import css_length, inline_svg
from gradgraph.pages.options import parse_options


class Settings(NamedTuple):
    """What holds for all fences of a build."""

    base_path: str = "."
    """The folder that documents are looked for in, and nowhere outside."""
    cache: str = ""
    """The folder where pictures are kept from one build to the next, "" for none."""
    missing_dot: Policy = "warn"
    """What a missing layout engine means: a text drawing, one with a warning, or an error that ends the build."""

    untrusted: bool = False
    """Whether the pages are of people you do not know: then documents and drawings have tight limits."""

    layout: str = ""
    """The layout engine of all diagrams that name none, "" for what the option `layout` is by default."""


DEFAULTS = Settings()
"""Files in the current folder, nothing kept, a warning if there is no engine, and the limits of the environment."""


def validate(
    language: str, inputs: Mapping[str, str], options: dict[str, str], attrs: Mapping[str, str], md: Markdown
) -> bool:
    """Validate a custom fence. Lets all options through: a fence refused here would be shown as code.

    The fence itself reports what is wrong with them.
    """
    options.update(inputs)
    return True


def fence(
    source: str,
    language: str,
    class_name: str,
    options: Mapping[str, str | None],
    md: Markdown,
    classes: Sequence[str] = (),
    id_value: str = "",
    *,
    settings: Settings = DEFAULTS,
    **others: Any,
) -> str:
    """Return the HTML of a custom fence, with DEFAULTS: the format that superfences calls."""
    words = [class_name, *classes, options.get("class") or ""]
    named = {**options, "class": " ".join(filter(None, words)), "name": id_value or options.get("name") or ""}
    try:
        return _html(source, named, settings, md)
    except ToolMissing as error:  # superfences shows the code when it meets any other exception
        from pymdownx.superfences import SuperFencesException

        raise SuperFencesException(str(error)) from error


def make_fence(**settings: Any) -> Callable[..., str]:
    """Return the format of a custom fence with `settings` of your own, which are the fields of Settings."""
    return partial(fence, settings=Settings(**settings))  # which can be pickled, as some hosts need it


class GradgraphExtension(Extension):
    """Python-Markdown's part: fences of their own, not inside lists and quotes, where superfences finds them too."""

    def __init__(self, **settings: Any) -> None:
        self.config = {name: [value, "as in Settings"] for name, value in DEFAULTS._asdict().items()}
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Look for our fences before those of other extensions are taken as code."""
        md.preprocessors.register(_Fences(md, Settings(**self.getConfigs())), "gradgraph", 27)


def makeExtension(**settings: Any) -> GradgraphExtension:  # noqa: N802  # Python-Markdown's name
    """The extension that `markdown.markdown(…, extensions=["gradgraph.fences"])` loads."""
    return GradgraphExtension(**settings)


class _Fences(Preprocessor):
    OPENING = re.compile(r"(?P<fence>~{3,}+|`{3,}+)(?P<head>[^`]*)")
    HEAD = re.compile(r"(?:\{ *\.gradgraph\b(?P<inside>[^}]*)\}|\.?gradgraph(?:$| +(?P<after>.*)))\s*\Z")

    def __init__(self, md: Markdown, settings: Settings) -> None:
        super().__init__(md)
        self.settings = settings

    def run(self, lines: list[str]) -> list[str]:
        """The page with our fences replaced. All others are passed over whole, so that ours inside them stay code."""
        stripped = [line.rstrip() for line in lines]
        last = {line: number for number, line in enumerate(stripped)}  # so that none is looked for in vain
        page: list[str] = []
        number = 0
        while number < len(lines):
            opening = self.OPENING.fullmatch(lines[number])
            if opening is None or last.get(opening["fence"], 0) <= number:
                page.append(lines[number])
                number += 1
                continue
            end = stripped.index(opening["fence"], number + 1)
            head = self.HEAD.match(opening["head"].strip())
            page += self._drawn(head, lines[number + 1 : end]) if head else lines[number : end + 1]
            number = end + 1
        return page

    def _drawn(self, head: re.Match[str], body: list[str]) -> list[str]:
        options: dict[str, str | None] = {"class": "gradgraph"}
        found, _ = get_attrs_and_remainder((head["inside"] or head["after"] or "").strip("{} "))
        for name, value in found:
            if name in (".", "class"):
                options["class"] = f"{options['class']} {value}"
            else:
                options["name" if name == "id" else name] = value
        html = _html("\n".join(body), options, self.settings, self.md)
        return ["", self.md.htmlStash.store(html), ""]


def _html(source: str, options: Mapping[str, str | None], settings: Settings, md: Markdown) -> str:
    """The HTML of one fence. What is wrong with it is logged, and stands in the page."""
    try:
        limits = limits_from_environment(untrusted=settings.untrusted)
        chosen = parse_options(options, limits, settings.layout)
        page = chosen.page
        if page.call:
            raise OptionError("a fence calls no code: export the graph to a file")
        graph = _graph(source, page.file, Path(settings.base_path), limits)
        body = _body(Diagram(graph, chosen), settings, md)
    except ToolMissing as error:
        raise error.in_words_of(_in_the_settings) from None
    except (GradgraphError, OSError) as error:
        said = one_line(sentence(error, _in_the_settings))
        _warn(md, said)
        title = '<p class="admonition-title">gradgraph</p>'
        return f'<div class="admonition danger gradgraph">{title}<p>{escape(said)}</p></div>'
    name = f' id="{escape(page.name)}"' if page.name else ""
    align = f' style="text-align:{page.align}"' if page.align else ""
    caption = f"<figcaption>{escape(page.caption)}</figcaption>" if page.caption else ""
    return f'<figure class="{escape(page.classes)}"{name}{align}>{body}{caption}</figure>'


def _graph(source: str, file: str, base: Path, limits: Limits) -> Graph:
    if bool(file) == bool(source.strip()):
        raise OptionError("name a file, or write a document in the fence, one of the two")
    if not file:
        return read_inline(source, "fence", limits)
    path = Path(os.path.realpath(base / file))  # unlike resolve(), it leaves a circle of links to whoever opens it
    if not path.is_relative_to(os.path.realpath(base)):
        raise OptionError(f"{file} is not in base_path")
    return read_file(path, file, limits)


def _body(diagram: Diagram, settings: Settings, md: Markdown) -> str:
    format = diagram.options.page.format
    try:
        if format in PICTURES:
            return _picture(diagram, settings.cache, md)
        text = draw_text(diagram, format)
    except ToolError as error:
        policy = policy_for(error, settings.missing_dot)
        if policy == "error":
            raise
        if policy == "warn":
            _warn(md, f"a text drawing stands in for the picture: {sentence(error, _in_the_settings)}")
        text = draw_text(diagram)
    return f'<pre class="gradgraph-text" style="text-align:left"><code>{escape(text)}</code></pre>'


def _picture(diagram: Diagram, cache: str, md: Markdown) -> str:
    format = diagram.options.page.format
    content = picture_file(diagram, format, Path(cache)).read_bytes() if cache else draw(diagram, format).to_bytes()
    if format == "svg":
        return inline_svg(
            content.decode(), diagram.options.page.width, len(md.htmlStash.rawHtmlBlocks)
        )  # it grows with every fence
    width = shown_width(content, diagram)
    size = f' style="width:{css_length(width)}"' if width else ""
    data = base64.b64encode(content).decode()
    return f'<img alt="{escape(alt_text(diagram))}" src="data:image/png;base64,{data}"{size}>'


def _in_the_settings(name: str, value: str) -> str:
    return f"give the fences the setting {name}: {value}"


def _warn(md: Markdown, message: str) -> None:
    """Log a warning, as MkDocs' own where it runs, so that `mkdocs build --strict` fails."""
    logger = logging.getLogger("mkdocs.plugins.gradgraph" if "mkdocs" in sys.modules else "gradgraph")
    logger.warning("%s", one_line(f"{_page(md)}{message}"))


def _page(md: Markdown) -> str:
    """The name of the page, where MkDocs tells it."""
    names = [processor.file.src_uri for processor in md.treeprocessors if hasattr(processor, "file")]
    return f"{names[0]}: " if names else ""
