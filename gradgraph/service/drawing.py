"""What a worker process does: it reads one document, draws it, and answers with plain data, whatever happens."""

import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from functools import partial

import msgspec

from gradgraph.document import files
from gradgraph.document.reading import validate
from gradgraph.drawing.finished import Rendering
from gradgraph.drawing.registry import find_renderer
from gradgraph.drawing.rendering import draw
from gradgraph.drawing.selection import Selection
from gradgraph.errors import (
    DocumentError,
    GradgraphError,
    OptionError,
    Problem,
    TooLarge,
    ToolError,
    ToolFailed,
    ToolLimit,
    ToolMissing,
)
from gradgraph.limits import Limits
from gradgraph.service.bodies import Kind
from gradgraph.service.logs import named
from gradgraph.service.orders import Order, formats

if sys.platform == "linux":
    import resource

_WATCH = 0.5
"""Seconds between two looks at whether the server lives."""
_NEARLY = 0.9
"""Part of the time that a program may take, after which one that reached a limit ran out of time."""

TOO_MUCH_MEMORY = "the drawing needs more memory than it may have: draw a part of the document"


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's answer: a drawing, or with a `status` from 400 on what is wrong.

    `degraded` says why it is text, and `failure` what the log says of a fault of ours. `drawings` counts those that the
    worker has made so far.
    """

    status: int = 200
    content: bytes = b""
    media_type: str = ""
    suffix: str = ""
    degraded: str = ""
    detail: str = ""
    problems: tuple[Problem, ...] = ()
    failure: str = ""
    drawings: int = 0


class Surroundings(msgspec.Struct, frozen=True):
    """What a worker may use: the limits of documents, its address space in bytes, and the server's process."""

    limits: Limits
    memory: int
    server: int


_made = 0
_ready = False


def prepare(around: Surroundings) -> None:
    """Bound this process, once: its memory, and its life by the server's. Signals for the server do not end it."""
    global _ready
    if _ready:
        return
    _ready = True
    # jsonschema would build a grammar for addresses, which takes a second of CPU and which no schema of ours uses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (around.memory, around.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with, args=(around.server,), daemon=True).start()


def draw_order(order: Order, around: Surroundings) -> Drawn:
    """Return the drawing of an order, or what is wrong with it."""

    def drawing() -> Drawn:
        graph = files.loads(order.document, order.kind, limits=around.limits)
        place = None if order.strict else {"width": 120}
        how = partial(
            draw, graph, order.format, order.options, around.limits, selection=Selection(**order.selection), place=place
        )
        try:
            return _drawn(how(policy="error"))
        except (ToolMissing, ToolFailed) as error:
            if order.strict:
                return Drawn(status=503, detail=error.sentence)
            return msgspec.structs.replace(_drawn(how(policy="text")), degraded=error.sentence)

    return _answered(drawing, around)


def validate_document(document: bytes, kind: Kind, around: Surroundings) -> Drawn:
    """Return the problems of a document, none if it is sound."""

    def judging() -> Drawn:
        problems = validate(document, yaml=kind == "yaml", limits=around.limits)
        return Drawn(problems=problems)

    return _answered(judging, around)


def list_renderers(around: Surroundings) -> Drawn:
    """Return the formats with their media types, their suffixes and whether they work here, as JSON."""

    def listing() -> Drawn:
        said = []
        for name in formats():
            renderer = find_renderer(name)
            missing = renderer.availability()
            said.append(
                {
                    "name": name,
                    "media_type": renderer.media_type,
                    "suffixes": renderer.suffixes,
                    "available": missing is None,
                    **({"missing": missing} if missing else {}),
                }
            )
        return Drawn(content=msgspec.json.encode({"renderers": said}), media_type="application/json")

    return _answered(listing, around)


def warm_up(order: Order, around: Surroundings) -> Drawn:
    """Return the drawing of an order, and load what explains a broken document as well."""
    validate_document(b"{}", "json", around)
    return draw_order(order, around)


def wait_to_be_ended(drawings: int, around: Surroundings) -> bool:
    """Return False from a worker that has made fewer drawings. An older one waits until the server ends it."""
    prepare(around)
    if _made < drawings:
        return False
    time.sleep(3600)
    return True


def _answered(work: Callable[[], Drawn], around: Surroundings) -> Drawn:
    """Do some work in this process, once it is prepared. Whatever goes wrong is an answer."""
    global _made
    prepare(around)
    _made += 1
    begun = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of newer minor versions: the drawing is right without what they add
        try:
            drawn = work()
        except Exception as error:  # the sender gets an answer, and no traceback
            drawn = _refused(error, (time.monotonic() - begun) / around.limits.tool_seconds)
    return msgspec.structs.replace(drawn, drawings=_made)


def _refused(error: Exception, spent: float) -> Drawn:
    match error:
        case DocumentError():
            return Drawn(status=422, detail="the document is not valid", problems=error.problems)
        case OptionError():
            return Drawn(status=400, detail=str(error))
        case ToolLimit() if spent > _NEARLY:
            return Drawn(status=504, detail=f"{error.sentence}: draw a part of the document, or fold it")
        case ToolError():
            return Drawn(
                status=422, detail=f"{error.sentence}: draw a part of the document, fold it, or lay it out by layered"
            )
        case TooLarge():
            return Drawn(status=422, detail=str(error))
        case MemoryError():
            return Drawn(status=422, detail=TOO_MUCH_MEMORY)
        case GradgraphError():
            return Drawn(status=422, detail=str(error))
        case _:
            return Drawn(status=500, detail="the drawing failed", failure=named(error))


def _drawn(made: Rendering) -> Drawn:
    renderer = find_renderer(made.format)
    return Drawn(content=made.to_bytes(), media_type=made.media_type, suffix=renderer.suffixes[0])


def _end_with(server: int) -> None:
    """End this process, and what it started, when the server is gone."""
    while os.getppid() == server:
        time.sleep(_WATCH)
    os._exit(1)
