"""The only place that starts a program: as untrusted work, in bounds."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, cast

if sys.platform == "linux":
    import resource

from gradgraph.errors import ToolFailed, ToolLimit
from gradgraph.limits import Limits, how_to_raise

_CHUNK = 1 << 16


def run(command: Sequence[str], text: bytes, limits: Limits, *, stderr: bool = False) -> bytes:
    """What `command` prints when it reads `text`, on standard output, or on standard error if asked for.

    It runs in a process group of its own, which is killed whole at the end, and in an environment that is empty
    but for SERVER_NAME, which keeps Graphviz from opening files
    (https://graphviz.org/docs/attrs/imagepath/). Its memory is bounded where the system can do that, on Linux. Raises
    ToolLimit when it takes too long, prints too much, or dies by a signal or for want of memory, ToolFailed when it
    cannot be started or ends with an error.
    """
    name = os.path.basename(command[0])  # noqa: PTH119  # a name for people, whatever the path's form
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise ToolFailed(f"{name} cannot be started: {error.strerror}", "reinstall it") from None
    _bound_memory(process.pid, limits.tool_memory)
    stdin, *pipes = cast("list[IO[bytes]]", [process.stdin, process.stdout, process.stderr])
    output = _Reader(pipes[0], limits.tool_bytes)
    complaints = _Reader(pipes[1], _CHUNK)
    threading.Thread(target=_feed, args=(stdin, text), daemon=True).start()
    deadline = time.monotonic() + limits.tool_seconds
    too_long = ToolLimit(
        f"{name} took longer than tool_seconds = {limits.tool_seconds:g}", how_to_raise("tool_seconds")
    )
    try:
        while output.is_alive() and not output.overflowed:
            output.join(min(0.05, max(0.0, deadline - time.monotonic())))
            if time.monotonic() > deadline:
                raise too_long
        if output.overflowed:
            raise ToolLimit(f"{name} printed more than tool_bytes = {limits.tool_bytes}", how_to_raise("tool_bytes"))
        try:
            status = process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise too_long from None
    finally:
        _kill_group(process)
    complaints.join(1.0)
    said = complaints.text().decode("utf-8", "backslashreplace").strip().partition("\n")[0][:200]
    if status < 0 or "out of memory" in said:
        end = f"ended by {signal.Signals(-status).name}" if status < 0 else said
        remedy = f"draw less of the graph, or {how_to_raise('tool_memory')}"
        raise ToolLimit(f"{name} ran out of resources ({end})", remedy)
    if status > 0:
        raise ToolFailed(f"{name} failed with status {status}: {said or 'it said nothing'}", "check its installation")
    return (complaints if stderr else output).text()


def _bound_memory(pid: int, most: int) -> None:
    """Let the program have so many bytes of address space. It waits for its input, so it has not used them up yet."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it may have ended, or hold a lower limit already
            resource.prlimit(pid, resource.RLIMIT_AS, (most, most))


def _environment() -> dict[str, str]:
    needed = {
        name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ
    }  # Windows starts nothing without
    return {"SERVER_NAME": "gradgraph", **needed}


def _feed(pipe: IO[bytes], text: bytes) -> None:
    with contextlib.suppress(OSError), pipe:  # a program may end before it has read everything
        pipe.write(text)


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """End the program and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


class _Reader(threading.Thread):
    """Reads a pipe to its end, or to `most` bytes."""

    def __init__(self, pipe: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self.overflowed = False
        self._pipe = pipe
        self._most = most
        self._chunks: list[bytes] = []
        self.start()

    def run(self) -> None:
        size = 0
        with contextlib.suppress(OSError, ValueError), self._pipe:
            while chunk := self._pipe.read1(_CHUNK):  # type: ignore[attr-defined]
                size += len(chunk)
                if size > self._most:
                    self.overflowed = True
                    return
                self._chunks.append(chunk)

    def text(self) -> bytes:
        return b"".join(self._chunks)
