"""Signals that end a command: SIGINT, SIGTERM and SIGHUP unwind it, so that it leaves nothing behind."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
_GRACE = 1.0
"""Seconds in which no second signal interrupts the clean-up that the first one started."""


class Ended(BaseException):
    """A signal told the command to end. No `except Exception` catches this, so every `finally` on the way runs."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise Ended when a signal comes. A signal that is ignored at the start, as under nohup, stays ignored.

    After this block the signals end the process at once: there is nothing left to clean up.
    """
    raised = float("-inf")

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal raised
        if time.monotonic() - raised > _GRACE:
            raised = time.monotonic()
            raise Ended(number)

    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    for number in numbers:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
