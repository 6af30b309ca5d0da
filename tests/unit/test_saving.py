"""Atomic saving."""

import errno
import os
import signal
import stat
import tempfile
import threading
from itertools import takewhile
from pathlib import Path

import pytest

from gradgraph.saving import save


def test_a_failure_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def chunks():
        yield b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        save(path, chunks())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_links_are_followed_and_modes_kept(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    save(link, [b"n", b"ew"])
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_is_no_file_is_written_to():
    save(os.devnull, [b"content"])
    assert not os.path.isfile(os.devnull)  # noqa: PTH113


def test_a_folder_or_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(IsADirectoryError):
        save(tmp_path, [b"content"])
    with pytest.raises(FileNotFoundError):
        save(tmp_path / "missing" / "file", [b"content"])


def test_a_dangling_link_gets_its_target(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("file")
    save(link, [b"new"])
    assert link.is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_circle_of_links_is_an_error_that_names_it(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to("loop")
    with pytest.raises(OSError, match="loop") as caught:
        save(loop, [b"new"])
    assert caught.value.errno == errno.ELOOP
    assert loop.is_symlink()


def test_other_hard_links_keep_the_old_content(tmp_path):
    path, other = tmp_path / "file", tmp_path / "other"
    path.write_bytes(b"old")
    other.hardlink_to(path)
    save(path, [b"new"])
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")


def test_a_new_file_has_the_mode_of_any_other(tmp_path):
    old = os.umask(0o027)
    try:
        save(tmp_path / "file", [b"new"])
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o666, 0o4755])
def test_nobody_else_reads_a_private_file_while_it_is_written(mode, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(mode | stat.S_IWUSR)
    mode = stat.S_IMODE(path.stat().st_mode) & 0o777
    seen = []

    def chunks():
        for _ in range(2):
            [temporary] = tmp_path.glob(".gradgraph-*")
            seen.append(stat.S_IMODE(temporary.stat().st_mode))
            yield b"new"

    save(path, chunks())
    assert seen == [mode, mode]
    assert stat.S_IMODE(path.stat().st_mode) == mode  # and never set-user-ID: it may have another owner now


def as_nobody(action) -> int:
    """The exit code of a process that does this without the rights of root."""
    if os.geteuid() != 0:
        return action() or 0
    process = os.fork()
    if process == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os._exit(action() or 0)
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@pytest.fixture
def shared(tmp_path_factory):
    """A folder that everybody may write, reached without the rights of root."""
    folder = tmp_path_factory.mktemp("shared")
    temporary = Path(tempfile.gettempdir())
    way = [*takewhile(lambda each: each != temporary, (folder, *folder.parents))]
    modes = [each.stat().st_mode for each in way]
    for each in way:
        each.chmod(0o777)
    yield folder
    for each, mode in zip(way, modes, strict=True):
        each.chmod(mode)


def test_a_read_only_file_or_folder_is_left_alone(shared):
    path = shared / "file"
    path.write_bytes(b"old")
    path.chmod(0o444)

    def try_to_save() -> int:
        try:
            save(path, [b"new"])
        except PermissionError as error:
            return 7 if error.filename == str(path) else 1
        return 0

    assert as_nobody(try_to_save) == 7
    path.chmod(0o666)
    shared.chmod(0o555)
    assert as_nobody(try_to_save) == 7
    shared.chmod(0o777)
    assert path.read_bytes() == b"old"
    assert os.listdir(shared) == ["file"]


def test_a_folder_that_may_be_written_and_not_read_does_as_well(shared):
    shared.chmod(0o333)
    assert as_nobody(lambda: save(shared / "file", [b"new"])) == 0
    assert (shared / "file").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept_where_it_can_be(shared):
    path = shared / "file"
    path.write_bytes(b"old")
    os.chown(path, 12345, 23456)
    path.chmod(0o640)
    save(path, [b"new"])
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)
    os.chown(path, 65534, 23456)  # nobody is in no such group: who is in nobody's own may not read the file now
    assert as_nobody(lambda: save(path, [b"newer"])) == 0
    assert path.read_bytes() == b"newer"
    assert (path.stat().st_uid, path.stat().st_gid, stat.S_IMODE(path.stat().st_mode)) == (65534, 65534, 0o600)


@pytest.mark.parametrize(("number", "told"), [(None, False), (errno.EINVAL, False), (errno.EIO, True)])
def test_the_folder_is_synced_after_the_file_is_in_place(number, told, tmp_path, monkeypatch):
    path = tmp_path / "file"
    sync, synced = os.fsync, []

    def fsync(descriptor):
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        if synced[-1]:
            assert path.read_bytes() == b"new"
            if number is not None:
                raise OSError(number, os.strerror(number))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    if told:
        with pytest.raises(OSError, match="file"):
            save(path, [b"new"])
    else:
        save(path, [b"new"])
    assert synced == [False, True]
    assert os.listdir(tmp_path) == ["file"]


def test_a_pipe_gets_all_and_can_be_left(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    content = os.urandom(1 << 20)
    save(pipe, [content[:300_000], b"", content[300_000:]])
    reader.join()
    assert read == [content]

    def stop(*_):
        raise TimeoutError

    previous = signal.signal(signal.SIGALRM, stop)
    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb"):
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            with pytest.raises(TimeoutError):  # and not another write, of what is left, that blocks again
                save(pipe, [content])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)


def test_a_full_device_is_named():
    if not os.path.exists("/dev/full"):  # noqa: PTH110
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="/dev/full") as caught:
        save("/dev/full", [b"new"])
    assert caught.value.errno == errno.ENOSPC
