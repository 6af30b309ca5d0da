"""The fonts of our stack that this machine has as files, for engines that look for no fonts themselves."""

import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path
from typing import NamedTuple

VARIABLE = "GRADGRAPH_FONTS"
"""Names folders that are searched before those of the system, separated as in PATH."""
INSTALL = "install DejaVu Sans Mono (Debian: apt install fonts-dejavu-core)"
REMEDY = (
    f"{INSTALL}, or pip install matplotlib, which brings it, or name the folder of a font of our stack in {VARIABLE}"
)


class Font(NamedTuple):
    """A family and its files: the regular face, then the bold one if there is one."""

    family: str
    files: tuple[str, ...]


# In the order of the stack, by the names under which every package has them. A .ttc holds all faces of its family.
_FILES = (
    ("SF Mono", "SF-Mono-Regular.otf", "SF-Mono-Bold.otf"),
    ("Menlo", "Menlo.ttc", ""),
    ("Consolas", "consola.ttf", "consolab.ttf"),
    ("DejaVu Sans Mono", "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    ("Liberation Mono", "LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf"),
)


def find_fonts() -> tuple[Font, ...]:
    """Return the fonts of our stack that are in the folders of fonts, in the order of the stack."""
    found = _search(tuple(_folders()))
    if not found:
        _search.cache_clear()  # one may be installed while we run
    return found


@cache
def _search(folders: tuple[Path, ...]) -> tuple[Font, ...]:
    wanted = {name for _, *names in _FILES for name in names}
    paths: dict[str, str] = {}
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in wanted.intersection(names):
                paths.setdefault(name, str(Path(place, name)))
    return tuple(
        [
            Font(family, tuple([paths[name] for name in (regular, bold) if name in paths]))
            for family, regular, bold in _FILES
            if regular in paths
        ]
    )


def _folders() -> Iterator[Path]:
    """Where fonts are: the setting, the system, the environment (conda), and matplotlib, which brings DejaVu.

    For Linux, https://www.freedesktop.org/software/fontconfig/fontconfig-user.html has the folders.
    """
    yield from map(Path, filter(None, os.environ.get(VARIABLE, "").split(os.pathsep)))
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home() raises where nobody has a home
    if sys.platform == "win32":
        yield Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "Fonts"
        yield home / r"AppData\Local\Microsoft\Windows\Fonts"
    elif sys.platform == "darwin":
        yield from (home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    else:
        yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share") / "fonts"
        for data in (os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":"):
            yield Path(data) / "fonts"
        yield home / ".fonts"
    yield Path(sys.prefix) / "fonts"
    matplotlib = PathFinder.find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin is not None:
        yield Path(matplotlib.origin).parent / "mpl-data" / "fonts" / "ttf"
