"""How commands end: exit codes, messages on standard error, and the options that decide how problems are told."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from gradgraph.cli.streams import read_input, write, write_error
from gradgraph.errors import (
    CallError,
    CycleError,
    DocumentError,
    OptionError,
    RendererError,
    ReplayError,
    TooLarge,
    ToolError,
    one_line,
)

if TYPE_CHECKING:
    from gradgraph.document.files import Format
    from gradgraph.errors import Problem
    from gradgraph.graph.model import Graph
    from gradgraph.limits import Limits

DONE, NO, USAGE, CANNOT_READ_OR_WRITE, CANNOT_DRAW = range(5)
"""Exit codes; README.md and docs/reference/command-line.rst say what each means."""

ERRORS = "gradgraph.errors"  # the key under which click's context keeps how problems are told
LIMITS = "gradgraph.limits"
UNTRUSTED = "gradgraph.untrusted"


def _remember(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        context.meta[key] = value

    return callback


def reads_documents(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that reads documents."""
    set_limit = click.option(
        "--limit", metavar="NAME=VALUE", multiple=True, expose_value=False, callback=_remember(LIMITS),
        help="Set a limit, such as max_nodes=1000. Repeatable.",
    )  # fmt: skip
    errors = click.option(
        "--errors", type=click.Choice(["text", "json"]), default="text", expose_value=False,
        callback=_remember(ERRORS), help="Report problems of documents in this form.",
    )  # fmt: skip
    untrusted = click.option(
        "--untrusted", is_flag=True, expose_value=False, callback=_remember(UNTRUSTED),
        help="Set tight limits, for documents of people you do not know.",
    )  # fmt: skip
    return untrusted(set_limit(errors(command)))


files_argument = click.argument("files", metavar="FILE...", nargs=-1, required=True)


def attempt(action: Callable[[], int | None]) -> int:
    """Return what `action` returns, or the exit code of the error it raises, told in one line on standard error."""
    try:
        status = action()
        sys.stdout.flush()
        return status or DONE
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise  # these are for click
    except Exception as error:
        return _report(error)


def _report(error: Exception) -> int:
    """Tell of an error in one line, and return its exit code. GRADGRAPH_DEBUG=1 shows where it was raised."""
    if os.environ.get("GRADGRAPH_DEBUG") == "1":
        import traceback

        write_error("".join(traceback.format_exception(error)))
    match error:
        case BrokenPipeError():  # whoever reads our output has seen enough
            return DONE
        case DocumentError():
            tell_problems(error.problems)
            return NO
        case ReplayError() | CycleError() | CallError():
            return fail(str(error), NO)
        case RendererError() | OptionError():
            return fail(str(error), USAGE)
        case OSError():
            name = f"{os.fsdecode(error.filename)}: " if error.filename is not None else ""
            return fail(f"{name}{error.strerror or error}", CANNOT_READ_OR_WRITE)
        case MemoryError() | RecursionError():
            return fail("there is not enough memory for this", CANNOT_READ_OR_WRITE)
        case ToolError():
            return fail(str(error.in_words_of(as_flag)), CANNOT_DRAW)
        case TooLarge():
            return fail(str(error), CANNOT_DRAW)
        case _:
            what = f"gradgraph failed: {type(error).__name__}: {error}"
            return fail(f"{what} (GRADGRAPH_DEBUG=1 shows where; please report it)", CANNOT_READ_OR_WRITE)


def as_flag(name: str, value: str) -> str:
    """Return how the command line sets an option of a drawing.

    >>> as_flag("layout", "layered")
    'use --layout layered'
    """
    return f"use --{name} {value}"


def for_each(files: Iterable[str], action: Callable[[str], int | None]) -> int:
    """`action` on every file, whatever happens to the others; the worst of their exit codes."""
    return max([attempt(partial(action, file)) for file in files])


def fail(message: str, status: int) -> int:
    """Tell why, and return the exit code that says so."""
    complain(message)
    return status


def tell_problems(problems: "tuple[Problem, ...]", every: bool = False) -> None:
    """The problems of one document: as JSON each on a line, or the first, or every one, in words."""
    if click.get_current_context().meta.get(ERRORS) == "json":
        import msgspec

        for problem in problems:
            source = problem.source and readable(problem.source)
            write_error(msgspec.json.encode(problem._replace(source=source)._asdict()) + b"\n")
    elif every:
        for problem in problems:
            complain(str(problem))
    else:
        complain(str(DocumentError(problems)))


def chosen_limits() -> "Limits":
    """Return the limits that --untrusted, the environment and --limit set, in that order."""
    from gradgraph.limits import limits_from_environment, set_limits

    meta = click.get_current_context().meta
    settings = [setting.partition("=")[::2] for setting in meta.get(LIMITS, ())]
    return set_limits(limits_from_environment(untrusted=meta.get(UNTRUSTED, False)), settings)


def say(*lines: str) -> None:
    """Write lines to standard output, whatever they hold. Raises OSError."""
    write("".join(f"{one_line(line)}\n" for line in lines))


def complain(message: str) -> None:
    """Write one line to standard error, whatever the message holds."""
    write_error(one_line(message) + "\n")


def readable(name: str) -> str:
    r"""Return a file's name with escapes for the bytes that are no text, which JSON cannot hold.

    >>> print(readable("caf\udce9.json"))
    caf\udce9.json
    """
    return name.encode("utf-8", "backslashreplace").decode()


def load(file: str, format: "Format | None" = None, limits: "Limits | None" = None) -> "Graph":
    """Return the graph of a document file, or of standard input for "-", within these limits or the chosen ones."""
    from gradgraph.document import files as document

    limits = chosen_limits() if limits is None else limits
    if file == "-":
        return document.loads(read_input(limits.max_bytes + 1), format or "json", limits=limits, source="stdin")
    with naming(file):
        return document.load(file, format, limits=limits)


@contextmanager
def naming(file: str) -> Iterator[None]:
    """Let an OSError say which file it is about: one of reading does not say it."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            raise type(error)(error.errno, error.strerror, file) from None
        raise
