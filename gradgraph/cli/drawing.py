"""The drawings of `render`, one file after another or in processes."""

import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from gradgraph.cli.outcome import as_flag, attempt, complain, load
from gradgraph.drawing.batch import in_order, portable
from gradgraph.drawing.choosing import FALLBACK
from gradgraph.drawing.finished import Rendering
from gradgraph.drawing.rendering import Policy, draw
from gradgraph.drawing.selection import Selection
from gradgraph.errors import ToolLimit
from gradgraph.limits import Limits


class Drawing(NamedTuple):
    """Options of a command for each of its files. `place` has those that the terminal decides."""

    format: str
    options: dict[str, Any]
    place: dict[str, Any]
    selection: Selection
    strict: bool
    limits: Limits


class DrawnFile(NamedTuple):
    """The drawing of a file, and the warnings of its reader."""

    rendering: Rendering
    warnings: tuple[str, ...]

    def complain(self, written: Path | None) -> None:
        """Tell of what was read in part, and of text in place of a picture, where it was `written` if in a file."""
        for warning in self.warnings:
            complain(warning)
        if self.rendering.degraded_from is not None:
            sentence = f"no {self.rendering.degraded_from}: {self.rendering.degraded_because}"
            complain(sentence if written is None else f"wrote {written}: {sentence}")


def draw_file(file: str, how: Drawing) -> DrawnFile:
    """Return the drawing of a document file. Raises what `load` and `draw` raise."""
    options = {**how.place, **how.options} if how.format == FALLBACK else how.options
    policy: Policy = "error" if how.strict else "text"
    with warnings.catch_warnings(record=True) as caught:
        rendering = draw(
            load(file, limits=how.limits),
            how.format,
            options,
            how.limits,
            selection=how.selection,
            policy=policy,
            place=how.place,
            spelled=as_flag,
        )
    return DrawnFile(rendering, tuple([str(warning.message) for warning in caught]))


def save(drawn: DrawnFile, target: Path, *, in_folder: bool) -> None:
    """Write a drawing to its file, in a folder that is made if need be, and tell what is wrong with it."""
    if in_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    written = drawn.rendering.save(target)
    drawn.complain(None if written == target else written)


def draw_in_processes(targets: Mapping[str, Path], how: Drawing, jobs: int, done: Callable[[], None]) -> int:
    """Draw files in so many processes, save each in its turn, and return the worst exit code.

    When a process dies, nothing tells which file it died of: each file in hand is drawn again in a process of its own.
    """
    from gradgraph.cli.workers import workers

    with workers(jobs) as executor:
        statuses = []
        for file, future in in_order(targets, lambda file: _submit(executor, file, how), 4 * jobs):
            statuses.append(attempt(partial(_save_result, file, future, targets[file], how)))
            done()
    return max(statuses)


def _submit(executor: ProcessPoolExecutor, file: str, how: Drawing) -> "Future[DrawnFile | Exception]":
    """Let a process draw the file. Standard input is for this process alone."""
    found: Future[DrawnFile | Exception] = Future()
    try:
        if file != "-":
            return executor.submit(_in_worker, file, how)
        found.set_result(_drawn(file, how))
    except BrokenExecutor as error:
        found.set_exception(error)
    return found


def _save_result(file: str, future: "Future[DrawnFile | Exception]", target: Path, how: Drawing) -> None:
    from gradgraph.cli.workers import workers

    try:
        found = future.result()
    except BrokenExecutor:
        try:
            with workers(1) as alone:
                found = alone.submit(_in_worker, file, how).result()
        except BrokenExecutor:
            raise ToolLimit(f"{file}: the process that drew it was ended", "draw less of the graph") from None
    if isinstance(found, Exception):
        raise found
    save(found, target, in_folder=True)


def _in_worker(file: str, how: Drawing) -> DrawnFile | Exception:
    from gradgraph.cli.workers import undisturbed

    return undisturbed(partial(_drawn, file, how))


def _drawn(file: str, how: Drawing) -> DrawnFile | Exception:
    try:
        return draw_file(file, how)
    except Exception as error:  # it belongs to one document, whose result says it
        return portable(error)
