"""One file of one's own, shown in a browser, and drawn anew whenever it is saved."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from gradgraph.document.files import format_of
from gradgraph.limits import Limits, read_at_most
from gradgraph.service.app import Service, application
from gradgraph.service.gates import EVENTS
from gradgraph.service.orders import Order, formats, order_of, parameters
from gradgraph.service.refusals import Refusal
from gradgraph.service.server import address_of
from gradgraph.service.tokens import Token

_LOOK = 0.2
"""Seconds between two looks at the file."""


class View:
    """The routes that show a file, beside those of a service. `given` has options by name, as `render` takes them."""

    def __init__(self, service: Service, path: Path, given: Mapping[str, Any], limits: Limits) -> None:
        self._service = service
        self._path = path
        self._kind = format_of(str(path))
        self._given = given
        self._limits = limits

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.view, methods=["GET"]),
            Route("/view/drawing/{format}", self.view_drawing, methods=["GET"]),
            Route("/view/document", self.view_document, methods=["GET"]),
            Route(EVENTS, self.view_events, methods=["GET"]),
        ]

    def check(self) -> None:
        """Raise Refusal for options that no drawing takes."""
        self._order(b"", "svg", [])

    async def view(self, request: Request) -> Response:
        """Return the page. Without script it has the picture as it is now."""
        plain = '<noscript><img alt="The graph" src="view/drawing/svg"></noscript>'
        return self._service.page.filled({}, file=self._path.name, drawing=plain)

    async def view_drawing(self, request: Request) -> Response:
        """Draw the file as it is now."""
        document = await self._read(self._limits.max_bytes + 1)
        order = self._order(document, request.path_params["format"], request.query_params.multi_items())
        response = await self._service.drawing(request, order)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def view_document(self, request: Request) -> Response:
        """Return the file as it is now, unless it is too long for a page."""
        most = self._service.settings.body_bytes
        document = await self._read(most + 1)
        if len(document) > most:
            raise Refusal(413, f"the file is larger than {most:,} bytes: open it in an editor")
        return Response(document, headers={"Cache-Control": "no-store"}, media_type="text/plain")

    async def view_events(self, request: Request) -> Response:
        """Tell of each save, as server-sent events, until the service stops."""
        if request.method == "HEAD":
            return Response(headers={"Cache-Control": "no-store"}, media_type="text/event-stream")
        return StreamingResponse(self._events(), headers={"Cache-Control": "no-store"}, media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        seen: object = self
        while not self._service.readiness.stopping:
            state = await asyncio.to_thread(_state, self._path)
            if state != seen:
                seen = state
                yield "event: saved\ndata:\n\n"
            await asyncio.sleep(_LOOK)
        yield "event: end\ndata:\n\n"

    async def _read(self, most: int) -> bytes:
        def read() -> bytes:
            with self._path.open("rb") as file:
                return read_at_most(file, most)

        try:
            return await asyncio.to_thread(read)
        except OSError as error:
            raise Refusal(404, f"the file {self._path.name} cannot be read: {error.strerror}") from None

    def _order(self, document: bytes, format: str, query: list[tuple[str, str]]) -> Order:
        """Return the order of a drawing: the options that the page asks for, then those that the command was given."""
        asked = {name for name, _ in query}
        known = parameters(format) if format in formats() else {}
        given = [
            (name, text)
            for name, field in known.items()
            if name not in asked and field.name in self._given
            for text in _texts(self._given[field.name])
        ]
        return order_of(document, self._kind, format, [*query, *given])


def viewer(service: Service, shown: View, listener: socket.socket) -> tuple[ASGIApp, str, str]:
    """Return the application that shows a file, its address, and one for a browser, which opens it once."""
    token, once = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    door = Middleware(Token, token=token, once=once, port=listener.getsockname()[1])
    first = f"{address_of(listener)}/?token="
    return application(service, shown.routes(), [door]), first + token, first + once


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, tuple) else (value,):
        yield str(one).lower() if isinstance(one, bool) else str(one)


def _state(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is saved, in place or under a new name; None if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
