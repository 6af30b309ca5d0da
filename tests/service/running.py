"""A service that runs as a process of its own, for tests of what only such a one shows."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from gradgraph import Value, dumps

CRLF = b"\r\n"


class Running:
    """A running service, and what its process holds. `lines` are those that it has written to standard error."""

    def __init__(self, process: "subprocess.Popen[str]", lines: list[str], mark: str) -> None:
        self.process = process
        self.lines = lines
        self.mark = mark
        found = re.search(r"http://127\.0\.0\.1:(\d+)(\S*)", lines[0])
        assert found, lines
        self.port = int(found[1])
        self.first = found[2]
        self.address = f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        seconds: float = 60,
    ) -> "Answer":
        """Return the answer to one request, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        with contextlib.closing(connection):
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())

    def get(self, path: str, **headers: str) -> "Answer":
        """Return the answer to GET. The names of headers have _ for a hyphen."""
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, body: bytes, media: str = "application/json") -> "Answer":
        """Return the answer to POST, with a body of this media type."""
        return self.ask("POST", path, body, {"Content-Type": media})

    def draw(self, document: bytes, query: str = "", format: str = "svg", seconds: float = 60) -> "Answer":
        """Return the drawing of a document."""
        return self.ask("POST", f"/v1/render/{format}?{query}", document, {"Content-Type": "application/json"}, seconds)

    def connect(self) -> socket.socket:
        """Return a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def raw(self, *parts: bytes) -> bytes:
        """Return all that comes back for some bytes, until the service closes."""
        with self.connect() as connection:
            with contextlib.suppress(OSError):  # it may close before it has all
                for part in parts:
                    connection.sendall(part)
            return read_all(connection)

    def processes(self) -> dict[int, str]:
        """Return the processes that the service has started, workers and programs, by what their environment says."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and int(folder.name) != self.process.pid:
                with contextlib.suppress(OSError):  # it ends while we look
                    if self.mark.encode() in (folder / "environ").read_bytes():
                        command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                        found[int(folder.name)] = command
        return found

    def descriptors(self) -> int:
        """Return how many files the service has open."""
        return len(list(self._figures("fd").iterdir()))

    def memory(self) -> int:
        """Return the bytes of memory that the service holds."""
        return int(self._figures("statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def seconds(self) -> float:
        """Return the CPU time of the service itself, in seconds."""
        parts = self._figures("stat").read_text().rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")

    def _figures(self, name: str) -> Path:
        return Path(f"/proc/{self.process.pid}/{name}")

    def metric(self, name: str) -> float:
        """Return one figure of the service."""
        text = self.ask("GET", "/metrics").content.decode()
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else 0.0


class Answer:
    """An answer: its status, its headers in lower case, its content."""

    def __init__(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.content = content

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()

    @property
    def problem(self) -> dict[str, Any]:
        """The content as a problem (RFC 9457). Fails for any other."""
        assert self.headers["content-type"] == "application/problem+json", self
        return dict(json.loads(self.content))

    def __repr__(self) -> str:
        return f"<{self.status} {self.content[:200]!r}>"


@contextlib.contextmanager
def running(
    *flags: str,
    command: Sequence[str] = ("serve", "--listen", "127.0.0.1:0"),
    module: str = "gradgraph",
    ready: bool = True,
    environment: dict[str, str] | None = None,
    files: int = 0,
) -> Iterator[Running]:
    """Run a service on a free port, and stop it. Afterwards there is no process of its own.

    It may have so many `files` open.
    """
    program = [sys.executable, "-m", module, *command, *flags]
    if files:
        program = ["prlimit", f"--nofile={files}:{files}", *program]
    mark = f"SERVICE_{os.getpid()}_{time.monotonic_ns()}"
    given = {**os.environ, **(environment or {}), mark: ""}
    with subprocess.Popen(program, stderr=subprocess.PIPE, env=given, text=True) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline()]
        drain = drained(process.stderr, lines)
        service = Running(process, lines, mark)
        try:
            if ready:
                wait_until(lambda: service.ask("GET", "/readyz").status == 200, 30)
            yield service
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
            drain.join(10)
    wait_until(lambda: not service.processes(), 3)


def lives(number: str) -> bool:
    """Return whether a process runs. One that has ended and whose parent has not looked yet has no command line."""
    with contextlib.suppress(OSError):
        return Path("/proc", number, "cmdline").read_bytes() != b""
    return False


def drained(stream: IO[str], lines: list[str]) -> threading.Thread:
    """Read the lines of a stream to its end beside the test, so that who writes to it never waits."""
    thread = threading.Thread(target=lambda: lines.extend(stream), daemon=True)
    thread.start()
    return thread


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """Wait until something holds, and return what it is. Fails after so many seconds."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
    return found


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(1 << 16):
            parts.append(part)
    return b"".join(parts)


def neuron(number: int = 0) -> bytes:
    """Return the document of a neuron that no other has the number of."""
    x1, x2, w1, w2 = Value(2.0 + number, "x1"), Value(0.0, "x2"), Value(-3.0, "w1"), Value(1.0, "w2")
    o = (x1 * w1 + x2 * w2 + Value(6.8813735870195432, "b")).tanh()
    o.label = "o"
    o.backward()
    return dumps(o).encode()
