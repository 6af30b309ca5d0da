"""The server: sockets, signals, and a stop that answers what was accepted."""

import contextlib
import errno
import os
import signal
import socket
import stat
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from gradgraph.service.protocol import protocol_with
from gradgraph.service.settings import Settings, host_and_port

if sys.platform != "win32":
    import resource

_OTHER_FILES = 64
"""Files that the service needs beside its connections and workers."""
_FILES_OF_A_WORKER = 8


class Server(uvicorn.Server):
    """A server that ends well by SIGTERM and SIGINT: it says so first, and its exit code is 0."""

    def __init__(self, config: uvicorn.Config, stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Start to stop; a second SIGINT does not wait for open requests."""
        self._stopping()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def listening(listen: str) -> socket.socket:
    """Return a socket that listens. Raises OptionError for what is no address, and OSError."""
    if listen.startswith("unix:"):
        path = listen.removeprefix("unix:")
        with contextlib.suppress(FileNotFoundError):
            _remove_stale(path)
        unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        unix.bind(path)
        return unix
    host, port = host_and_port(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2_048)
    # Connections have this of their listener. asyncio sets it only where the protocol is named, and without it the body
    # of an answer waits 40 ms for the client to acknowledge its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(app: ASGIApp, settings: Settings, listener: socket.socket, stopping: Callable[[], None]) -> None:
    """Serve `app` until a signal says stop; `stopping` is called then, before anything is closed."""
    config = uvicorn.Config(
        app,
        http=protocol_with(settings, connections_at_most(settings)),  # type: ignore[arg-type]
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=max(1, round(settings.stop_seconds)),
        backlog=2_048,
    )
    Server(config, stopping).run(sockets=[listener])


def connections_at_most(settings: Settings) -> int:
    """Return how many connections there may be: those of the settings, and no more than the system has files for."""
    if sys.platform == "win32":
        return settings.max_connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = _OTHER_FILES + _FILES_OF_A_WORKER * settings.workers
    if soft < settings.max_connections + needed:
        soft = (
            min(hard, settings.max_connections + needed)
            if hard != resource.RLIM_INFINITY
            else settings.max_connections + needed
        )
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(settings.max_connections, soft - needed))


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return f"unix:{listener.getsockname()}"
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def forget(listen: str) -> None:
    """Remove the socket file of a service that has stopped, if it has one."""
    if listen.startswith("unix:"):
        with contextlib.suppress(OSError):
            os.unlink(listen.removeprefix("unix:"))  # noqa: PTH108  # the text of a setting


def _remove_stale(path: str) -> None:
    """Remove a socket that nobody listens on. Raises OSError if somebody does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            if not stat.S_ISSOCK(os.lstat(path).st_mode):
                raise OSError(errno.EEXIST, "it is a file, and no socket", path) from None
            os.unlink(path)  # noqa: PTH108  # the text of a setting
            return
    raise OSError(errno.EADDRINUSE, "somebody listens there already", path)
