"""The settings of the service: one table, from which flags, variables and the printed configuration are made."""

import os
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec

from gradgraph.errors import OptionError
from gradgraph.limits import PREFIX, Limits, set_limits
from gradgraph.option_records import chosen, fields_of, option

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Names of this machine in a Host header."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service runs. Each field is a flag of `gradgraph serve`, and a variable GRADGRAPH_NAME.

    >>> Settings().body_bytes
    1048576
    """

    listen: Annotated[str, option("Listen here: HOST:PORT, or unix:PATH.")] = "127.0.0.1:8000"
    hosts: Annotated[
        tuple[str, ...],
        option("Answer only requests for this host name; * answers all. Default: the names of this machine."),
    ] = ()
    origins: Annotated[tuple[str, ...], option("Let scripts of this origin read answers (CORS). Default: none.")] = ()
    workers: Annotated[int, option("Draw in this many processes. Default: one a core, at least 2.", ge=2, le=256)] = (
        msgspec.field(default_factory=lambda: max(2, _cores()))
    )
    max_requests: Annotated[int, option("Have at most this many requests in hand.", ge=1, le=100_000)] = 256
    max_connections: Annotated[
        int, option("Hold at most this many connections, and no more than files allow.", ge=1, le=1_000_000)
    ] = 1_000
    small_queue: Annotated[int, option("Let this many small drawings wait for a worker.", ge=1, le=100_000)] = 32
    large_queue: Annotated[int, option("Let this many large drawings wait for a worker.", ge=1, le=100_000)] = 8
    seconds: Annotated[float, option("End a drawing after this many seconds.", ge=0.1, le=600)] = 10.0
    head_seconds: Annotated[float, option("Wait this long for the head of a request.", ge=0.1, le=600)] = 5.0
    head_bytes: Annotated[int, option("Take at most this many bytes of a head.", ge=1_024, le=1 << 20)] = 16 << 10
    body_seconds: Annotated[float, option("Wait this long for the body of a request.", ge=0.1, le=600)] = 10.0
    body_bytes: Annotated[int, option("Take a document of at most this many bytes.", ge=1_024, le=4 << 20)] = 1 << 20
    cache_bytes: Annotated[int, option("Remember drawings of this many bytes in all.", ge=0)] = 64 << 20
    worker_drawings: Annotated[int, option("Renew a worker after this many drawings.", ge=1)] = 1_000
    worker_memory: Annotated[
        int, option("Give a worker this many bytes of address space. Held on Linux.", ge=256 << 20)
    ] = 1 << 30
    stop_seconds: Annotated[float, option("Wait this long for open requests when stopped.", ge=0, le=600)] = 20.0


def settings_from(
    given: Mapping[str, Any], environment: Mapping[str, str] = os.environ, *, called: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings that are given, else those of variables such as GRADGRAPH_LISTEN.

    Several hosts or origins in a variable have commas between them. Raises OptionError for a bad value.

    >>> settings_from({}, {"GRADGRAPH_HOSTS": "draw.example, localhost"}).hosts
    ('draw.example', 'localhost')
    """
    said: dict[str, Any] = {}
    for field in fields_of(Settings):
        text = environment.get(variable(field.name))
        if text is not None:
            said[field.name] = _parts(text) if isinstance(field.takes, msgspec.inspect.VarTupleType) else text
    return chosen(Settings, {**said, **given}, strict=False, called={name: variable(name) for name in said})


def variable(name: str) -> str:
    """Return the variable of a setting.

    >>> variable("small_queue")
    'GRADGRAPH_SMALL_QUEUE'
    """
    return PREFIX + name.upper()


def limits_from(environment: Mapping[str, str] = os.environ) -> Limits:
    """Return the limits of documents: those of strangers' files. Variables such as GRADGRAPH_MAX_NODES only lower them.

    >>> limits_from({"GRADGRAPH_MAX_NODES": "50"}).max_nodes, limits_from({"GRADGRAPH_MAX_NODES": "999999"}).max_nodes
    (50, 20000)
    """
    most = Limits.untrusted()
    asked = set_limits(
        most, ((name, environment[variable(name)]) for name in Limits._fields if variable(name) in environment)
    )
    return Limits(*map(min, asked, most))


def host_and_port(listen: str) -> tuple[str, int]:
    """Return the two parts of HOST:PORT. Raises OptionError.

    >>> host_and_port("[::1]:80")
    ('::1', 80)
    """
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65_535:
        raise OptionError(f"listen takes HOST:PORT, such as 127.0.0.1:8000, or unix:PATH, not {listen!r}")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104  # ":80" is how people ask for all addresses


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
