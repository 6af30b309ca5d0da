"""Arguments in, exit codes out; no logic of its own. Each command imports only what it uses."""

import os
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradgraph import cli_documents
from gradgraph.cli_outcome import (
    attempt,
    chosen_limits,
    complain,
    files_argument,
    for_each,
    load,
    one_line,
    reads_documents,
)
from gradgraph.errors import DegradedWarning, RendererError

if TYPE_CHECKING:
    from gradgraph.graph import Graph
    from gradgraph.protocol import Rendering
    from gradgraph.views import View


def main() -> None:
    """Run the command line and leave with its exit code. Nothing a user can pass gives a traceback."""
    _open_closed_streams()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_, **__: complain(str(message))
            sys.exit(cli(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)


def _open_closed_streams() -> None:
    """A shell can start us with a standard stream closed, which Python shows as None."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # open for as long as we run


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
@files_argument
@reads_documents
@click.option("-f", "--format", "format_", help="A renderer: dot, mermaid, svg, text. Default: by -o's suffix, or svg.")
@click.option("-o", "--output", help="Write to this file, or with several FILEs into this folder.")
@click.option("--strict", is_flag=True, help="Fail (exit 4) instead of drawing text when a program is missing.")
@click.option("--direction", type=click.Choice(["LR", "TB", "RL", "BT"]), help="Where the computation flows.")
@click.option("--theme", type=click.Choice(["auto", "light", "dark"]), help="Colours.")
@click.option("--precision", type=click.IntRange(1, 17), help="Significant digits of numbers.")
@click.option("--layout", type=click.Choice(["auto", "dot", "embedded"]), help="The layout engine.")
@click.option("--no-grad", "grad", flag_value=False, type=bool, default=None, help="Leave gradients out.")
@click.option(
    "--show-local", "local", flag_value=True, type=bool, default=None, help="Show local derivatives on edges."
)
@click.option(
    "--width", type=click.IntRange(0), help="Columns of a text drawing; 0 for no limit. Default: the terminal's, or 80."
)
@click.option("--ascii", "charset", flag_value="ascii", default=None, help="Draw text in ASCII.")
@click.option(
    "--style", type=click.Choice(["rails", "tree"]), help="Draw text with rails, or as a tree from the output."
)
@click.option("--depth", type=click.IntRange(1, 200), help="Levels of a text tree.")
@click.option("--max-rows", type=click.IntRange(0), help="Nodes in a text drawing; 0 for no limit.")
@click.option("--max-rails", type=click.IntRange(0), help="Rails in a text drawing; 0 for no limit.")
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Show gradients in text by intensity. Default: auto, on a terminal.",
)
@click.option("--focus", metavar="NODE", help="Draw only this node, a label or an id such as n7, and what is near it.")
@click.option("--radius", type=click.IntRange(0), help="How many edges from --focus are near. Default: 1.")
def render(
    files: tuple[str, ...],
    format_: str | None,
    output: str | None,
    strict: bool,
    color: str,
    focus: str | None,
    radius: int | None,
    **options: Any,
) -> int:
    """Draw graph documents ("-" reads standard input)."""
    chosen = {name: value for name, value in options.items() if value is not None} | {"limits": chosen_limits()}
    if output in (None, "-"):
        chosen = {**_terminal_options(color == "auto"), **chosen}
    if color == "always":
        chosen["color"] = True
    if radius is not None and focus is None:
        raise click.UsageError("--radius needs --focus")
    into_folder = output is not None and (output.endswith(("/", os.sep)) or Path(output).is_dir())
    if output == "":
        raise click.UsageError("-o needs a name")
    if len(files) > 1 and not into_folder:
        raise click.UsageError("several files need -o FOLDER/ to be drawn into")
    if len(set(map(_stem, files))) < len(files):
        raise click.UsageError("two files of one name would be drawn into the same file")
    name = format_ or _format_of(None if into_folder else output)

    def view(file: str) -> "View":
        from gradgraph import views

        graph = load(file)
        return views.everything(graph) if focus is None else views.focus(graph, focus, 1 if radius is None else radius)

    return for_each(files, lambda file: _render_one(file, view(file), name, output, into_folder, strict, chosen))


def _render_one(
    file: str, view: "View", format_: str, output: str | None, into_folder: bool, strict: bool, options: dict[str, Any]
) -> None:
    from gradgraph.registry import find_renderer
    from gradgraph.rendering import render as draw

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DegradedWarning)
        rendering = draw(view, format_, strict=strict, **options)
    if output is None or output == "-":
        _print(rendering)
    else:
        target = Path(output)
        if into_folder:
            target.mkdir(parents=True, exist_ok=True)
            target /= _stem(file) + find_renderer(format_).suffixes[0]
        written = rendering.save(target)
        if written != target:
            caught[0].message = DegradedWarning(f"wrote {written}: {caught[0].message}")
    for warning in caught:
        complain(str(warning.message))


def _stem(file: str) -> str:
    return "stdin" if file == "-" else Path(file).stem.removesuffix(".gradgraph")


def _format_of(output: str | None) -> str:
    """The format that -o's suffix asks for; svg without one."""
    from gradgraph.registry import renderer_for_suffix

    if output is None or output == "-":
        return "svg"
    suffix = Path(output).suffix
    name = renderer_for_suffix(suffix) if suffix else "svg"
    if name is None:
        raise click.UsageError(f"no renderer writes {suffix} files: name one with -f")
    return name


TEXT_CHARACTERS = "○□◇●◉│─╰╯┴├┤┼◂▸↑⋮–…"
"""All that a text drawing is made of, labels aside."""


def _terminal_options(color: bool) -> dict[str, Any]:
    """How a text drawing fits where standard output goes."""
    options: dict[str, Any] = {}
    if sys.stdout.isatty():
        from shutil import get_terminal_size

        options["width"] = get_terminal_size().columns
        # https://no-color.org; a terminal that calls itself dumb, or an old Windows console, shows codes as text.
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        options["color"] = color and not plain and (os.name != "nt" or "WT_SESSION" in os.environ)
    try:
        TEXT_CHARACTERS.encode(sys.stdout.encoding)
    except (UnicodeEncodeError, LookupError):
        options["charset"] = "ascii"
    return options


def _print(rendering: "Rendering") -> None:
    """The drawing on standard output: text in its encoding, other formats as the bytes a file would hold."""
    if rendering.format == "text":
        content = str(rendering).encode(sys.stdout.encoding, "backslashreplace")
    else:
        content = rendering.to_bytes()
        if isinstance(rendering.content, bytes) and sys.stdout.isatty():
            raise click.UsageError(f"{rendering.format} is not for a terminal: name a file with -o")
    sys.stdout.buffer.write(content)


@cli.command()
@click.argument("target", metavar="MODULE:CALLABLE")
@click.option("-o", "--output", default="-", help="Write the document here instead of standard output.")
def export(target: str, output: str) -> None:
    """Write the graph of the Value that a function returns.

    MODULE is imported, from the current folder too, and CALLABLE called without arguments.
    """
    from gradgraph.document import dump, dumps

    graph = _call(target)
    if output == "-":
        sys.stdout.buffer.write(dumps(graph).encode())
    else:
        dump(graph, output)


def _call(target: str) -> "Graph":
    from contextlib import redirect_stdout
    from importlib import import_module

    from gradgraph.graph import Graph
    from gradgraph.tracing import export as trace

    module, _, name = target.partition(":")
    if not name:
        raise click.UsageError("say which: MODULE:CALLABLE")
    sys.path.insert(0, str(Path.cwd()))
    try:
        with redirect_stdout(sys.stderr):  # what it prints must not end up in the document
            found: Any = import_module(module)
            for attribute in name.split("."):
                found = getattr(found, attribute)
            result = found() if callable(found) else found
            return result if isinstance(result, Graph) else trace(result)
    except (Exception, SystemExit) as error:  # anyone's code runs here: whatever it raises is told in one line
        raise click.ClickException(one_line(f"{target}: {type(error).__name__}: {error}")) from error


@cli.command()
def renderers() -> None:
    """List the renderers and whether they work here."""
    from gradgraph.registry import renderer_names

    for name in renderer_names():
        click.echo(f"{name:10} {_state_of(name)}")


def _state_of(name: str) -> str:
    from gradgraph.registry import find_renderer

    try:
        renderer = find_renderer(name)
        reason = renderer.availability()
    except RendererError as error:
        return f"broken: {error}"
    return f"{renderer.media_type} ({', '.join(renderer.suffixes)})" + (f": not here: {reason}" if reason else "")


@cli.command()
@click.argument("version", required=False)
def schema(version: str | None) -> None:
    """Print the JSON Schema of documents.

    Of the newest version unless another is named.
    """
    from gradgraph_schemas import schema_text, schema_versions

    if version is not None and version not in schema_versions():
        raise click.UsageError(f"there is no schema {version} (there are: {', '.join(schema_versions())})")
    click.echo(schema_text(version), nl=False)


@cli.command()
def doctor() -> None:
    """Report what works here, and what would help."""
    import platform
    import shutil
    import sysconfig

    for line in _versions(platform.python_version(), platform.system()):
        click.echo(line)
    for program in ("dot", "graphviz-pure"):
        folders = os.pathsep.join([os.environ.get("PATH", os.defpath), sysconfig.get_path("scripts")])
        click.echo(f"{program:14} {shutil.which(program, path=folders) or 'not installed'}")
    from gradgraph.registry import renderer_names

    for name in renderer_names():
        click.echo(f"{name:14} {_state_of(name)}")


def _versions(python: str, system: str) -> Iterable[str]:
    from importlib.metadata import PackageNotFoundError, version

    yield f"{'python':14} {python} on {system}"
    for package in ("gradgraph", "click", "graphviz", "jsonschema", "msgspec", "pydot", "pyyaml", "wcwidth"):
        try:
            yield f"{package:14} {version(package)}"
        except PackageNotFoundError:
            yield f"{package:14} not installed: reinstall gradgraph"


for command in cli_documents.COMMANDS:
    cli.add_command(command)
