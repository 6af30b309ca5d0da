"""Time and memory of one action on one dimension at n, 2n and 4n, and whether they grow faster than n.

Time is CPU time of this thread, with the garbage collector off; that of the process is coarse while a timer runs.
Memory is the peak that tracemalloc counts. Where it grows by a step, as a set does that becomes four times as large,
its next doubling makes up for it, so the mean of both is judged. The n is chosen by trial, so that the work stands out
from what an action costs on the smallest document. What stays small however large the document is counts as flat.
"""

import gc
import signal
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import sqrt
from statistics import median
from time import thread_time
from typing import Any, NamedTuple

MOST_RATIO = 2.6
SMALL_SECONDS = 0.004
SMALL_BYTES = 400_000
"""What an action may take on top of the least whatever the ratio: below this, noise and thresholds decide."""
LONGEST = 3.0
"""Seconds of CPU after which one measurement is broken off."""
LEAST_BYTES = 16_000
"""What takes long on a document of fewer bytes than this is tried on larger ones: its squares show only there."""
ROUNDS = 3


Figures = tuple[float | None, ...]
"""Seconds or bytes at n, 2n and 4n; None where it was broken off."""


class Growth(NamedTuple):
    """What an action took: in seconds, in some rounds, and in bytes."""

    n: int
    size: int
    seconds: tuple[Figures, ...]
    peaks: Figures

    @property
    def time_ratio(self) -> float:
        """The larger of the two ratios of times, each the median of the rounds."""
        return _larger_ratio(self.seconds)

    @property
    def memory_ratio(self) -> float:
        """The mean of the two ratios of peaks, by which they are multiplied."""
        return sqrt(_ratio(self.peaks[0], self.peaks[2], SMALL_BYTES))

    @property
    def is_linear(self) -> bool:
        """Whether neither time nor memory grows too fast."""
        return max(self.time_ratio, self.memory_ratio) <= MOST_RATIO

    @property
    def seconds_a_mib(self) -> float:
        """What the second half of the document of size 4n takes, for each MiB of it."""
        more = [times[2] - times[1] for times in self.seconds if times[1] is not None and times[2] is not None]
        return min(more, default=float("inf")) / self.size * 2**19

    def __str__(self) -> str:
        times = " ".join(_spelled(time, "{:.3f}") for time in self.seconds[-1])
        peaks = " ".join(_spelled(peak and peak / 2**20, "{:.1f}") for peak in self.peaks)
        return (
            f"n {self.n:,} ({self.size:,} bytes) "
            f"time x{self.time_ratio:.1f} ({times} s) memory x{self.memory_ratio:.1f} ({peaks} MiB)"
        )


def _spelled(number: float | None, form: str) -> str:
    return "…" if number is None else form.format(number)


def _larger_ratio(rounds: Sequence[Figures]) -> float:
    return max(median([_ratio(times[at], times[at + 1], SMALL_SECONDS) for times in rounds]) for at in (0, 1))


def _ratio(before: float | None, after: float | None, small: float) -> float:
    """How many times more; infinitely many if it was broken off, 1 if it is small."""
    if before is None or after is None:
        return float("inf")
    return 1.0 if after <= small else after / max(before, small / 4)


class TooLong(BaseException):
    """A measurement takes longer than it is worth. No handler of errors may catch it."""


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TooLong when the process has spent this much CPU time inside."""

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def measure(
    action: Callable[[Any], object],
    subject: Callable[[int], Any],
    size: Callable[[int], int],
    *,
    seconds: float,
    most_bytes: int,
) -> Growth:
    """What `action` takes at n, 2n and 4n of a dimension, where n is such that it takes `seconds` at n.

    `subject` gives what the action is done with, and `size` the bytes of the document that comes from.
    """

    def cost(n: int) -> float | None:
        return _time(action, subject(n))

    gc.collect()
    gc.freeze()  # what is there now is not looked at again: most of it is the documents of other measurements
    least = min(cost(1) or 0.0, cost(1) or 0.0)
    n = 4
    time = cost(n)
    while time is not None and size(2 * n) * 4 <= most_bytes:
        if time - least >= (seconds if 4 * size(n) >= LEAST_BYTES else 4 * seconds):
            break
        n *= 4 if time - least < seconds / 10 and size(4 * n) * 4 <= most_bytes else 2
        time = cost(n)
    if time is None and n > 4:  # what broke off at n may be told apart at n / 2
        n //= 2
    inputs = [subject(factor * n) for factor in (1, 2, 4)]
    times: list[Figures] = []
    for _ in range(ROUNDS):
        times.append(_until_broken_off(inputs, lambda what: _time(action, what)))
        if len(times) == 2 and all(_larger_ratio([each]) <= MOST_RATIO for each in times):
            break  # the third cannot change the median
    return Growth(n, size(n), tuple(times), _until_broken_off(inputs, lambda what: _peak(action, what)))


def _until_broken_off(inputs: list[Any], figure: Callable[[Any], float | None]) -> Figures:
    figures: list[float | None] = []
    for what in inputs:
        figures.append(None if figures and figures[-1] is None else figure(what))
    return tuple(figures)


def _time(action: Callable[[Any], object], what: Any) -> float | None:
    """CPU seconds, None if it takes too long."""
    forget()
    gc.disable()
    try:
        with bounded(LONGEST):
            began = thread_time()
            action(what)
            return thread_time() - began
    except TooLong:
        return None
    finally:
        gc.enable()


def _peak(action: Callable[[Any], object], what: Any) -> float | None:
    """Peak bytes on top of what was there before, None if it takes too long."""
    forget()
    tracemalloc.start()
    try:
        with bounded(LONGEST * 4):  # counting memory is slow
            action(what)
        return float(tracemalloc.get_traced_memory()[1])
    except TooLong:
        return None
    finally:
        tracemalloc.stop()


def forget() -> None:
    """Empty the caches that keep texts, those of limited size, so that what was measured once is not free later."""
    for cached in _bounded_caches():
        cached.cache_clear()


def _bounded_caches() -> list[Any]:
    ours = [module for name, module in sys.modules.items() if name.startswith(("gradgraph.", "gradgraph_renderers."))]
    functions = [item for module in ours for item in vars(module).values() if hasattr(item, "cache_parameters")]
    return [cached for cached in functions if cached.cache_parameters()["maxsize"] is not None]
