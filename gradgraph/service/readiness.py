"""Whether the service is ready: its workers are warm, one of them draws, and nobody has told it to stop."""

import asyncio
import time

from gradgraph.service.drawing import draw_order
from gradgraph.service.orders import NEURON
from gradgraph.service.refusals import Refusal
from gradgraph.service.workers import Workers

_AGAIN = 1.0
"""Seconds before another try to start the workers."""
_REMEMBERED = 5.0
"""Seconds for which the answer to a probe holds."""


class Readiness:
    """What `/readyz` says."""

    def __init__(self, workers: Workers) -> None:
        self.stopping = False
        self._workers = workers
        self._warm = False
        self._said = ""
        self._until = 0.0

    async def start(self) -> None:
        """Start the workers, again and again if the system has no room for them."""
        while not await self._workers.start():
            await asyncio.sleep(_AGAIN)
        self._warm = True

    async def reason(self) -> str:
        """Return why no drawings are made here, "" if they are. Text instead of a picture is a drawing as well."""
        if self.stopping:
            return "the service stops"
        if not self._warm:
            return "the service starts"
        if time.monotonic() >= self._until:
            self._said = await self._tried()
            self._until = time.monotonic() + _REMEMBERED
        return self._said

    async def _tried(self) -> str:
        try:
            drawn = await self._workers.run(self._workers.small, lambda: None, draw_order, NEURON)
        except Refusal as refusal:
            return refusal.detail
        return drawn.detail if drawn.status >= 400 else ""
