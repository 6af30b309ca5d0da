"""The only place that starts a program: as untrusted work, in bounds."""

import contextlib
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import IO, cast

if sys.platform == "linux":
    import resource

from gradgraph.plugins import Limits, ToolFailed, ToolLimit, how_to_raise
from gradgraph_renderers.graphviz.ending import end
from gradgraph_renderers.graphviz.pipes import Reader, feed

OPEN_FILES = 64
"""Files that a program may have open at once; `dot` needs 10 or so, for its plug-ins and fonts."""
_STARVED = re.compile("out of memory|allocate memory|failed to map segment|Could not load .* was found")
"""How programs complain of too little memory: themselves, by strerror, by ld.so, and of a plug-in of Graphviz."""
_COMPLAINTS = 1 << 16
"""Bytes that are kept of what a program says on standard error."""
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})


def run(
    command: Sequence[str],
    text: bytes,
    limits: Limits,
    *,
    stderr: bool = False,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> bytes:
    """Return what `command` prints when it reads `text`: its standard output, or its standard error if asked for.

    It runs in a process group of its own. Its environment holds `variables` and SERVER_NAME only. That variable keeps
    Graphviz from opening files (https://graphviz.org/docs/attrs/imagepath/), and its value, new for each run, is how
    `end` finds what the program started. On Linux, its time, memory and files are bounded, and it dies with us.

    Raises ToolLimit when it takes too long, prints too much, or dies by a signal or for want of memory. Raises
    ToolFailed when it cannot be started or ends with an error.
    """
    name = os.path.basename(command[0])  # noqa: PTH119  # a name for people, whatever the path's form
    mark = f"gradgraph-{os.urandom(16).hex()}"
    try:
        process = subprocess.Popen(
            [*_launcher(), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(mark, variables),
            start_new_session=True,
        )
    except OSError as error:
        raise _not_started(name, error.strerror) from None
    try:
        _bound(process.pid, limits)  # before it gets its input, which it waits for
        stdin, *pipes = cast("list[IO[bytes]]", [process.stdin, process.stdout, process.stderr])
        output, complaints = Reader(pipes[0], limits.tool_bytes), Reader(pipes[1], _COMPLAINTS)
        feed(stdin, text)
        status = _status(process, name, output, limits)
    finally:
        end(process.pid, mark)
        process.wait()
    complaints.join(1.0)
    if status or b"out of memory" in complaints.text()[:200]:
        raise _failure(name, status, complaints.text(), limits)
    return (complaints if stderr else output).text()


def _status(process: "subprocess.Popen[bytes]", name: str, output: Reader, limits: Limits) -> int:
    """Wait for the end of a program and return its status. Raises ToolLimit for too much time or output."""
    deadline = time.monotonic() + limits.tool_seconds
    while output.is_alive() and not output.overflowed:
        output.join(min(0.05, max(0.0, deadline - time.monotonic())))
        if time.monotonic() > deadline:
            raise _too_long(name, limits)
    if output.error is not None:
        raise ToolFailed(f"the output of {name} cannot be read: {output.error.strerror}", "try again")
    if output.overflowed:
        raise ToolLimit(f"{name} printed more than tool_bytes = {limits.tool_bytes}", how_to_raise("tool_bytes"))
    try:
        return process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise _too_long(name, limits) from None


def _failure(name: str, status: int, complaints: bytes, limits: Limits) -> ToolFailed | ToolLimit:
    """Return the error for a program that ended with `status`, negative for a signal."""
    said = complaints.decode("utf-8", "backslashreplace").strip().partition("\n")[0][:200]
    if sys.platform != "win32" and status == -signal.SIGXCPU:
        return _too_long(name, limits)
    if status < 0 or _STARVED.search(said):
        ending = f"ended by {_signal_name(-status)}" if status < 0 else said
        remedy = f"draw less of the graph, or {how_to_raise('tool_memory')}"
        return ToolLimit(f"{name} ran out of resources ({ending})", remedy)
    if said.startswith("setpriv: failed to execute"):
        return _not_started(name, said.rpartition(": ")[2])
    return ToolFailed(f"{name} failed with status {status}: {said or 'it said nothing'}", "check its installation")


def _too_long(name: str, limits: Limits) -> ToolLimit:
    return ToolLimit(f"{name} took longer than tool_seconds = {limits.tool_seconds:g}", how_to_raise("tool_seconds"))


def _not_started(name: str, why: str | None) -> ToolFailed:
    return ToolFailed(f"{name} cannot be started: {why}", "reinstall it")


def _environment(mark: str, variables: Mapping[str, str]) -> dict[str, str]:
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # Windows starts none without
    return {**variables, "SERVER_NAME": mark, **needed}


@cache
def _launcher() -> tuple[str, ...]:
    """Return what goes before a command so that the kernel ends it when we die, if this system has that.

    PR_SET_PDEATHSIG (prctl(2)) can only be asked for by the process itself, between fork and exec. Python code must
    not run there when there are threads, so `setpriv` of util-linux asks, which then becomes the program. The kernel
    acts when the thread that started a program ends: that is the one in `run`, which waits for the program. We never
    look for `setpriv` on PATH. Older ones and BusyBox's cannot ask, so it is tried first.
    """
    path = Path("/usr/bin/setpriv")
    if sys.platform == "linux" and path.exists():
        launcher = (str(path), "--pdeathsig", "KILL")
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            trial = subprocess.run([*launcher, str(path), "--version"], capture_output=True, timeout=5, check=False)
            if trial.returncode == 0:
                return launcher
    return ()


def _bound(pid: int, limits: Limits) -> None:
    """Bound what a program may use, in the kernel (getrlimit(2)). What it starts gets the same bounds."""
    if sys.platform == "linux":
        for kind, most in (
            (resource.RLIMIT_AS, limits.tool_memory),
            (resource.RLIMIT_CPU, min(limits.tool_seconds, 1 << 30)),  # more overflows in the kernel
            (resource.RLIMIT_FSIZE, limits.tool_bytes),
            (resource.RLIMIT_NOFILE, OPEN_FILES),
            (resource.RLIMIT_CORE, 0),
        ):
            bound = math.ceil(min(most, 1 << 62))
            hard = bound + 1 if kind == resource.RLIMIT_CPU else bound  # seconds: SIGXCPU, which says why, then SIGKILL
            with contextlib.suppress(OSError):  # it may have ended, or hold a lower bound already
                resource.prlimit(pid, kind, (bound, hard))


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
