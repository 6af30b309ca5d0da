"""Atomic saving."""

import os
import stat

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
