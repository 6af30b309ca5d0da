"""The end of a program and of all that it started."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

_ROUNDS = 20
"""How often we look for what a program started, and end what we find, until nothing is left."""


def end(pid: int, mark: str) -> None:
    """End a program, its process group, and on Linux every process that has `mark` in its environment.

    A program can leave its group by setsid(2), and its parent can end before it does. Its environment still shows
    where it comes from, unless it was replaced on purpose.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)
    if sys.platform == "linux":
        for _ in range(_ROUNDS):
            found = [*_marked(mark.encode())]
            for each in found:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(each, signal.SIGKILL)
            if not found:
                return


def _marked(mark: bytes) -> Iterator[int]:
    """Yield the processes that have `mark` in their environment, as far as we may read it (proc(5))."""
    for name in filter(str.isdecimal, os.listdir("/proc")):  # noqa: PTH208  # there may be thousands
        with contextlib.suppress(OSError):  # it has ended, or belongs to somebody else
            if mark in Path(f"/proc/{name}/environ").read_bytes():
                yield int(name)
