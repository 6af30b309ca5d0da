"""Answers to orders: remembered, shared by those who ask for the same, else drawn."""

import asyncio
import contextlib
import os
import shutil
import time
from functools import partial

import cachetools

from gradgraph.service import meters
from gradgraph.service.drawing import Drawn, draw_order
from gradgraph.service.logs import log
from gradgraph.service.orders import Order
from gradgraph.service.refusals import Refusal
from gradgraph.service.workers import Workers
from gradgraph.version import __version__

_REFUSED_FOR = 60.0
"""Seconds for which an order that ran out of time is refused at once."""
_SEARCHED = 1.0
"""Seconds for which the place of `dot` is known."""
_OVERHEAD = 500
"""Bytes that an entry of the cache takes beside its drawing."""


class _Flight:
    """A drawing on its way, and how many wait for it."""

    def __init__(self) -> None:
        self.task: asyncio.Future[Drawn] = asyncio.get_running_loop().create_future()
        self.waiting = 0
        self.begun = False


class Answers:
    """The drawings of orders. Equal orders in hand share one drawing, and finished drawings are remembered."""

    def __init__(self, workers: Workers, cache_bytes: int) -> None:
        self._workers = workers
        self._known: cachetools.LRUCache[str, Drawn] = cachetools.LRUCache(cache_bytes, _size)
        self._too_long: cachetools.TTLCache[str, float] = cachetools.TTLCache(10_000, _REFUSED_FOR)
        self._engine = _Engine()
        self._flights: dict[str, _Flight] = {}

    def key(self, order: Order) -> str:
        """Return the name of an answer: a hash of the order, our version and which `dot` there is."""
        return order.key(__version__, self._engine.state())

    def known(self, key: str) -> Drawn | None:
        """Return the answer if it is remembered. Raises Refusal, with 429, for an order that ran out of time lately."""
        drawn = self._known.get(key)
        if drawn is not None:
            meters.cache.labels("hit").inc()
            return drawn
        since = self._too_long.get(key)
        if since is not None:
            wait = max(1, round(_REFUSED_FOR - (time.monotonic() - since)))
            raise Refusal(
                429, "this drawing ran out of time a moment ago: draw a part of the document", retry_after=wait
            )
        return None

    async def drawn(self, key: str, order: Order) -> Drawn:
        """Return a new answer, or that of an equal order that is on its way. Raises Refusal.

        When all who wait have left, a drawing that has not begun is given up; one that has begun is finished and
        remembered.
        """
        flight = self._flights.get(key)
        if flight is None:
            lane = self._workers.lane_of(order.document, order.format)
            self._workers.check(lane)
            meters.cache.labels("miss").inc()
            flight = self._flights[key] = _Flight()
            flight.task = asyncio.create_task(self._draw(key, order, flight))
            flight.task.add_done_callback(partial(self._landed, key))
        else:
            meters.cache.labels("shared").inc()
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.begun and self._flights.get(key) is flight:
                del self._flights[key]
                flight.task.cancel()

    async def _draw(self, key: str, order: Order, flight: _Flight) -> Drawn:
        lane = self._workers.lane_of(order.document, order.format)
        start = 0.0

        def begin() -> None:
            nonlocal start
            start = time.perf_counter()
            flight.begun = True

        try:
            drawn = await self._workers.run(lane, begin, draw_order, order)
        except Refusal as refusal:
            if refusal.status == 504:
                self._too_long[key] = time.monotonic()
            raise
        meters.drawings.labels(order.format, lane.name).observe(time.perf_counter() - start)
        if drawn.failure:
            log.error("the drawing failed", extra={"failure": drawn.failure})
        if drawn.status == 504:
            self._too_long[key] = time.monotonic()
        if drawn.status >= 400:
            raise Refusal(drawn.status, drawn.detail, problems=drawn.problems)
        if not drawn.degraded and _size(drawn) <= self._known.maxsize:
            self._known[key] = drawn
            meters.cache_bytes.set(self._known.currsize)
        return drawn

    def _landed(self, key: str, task: "asyncio.Future[Drawn]") -> None:
        if not task.cancelled():
            task.exception()  # all who waited have seen it, or have left
            self._flights.pop(key, None)


def _size(drawn: Drawn) -> int:
    return len(drawn.content) + _OVERHEAD


class _Engine:
    """Which `dot` there is. It may come, go and change while we serve."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._until = 0.0

    def state(self) -> str:
        """Return its path, time and size, "" without one. PATH is searched once a second, or when it is gone."""
        for _ in range(2):
            now = time.monotonic()
            if now >= self._until:
                self._path = shutil.which("dot")
                self._until = now + _SEARCHED
            if self._path is None:
                return ""
            with contextlib.suppress(OSError):
                state = os.stat(self._path)  # noqa: PTH116  # a Path costs more than the look
                return f"{self._path} {state.st_mtime_ns} {state.st_size}"
            self._until = now
        return ""
