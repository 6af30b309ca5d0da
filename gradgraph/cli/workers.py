"""The processes of `render --jobs`: they end with the command, however it ends, and leave nothing behind."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import TypeVar

from gradgraph.cli.signals import Ended, EndedBySignals

Result = TypeVar("Result")

_PATIENCE = 2.0
"""Seconds that a worker gets to end its program before it is killed."""


@contextlib.contextmanager
def workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Give an executor of so many processes. When the block ends early, so do they, and the programs they started.

    They start anew and are no forks: a fork has our signal handlers, and keeps the pipe open by which the others see
    that the command is gone.
    """
    context = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
    try:
        yield executor
    except BaseException:
        _end(multiprocessing.active_children())
        raise
    finally:
        executor.shutdown()


def undisturbed(work: Callable[[], Result]) -> Result:
    """Do the work of a worker. A signal unwinds it, so that its program ends too, and then ends the worker."""
    try:
        with EndedBySignals():
            return work()
    except Ended as ended:
        os._exit(128 + ended.number)


def _begin() -> None:
    """Leave it to the command to end this worker: a terminal sends its signals to all, and they may be ignored."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_the_command, daemon=True).start()


def _end_with_the_command() -> None:
    """End this worker when the command is gone, even if it was killed."""
    command = multiprocessing.parent_process()
    if command is not None:
        wait([command.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)


def _end(children: list[BaseProcess]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        child.join(_PATIENCE)
        if child.is_alive():
            child.kill()
