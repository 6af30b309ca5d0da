"""The gate in front of all routes, on bare ASGI: who may ask, how many at once, and a record of each answer."""

import re
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradgraph.service import meters
from gradgraph.service.logs import log, named
from gradgraph.service.refusals import MEDIA_TYPE, Refusal

_OPEN = ("/healthz", "/readyz", "/metrics")
"""Paths that pass no gate: a full service is alive, and a probe of it comes under any name."""
EVENTS = "/view/events"
"""A path whose answers last, and which are no work: they are not counted."""
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_EVERYWHERE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Gate:
    """Lets requests through to `app`: for known hosts, at most `most` at a time, and no document that finds no room.

    `crowded` says of a document of so many bytes whether its queue is full. To refuse it now costs a tenth of what it
    costs after its body was read.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str], most: int, crowded: Callable[[int], bool]) -> None:
        self._app = app
        self._crowded = crowded
        self._hosts = None if "*" in hosts else frozenset(host.lower().encode() for host in hosts)
        self._most = most
        self._in_hand = 0
        busy = Refusal(503, f"{most} requests are in hand already: try again", retry_after=1)
        self._busy = _bare(busy)
        self._no_room = _bare(Refusal(503, "too many drawings wait already: try again", retry_after=1))
        self._stranger = _bare(Refusal(421, "this service does not answer for the host of this request"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        gated = scope["path"] not in _OPEN
        if gated and self._in_hand >= self._most:
            meters.refused.labels("requests").inc()
            await _say(self._busy, send)
            return
        if scope["method"] == "POST" and self._crowded(_length(scope["headers"])):
            meters.refused.labels("queues").inc()
            await _say(self._no_room, send)
            return
        if gated and self._hosts is not None and _host(scope["headers"]) not in self._hosts:
            meters.refused.labels("host").inc()
            await _say(self._stranger, send)
            return
        counts = scope["path"] != EVENTS
        self._in_hand += counts
        meters.in_hand.set(self._in_hand)
        try:
            await self._recorded(scope, receive, send)
        finally:
            self._in_hand -= counts
            meters.in_hand.set(self._in_hand)

    async def _recorded(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = time.perf_counter()
        name = _request_id(scope["headers"])
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", name), *_EVERYWHERE]
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # a fault of ours: its sender has had the answer of the application
            log.error("a request failed", extra={"id": name.decode(), "error": named(error)})
            if not status:
                await _say(_bare(Refusal(500, "the service failed")), answer)
        finally:
            route = _route(scope)
            meters.requests.labels(route, str(status)).inc()
            log.info(
                "request",
                extra={
                    "id": name.decode(),
                    "method": scope["method"],
                    "route": route,
                    "status": status,
                    "ms": round(1000 * (time.perf_counter() - start), 2),
                },
            )


def _route(scope: Scope) -> str:
    """Return the name of the function that answered, "none" for no route. Paths are many, routes are few."""
    return getattr(scope.get("endpoint"), "__name__", "none")


def _host(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the host of a request, without its port; b"" if it has none, or several."""
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) != 1:
        return b""
    host, _, port = hosts[0].lower().rpartition(b":")
    return host if host and port.isdigit() else hosts[0].lower()


def _length(headers: Sequence[tuple[bytes, bytes]]) -> int:
    """Return how many bytes a request says it sends, 0 if it does not say."""
    length = next((value for name, value in headers if name == b"content-length"), b"")
    return int(length.lstrip(b"0")[:20] or b"0") if length.isdigit() else 0


def _request_id(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Return the sender's name of the request, if it can be a name, else a new one."""
    given = next((value for name, value in headers if name == b"x-request-id"), b"")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()


def _bare(refusal: Refusal) -> tuple[Message, Message]:
    """Return the messages of a refusal, made once."""
    body = refusal.as_json()
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        *[(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()],
    ]
    start: dict[str, Any] = {"type": "http.response.start", "status": refusal.status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}


async def _say(messages: tuple[Message, Message], send: Send) -> None:
    for message in messages:
        await send(message)
