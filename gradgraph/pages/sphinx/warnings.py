"""What is wrong with diagrams in Sphinx: told with its place and type, and again at the next build.

A warning comes only from a page that is read or written, so pages that have one are noted and read again. Notes are
files, since a process that reads or writes pages beside others has no other way to leave one.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from gradgraph.errors import (
    CallError,
    DocumentError,
    OptionError,
    RendererError,
    TooLarge,
    ToolError,
    ToolMissing,
    one_line,
)
from gradgraph.pages.diagrams import engines
from gradgraph.saving import save

logger = logging.getLogger(__name__)

_SUBTYPES: dict[type[Exception], str] = {
    DocumentError: "document",
    OSError: "file",
    OptionError: "option",
    CallError: "call",
    RendererError: "renderer",
    TooLarge: "large",
    ToolMissing: "missing",
    ToolError: "tool",
}
"""The first that fits counts."""

_FAILED, _UNREAD = "failed", "unread"


def folder(env: BuildEnvironment) -> Path:
    """Where we keep pictures and notes from one build to the next: beside the pages that Sphinx has read."""
    return Path(env.doctreedir) / "gradgraph"


def complain(env: BuildEnvironment, docname: str, error: Exception, told: Iterable[tuple[str, Any]]) -> nodes.Element:
    """Warn of each thing that is wrong at its place, and give what the page shows in place of the diagram."""
    shown = nodes.error(support_smartquotes=False)  # what is quoted is as it stands in the document
    for message, place in told:
        warn(env, docname, message, subtype(error), place)
        shown += nodes.paragraph(message, message)
    return shown


def warn(env: BuildEnvironment, docname: str, message: str, subtype: str, place: Any, fatal: bool = False) -> None:
    """Tell what is wrong with page `docname`, at `place`, in this build and the next; an error if `fatal`."""
    _save_note(env, docname, _FAILED)
    log = logger.error if fatal else logger.warning
    log("%s", one_line(message), type="gradgraph", subtype=subtype, location=place)


def subtype(error: Exception) -> str:
    """What `suppress_warnings` calls it, after `gradgraph.`."""
    return next(subtype for kind, subtype in _SUBTYPES.items() if isinstance(error, kind))


def note_read(env: BuildEnvironment, engines: str | None) -> None:
    """Note with which layout engines the page that has just been read is drawn, None if it has no diagrams.

    A note that there was a warning stays.
    """
    note = _note(env, env.docname)
    if note.exists() and _read_note(note)[1] == _FAILED:
        return
    if engines is None:
        note.unlink(missing_ok=True)
    else:
        _save_note(env, env.docname, engines)


def _note(env: BuildEnvironment, docname: str) -> Path:
    return folder(env) / "pages" / hashlib.sha256(docname.encode()).hexdigest()


def _save_note(env: BuildEnvironment, docname: str, state: str) -> None:
    note = _note(env, docname)
    note.parent.mkdir(parents=True, exist_ok=True)
    save(note, [f"{docname}\n{state}".encode()])


def _read_note(note: Path) -> tuple[str, str]:
    """The name of the page, and its state: the layout engines it is drawn with, or one of ours."""
    docname, _, state = note.read_text(encoding="utf-8").partition("\n")
    return docname, state


def find_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The pages that have to be read again: there was a warning, or the layout engines are others now.

    Until they have been, their notes say so, even if this build is interrupted.
    """
    outdated = []
    for note in sorted((folder(env) / "pages").glob("*")):
        docname, state = _read_note(note)
        if docname not in env.found_docs:
            note.unlink()
        elif state != engines() or docname in added | changed:
            _save_note(env, docname, _UNREAD)
            outdated.append(docname)
    return outdated
