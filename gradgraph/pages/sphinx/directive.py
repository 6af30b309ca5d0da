"""Sphinx: the directive `gradgraph` draws graphs as the docs are built. docs/how-to/sphinx.rst says how it is used.

A page is read into a doctree once, whatever is made of it, so the directive leaves a `diagram` there. It becomes a
picture or a text drawing when a builder asks for the page; what the builder of the moment will need is drawn as soon
as a page has been read, since pages are read side by side.
"""

import sys
import warnings
from collections.abc import Callable
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.config import ENUM
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from gradgraph.api import graph_of
from gradgraph.errors import CallError, DocumentError, DocumentWarning, GradgraphError, OptionError
from gradgraph.graph.model import Graph
from gradgraph.limits import Limits, is_untrusted, limits_from_environment
from gradgraph.pages.diagrams import (
    Diagram,
    read_file,
    read_inline,
    sentence,
)
from gradgraph.pages.options import PageOptions, parse_options
from gradgraph.pages.sphinx.drawing import diagram, draw_early, resolve
from gradgraph.pages.sphinx.warnings import complain, find_outdated, warn
from gradgraph.tracing.calling import call
from gradgraph.version import __version__


class _AnyOption(dict[str, Callable[[str], Any]]):
    """Lets every option through: ours are checked all at once, and what is wrong is told with its type."""

    def __missing__(self, name: str) -> Callable[[str], Any]:
        return directives.unchanged


class GradgraphDirective(SphinxDirective):
    """`.. gradgraph:: neuron.json`, or a document as the content, or `:call: module:function`."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOption(file=directives.unchanged)

    def run(self) -> list[nodes.Node]:
        """A figure if there is a caption, a container otherwise; of the diagram, or of what is wrong."""
        page = PageOptions()
        body: nodes.Element
        if self.arguments:
            self.options["file"] = self.arguments[0]
        try:
            options = parse_options(self.options, self._limits(), self.config.gradgraph_layout)
            page = options.page
            body = diagram("", diagram=Diagram(self._graph(page), options), docname=self.env.docname, failed=[])
        except (GradgraphError, OSError) as error:
            body = complain(self.env, self.env.docname, error, self._places(error))
        body.source, body.line = self.get_source_info()
        return self._placed(body, page)

    def _graph(self, page: PageOptions) -> Graph:
        if [bool(page.file), bool(page.call), bool(self.content)].count(True) != 1:
            raise OptionError(
                "name a file, or write a document below, or name a function with :call:, one of the three"
            )
        if page.call:
            return self._called(page.call)
        with warnings.catch_warnings(record=True) as noted:
            warnings.simplefilter("always", DocumentWarning)
            inline = "\n".join(self.content)
            graph = self._from_file(page.file) if page.file else read_inline(inline, limits=self._limits())
        for warning in noted:
            warn(self.env, self.env.docname, str(warning.message), "document", self.get_location())
        return graph

    def _from_file(self, name: str) -> Graph:
        relative, path = self.env.relfn2path(name)
        self.env.note_dependency(relative)
        return read_file(path, relative, self._limits())

    def _limits(self) -> Limits:
        return limits_from_environment(untrusted=self.config.gradgraph_untrusted)

    def _called(self, target: str) -> Graph:
        if self.config.gradgraph_untrusted or is_untrusted():
            raise CallError(
                f"{target} is not called: the build is untrusted, by gradgraph_untrusted or the environment"
            )
        if not self.config.gradgraph_call:
            raise CallError(f"{target} is not called: gradgraph_call = False in conf.py")
        graph = call(target, graph_of)
        file = getattr(sys.modules[target.partition(":")[0]], "__file__", None)
        if file:
            self.env.note_dependency(file)
        return graph

    def _places(self, error: Exception) -> list[tuple[str, str]]:
        """What is wrong, and where in the page."""
        if not isinstance(error, DocumentError):
            return [(sentence(error), self.get_location())]
        told = []
        for problem in error.problems:
            place = self.get_location()
            if problem.line is not None and problem.source is None and problem.line <= len(self.content.items):
                place = self._place(problem.line)
                problem = problem._replace(line=None, column=None)
            told.append((str(problem), place))
        return told

    def _place(self, line: int) -> str:
        """Where in the page a line of the content is."""
        source, offset = self.content.items[line - 1]
        # Lines count from the start of the page, but in Markdown (myst-parser) from that of the content.
        start = self.lineno + self.content_offset if self.content.items[0][1] == 0 else 0
        return f"{source}:{start + (offset or 0) + 1}"

    def _placed(self, body: nodes.Element, page: PageOptions) -> list[nodes.Node]:
        classes = ["gradgraph", *page.classes.split()]
        wrapper: nodes.Element
        named: nodes.Element
        target: list[nodes.Node] = []
        if page.caption:
            inlines, messages = self.parse_inline(page.caption, lineno=self.lineno)
            caption = nodes.caption(page.caption, "", *inlines, *messages)
            caption.source, caption.line = self.get_source_info()
            wrapper = nodes.figure("", body, caption, classes=classes)
            if page.align:
                wrapper["align"] = page.align
            named = wrapper
        else:
            wrapper = nodes.container("", body, classes=[*classes, *([f"align-{page.align}"] if page.align else [])])
            named = nodes.target()
            target = [named] if page.name else []
        wrapper.source, wrapper.line = named.source, named.line = self.get_source_info()
        if page.name:
            self.options["name"] = page.name
            self.add_name(named)
        return [*target, wrapper]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register all this with Sphinx."""
    app.add_config_value("gradgraph_missing_dot", "warn", "env", ENUM("text", "warn", "error"))
    app.add_config_value("gradgraph_call", True, "env", bool)
    app.add_config_value("gradgraph_layout", "", "env", str)
    app.add_config_value("gradgraph_untrusted", False, "env", bool)
    app.add_directive("gradgraph", GradgraphDirective)
    app.add_node(diagram)
    app.connect("env-get-outdated", find_outdated)
    app.connect("doctree-read", draw_early)
    app.connect("doctree-resolved", resolve)
    return {
        "version": __version__,
        "env_version": 2,  # of what a `diagram` in a pickled doctree holds: Sphinx reads all pages again after a change
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
