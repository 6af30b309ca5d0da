"""Makes one call of a program fail, or a signal come at it. The sitecustomize module of the program calls `install`.

FAULT is KIND:K:ACTION. Calls of KIND are counted, and the K-th one fails with the error number that ACTION names, or
has SIGTERM come "before" or "after" it. The file FAULT_NOTE is then made. With KIND "none" it gets the number of calls
of each kind, as JSON, when the program ends. Opening, reading and writing counts for the standard streams and for what
is under FAULT_FOLDER; "feed" and "answer" are what goes through pipes to a program that was started, and back.
"""

import atexit
import builtins
import errno
import io
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections import Counter

KIND, K, ACTION = os.environ.pop("FAULT", "none:0:EIO").split(":")
NOTE = os.environ.pop("FAULT_NOTE", os.devnull)
FOLDER = os.path.realpath(os.environ.pop("FAULT_FOLDER", os.devnull))

lock = threading.Lock()
calls: Counter[str] = Counter()
real_open, real_os_open = io.open, os.open


def faulty(kind, call, *arguments, name=None, **named):
    """Make the call, unless it is the one that fails."""
    with lock:
        calls[kind] += 1
        due = kind == KIND and calls[kind] == int(K)
    if not due:
        return call(*arguments, **named)
    os.close(real_os_open(NOTE, os.O_CREAT | os.O_WRONLY))
    if ACTION not in ("before", "after"):
        number = getattr(errno, ACTION)
        raise OSError(number, os.strerror(number), *([] if name is None else [name]))
    if ACTION == "before":
        os.kill(os.getpid(), signal.SIGTERM)
    try:
        return call(*arguments, **named)
    finally:
        if ACTION == "after":
            os.kill(os.getpid(), signal.SIGTERM)


def take_note():
    with real_open(NOTE, "w") as note:
        json.dump(calls, note)


class FaultyFile(io.FileIO):
    def __init__(self, file, mode, **named):
        super().__init__(file, mode, **named)
        pipe = isinstance(file, int) and file > 2 and stat.S_ISFIFO(os.fstat(file).st_mode)
        self.kinds = ("answer", "feed") if pipe else ("read", "write")

    def write(self, data):
        return faulty(self.kinds[1], super().write, data)

    def readinto(self, buffer):
        return faulty(self.kinds[0], super().readinto, buffer)

    def readall(self):
        return faulty(self.kinds[0], super().readall)

    def read(self, size=-1):
        return faulty(self.kinds[0], super().read, size)


def counts(file):
    return isinstance(file, int) or f"{os.path.abspath(file)}/".startswith(f"{FOLDER}/")  # noqa: PTH100


def open_(file, mode="r", buffering=-1, *arguments, **named):
    if "b" not in mode or not counts(file):
        return real_open(file, mode, buffering, *arguments, **named)
    if isinstance(file, int):
        raw = FaultyFile(file, mode.replace("b", ""), **named)
    else:
        raw = faulty("open", FaultyFile, file, mode.replace("b", ""), name=file, **named)
    if buffering == 0:
        return raw
    return (io.BufferedReader if "r" in mode else io.BufferedWriter)(raw)


def os_open(path, *arguments, **named):
    if counts(path):
        return faulty("open", real_os_open, path, *arguments, name=path, **named)
    return real_os_open(path, *arguments, **named)


def wrapped(kind, call):
    def wrapper(*arguments, **named):
        name = arguments[0] if isinstance(arguments[0], (str, os.PathLike)) else None
        return faulty(kind, call, *arguments, name=name, **named)

    return wrapper


class FaultyPopen(subprocess.Popen[bytes]):
    def __init__(self, command, *arguments, **named):
        faulty("spawn", super().__init__, command, *arguments, name=command[0], **named)


def install():
    io.open = builtins.open = open_
    os.open = os_open
    subprocess.Popen = FaultyPopen  # type: ignore[misc, assignment]
    for kind, names in {
        "rename": ("replace", "rename"),
        "fsync": ("fsync",),
        "folder": ("mkdir",),
        "mode": ("fchmod",),
    }.items():
        for name in names:
            setattr(os, name, wrapped(kind, getattr(os, name)))
    sys.stdin = io.TextIOWrapper(io.BufferedReader(FaultyFile(0, "r", closefd=False)), sys.stdin.encoding)
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        raw = FaultyFile(number, "w", closefd=False)
        setattr(
            sys,
            name,
            io.TextIOWrapper(io.BufferedWriter(raw), stream.encoding, stream.errors, line_buffering=number == 2),
        )
    if KIND == "none":
        atexit.register(take_note)
