"""Clients that leave before their answer."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.requests import ClientDisconnect, Request

from gradgraph.service.drawing import Drawn


async def unless_left(request: Request, drawing: Coroutine[Any, Any, Drawn]) -> Drawn:
    """Return a drawing, or give it up when its client leaves. Raises ClientDisconnect."""
    wanted = asyncio.create_task(drawing)
    leaving = asyncio.create_task(_client_leaves(request))
    try:
        await asyncio.wait((wanted, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not wanted.done():
            raise ClientDisconnect
        return await wanted
    finally:
        wanted.cancel()
        leaving.cancel()


async def _client_leaves(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
