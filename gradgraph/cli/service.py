"""The commands that answer over HTTP: serve, and view for one file of one's own."""

import logging
import os
import threading
from pathlib import Path
from typing import Any

import click

from gradgraph.cli.flags import DrawingCommand, flags_of
from gradgraph.cli.outcome import CANNOT_READ_OR_WRITE, chosen_limits, complain, naming, say


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
        from gradgraph.service.server import address_of, forget, listening
        from gradgraph.service.server import serve as serve_app
    except ImportError as error:
        return extra_is_missing(error)
    with naming(settings.listen):
        listener = listening(settings.listen)
    start_logging()
    service = Service(settings, limits)
    complain(f"serving at {address_of(listener)} (Ctrl-C stops it)")
    serve_app(application(service), settings, listener, service.stop)
    forget(settings.listen)
    return None


@click.command(cls=DrawingCommand)
@click.argument("file")
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
def view(file: str, no_browser: bool, **flags: Any) -> int | None:
    """Show the graph of a document in a browser, and draw it anew whenever the file is saved.

    The address holds a token, so nobody else can read the file. Ctrl-C ends the command.
    """
    from gradgraph.service.settings import settings_from

    try:
        from gradgraph.service.app import Service
        from gradgraph.service.logs import start_logging
        from gradgraph.service.refusals import Refusal
        from gradgraph.service.server import listening
        from gradgraph.service.server import serve as serve_app
        from gradgraph.service.viewing import View, viewer
    except ImportError as error:
        return extra_is_missing(error)
    import webbrowser

    from gradgraph.saving import is_device

    settings = settings_from({"listen": "127.0.0.1:0", "hosts": (), "origins": ()}, _OF_ONES_OWN | os.environ)
    limits = chosen_limits()
    path = Path(file)
    if is_device(path):
        raise click.UsageError(f"{file} is no file that is saved: name the file of a document")
    with naming(file), path.open("rb"):
        pass
    service = Service(settings, limits)
    shown = View(service, path, {name: value for name, value in flags.items() if value not in (None, ())}, limits)
    try:
        shown.check()
    except Refusal as refusal:
        raise click.UsageError(refusal.detail) from None
    start_logging(logging.WARNING)
    listener = listening(settings.listen)
    app, address, once = viewer(service, shown, listener)
    complain(f"{file} is at {address} (Ctrl-C stops it)")
    if not no_browser:
        threading.Thread(target=webbrowser.open, args=(once,), daemon=True).start()
    serve_app(app, settings, listener, service.stop)
    return None


_OF_ONES_OWN = {"GRADGRAPH_SECONDS": "60", "GRADGRAPH_WORKER_MEMORY": str(8 << 30)}
"""Settings for a file of one's own, which may be large. A variable of the same name still counts."""


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
    package = (error.name or "more packages").partition(".")[0]
    complain(f"the service needs {package}: install it with pip install 'gradgraph[service]'")
    return CANNOT_READ_OR_WRITE
