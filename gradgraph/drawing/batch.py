"""Many drawings at once: work on an executor, whose results come in order and a bounded number ahead."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

import msgspec

from gradgraph.drawing.finished import Rendering
from gradgraph.errors import RendererError

Item = TypeVar("Item")
Result = TypeVar("Result")

_KNOWN = ("builtins", "gradgraph")
"""Packages whose exceptions can be sent between processes. Others may fail on arrival, and end the executor."""


class Drawn(msgspec.Struct, frozen=True):
    """The result for one of many documents: a `rendering` or an `error`, the other is None.

    `index` is the place of the document, from 0, and `document` what was given there.
    """

    index: int
    document: Any
    rendering: Rendering | None
    error: Exception | None


def in_order(
    items: Iterable[Item], submit: Callable[[Item], Future[Result]], ahead: int
) -> Iterator[tuple[Item, Future[Result]]]:
    """Yield every item with its finished future, in order. No more than `ahead` items are taken beyond those yielded.

    What taking or submitting an item raises is raised after the results of all items before it. When this is closed,
    the work that has not begun is cancelled.
    """
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    source = iter(items)
    failure: Exception | None = None
    is_open = True
    try:
        while is_open or waiting:
            while is_open and len(waiting) < ahead:
                try:
                    item = next(source)
                    waiting.append((item, submit(item)))
                except StopIteration:
                    is_open = False
                except Exception as error:  # it belongs to one document, whose result says it
                    is_open, failure = False, error
            if waiting:
                waiting[0][1].exception()  # waits
                yield waiting.popleft()
    except (GeneratorExit, KeyboardInterrupt):
        for _, future in waiting:
            future.cancel()
        raise
    if failure is not None:
        raise failure


def cores() -> int:
    """Return how many cores this process may use, as far as the system says."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def portable(error: Exception) -> Exception:
    """Return an error that can be sent to another process: this one, or a RendererError that tells of it."""
    if type(error).__module__.partition(".")[0] in _KNOWN:
        return error
    return RendererError(f"the drawing failed: {error!r}")
