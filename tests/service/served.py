"""A server in a process of its own, and plain requests to it."""

import contextlib
import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any, NamedTuple

NEURON = (
    b'{"format":"gradgraph","version":"1.0","ops":{"tanh":{"symbol":"tanh","arity":1}},"outputs":[1],"nodes":['
    b'{"id":0,"label":"x","data":0.5,"grad":null},{"id":1,"op":"tanh","operands":[0],"data":0.46,"grad":null}]}'
)
JSON = {"Content-Type": "application/json"}


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Message
    body: bytes


@contextlib.contextmanager
def serving(*flags: str, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The HOST:PORT of a server that is ready, with these flags."""
    command = [sys.executable, "-m", "gradgraph", "serve", "--listen", "127.0.0.1:0", *flags]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=_environment(environment)) as server:
        assert server.stderr
        try:
            said = server.stderr.readline()
            found = re.search(r"http://([\d.:]+)", said)
            assert found, said
            address = found[1]
            threading.Thread(target=server.stderr.read, daemon=True).start()  # a full pipe would stop the server
            while ask(address, "GET", "/readyz").status != 200:
                assert server.poll() is None, "the server has ended"
                time.sleep(0.05)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def ask(
    address: str, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Send one request, with a path as it is, and return the answer."""
    with contextlib.closing(http.client.HTTPConnection(address, timeout=60)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def _environment(more: Mapping[str, str] | None) -> dict[str, Any]:
    return {**os.environ, **(more or {})}
