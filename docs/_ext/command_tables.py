"""The directives `commands` and `command`: the command line as it describes itself."""

from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import Any

import click
from option_tables import by_formats, title_of
from tables import Written, list_table

from gradgraph.cli.main import cli
from gradgraph.drawing.selection import Selection


class Commands(Written):
    """`.. commands::` lists all commands with their usage."""

    def lines(self) -> Iterable[str]:
        """Return the table."""
        rows = [
            [f":ref:`{usage(name)} <command-{name}>`", command.get_short_help_str(100)] for name, command in listed()
        ]
        return list_table(["command", "what it does"], [42, 58], rows, "commands")


class Command(Written):
    """`.. command:: NAME` has the usage of a command, its help and its flags.

    Without a name it has the flags of every command that reads documents, which the others then leave out.
    """

    optional_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield the usage, the help, and tables of flags."""
        if not self.arguments:
            yield from flag_table(shared(cli.commands["validate"]))
            return
        name = self.arguments[0]
        command = cli.commands[name]
        yield from ["::", "", f"    {usage(name)}", "", *cleandoc(command.help or "").splitlines(), ""]
        for title, flags in own(command):
            if flags:
                yield from [f".. rubric:: {title}", ""] if title else []
                yield from flag_table(flags)
        if shared(command):
            yield "Takes the flags of :ref:`commands that read documents <reading-documents>` too."


def listed() -> list[tuple[str, click.Command]]:
    """Return all commands, sorted by their names."""
    return sorted(cli.commands.items())


def usage(name: str) -> str:
    """Return how a command is called.

    >>> usage("diff")
    'gradgraph diff [OPTIONS] A B'
    """
    return " ".join(["gradgraph", name, *cli.commands[name].collect_usage_pieces(_context(name))])


def shared(command: click.Command) -> list[click.Parameter]:
    """Return the flags that the command does not see: they say how its documents are read."""
    return [flag for flag in command.params if isinstance(flag, click.Option) and not flag.expose_value]


def own(command: click.Command) -> Iterator[tuple[str, list[click.Parameter]]]:
    """Yield the other flags of a command but --help: those of drawings under their formats, and settings."""
    context = _context(command.name or "")
    command.get_help(context)  # makes the flags of all formats
    flags = [flag for flag in command.get_params(context) if isinstance(flag, click.Option) and flag.expose_value]
    made = [flag for flag in flags if flag not in command.params]
    yield "", [flag for flag in flags if flag in command.params]
    yield "Which part of the graph", [flag for flag in made if flag.name in Selection.__struct_fields__]
    known = {*Selection.__struct_fields__}
    for formats, fields in by_formats().items():
        names = [field.name for field in fields]
        known.update(names)
        yield title_of(formats), [flag for flag in made if flag.name in names]
    yield "Settings", [flag for flag in made if flag.name not in known]


def flag_table(flags: Iterable[click.Parameter]) -> list[str]:
    """Return a table of flags, in the words of `--help`."""
    records = [flag.get_help_record(_context("")) for flag in flags]
    rows = [[f"``{record[0]}``", record[1]] for record in records if record]
    return list_table(["flag", "meaning"], [42, 58], rows, "flags")


def _context(name: str) -> click.Context:
    return click.Context(cli.commands.get(name, cli), info_name=name)


def setup(app: Any) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("commands", Commands)
    app.add_directive("command", Command)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
