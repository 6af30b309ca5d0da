"""The commands that read documents and answer: validate, verify, diff, info, convert."""

import sys
from typing import TYPE_CHECKING

import click

from gradgraph.cli.outcome import (
    DONE,
    NO,
    chosen_limits,
    complain,
    files_argument,
    for_each,
    load,
    naming,
    readable,
    reads_documents,
    say,
    tell_problems,
)
from gradgraph.cli.streams import read_input, write

if TYPE_CHECKING:
    from gradgraph.document.files import Format


@click.command()
@files_argument
@reads_documents
@click.option("--reference", is_flag=True, help="Let jsonschema judge every row, slowly; the verdict is the same.")
def validate(files: tuple[str, ...], reference: bool) -> int:
    """Check documents against the schema and its rules.

    Exit 1 if one is invalid.
    """
    return for_each(files, lambda file: _validate_one(file, reference))


def _validate_one(file: str, reference: bool) -> int:
    from gradgraph.document.reading import validate as judge

    limits = chosen_limits()
    source = read_input(limits.max_bytes + 1) if file == "-" else file
    with naming(file):
        problems = judge(source, reference=reference, limits=limits)
    if file == "-":
        problems = tuple(problem._replace(source="stdin") for problem in problems)
    if problems:
        tell_problems(problems, every=True)
        return NO
    say(f"{file}: valid")
    return DONE


@click.command()
@files_argument
@reads_documents
@click.option(
    "--tolerance",
    metavar="ULPS",
    type=click.IntRange(0, 10**9),
    default=None,
    help="Allow a difference of this many units in the last place. Default: 0, or 4 for numbers of another engine.",
)
def verify(files: tuple[str, ...], tolerance: int | None) -> int:
    """Recompute every number from its neighbours.

    Exit 1 if a recorded one differs.
    """
    return for_each(files, lambda file: _verify_one(file, tolerance))


def _verify_one(file: str, tolerance: int | None) -> int:
    from itertools import islice

    from gradgraph.replay.verifying import taken_as_recorded
    from gradgraph.replay.verifying import verify as recompute

    graph = load(file)
    disagreements = recompute(graph, tolerance)
    most = chosen_limits().max_problems
    for disagreement in islice(disagreements, most):
        complain(f"{file}: {disagreement}")
    if len(disagreements) > most:
        complain(f"{file}: and {len(disagreements) - most} more")
    if not disagreements:
        own = taken_as_recorded(graph)
        trusted = f", {own} of them by a rule of their own (taken as recorded)" if own else ""
        say(f"{file}: verified, {len(graph)} nodes{trusted}")
    return NO if disagreements else DONE


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
@reads_documents
def diff(before: str, after: str, as_json: bool) -> int:
    """Print what differs between two documents.

    Nodes are matched by label and by place in the computation. Exit 1 if the documents differ.
    """
    from gradgraph.graph.comparing import changes_as_json
    from gradgraph.graph.comparing import diff as compare

    changes = compare(load(before), load(after))
    if as_json:
        write(changes_as_json(changes).encode() + b"\n")
    else:
        say(*map(str, changes))
    return NO if changes else DONE


@click.command()
@files_argument
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, a line for each FILE.")
@reads_documents
def info(files: tuple[str, ...], as_json: bool) -> int:
    """Print figures of documents.

    Size, depth, ops, gradient range, and where numbers stop being finite.
    """
    return for_each(files, lambda file: _info_one(file, as_json, len(files) > 1))


def _info_one(file: str, as_json: bool, named: bool) -> None:
    from gradgraph.graph.figures import summarize, summary_lines

    summary = summarize(load(file))
    if as_json:
        import msgspec

        write(msgspec.json.encode({"file": readable(file), **summary._asdict()}) + b"\n")
        return
    say(*([f"{file}:"] if named else []), *summary_lines(summary))


@click.command()
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option(
    "--from", "from_", type=click.Choice(["json", "yaml", "dot"]), help="Read IN as this. Default: by its suffix."
)
@click.option("--to", type=click.Choice(["json", "yaml", "dot"]), help="Write OUT as this. Default: by its suffix.")
@reads_documents
def convert(source: str, target: str, from_: "Format | None", to: "Format | None") -> None:
    """Write a document again, as JSON, YAML, or the DOT drawing that carries it.

    The form is canonical; the format goes by the suffix of OUT. "-" is standard input or output.
    """
    from gradgraph.document.files import dump, format_of

    if not target:
        raise click.UsageError("OUT needs a name")
    graph = load(source, from_)
    if (to or format_of(target)) == "dot":
        from gradgraph.drawing.rendering import draw

        drawing = draw(graph, "dot", {}, chosen_limits())
        if target == "-":
            write(drawing.to_bytes())
        else:
            drawing.save(target)
    else:
        dump(graph, sys.stdout.buffer if target == "-" else target, to)


COMMANDS = (validate, verify, diff, info, convert)
