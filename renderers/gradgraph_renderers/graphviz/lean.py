"""The lean start of `dot`, with no more plug-ins than a layout needs.

`dot` spends most of a small layout on loading plug-ins that draw: cairo, pango, gd, and what these need. GVBINDIR names
the folder that it takes plug-ins from, and a configuration file there says what each can do (dot(1), `dot -c`). So we
keep a folder with links to two plug-ins, the core and the layout, in the user's cache. Layouts stay the same, since
what we ask for holds no text that fonts would measure.

What is in that folder is code that `dot` runs. So nobody else may be able to change it, and where anything is doubtful
`dot` starts plainly.
"""

import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from gradgraph.plugins import Limits, ToolError, ToolFailed
from gradgraph_renderers.graphviz.process import run

VARIABLE = "GRADGRAPH_LEAN_DOT"
"""The environment variable that switches lean starts off when it is 0."""
TRIAL = b"""digraph {
graph [rankdir=LR, nodesep=0.2, ranksep=0.35];
node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.7];
n0 [width=1.3889, height=0.6111];
n1 [width=1.5, height=0.6111];
o2 [shape=ellipse, width=0.3611, height=0.3611];
subgraph cluster_0 {
label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE" WIDTH="60" HEIGHT="18">
<TR><TD></TD></TR></TABLE>>;
n0;
o2;
}
n0 -> o2 [id=w0, label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE"
WIDTH="9" HEIGHT="18"><TR><TD></TD></TR></TABLE>>];
n0 -> o2 [id=w1];
o2 -> n1 [id=w2];
}
"""
"""A layout with all that ours have: boxes, a circle, a frame, a mark, and two lines between the same places."""
_TRIAL_SECONDS = 5.0
_NEEDED = re.compile(r"libgvplugin_(?:core|dot_layout)\.so\.\d{1,9}")
_LOADED = re.compile(rf"^Activated plugin library: ({_NEEDED.pattern})$", re.MULTILINE)
_FROM = re.compile(r'^libdir = "(/.+)"$', re.MULTILINE)

T = TypeVar("T")

_tried: set[Path] = set()
"""Folders that this process has made or tried to make: it tries once."""


def start(program: str, draw: Callable[[Mapping[str, str]], T], limits: Limits) -> T:
    """Return what `draw` makes with the variables of a lean start of `dot`, or with none, for a plain start.

    Where there is no folder yet, the plain start comes first: only a `dot` that works is tried leanly. Where a lean
    start fails, a plain one decides, and the folder is made anew. Raises what the plain start raises, and ToolLimit
    when a lean start takes too much.
    """
    folder = _folder_of(program)
    if folder is not None and _doubt(folder) is None:
        with contextlib.suppress(ToolFailed):
            return draw({"GVBINDIR": str(folder)})
    drawn = draw({})
    if folder is not None and folder not in _tried:
        _tried.add(folder)
        with contextlib.suppress(OSError, ToolError):
            _make(program, folder, limits._replace(tool_seconds=min(limits.tool_seconds, _TRIAL_SECONDS)))
    return drawn


def how_started(program: str) -> str:
    """Return whether `dot` starts leanly here, for people, and if not, why."""
    folder = _folder_of(program)
    if folder is None:
        off = os.environ.get(VARIABLE) == "0"
        return f"plain start: {f'{VARIABLE} is 0' if off else 'there is no cache folder for a lean one'}"
    doubt = _doubt(folder)
    return "lean start" if doubt is None else f"plain start: {doubt}"


def _folder_of(program: str) -> Path | None:
    """Return where the plug-ins for this program are kept, free of symbolic links, or None for no such place.

    The name changes with the program's path, time and size, so another Graphviz gets another folder. The cache is
    that of https://specifications.freedesktop.org/basedir-spec/latest/.
    """
    if sys.platform != "linux" or os.environ.get(VARIABLE) == "0":
        return None
    try:
        found = Path(program).stat()
        home = Path(os.environ.get("XDG_CACHE_HOME", ""))
        cache = home if home.is_absolute() else Path.home() / ".cache"
        key = f"1 {os.path.abspath(program)} {found.st_mtime_ns} {found.st_size}"  # noqa: PTH100  # links are kept
        name = f"dot-{hashlib.sha256(os.fsencode(key)).hexdigest()[:16]}"
        return cache.resolve() / "gradgraph" / name
    except (OSError, RuntimeError, ValueError):  # no program, no home, a circle of links
        return None


def _doubt(folder: Path) -> str | None:
    """Return why the folder cannot be trusted or used, None if it can.

    It must be ours and open to nobody else, and so must be the way to it: nobody else may be able to put another in its
    place. A sticky folder, such as /tmp, lets nobody do that.
    """
    try:
        exposed = _exposed(folder.parent)
        if exposed is not None:
            return exposed
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            return f"{folder} is open to other users"
        entries = [*os.scandir(folder)]
        links = [entry for entry in entries if entry.is_symlink() and _NEEDED.fullmatch(entry.name) and entry.is_file()]
        others = [entry for entry in entries if entry not in links]
        if len(links) != 2 or len(others) != 1 or not others[0].is_file(follow_symlinks=False):
            return f"{folder} is not as it was made"
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return None


def _exposed(folder: Path) -> str | None:
    """Return who else could replace what is in the folder, None if nobody could but root."""
    for place in (folder, *folder.parents):
        found = place.lstat()
        if found.st_uid not in (0, os.geteuid()):
            return f"{place} belongs to another user"
        if not stat.S_ISDIR(found.st_mode) or (found.st_mode & 0o022 and not found.st_mode & stat.S_ISVTX):
            return f"other users can write to {place}"
    return None


def _make(program: str, folder: Path, limits: Limits) -> None:
    """Make the folder, if a trial drawing is the same with it, byte for byte. Raises OSError and ToolError.

    It is made under another name and renamed, so that processes that make it at the same time do no harm.
    """
    for parent in (folder.parent.parent, folder.parent):
        with contextlib.suppress(FileExistsError):
            parent.mkdir(mode=0o700)
    if _exposed(folder.parent) is not None:
        return
    works = folder.parent / f".making-{os.urandom(8).hex()}"
    try:  # this begins before the folder exists, since a signal may come at any point
        works.mkdir(mode=0o700)
        plugins = works / "plugins"
        plugins.mkdir(mode=0o700)
        _link(program, plugins, limits)
        lean = {"GVBINDIR": str(plugins)}
        run([program, "-c"], b"", limits, variables=lean)
        draw = [program, "-Tjson0"]
        if run(draw, TRIAL, limits, variables=lean) == run(draw, TRIAL, limits) and _doubt(plugins) is None:
            with contextlib.suppress(FileNotFoundError):
                if _doubt(folder) is not None:
                    folder.rename(works / "old")
            plugins.rename(folder)
    finally:
        shutil.rmtree(works, ignore_errors=True)


def _link(program: str, plugins: Path, limits: Limits) -> None:
    """Link the plug-ins that `dot` says it loads for a layout. Raises OSError and ToolError."""
    said = run([program, "-v", "-Tjson0"], TRIAL, limits, stderr=True).decode("utf-8", "replace")
    for place in _FROM.findall(said)[:1]:
        for name in {*_LOADED.findall(said)}:
            (plugins / name).symlink_to(Path(place) / name)
