"""The command that writes the address of a drawing: url."""

from typing import Any

import click

from gradgraph.cli.flags import DrawingCommand
from gradgraph.cli.outcome import load, reads_documents, say
from gradgraph.drawing.addresses import DEFAULT_BASE


@click.command(cls=DrawingCommand)
@click.argument("file", metavar="FILE")
@reads_documents
@click.option("-f", "--format", "format_", default="svg", help="Draw this format. Default: svg.")
@click.option("--base", metavar="URL", default=DEFAULT_BASE, show_default=True, help="Address of the service.")
@click.option("--for-picture", is_flag=True, help="Round numbers to what a picture shows, and leave out the rest.")
def url(file: str, format_: str, base: str, for_picture: bool, **flags: Any) -> None:
    """Write the address at which a service draws a document.

    The address holds the whole document.
    """
    from gradgraph.document.files import dumps
    from gradgraph.document.packing import packed
    from gradgraph.drawing.addresses import address
    from gradgraph.drawing.choosing import drawn_as, options_for
    from gradgraph.drawing.selection import Selection
    from gradgraph.option_records import chosen

    given = {name: value for name, value in flags.items() if value is not None}
    selected = {name: value for name, value in given.items() if name in Selection.__struct_fields__}
    if "radius" in selected and "focus" not in selected:
        raise click.UsageError("--radius needs --focus")
    chosen(Selection, selected)
    options = {name: value for name, value in given.items() if name not in selected}
    record = options_for(format_, options, beside=drawn_as(format_))
    graph = load(file)
    if for_picture:
        from gradgraph.graph.rounding import rounded

        graph = rounded(graph, record.precision, keep_local=record.local)
    say(address(base, format_, packed(dumps(graph).encode()), given))
