"""The command that draws: render. Its flags for drawings are the fields of the renderers' records."""

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from gradgraph.cli.flags import DrawingCommand, file_of
from gradgraph.cli.outcome import as_flag, chosen_limits, complain, files_argument, for_each, load, reads_documents
from gradgraph.cli.streams import write
from gradgraph.errors import DegradedWarning

if TYPE_CHECKING:
    from gradgraph.drawing.finished import Rendering
    from gradgraph.drawing.rendering import Policy
    from gradgraph.drawing.selection import Selection


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
def render(
    files: tuple[str, ...],
    format_: str | None,
    output: str | None,
    strict: bool,
    color: str,
    set_: dict[str, str],
    **flags: Any,
) -> int:
    """Draw graph documents ("-" reads standard input)."""
    from gradgraph.drawing.choosing import drawn_as, typed_options
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
    drawing = _Drawing(name, options, place, Selection(**selected), strict)
    return for_each(files, lambda file: _render_one(file, drawing, output, into_folder))


class _Drawing(NamedTuple):
    """Options of a command for each of its files. `place` has those that the terminal decides."""

    format: str
    options: dict[str, Any]
    place: dict[str, Any]
    selection: "Selection"
    strict: bool


def _render_one(file: str, how: _Drawing, output: str | None, into_folder: bool) -> None:
    from gradgraph.drawing.choosing import FALLBACK
    from gradgraph.drawing.registry import find_renderer
    from gradgraph.drawing.rendering import draw

    options = {**how.place, **how.options} if how.format == FALLBACK else how.options
    policy: Policy = "error" if how.strict else "warn"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DegradedWarning)
        rendering = draw(
            load(file),
            how.format,
            options,
            chosen_limits(),
            selection=how.selection,
            policy=policy,
            place=how.place,
            spelled=as_flag,
        )
    if output is None or output == "-":
        _print(rendering)
    else:
        target = Path(output)
        if into_folder:
            target.mkdir(parents=True, exist_ok=True)
            target /= _stem(file) + find_renderer(how.format).suffixes[0]
        written = rendering.save(target)
        if written != target:
            caught[0].message = DegradedWarning(f"wrote {written}: {caught[0].message}")
    for warning in caught:
        complain(str(warning.message))


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


def _print(rendering: "Rendering") -> None:
    """The drawing on standard output: text in its encoding, other formats as the bytes a file would hold."""
    if rendering.format == "text":
        write(str(rendering))
        return
    if isinstance(rendering.content, bytes) and sys.stdout.isatty():
        raise click.UsageError(f"{rendering.format} is not for a terminal: name a file with -o")
    write(rendering.to_bytes())
