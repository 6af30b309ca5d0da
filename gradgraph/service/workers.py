"""The processes that draw: two lanes, a deadline for each drawing, and a new process for one that was lost."""

import asyncio
import contextlib
import math
import os
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import anyio
from anyio import BrokenWorkerProcess, to_process

from gradgraph.limits import Limits
from gradgraph.service import meters
from gradgraph.service.drawing import TOO_MUCH_MEMORY, Drawn, Surroundings, wait_to_be_ended, warm_up
from gradgraph.service.orders import NEURON
from gradgraph.service.refusals import Refusal
from gradgraph.service.settings import Settings

T = TypeVar("T")

SMALL_ROWS = 250
"""Rows of the document of a small drawing. `dot` and our own engine need well under a second for as many."""
SMALL_COMMAS = 3_000
"""Commas of such a document: a row has eight or so, and one for each further operand."""
SMALL_BYTES = 64 << 10
_COSTLY = ("png", "pdf")
"""Formats whose cost is not that of the boxes alone."""
_LINE_ENDS = (b"\n", b"\r", b"\xc2\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")
"""What ends a line in YAML 1.1."""
_NO_LIMIT = anyio.CapacityLimiter(math.inf)
_STALLED = 0.2
"""Seconds after which a worker that was asked whether it is old is known to be."""


class Lane:
    """A queue for drawings of one size, in which so many `places` may wait."""

    def __init__(self, name: str, places: int, room: contextlib.AbstractAsyncContextManager[Any], workers: int) -> None:
        self.name = name
        self.places = places
        self.room = room
        self.workers = workers
        self.waiting = 0

    def check(self, seconds: float) -> None:
        """Raise Refusal, with 503, if the queue is full. A drawing takes about so many `seconds`."""
        if self.waiting >= self.places:
            wait = math.ceil(self.waiting * seconds / self.workers)
            meters.refused.labels(f"{self.name} queue").inc()
            raise Refusal(503, f"{self.waiting} drawings wait already: try again", retry_after=min(max(wait, 1), 60))


class Workers:
    """The pool. Small drawings always have a worker: large ones may use all but one."""

    def __init__(self, settings: Settings, limits: Limits) -> None:
        self.settings = settings
        self.around = Surroundings(limits, settings.worker_memory, os.getpid())
        few = settings.workers - 1
        self.small = Lane("small", settings.small_queue, contextlib.nullcontext(), settings.workers)
        self.large = Lane("large", settings.large_queue, asyncio.Semaphore(few), few)
        self._free = asyncio.Semaphore(settings.workers)
        self._mean = 0.01  # seconds that a drawing took lately
        self._chores: set[asyncio.Task[Any]] = set()

    def lane_of(self, document: bytes, format: str = "") -> Lane:
        """Return the lane of a document by what its drawing in a format may cost at most.

        Each row needs a brace, or in YAML a line, however it is spelled, and each operand a comma or a line.
        """
        lines = 0 if document.lstrip()[:1] == b"{" else sum(map(document.count, _LINE_ENDS))
        is_small = (
            format not in _COSTLY
            and len(document) <= SMALL_BYTES
            and document.count(b"{") + lines <= SMALL_ROWS
            and document.count(b",") <= SMALL_COMMAS
        )
        return self.small if is_small else self.large

    def crowded(self, length: int) -> bool:
        """Return whether the queue of most documents of so many bytes is full."""
        lane = self.small if length <= SMALL_BYTES else self.large
        return lane.waiting >= lane.places

    def check(self, lane: Lane) -> None:
        """Raise Refusal, with 503, if nothing more may wait in the lane."""
        lane.check(self._mean)

    async def start(self) -> bool:
        """Start all workers that are missing, each ready to draw, and return whether all are.

        As many draw at once as there may be.
        """
        return all(await asyncio.gather(*[self._warm() for _ in range(self.settings.workers)]))

    async def stop(self) -> None:
        """End what goes on beside the drawings. The event loop ends the processes when it is closed."""
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)

    async def run(self, lane: Lane, begun: Callable[[], None], work: Callable[..., Drawn], *arguments: Any) -> Drawn:
        """Return what a worker makes of some work, when one is free. `begun` is called before it starts.

        Raises Refusal: with 504 when it takes too long, and with 500 when it fails or the worker dies.
        """
        lane.waiting += 1
        waits = True
        try:
            async with lane.room, self._free:
                lane.waiting -= 1
                waits = False
                begun()
                return await self._work(work, *arguments)
        finally:
            lane.waiting -= waits

    async def _work(self, work: Callable[..., Drawn], *arguments: Any) -> Drawn:
        start = time.perf_counter()
        try:
            with anyio.fail_after(self.settings.seconds):
                drawn = await _in_a_process(work, *arguments, self.around)
        except TimeoutError:
            self._lost("deadline")
            sentence = f"the drawing took longer than {self.settings.seconds:g} seconds: draw a part of the document"
            raise Refusal(504, sentence) from None
        except BrokenWorkerProcess:
            self._lost("died")
            raise Refusal(500, "the process that drew this document died") from None
        except OSError:
            raise Refusal(503, "no process for the drawing can be started now: try again", retry_after=5) from None
        except MemoryError:
            raise Refusal(422, TOO_MUCH_MEMORY) from None
        except Exception as error:  # of making the answer ready to send, say
            self._lost("failed")
            raise Refusal(500, f"the drawing failed: {type(error).__name__}") from error
        self._mean += (time.perf_counter() - start - self._mean) / 16
        if drawn.drawings >= self.settings.worker_drawings and not self.small.waiting and not self.large.waiting:
            self._beside(self._renew())
        return drawn

    def _lost(self, why: str) -> None:
        meters.lost_workers.labels(why).inc()
        self._beside(self.start())

    def _beside(self, chore: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(chore)
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _warm(self) -> bool:
        """Let a process draw once, so that it has loaded all it needs: a new one if none is idle."""
        async with self._free:
            # The next drawing will start another, if this one dies or hangs.
            with contextlib.suppress(BrokenWorkerProcess, OSError), anyio.move_on_after(self.settings.seconds):
                await _in_a_process(warm_up, NEURON, self.around)
                return True
        return False

    async def _renew(self) -> None:
        """End an idle worker that has made many drawings, and start another in its place."""
        async with self._free:
            with anyio.move_on_after(_STALLED):
                await _in_a_process(wait_to_be_ended, self.settings.worker_drawings, self.around)
                return
        meters.lost_workers.labels("renewed").inc()
        await self.start()


async def _in_a_process(work: Callable[..., T], *arguments: Any) -> T:
    """Return what some work returns in a process of the pool. The process is killed when this is cancelled."""
    return await to_process.run_sync(work, *arguments, cancellable=True, limiter=_NO_LIMIT)
