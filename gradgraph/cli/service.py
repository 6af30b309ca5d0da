"""The commands that answer over HTTP: serve."""

from typing import Any

import click

from gradgraph.cli.flags import flags_of
from gradgraph.cli.outcome import CANNOT_READ_OR_WRITE, complain, naming, say


class ServeCommand(click.Command):
    """A command with a flag for each setting of the service."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the parameters of the command itself, then the settings."""
        from gradgraph.option_records import fields_of
        from gradgraph.service.settings import Settings

        return [*super().get_params(ctx), *[flag for field in fields_of(Settings) for flag in flags_of(field)]]


@click.command(cls=ServeCommand)
@click.option("--show-config", is_flag=True, help="Print the settings in force, and their variables, and end.")
def serve(show_config: bool, **given: Any) -> int | None:
    """Draw documents for others over HTTP.

    Each flag has a variable: GRADGRAPH_LISTEN for --listen.
    """
    from gradgraph.service.settings import limits_from, settings_from

    settings = settings_from({name: value for name, value in given.items() if value not in (None, ())})
    limits = limits_from()
    if show_config:
        _show(settings, limits)
        return None
    try:
        from gradgraph.service.app import Service, application
        from gradgraph.service.logs import start_logging
        from gradgraph.service.server import address_of, listening
        from gradgraph.service.server import serve as serve_app
    except ImportError as error:
        return extra_is_missing(error)
    with naming(settings.listen):
        listener = listening(settings.listen)
    start_logging()
    service = Service(settings, limits)
    complain(f"serving at {address_of(listener)} (Ctrl-C stops it)")
    serve_app(application(service), settings, listener, service.stop)
    return None


def _show(settings: Any, limits: Any) -> None:
    from gradgraph.option_records import fields_of
    from gradgraph.service.settings import variable

    for field in fields_of(type(settings)):
        value = getattr(settings, field.name)
        shown = ",".join(value) if isinstance(value, tuple) else value
        say(f"{variable(field.name)}={shown}")
    for name, number in limits._asdict().items():
        say(f"{variable(name)}={number}")


def extra_is_missing(error: ImportError) -> int:
    """Tell which extra brings what cannot be imported, and return the exit code."""
    complain(f"the service needs {error.name}: install it with pip install 'gradgraph[service]'")
    return CANNOT_READ_OR_WRITE
