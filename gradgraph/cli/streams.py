"""Standard input, output and error of a command, whatever they are: in another encoding, on a full disk, closed."""

import io
import os
import select
import sys
from pathlib import Path
from typing import Any, TextIO


class _FailsOnce(io.RawIOBase):
    """A stream that raises its first failure, as an OSError that names the stream, and throws away all that follows.

    Python writes what is left again at exit, and would print the same failure once more. A stream without a name raises
    nothing.
    """

    def __init__(self, stream: TextIO, name: str | None) -> None:
        self._stream = stream  # which closes what is under it when nobody holds it
        self._raw: Any = getattr(stream.buffer, "raw", stream.buffer)  # `python -u` has no buffer between
        self._name = name
        self.failed = False

    def write(self, data: Any, /) -> int:
        while not self.failed:
            try:
                written = self._raw.write(data)
            except OSError as error:
                self.failed = True
                if self._name is None:
                    break
                if isinstance(error, BrokenPipeError):  # without its number, at which click ends the process
                    raise BrokenPipeError(self._name) from None
                raise type(error)(error.errno, error.strerror, self._name) from None
            if written is not None:
                return int(written)
            select.select((), (self._raw,), ())  # a pipe that is full and does not block
        return len(data)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        return bool(self._raw.isatty())


def open_streams() -> None:
    """Open standard streams that are closed, and make those that are open fail once at most.

    A character that the encoding of a stream lacks is written as a backslash escape. A failed write to standard error
    raises nothing, since nobody would read the message.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # a shell can start us so
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # open for as long as we run
    sys.stdout = _safe(sys.stdout, "standard output")
    sys.stderr = _safe(sys.stderr, None)


def _safe(stream: TextIO, name: str | None) -> TextIO:
    return io.TextIOWrapper(
        io.BufferedWriter(_FailsOnce(stream, name)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=bool(stream.line_buffering),
    )


def abandon_streams() -> None:
    """Throw away what standard output and error still hold: whoever reads them may have stopped for good."""
    for stream in (sys.stdout, sys.stderr):
        raw = getattr(getattr(stream, "buffer", None), "raw", None)
        if isinstance(raw, _FailsOnce):
            raw.failed = True


def write(content: str | bytes) -> None:
    """Write to standard output: a text in its encoding, bytes as they are. Raises OSError."""
    _write(sys.stdout, content)


def write_error(content: str | bytes) -> None:
    """Write to standard error: a text in its encoding, bytes as they are."""
    _write(sys.stderr, content)


def _write(stream: TextIO, content: str | bytes) -> None:
    data = content if isinstance(content, bytes) else content.encode(stream.encoding, "backslashreplace")
    stream.flush()
    stream.buffer.write(data)
    stream.flush()


def read_input(most: int) -> bytes:
    """Return up to `most` bytes of standard input. Raises OSError that names it."""
    from gradgraph.limits import read_at_most

    try:
        return read_at_most(sys.stdin.buffer, most)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, "standard input") from None
