"""Tables as reStructuredText, and a directive that writes them."""

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def list_table(head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]], kind: str) -> list[str]:
    """Return the lines of a table of the class `kind`; `widths` are shares of the page.

    >>> list_table(["key"], [100], [["``id``"]], "keys")[4:]
    ['', '   * - key', '   * - ``id``', '']
    """
    options = [":header-rows: 1", f":widths: {' '.join(map(str, widths))}", f":class: {kind}"]
    lines = [".. list-table::", *(f"   {option}" for option in options), ""]
    for row in (head, *rows):
        lines += [f"   {'  ' if column else '* '}- {cell}".rstrip() for column, cell in enumerate(row)]
    return [*lines, ""]


class Written(SphinxDirective):
    """A directive whose content is the reStructuredText that `lines` gives."""

    def run(self) -> list[nodes.Node]:
        """Return what the lines say."""
        return self.parse_text_to_nodes("\n".join(self.lines()), offset=self.content_offset)

    def lines(self) -> Iterable[str]:
        """Return the lines."""
        raise NotImplementedError
