"""The command that draws: render. Its flags for drawings are the fields of the renderers' records."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradgraph.cli.flags import DrawingCommand, file_of
from gradgraph.cli.outcome import chosen_limits, files_argument, for_each, reads_documents
from gradgraph.cli.streams import write

if TYPE_CHECKING:
    from gradgraph.cli.drawing import DrawnFile


def _setting(context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, str]:
    """Return the options that NAME=VALUE texts set."""
    for text in texts:
        if "=" not in text:
            raise click.BadParameter(f"{text!r} is not NAME=VALUE")
    return {text.partition("=")[0].replace("-", "_"): text.partition("=")[2] for text in texts}


@click.command(cls=DrawingCommand)
@files_argument
@reads_documents
@click.option("-f", "--format", "format_", help="Draw this format. Default: by the suffix of -o, else svg.")
@click.option("-o", "--output", help="Write to this file, or with several FILEs into this folder.")
@click.option("--strict", is_flag=True, help="Fail (exit 4) instead of drawing text when a program is missing.")
@click.option(
    "-O",
    "set_",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_setting,
    help="Set any option of the format. Repeatable.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour gradients in text by their size. Default: auto, on a terminal.",
)
@click.option("--jobs", metavar="N", type=click.IntRange(1, 1_000), default=1, help="Draw so many FILEs at once.")
def render(
    files: tuple[str, ...],
    format_: str | None,
    output: str | None,
    strict: bool,
    color: str,
    set_: dict[str, str],
    jobs: int,
    **flags: Any,
) -> int:
    """Draw graph documents ("-" reads standard input)."""
    from gradgraph.cli.drawing import Drawing, draw_file, draw_in_processes, save
    from gradgraph.drawing.choosing import drawn_as, typed_options
    from gradgraph.drawing.registry import find_renderer
    from gradgraph.drawing.selection import Selection
    from gradgraph.drawing.suffixes import format_for

    given = {name: value for name, value in flags.items() if value is not None}
    selected = {name: given.pop(name) for name in Selection.__struct_fields__ if name in given}
    if "radius" in selected and "focus" not in selected:
        raise click.UsageError("--radius needs --focus")
    into_folder = output is not None and (output.endswith(("/", os.sep)) or Path(output).is_dir())
    if output == "":
        raise click.UsageError("-o needs a name")
    if len(files) > 1 and not into_folder:
        raise click.UsageError("several files need -o FOLDER/ to be drawn into")
    if len(set(map(_stem, files))) < len(files):
        raise click.UsageError("two files of one name would be drawn into the same file")
    name = format_for(None if into_folder else file_of(output), format_)
    place = _of_the_terminal(color == "auto") if output in (None, "-") else {}
    if color == "always":
        place["color"] = True
    options = {**given, **typed_options(drawn_as(name), set_)}
    how = Drawing(name, options, place, Selection(**selected), strict, chosen_limits())
    if output is None or output == "-":
        return for_each(files, lambda file: _print(draw_file(file, how)))
    targets = {file: Path(output) for file in files}
    if into_folder:
        suffix = find_renderer(name).suffixes[0]
        targets = {file: Path(output) / (_stem(file) + suffix) for file in files}
    with _progress(len(files)) as done:
        if min(jobs, len(files)) > 1:
            return draw_in_processes(targets, how, min(jobs, len(files)), done)

        def draw_and_save(file: str) -> None:
            try:
                save(draw_file(file, how), targets[file], in_folder=into_folder)
            finally:
                done()

        return for_each(files, draw_and_save)


@contextmanager
def _progress(number: int) -> Iterator[Callable[[], None]]:
    """Show at a terminal how many of several drawings are done: the function that this gives counts one."""
    if number == 1 or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=number, label="drawing", file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _stem(file: str) -> str:
    return "stdin" if file == "-" else Path(file).stem.removesuffix(".gradgraph")


TEXT_CHARACTERS = "○□◇●▣◉│─╰╯┴├┤┼◂▸↑⋮–…"
"""All that a text drawing is made of, labels aside."""


def _of_the_terminal(color: bool) -> dict[str, Any]:
    """Return how a text drawing fits where standard output goes."""
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


def _print(drawn: "DrawnFile") -> None:
    """The drawing on standard output: text in its encoding, other formats as the bytes a file would hold."""
    rendering = drawn.rendering
    if rendering.format == "text":
        write(str(rendering))
    elif isinstance(rendering.content, bytes) and sys.stdout.isatty():
        raise click.UsageError(f"{rendering.format} is not for a terminal: name a file with -o")
    else:
        write(rendering.to_bytes())
    drawn.complain(None)
