"""The token of a service that is for one person: without it, nothing is answered."""

import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradgraph.service.refusals import Refusal
from gradgraph.service.responses import refusal_response


class Token:
    """Lets through who has the token: in the address of the page at first, and from then on in a cookie.

    `once` is another token for the first address, which opens it once. It is for a browser that is started with the
    address: everybody on the machine can read how programs were started.

    A browser sends a cookie to every port of a host, so its name has the port: two such services do not disturb each
    other.
    """

    def __init__(self, app: ASGIApp, token: str, once: str, port: int) -> None:
        self._app = app
        self._token = token
        self._once: str | None = once
        self._cookie = f"gradgraph-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        if _same(request.cookies.get(self._cookie, ""), self._token):
            await self._app(scope, receive, send)
        elif scope["path"] == "/" and self._opens(request.query_params.get("token", "")):
            await self._app(scope, receive, self._remembering(send))
        else:
            refusal = Refusal(403, "this service is for one person: open the address that the command has printed")
            await refusal_response(request, refusal)(scope, receive, send)

    def _opens(self, given: str) -> bool:
        if self._once is not None and _same(given, self._once):
            self._once = None
            return True
        return _same(given, self._token)

    def _remembering(self, send: Send) -> Send:
        """Return a `send` that gives the browser the cookie."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return answer


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), token.encode())
