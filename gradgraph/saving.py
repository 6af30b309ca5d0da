"""Writing files so that a reader finds the old content or the new, never a part."""

import os
from collections.abc import Iterable
from pathlib import Path


def is_device(path: str | os.PathLike[str]) -> bool:
    """Whether `path` is there and is no regular file: a pipe, a terminal, `/dev/null`, a folder."""
    return Path(path).exists() and not Path(path).is_file()


def save(path: str | os.PathLike[str], chunks: Iterable[bytes]) -> None:
    """Write `chunks` to `path` atomically: to a temporary file beside it, synced, then renamed.

    Killed at any moment, this leaves the old file or the new one. A symbolic link is followed, an existing
    file keeps its mode, and what is no regular file (a pipe, `/dev/null`) is written to directly. Raises OSError.
    """
    if is_device(path):
        with Path(path).open("wb") as device:
            device.writelines(chunks)
        return
    target = Path(path).resolve()
    temporary = target.with_name(f".gradgraph-{os.urandom(8).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, os.fspath(path)) from None  # not the name we made up
    finally:
        temporary.unlink(missing_ok=True)
