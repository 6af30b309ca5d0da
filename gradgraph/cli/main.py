"""Arguments in, exit codes out; no logic of its own. Each command imports only what it uses."""

import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

import click

from gradgraph.cli import documents as cli_documents
from gradgraph.cli import render as cli_render
from gradgraph.cli import service as cli_service
from gradgraph.cli.outcome import attempt, chosen_limits, complain, say
from gradgraph.cli.streams import open_streams, write
from gradgraph.cli.url import url


def run() -> int:
    """Run the command line and return its exit code. Nothing a user can pass gives a traceback."""
    open_streams()
    # jsonschema would build a grammar for addresses, which takes a second of CPU and which no schema of ours uses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: complain(str(message))
        return attempt(_command)


def _command() -> int:
    try:
        return int(cli(standalone_mode=False))
    except click.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code
    except click.Abort:
        return 130


class Commands(click.Group):
    """Our commands, whose errors become exit codes while it is still known which options they had."""

    def invoke(self, context: click.Context) -> int:
        """Run the command that was asked for."""
        return attempt(lambda: super(Commands, self).invoke(context))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="gradgraph", message="%(prog)s %(version)s")
def cli() -> None:
    """Autograd computation graphs as documents and pictures."""


@cli.command()
@click.argument("target", metavar="MODULE:CALLABLE")
@click.option("-o", "--output", default="-", help="Write the document here instead of standard output.")
def export(target: str, output: str) -> None:
    """Write the graph of the Value that a function returns.

    MODULE is imported, from the current folder too, and CALLABLE called without arguments.
    """
    from gradgraph.api import dump, dumps, graph_of
    from gradgraph.tracing.calling import call

    sys.path.insert(0, str(Path.cwd()))
    graph = call(target, graph_of)
    if output == "-":
        write(dumps(graph).encode())
    else:
        dump(graph, output)


@cli.command()
def renderers() -> None:
    """List the renderers and whether they work here."""
    from gradgraph.drawing.registry import renderer_names

    for name in renderer_names():
        say(f"{name:10} {_state_of(name)}")


def _state_of(name: str) -> str:
    from gradgraph.drawing.registry import find_renderer

    try:
        renderer = find_renderer(name)
        reason = renderer.availability()
        drawn_by = getattr(renderer, "drawn_by", None)
        state = f": not here: {reason}" if reason else f", drawn by {drawn_by()}" if drawn_by else ""
    except Exception as error:  # a plug-in is anyone's code: this line reports whatever it raises
        return f"broken: {error}"
    return f"{renderer.media_type} ({', '.join(renderer.suffixes)}){state}"


@cli.command()
@click.argument("version", required=False)
def schema(version: str | None) -> None:
    """Print the JSON Schema of documents.

    Of the newest version unless another is named.
    """
    from gradgraph_schemas import schema_text, schema_versions

    if version is not None and version not in schema_versions():
        raise click.UsageError(f"there is no schema {version} (there are: {', '.join(schema_versions())})")
    write(schema_text(version).encode())


@cli.command()
def doctor() -> None:
    """Report what works here, and what would help."""
    import platform

    from gradgraph.drawing.registry import layout_names, renderer_names

    for line in _versions(platform.python_version(), platform.system()):
        say(line)
    for name in layout_names():
        say(f"{'layout ' + name:16} {_works(name)}")
    for name in renderer_names():
        say(f"{name:16} {_state_of(name)}")


def _works(layout: str) -> str:
    """Whether a layout engine can be found, which one it is, and whether it can place two boxes."""
    from gradgraph.drawing.layout import Block, Line, Outline
    from gradgraph.drawing.registry import find_layout

    try:
        engine = find_layout(layout)
        reason = engine.availability()
        if reason is not None:
            return reason
        box = Block(50.0, 20.0)
        two = Outline({"a": box, "b": box}, (Line("a", "b"),), ())
        engine.place(two, direction="LR", limits=chosen_limits())
        how_started = getattr(engine, "how_started", None)
        return f"works, version {engine.version()}{f'; {how_started()}' if how_started else ''}"
    except Exception as error:  # a plug-in is anyone's code: this line reports whatever it raises
        return f"broken: {error}"


def _versions(python: str, system: str) -> Iterable[str]:
    from importlib.metadata import PackageNotFoundError, version

    yield f"{'python':16} {python} on {system}"
    for package in ("gradgraph", "click", "graphviz", "jsonschema", "msgspec", "pydot", "pyyaml", "wcwidth"):
        try:
            yield f"{package:16} {version(package)}"
        except PackageNotFoundError:
            yield f"{package:16} not installed: reinstall gradgraph"


for command in (cli_render.render, cli_service.serve, cli_service.view, url, *cli_documents.COMMANDS):
    cli.add_command(command)
