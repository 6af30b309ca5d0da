"""Flags made from the fields of option records, for as few renderers as a command line needs."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from gradgraph.option_records import Field


class DrawingCommand(click.Command):
    """A command with a flag for each option of a drawing, and for each of what is selected of the graph.

    Only the renderer that `-f` or the suffix of `-o` names is asked for its options. The text renderer is asked if a
    flag is none of these, since text may replace a picture, and at last all are. The renderer judges what it is given.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._flags: list[click.Parameter] = []

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters of the command itself, then the flags."""
        return [*super().get_params(ctx), *self._flags]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse with the flags of one renderer, of the text renderer too, or of all, whichever is enough."""
        from gradgraph.drawing.choosing import drawn_as
        from gradgraph.drawing.registry import ours_first

        format = self._format(args)
        for formats in ((format,), drawn_as(format)):
            self._flags = self._made_from(formats)
            try:
                return super().parse_args(ctx, [*args])
            except click.NoSuchOption:
                continue
        self._flags = self._made_from((*drawn_as(format), *ours_first()))
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of all renderers' flags."""
        from gradgraph.drawing.registry import ours_first

        self._flags = self._made_from(ours_first())
        super().format_options(ctx, formatter)

    def _format(self, args: list[str]) -> str:
        """Return the format that the arguments seem to ask for, before their flags are known."""
        from gradgraph.drawing.suffixes import DEFAULT, format_for
        from gradgraph.errors import OptionError

        peeking = click.Context(self, ignore_unknown_options=True, allow_extra_args=True, resilient_parsing=True)
        known = [parameter for parameter in self.params if parameter.name in ("format_", "output")]
        found, _, _ = (
            click.Command("render", params=known, add_help_option=False).make_parser(peeking).parse_args([*args])
        )
        if found.get("format_"):
            return str(found["format_"])
        try:
            return format_for(file_of(found.get("output")))
        except OptionError:  # of the suffix: the command will say so
            return DEFAULT

    def _made_from(self, formats: Iterable[str]) -> list[click.Parameter]:
        from gradgraph.drawing.registry import find_renderer
        from gradgraph.drawing.selection import Selection
        from gradgraph.errors import RendererError
        from gradgraph.option_records import fields_of

        fields = {field.name: field for field in fields_of(Selection)}
        for format in formats:
            try:
                for field in fields_of(find_renderer(format).Options):
                    fields.setdefault(field.name, field)
            except RendererError:  # the command will say so, if this is the renderer it was asked for
                continue
        taken = {
            name for parameter in self.params for name in (parameter.name, *parameter.opts, *parameter.secondary_opts)
        }
        return [flag for field in fields.values() for flag in flags_of(field) if not taken & {flag.name, *flag.opts}]


def file_of(output: str | None) -> str | None:
    """Return the file that `-o` names, None for standard output."""
    return None if output == "-" else output


def flags_of(field: "Field") -> Iterator[click.Option]:
    """Yield the flag of a field, and its switches."""
    from msgspec import inspect

    names = [field.flag, field.name]
    match field.takes:
        case inspect.BoolType():
            names[0] = f"{field.flag}/--no-{field.flag.removeprefix('--')}"
            yield click.Option(names, default=None, help=field.sentence)
        case inspect.VarTupleType():
            yield click.Option(names, multiple=True, default=None, type=str, help=f"{field.sentence} Repeatable.")
        case takes:
            kind = click.Choice(field.choices) if field.choices else _type_of(takes)
            yield click.Option(names, type=kind, help=_with_default(field))
    for switch, value in field.switches.items():
        yield click.Option(
            [switch, field.name], flag_value=value, default=None, help=f"The same as {field.flag} {value}."
        )


def _type_of(takes: Any) -> Any:
    from msgspec import inspect

    match takes:
        case inspect.UnionType(types=types):
            return _type_of(
                types[-1] if not isinstance(types[-1], inspect.NoneType) else types[-2]
            )  # the widest is last
        case inspect.IntType(ge=least, le=most):
            return click.IntRange(least, most)
        case inspect.FloatType(ge=least, le=most):
            return click.FloatRange(least, most)
        case _:
            return click.STRING


def _with_default(field: "Field") -> str:
    said = field.default not in (None, "") and "Default" not in field.sentence
    return f"{field.sentence} Default: {field.default}." if said else field.sentence
