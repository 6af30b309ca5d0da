"""The public function that draws many documents of any kind at once."""

import os
from collections.abc import Generator, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from gradgraph.api import view_of
from gradgraph.drawing.batch import Drawn, cores, in_order, portable
from gradgraph.drawing.choosing import options_for
from gradgraph.drawing.finished import Rendering
from gradgraph.drawing.rendering import Policy, draw
from gradgraph.drawing.selection import Selection, names_of
from gradgraph.errors import OptionError
from gradgraph.graph.views import FoldMode
from gradgraph.limits import Limits, limits_from_environment
from gradgraph.option_records import chosen


def render_many(
    documents: Iterable[Any],
    format: str = "svg",
    *,
    executor: Executor | None = None,
    ahead: int | None = None,
    focus: int | str | None = None,
    radius: int = 1,
    collapse: str | Iterable[str] = (),
    fold: FoldMode | None = None,
    max_boxes: int | None = None,
    limits: Limits | None = None,
    strict: bool = False,
    **options: Any,
) -> Generator[Drawn, None, None]:
    """Draw many documents, and yield the results in the same order, each when it is ready.

    Each of the `documents` is what `render` takes, and the options are those of `render`. A result has the `rendering`
    or the `error`, so one failure does not touch the others. When text replaces a picture, `rendering.degraded_from`
    and `degraded_because` say so, without a warning. With `strict` the result is the error.

    `executor` is any executor of `concurrent.futures`, by default threads, one for each core. Processes are faster
    where Python does most of the work, as with the layout engine `layered`: threads share its lock.

    No more than `ahead` documents, by default four for each core, are taken beyond those whose results you have, so
    `documents` may be endless. Live values are read when they are taken, and the file at a path is read by the
    executor. Nothing is drawn before the first result is asked for. Closing the iterator cancels the drawings that have
    not begun.

    >>> from gradgraph import Value
    >>> for result in render_many([Value(1.0), "missing.json"], "text"):
    ...     print(result.index, repr(result.rendering), result.error)
    0 <text drawing, 64 characters> None
    1 None [Errno 2] No such file or directory: 'missing.json'

    Raises OptionError and RendererError at once for what would be wrong with every drawing. What the documents'
    iterator or the executor raises is raised after the results of all documents before.
    """
    ahead = 4 * cores() if ahead is None else ahead
    if ahead < 1:
        raise OptionError(f"ahead takes a whole number of 1 or more, not {ahead!r}")
    options_for(format, options)
    selected = {"focus": focus, "radius": radius, "collapse": names_of(collapse), "fold": fold, "max_boxes": max_boxes}
    draw_one = partial(
        _draw_one,
        format=format,
        options=options,
        limits=limits_from_environment() if limits is None else limits,
        selection=chosen(Selection, selected),
        strict=strict,
    )
    return _draw_all(documents, draw_one, executor, ahead)


def _draw_all(
    documents: Iterable[Any], draw_one: Any, executor: Executor | None, ahead: int
) -> Generator[Drawn, None, None]:
    target = ThreadPoolExecutor(cores(), "gradgraph") if executor is None else executor

    def submit(document: Any) -> Future[Rendering | Exception]:
        try:
            what = document if isinstance(document, (str, os.PathLike)) else view_of(document)
        except Exception as error:  # it belongs to one document, whose result says it
            failed: Future[Rendering | Exception] = Future()
            failed.set_exception(error)
            return failed
        return target.submit(draw_one, what)

    try:
        for index, (document, future) in enumerate(in_order(documents, submit, ahead)):
            try:
                found = future.result()
            except Exception as error:  # it belongs to one document, whose result says it
                found = error
            if isinstance(found, Exception):
                yield Drawn(index, document, None, found)
            else:
                yield Drawn(index, document, found, None)
    finally:
        if executor is None:
            target.shutdown(cancel_futures=True)


def _draw_one(
    what: Any, *, format: str, options: dict[str, Any], limits: Limits, selection: Any, strict: bool
) -> Rendering | Exception:
    """Return the drawing, or what it raised. This is sent to other processes, as what it takes and returns is."""
    try:
        policy: Policy = "error" if strict else "text"
        return draw(view_of(what, limits), format, options, limits, selection=selection, policy=policy)
    except Exception as error:  # it belongs to one document, whose result says it
        return portable(error)
