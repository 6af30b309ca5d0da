"""A service in a process of its own, and the requests of tests to it."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

PATIENCE = 60.0
"""Seconds after which a test that waits has failed: more than any machine needs."""
_MARK = "TEST_SERVICE"


class Answer(NamedTuple):
    """What a service answered. The names of headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The content as text."""
        return self.content.decode()

    @property
    def problem(self) -> dict[str, Any]:
        """The content as a problem (RFC 9457). Fails for any other answer."""
        assert self.headers["content-type"] == "application/problem+json", self
        return dict(json.loads(self.content))


class Running:
    """`gradgraph COMMAND ARGUMENTS` as a process that serves, from its first line to its end.

    `address` is what the line says, such as http://127.0.0.1:34567 with what follows it, and `lines` grows by what the
    process writes to standard error.
    """

    def __init__(self, *command: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> None:
        mark = uuid.uuid4().hex
        self._mark = f"{_MARK}={mark}".encode()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gradgraph", *command],
            env={**os.environ, **(env or {}), _MARK: mark},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.address = self._printed()
        found = re.match(r"http://([^/]+):(\d+)", self.address)
        assert found, self.address
        self.host, self.port = found[1], int(found[2])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self.process.poll() is None:
            self.stop() if error is None else self.kill()

    def _read(self) -> None:
        assert self.process.stderr
        with self.process.stderr as stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))

    def _printed(self) -> str:
        def found() -> str | None:
            addresses = [m[0] for line in self.lines if (m := re.search(r"http://\S+", line))]
            assert addresses or self.process.poll() is None, self.lines
            return addresses[0] if addresses else None

        return str(eventually(found))

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to one request, on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """The answer to GET. Headers are given by name, with _ for a hyphen."""
        return self.ask("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, body: bytes, media: str = "application/json", **headers: str) -> Answer:
        """The answer to POST, with a body of this media type."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, body, {"Content-Type": media, **more})

    def ready(self) -> Self:
        """This service, once it draws."""
        eventually(lambda: self.get("/readyz").status == 200)
        return self

    def family(self) -> list[int]:
        """The processes that this one has started, and those that they have: all that live, none outside Linux."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self._mark in (folder / "environ").read_bytes() and int(folder.name) != self.process.pid:
                    found.append(int(folder.name))
            except OSError:  # gone, or another's
                continue
        return found

    def stop(self, number: int = signal.SIGTERM) -> list[str]:
        """End the process as a user or a supervisor does, and return what it wrote: it ends well, and leaves nobody."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert status == 0, (status, self.lines[-20:])
        assert not [line for line in self.lines if "Traceback" in line], self.lines[-50:]
        eventually(lambda: not self.family())
        return self.lines

    def kill(self) -> None:
        """End the process, however it is, and wait for its workers, which end by themselves."""
        self.process.kill()
        self.process.wait(PATIENCE)
        eventually(lambda: not self.family())
        self._reader.join(PATIENCE)


def serving(*arguments: str, env: Mapping[str, str] | None = None) -> Running:
    """`gradgraph serve` on a free port, with these arguments."""
    return Running("serve", "--listen", "127.0.0.1:0", *arguments, env=env)


def eventually(condition: Any, patience: float = PATIENCE) -> Any:
    """What `condition` returns, as soon as it is true. It fails after some seconds."""
    until = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < until, "this never came true"
        time.sleep(0.02)
    return found
