"""The folder of plug-ins with which `dot` starts leanly: made once, for us alone, and never needed."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gradgraph import render
from gradgraph_renderers.graphviz import lean, process
from tests.command import run_cli
from tests.conftest import ROOT

NEURON = str(ROOT / "examples/neuron.json")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="dot starts leanly on Linux only")


@pytest.fixture
def cache(dot, monkeypatch, tmp_path) -> Path:
    """A cache folder of this test alone, in which nothing is yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr(lean, "_tried", set())
    return folder


def draw() -> str:
    return str(render(NEURON, "svg", layout="dot", strict=True))


def made(cache: Path) -> list[Path]:
    return sorted((cache / "gradgraph").iterdir()) if (cache / "gradgraph").exists() else []


@pytest.fixture
def plain(dot, monkeypatch) -> str:
    """The picture that a plain start gives."""
    with monkeypatch.context() as patch:
        patch.setenv(lean.VARIABLE, "0")
        return draw()


@pytest.fixture
def starts(monkeypatch) -> list[bool]:
    """Whether each drawing that `dot` made so far started it leanly."""
    found: list[bool] = []
    run = process.run

    def noted(command, text, limits, **named):
        if text not in (b"", lean.TRIAL):
            found.append("GVBINDIR" in named.get("variables", {}))
        return run(command, text, limits, **named)

    monkeypatch.setattr("gradgraph_renderers.graphviz.engine.run", noted)
    return found


def test_the_first_drawing_makes_the_folder_and_the_next_ones_use_it(cache, dot, plain, starts):
    assert [draw(), draw(), draw()] == [plain] * 3
    assert starts == [False, True, True]
    (folder,) = made(cache)
    assert folder.stat().st_mode & 0o777 == 0o700
    links = {path.name: path.resolve() for path in folder.iterdir() if path.is_symlink()}
    assert sorted(name.partition(".")[0] for name in links) == ["libgvplugin_core", "libgvplugin_dot_layout"]
    assert all(path.is_absolute() and not path.is_relative_to(cache) for path in links.values())
    assert lean.how_started(dot) == "lean start"


def test_the_variable_switches_it_off(cache, plain, starts, monkeypatch):
    monkeypatch.setenv(lean.VARIABLE, "0")
    assert [draw(), draw()] == [plain] * 2
    assert starts == [False, False]
    assert not cache.exists()
    assert "plain start: GRADGRAPH_LEAN_DOT is 0" in run_cli("doctor").stdout


def test_doctor_says_how_dot_starts(cache):
    assert "; lean start" in run_cli("doctor").stdout
    cache.chmod(0o777)
    assert f"plain start: other users can write to {cache}" in run_cli("doctor").stdout


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def in_config(content: bytes):
    def write(folder: Path) -> None:
        (config,) = folder.glob("config*")
        config.write_bytes(content)

    return write


def no_config(folder: Path) -> None:
    next(folder.glob("config*")).unlink()


def dangling(folder: Path) -> None:
    for link in folder.glob("libgvplugin*"):
        link.unlink()
        link.symlink_to("/nowhere/" + link.name)


def garbage_for_plugins(folder: Path) -> None:
    for link in folder.glob("libgvplugin*"):
        link.unlink()
        link.write_bytes(b"garbage")


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


BROKEN = {
    "removed": shutil.rmtree,
    "emptied": empty,
    "no configuration": no_config,
    "an empty configuration": in_config(b""),
    "a configuration of zeros": in_config(bytes(2000)),
    "a configuration of garbage": in_config(b"libgvplugin_core.so.6 core {\n\tdevice {{{{"),
    "a plug-in that is not there": in_config(b"libgvplugin_x.so.6 x {\n\tdevice {\n\t\tjson0:json 1\n\t}\n}\n"),
    "dangling links": dangling,
    "garbage for plug-ins": garbage_for_plugins,
    "a file": a_file,
}


@pytest.mark.parametrize("harm", BROKEN.values(), ids=BROKEN)
def test_a_broken_folder_changes_nothing_and_is_made_anew(harm, cache, dot, plain, monkeypatch):
    draw()
    (folder,) = made(cache)
    harm(folder)
    assert [draw(), draw()] == [plain] * 2
    monkeypatch.setattr(lean, "_tried", set())  # as the next process
    assert [draw(), draw()] == [plain] * 2
    assert lean.how_started(dot) == "lean start"


def a_file_for_a_cache(cache: Path) -> None:
    cache.write_bytes(b"")


def circle(cache: Path) -> None:
    cache.symlink_to(cache)


def full_of_others(cache: Path) -> None:
    cache.mkdir()
    (cache / "gradgraph").write_bytes(b"")


BAD_CACHES = {"a file": a_file_for_a_cache, "a circle of links": circle, "a file where our folder goes": full_of_others}


@pytest.mark.parametrize("harm", BAD_CACHES.values(), ids=BAD_CACHES)
def test_a_bad_cache_changes_nothing(harm, cache, plain, starts):
    harm(cache)
    assert [draw(), draw()] == [plain] * 2
    assert starts == [False, False]


@pytest.mark.parametrize("failing", ["mkdir", "rename"])
def test_a_cache_that_cannot_be_written_changes_nothing(failing, cache, plain, starts, monkeypatch):
    def refuse(*arguments, **named):
        raise PermissionError(13, "Permission denied")

    cache.mkdir(mode=0o700)
    monkeypatch.setattr(os, failing, refuse)
    assert [draw(), draw()] == [plain] * 2
    assert starts == [False, False]
    assert made(cache) == []


def test_without_a_home_there_is_no_cache(plain, starts, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/nowhere")
    assert draw() == plain
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert draw() == plain
    assert starts == [False, False]


EXPOSED = {
    "the cache, for all": ("", 0o777),
    "the cache, for the group": ("", 0o770),
    "our folder": ("gradgraph", 0o702),
    "the plug-ins, for reading": ("gradgraph/*", 0o750),
    "the plug-ins": ("gradgraph/*", 0o777),
}


@pytest.mark.parametrize(("place", "mode"), EXPOSED.values(), ids=EXPOSED)
def test_a_folder_that_others_can_change_is_not_used(place, mode, cache, dot, plain, starts):
    draw()
    (cache / place if "*" not in place else made(cache)[0]).chmod(mode)
    assert lean.how_started(dot).startswith("plain start: ")
    assert draw() == plain
    assert starts == [False, False]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize("place", [".", "gradgraph", "gradgraph/*"])
def test_a_folder_of_somebody_else_is_not_used(place, cache, plain, starts):
    draw()
    os.chown(cache / place if "*" not in place else made(cache)[0], 12345, -1)
    assert draw() == plain
    assert starts == [False, False]


def test_what_somebody_else_has_put_there_is_not_run(cache, dot, plain, starts):
    """In a folder that all can write to, others may have made ours before us."""
    cache.mkdir()
    cache.chmod(0o777)
    folder = lean._folder_of(dot)
    assert folder
    folder.mkdir(parents=True, mode=0o700)
    assert [draw(), draw()] == [plain] * 2
    assert starts == [False, False]


def test_a_sticky_folder_on_the_way_is_no_danger(cache, dot, starts, tmp_path):
    tmp_path.chmod(0o1777)
    draw()
    draw()
    assert starts == [False, True]


def test_links_on_the_way_are_followed_before_they_are_judged(cache, plain, starts, tmp_path, monkeypatch):
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    cache.symlink_to(real)
    assert [draw(), draw()] == [plain] * 2
    assert starts == [False, True]
    real.chmod(0o777)
    draw()
    assert not starts[-1]


def wrapper(folder: Path, text: str, monkeypatch) -> Path:
    program = folder / "bin" / "dot"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return program


def test_another_program_gets_a_folder_of_its_own(cache, dot, plain, tmp_path, monkeypatch):
    draw()
    program = wrapper(tmp_path, f'exec {dot} "$@"', monkeypatch)
    assert [draw(), draw()] == [plain] * 2
    assert len(made(cache)) == 2
    os.utime(program, (1.0, 1.0))  # as an update does
    draw()
    assert len(made(cache)) == 3


ODD = {
    "draws otherwise": '[ -n "$GVBINDIR" ] && [ "$1" = -Tjson0 ] && {{ {dot} -Tjson0 -Gnodesep=1; exit; }}; ',
    "fails": '[ -n "$GVBINDIR" ] && exit 1; ',
    "dies": '[ -n "$GVBINDIR" ] && kill -9 $$; ',
    "names no plug-ins": '[ "$1" = -v ] && exit 0; ',
    "names no folder": '[ "$1" = -v ] && {{ {dot} "$@" 2>&1 | grep -v libdir >&2; exit; }}; ',
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_dot_whose_trial_fails_starts_plainly(odd, cache, dot, plain, starts, tmp_path, monkeypatch):
    wrapper(tmp_path, odd.format(dot=dot) + f'exec {dot} "$@"', monkeypatch)
    assert [draw(), draw()] == [plain] * 2
    assert starts == [False, False]
    assert made(cache) == []


def test_a_trial_that_hangs_ends_in_time(cache, dot, plain, starts, tmp_path, monkeypatch):
    monkeypatch.setattr(lean, "_TRIAL_SECONDS", 0.5)
    wrapper(tmp_path, f'[ -n "$GVBINDIR" ] && exec /bin/sleep 60; exec {dot} "$@"', monkeypatch)
    assert [draw(), draw()] == [plain] * 2
    assert made(cache) == []


def test_threads_and_processes_that_start_at_once_do_each_other_no_harm(cache, dot, plain):
    with ThreadPoolExecutor(8) as pool:
        assert {*pool.map(lambda _: draw(), range(16))} == {plain}
    assert len(made(cache)) == 1
    shutil.rmtree(cache)
    command = [sys.executable, "-m", "gradgraph", "render", NEURON, "--layout", "dot"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    assert {each.communicate()[0].decode() for each in running} == {plain}
    assert [path.name[:4] for path in made(cache)] == ["dot-"]
    assert lean.how_started(dot) == "lean start"
