"""Writing files so that a reader finds the old content or the new, never a part."""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path


def is_device(path: str | os.PathLike[str]) -> bool:
    """Return whether `path` is there and is no regular file: a pipe, a terminal, `/dev/null`, a folder."""
    return Path(path).exists() and not Path(path).is_file()


def save(path: str | os.PathLike[str], chunks: Iterable[bytes]) -> None:
    """Write `chunks` to `path` atomically: to a temporary file beside it, synced, then renamed.

    Killed at any moment, this leaves the old file or the new one. A symbolic link is followed. An existing file keeps
    its permissions, and its owner and group where the system allows it. Its other hard links keep the old content.
    What is no regular file (a pipe, `/dev/null`) is written to directly.

    Raises OSError, which names `path`. If the folder cannot be synced, the new file is there when the error is raised,
    but may not outlast a power cut.
    """
    try:
        old = _status(path)
        if old is None or stat.S_ISREG(old.st_mode):
            _replace(Path(path).resolve(), old, chunks)
        else:
            _write_to_device(Path(path), chunks)
    except OSError as error:
        if error.errno is None:
            raise
        raise type(error)(error.errno, error.strerror, os.fspath(path)) from None  # not the name we made up


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    """Return what the system knows of the file, None for a new one. Raises PermissionError for one that is read-only.

    Replacing a file takes only permission to write the folder, but whoever made a file read-only wants it kept.
    """
    try:
        status = Path(path).stat()
    except FileNotFoundError:
        return None
    if stat.S_ISREG(status.st_mode) and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return status


def _write_to_device(path: Path, chunks: Iterable[bytes]) -> None:
    """Write without a buffer: closing one writes again, and a pipe that nobody reads would then block for good."""
    with path.open("wb", buffering=0) as device:
        for chunk in chunks:
            rest = memoryview(chunk)
            while rest:
                rest = rest[device.write(rest) :]


def _replace(target: Path, old: os.stat_result | None, chunks: Iterable[bytes]) -> None:
    temporary = target.with_name(f".gradgraph-{os.urandom(8).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    mode = 0o666 if old is None else 0o600  # only for us until it has the old owner and group
    try:  # this begins before the file exists, since a signal may come at any point
        with os.fdopen(os.open(temporary, flags, mode), "wb") as file:
            if old is not None:
                _inherit(file.fileno(), old)
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _sync(target.parent)


if sys.platform == "win32":  # a file has the permissions of its folder there, and no folder can be synced

    def _inherit(file: int, old: os.stat_result) -> None: ...

    def _sync(folder: Path) -> None: ...

else:

    def _inherit(file: int, old: os.stat_result) -> None:
        """Give a file the owner, the group and the permissions of the old one.

        A group that could not be kept gets what everybody gets: the old file was not open to the new group.
        """
        mode = stat.S_IMODE(old.st_mode) & 0o777
        new = os.fstat(file)
        if (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
            try:
                os.fchown(file, old.st_uid, old.st_gid)
            except OSError:
                try:
                    os.fchown(file, -1, old.st_gid)
                except OSError:
                    mode &= 0o707 | (mode & 0o007) << 3
        os.fchmod(file, mode)

    def _sync(folder: Path) -> None:
        """Make the rename last, where the system lets us open the folder and the file system can sync it."""
        try:
            descriptor = os.open(folder, os.O_RDONLY)
        except PermissionError:
            return
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
        finally:
            os.close(descriptor)
