"""The command that draws: render."""

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradgraph.cli.outcome import chosen_limits, complain, files_argument, for_each, load, reads_documents
from gradgraph.cli.streams import write
from gradgraph.errors import DegradedWarning

if TYPE_CHECKING:
    from gradgraph.drawing.renderer import Rendering
    from gradgraph.graph.views import View


@click.command()
@files_argument
@reads_documents
@click.option("-f", "--format", "format_", help="svg, png, pdf, dot, mermaid or text. Default: by -o's suffix, or svg.")
@click.option("-o", "--output", help="Write to this file, or with several FILEs into this folder.")
@click.option("--strict", is_flag=True, help="Fail (exit 4) instead of drawing text when a program is missing.")
@click.option("--direction", type=click.Choice(["LR", "TB", "RL", "BT"]), help="Where the computation flows.")
@click.option("--theme", type=click.Choice(["auto", "light", "dark"]), help="Colours.")
@click.option("--precision", type=click.IntRange(1, 17), help="Significant digits of numbers.")
@click.option("--layout", metavar="ENGINE", help="The layout engine: dot, embedded, or a plug-in's. Default: auto.")
@click.option("--title", help="What the picture is called. Default: made from its outputs.")
@click.option("--desc", help="What is read out in place of the picture. Default: made from the graph.")
@click.option("--link", metavar="ADDRESS", help="Link each node of an SVG, with {id}, {label} and {op} filled in.")
@click.option("--no-legend", "legend", flag_value=False, type=bool, default=None, help="Leave the legend out.")
@click.option("--fenced", is_flag=True, default=None, help="Wrap Mermaid in a code block for Markdown.")
@click.option("--scale", type=click.FloatRange(0.1, 10), help="How large a PNG is. Default: 1, as large as the SVG.")
@click.option("--dpi", type=click.FloatRange(24, 1200), help="How fine a PNG is, in pixels an inch. Default: 96.")
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
@click.option("--collapse", metavar="GROUP", multiple=True, help="Draw all in this group as one box. Repeatable.")
@click.option("--max-nodes", type=click.IntRange(1), help="Fold groups, deepest first, until so many boxes are left.")
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
        from gradgraph.graph import views

        graph = load(file)
        return views.everything(graph) if focus is None else views.focus(graph, focus, 1 if radius is None else radius)

    return for_each(files, lambda file: _render_one(file, view(file), name, output, into_folder, strict, chosen))


def _render_one(
    file: str, view: "View", format_: str, output: str | None, into_folder: bool, strict: bool, options: dict[str, Any]
) -> None:
    from gradgraph.drawing.registry import find_renderer
    from gradgraph.drawing.rendering import render as draw

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
    from gradgraph.drawing.registry import renderer_for_suffix

    if output is None or output == "-":
        return "svg"
    suffix = Path(output).suffix
    name = renderer_for_suffix(suffix) if suffix else "svg"
    if name is None:
        raise click.UsageError(f"no renderer writes {suffix} files: name one with -f")
    return name


TEXT_CHARACTERS = "○□◇●▣◉│─╰╯┴├┤┼◂▸↑⋮–…"
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
        write(str(rendering))
        return
    if isinstance(rendering.content, bytes) and sys.stdout.isatty():
        raise click.UsageError(f"{rendering.format} is not for a terminal: name a file with -o")
    write(rendering.to_bytes())
