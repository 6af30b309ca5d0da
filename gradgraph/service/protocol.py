"""The connections of the service: uvicorn's protocol, with bounds that hold before there is a request."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gradgraph.service import meters
from gradgraph.service.refusals import MEDIA_TYPE, Refusal
from gradgraph.service.settings import Settings

_SLACK = 8
"""Bytes of a chunked body on the wire, for each that it may have: the smallest chunk is six bytes for one."""

_MOST_PIPELINED = 16
"""Requests that may wait on one connection for the answers before theirs."""
_SLOWEST = 8 << 10
"""Bytes a second that a client must read of an answer, once it is more than the system takes at once."""


class Idle:
    """Connections without a request in hand, the one idle longest first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._since: dict[GuardedProtocol, None] = {}

    def add(self, connection: "GuardedProtocol") -> None:
        """Take note that a connection has no request from now on."""
        self._since.pop(connection, None)
        self._since[connection] = None

    def discard(self, connection: "GuardedProtocol") -> None:
        """Take note that a connection has a request, or is gone."""
        self._since.pop(connection, None)

    def make_room(self, connections: int) -> bool:
        """Return whether there is room for a connection besides so many, after one that was idle was closed."""
        if connections <= self.most:
            return True
        meters.refused.labels("connections").inc()
        oldest = next(iter(self._since), None)
        if oldest is None:
            return False
        self.discard(oldest)
        oldest.transport.abort()
        return True


class GuardedProtocol(HttpToolsProtocol):
    """A connection whose heads come in time and in bounds, and whose answers are read, or which is closed."""

    settings: Settings
    idle: Idle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there is room, and wait for a head."""
        super().connection_made(transport)
        self._head = 0  # bytes of a head that is not complete
        self._body = 0
        self._in_head = True
        self._deadline: asyncio.TimerHandle | None = None
        self._deaf = False  # it takes no more, and closes after the answers on their way
        self._writing: asyncio.TimerHandle | None = None
        self._unread = 0  # bytes of an answer when they were last looked at
        if not self.idle.make_room(len(self.connections)):
            transport.abort()
            return
        self.idle.add(self)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.idle.discard(self)
        self._expect_nothing()
        self._look_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take data: no more of a head than one may have, then the rest."""
        while data and not self._deaf and not self.transport.is_closing():
            if not self._in_head:
                self._body += len(data)
                if self._body > _SLACK * self.settings.body_bytes:
                    self._refuse(Refusal(413, "the body has far more bytes than a document may have"))
                    return
                super().data_received(data)
                return
            if self._deadline is None and not self._answers():
                self._expect_head()
            part = data[: self.settings.head_bytes - self._head + 1]
            data = data[len(part) :]
            self._head += len(part)
            super().data_received(part)
            if self._in_head and self._head > self.settings.head_bytes:
                self._refuse(self._long_head())
                return

    def on_message_begin(self) -> None:
        """Begin a request, unless too many wait before it: the parser then refuses what follows."""
        if len(self.pipeline) >= _MOST_PIPELINED:
            raise ValueError("too many requests wait on this connection")
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header. One that follows the body, a trailer, is none."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request on, if its target is a path: an address in full would have a host of its own."""
        if self.url[:1] != b"/" and self.url != b"*":
            raise ValueError("the target of the request is no path")
        self._in_head = False
        self._head = self._body = 0
        self._expect_nothing()
        self.idle.discard(self)
        super().on_headers_complete()
        if self.parser.should_upgrade():  # the parser takes what follows for another protocol, which it will not be
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Expect the head of the next request."""
        super().on_message_complete()
        self._in_head = True

    def on_response_complete(self) -> None:
        """Take note that the connection is idle."""
        super().on_response_complete()
        if not self.pipeline:
            self.idle.add(self)
            if self._head and self._deadline is None:
                self._expect_head()

    def pause_writing(self) -> None:
        """Wait for the client to read, and look from now on whether it does."""
        super().pause_writing()
        self._look_later()

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        self._look_no_more()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, as a problem."""
        self._refuse(Refusal(400, "this is not a request of HTTP/1.1"))

    def _long_head(self) -> Refusal:
        most = self.settings.head_bytes
        if 2 * len(self.url) > most:
            return Refusal(414, f"the address is longer than {most:,} bytes: send the document with POST")
        return Refusal(431, f"the head of the request is longer than {most:,} bytes: send less of it")

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal and close, or if an answer is on its way already, close after that."""
        self._expect_nothing()
        self._deaf = True
        meters.requests.labels("none", str(refusal.status)).inc()
        if self._answers():
            self.cycle.keep_alive = False
            return
        body = refusal.as_json()
        head = (
            f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _answers(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _look_later(self) -> None:
        self._look_no_more()
        self._unread = self.transport.get_write_buffer_size()
        self._writing = self.loop.call_later(self.settings.body_seconds, self._look)

    def _look(self) -> None:
        read = self._unread - self.transport.get_write_buffer_size()
        if read < _SLOWEST * self.settings.body_seconds:
            self.transport.abort()
        else:
            self._look_later()

    def _look_no_more(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _expect_head(self) -> None:
        self._deadline = self.loop.call_later(self.settings.head_seconds, self._too_late)

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close() if self._head == 0 else self._refuse(Refusal(408, "the head came too slowly"))


def protocol_with(settings: Settings, connections: int) -> Callable[..., Any]:
    """Return the protocol of a server with these settings, for so many connections."""
    return type("Connection", (GuardedProtocol,), {"settings": settings, "idle": Idle(connections)})
