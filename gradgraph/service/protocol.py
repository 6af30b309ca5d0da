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
    """A connection whose heads come in time and in bounds, or which is closed."""

    settings: Settings
    idle: Idle

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, if there is room, and wait for a head."""
        super().connection_made(transport)
        self._head = 0  # bytes of a head that is not complete
        self._body = 0
        self._in_head = True
        self._deadline: asyncio.TimerHandle | None = None
        if not self.idle.make_room(len(self.connections)):
            transport.abort()
            return
        self.idle.add(self)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.idle.discard(self)
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take data: no more of a head than one may have, then the rest."""
        while data and not self.transport.is_closing():
            if not self._in_head:
                self._body += len(data)
                if self._body > _SLACK * self.settings.body_bytes:
                    self._refuse(Refusal(413, "the body has far more bytes than a document may have"))
                    return
                super().data_received(data)
                return
            if self._deadline is None:
                self._expect_head()
            part = data[: self.settings.head_bytes - self._head + 1]
            data = data[len(part) :]
            self._head += len(part)
            super().data_received(part)
            if self._in_head and self._head > self.settings.head_bytes:
                self._refuse(self._long_head())
                return

    def on_headers_complete(self) -> None:
        """Hand the request on."""
        self._in_head = False
        self._head = self._body = 0
        self._expect_nothing()
        self.idle.discard(self)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Expect the head of the next request."""
        super().on_message_complete()
        self._in_head = True

    def on_response_complete(self) -> None:
        """Take note that the connection is idle."""
        super().on_response_complete()
        if not self.pipeline:
            self.idle.add(self)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, as a problem."""
        self._refuse(Refusal(400, "this is not a request of HTTP/1.1"))

    def _long_head(self) -> Refusal:
        most = self.settings.head_bytes
        if 2 * len(self.url) > most:
            return Refusal(414, f"the address is longer than {most:,} bytes: send the document with POST")
        return Refusal(431, f"the head of the request is longer than {most:,} bytes: send less of it")

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal, unless an answer is on its way already, and close."""
        self._expect_nothing()
        meters.requests.labels("none", str(refusal.status)).inc()
        if self.cycle is None or self.cycle.response_complete:
            body = refusal.as_json()
            head = (
                f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
                f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()

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
