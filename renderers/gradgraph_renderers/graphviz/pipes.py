"""The pipes of a program: each is served by a thread, so that neither side waits for the other."""

import contextlib
import threading
from typing import IO

_CHUNK = 1 << 16


def feed(pipe: IO[bytes], text: bytes) -> None:
    """Write `text` to a program's standard input and close it, without waiting for that."""

    def write() -> None:
        with contextlib.suppress(OSError), pipe:  # a program may end before it has read everything
            pipe.write(text)

    threading.Thread(target=write, daemon=True).start()


class Reader(threading.Thread):
    """Reads a pipe to its end and keeps the first `most` bytes.

    `overflowed` is whether there were more, and `error` is what ended the reading too soon, None if nothing did. A pipe
    that is not read to its end stops the program or ends it.
    """

    def __init__(self, pipe: IO[bytes], most: int) -> None:
        super().__init__(daemon=True)
        self.overflowed = False
        self.error: OSError | None = None
        self._pipe = pipe
        self._room = most
        self._chunks: list[bytes] = []
        self.start()

    def run(self) -> None:
        """Read until nobody can write any more."""
        try:
            self._read()
        except OSError as error:
            self.error = error

    def _read(self) -> None:
        with contextlib.suppress(ValueError), self._pipe:  # which may be closed by now
            while chunk := self._pipe.read1(_CHUNK):  # type: ignore[attr-defined]
                self.overflowed = self.overflowed or len(chunk) > self._room
                if self._room:
                    self._chunks.append(chunk[: self._room])
                    self._room -= len(self._chunks[-1])

    def text(self) -> bytes:
        """Return what was kept so far."""
        return b"".join(self._chunks)
