"""Signals that end a command: SIGINT, SIGTERM and SIGHUP unwind it, so that it leaves nothing behind."""

import signal
import sys
import time
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
_GRACE = 1.0
"""Seconds in which no second signal interrupts the clean-up that the first one started."""
_HAS_TIMER = hasattr(signal, "setitimer")  # Windows has none
_SOON = 0.01
"""Seconds after which a signal that came at a bad moment comes again."""


class Ended(BaseException):
    """A signal told the command to end. No `except Exception` catches this, so every `finally` on the way runs."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class EndedBySignals:
    """A block in which these signals raise Ended. One that is ignored before, as under nohup, stays ignored.

    After the block the signals end the process at once: there is nothing left to clean up.
    """

    def __enter__(self) -> None:
        self._raised = float("-inf")
        self._postponed: int | None = None
        self._others = sys.unraisablehook
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
        for number in self._numbers:
            signal.signal(number, self._signalled)
        sys.unraisablehook = self._unraisable

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if _HAS_TIMER:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)
        sys.unraisablehook = self._others
        if self._postponed is not None and kind is None:
            raise Ended(self._postponed)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if time.monotonic() - self._raised > _GRACE:
            self._end(number, frame)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if _HAS_TIMER and _popen_breaks(frame):
            self._end_soon(number)
        else:
            self._raised = time.monotonic()
            self._postponed = None
            raise Ended(number)

    def _unraisable(self, problem: "sys.UnraisableHookArgs") -> None:
        """Take note of an Ended that was raised where Python only prints errors: in a callback of a weak reference."""
        if isinstance(problem.exc_value, Ended):
            self._end_soon(problem.exc_value.number)
        else:
            self._others(problem)

    def _end_soon(self, number: int) -> None:
        if _HAS_TIMER:
            self._postponed = number
            signal.signal(signal.SIGALRM, lambda _, frame: self._end(number, frame))
            signal.setitimer(signal.ITIMER_REAL, _SOON)


def _popen_breaks(frame: FrameType | None) -> bool:
    """Return whether an exception now would break a Popen object.

    While it is made, it would forget the program that it has started. While it waits for its program, it would keep
    the lock that it holds, and the next wait would never end.
    """
    while frame is not None:
        if frame.f_code.co_qualname == "Popen.__init__":
            return True
        if frame.f_code.co_qualname == "Popen._wait":
            return bool(frame.f_locals["self"]._waitpid_lock.locked())
        frame = frame.f_back
    return False
