"""What every layout engine promises, as a check that the author of one can run on it."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from gradgraph.drawing.layout import Block, Frame, Layout, Line, Outline
from gradgraph.drawing.options import Direction
from gradgraph.errors import ToolLimit
from gradgraph.limits import Limits
from gradgraph.testing.placements import faults

BOX, CIRCLE = Block(88.0, 46.0), Block(26.0, 26.0, round=True)
MARK, NAME = Block(12.0, 16.0), Block(64.0, 16.0)
COMES_BACK = "a frame that is left and entered again"
"""The sample whose lines may lead anywhere."""
TIGHT: dict[str, Any] = {"max_layout_cost": 1, "max_drawn": 1, "tool_seconds": 1e-6, "tool_bytes": 1, "tool_memory": 1}
"""Limits that leave an engine no room, each tried alone."""
_MOST = 5
"""Faults of one placement to list."""


def check_layout(engine: Layout) -> None:
    """Check that a layout engine keeps every promise. Raises AssertionError that lists those it breaks.

    It says what it is, and works here. It places outlines of many kinds, among them an empty one, in all directions:

    - Every block has a place, as large as it is. Blocks do not overlap, and everything is inside the picture.
    - A frame holds its members and the frames in it, below the room for its name, and nothing else.
    - Each line has a route, in order: Bézier curves from the edge of its tail, then an arrow to the edge of its head.
      With trunks, the curves of its trunks come first. Every trunk leads to a line, and to lines of one tail only.
    - A line runs through no other block.
    - A line has a place for a mark if and only if it has a mark. The mark is near the line. Nothing covers it.
    - The middle of a line's tail comes before that of its head, in the direction asked for, or its head is in a row
      below (to the right, if that is TB or BT). This is not asked where a line leaves a frame and another comes back to
      it: `dot` places each frame on its own and so turns such lines.
    - The same outline gets the same placement, whatever was placed in between and whatever the keys are. Keys are
      changed so that sets of them come in another order. The outline stays as it is.
    - Under any limit the answer is as good as without, or a ToolLimit. How long it takes is not measured.

    Sizes and positions may be off by 1 px. A block counts as the rectangle around it, a round one as a circle where
    lines meet it.

    >>> from gradgraph.plugins import Placement
    >>> class Nowhere:
    ...     name = "nowhere"
    ...     def availability(self):
    ...         return None
    ...     def version(self):
    ...         return "1"
    ...     def place(self, outline, *, direction, limits):
    ...         return Placement(9.0, 9.0, {}, {}, ())
    >>> check_layout(Nowhere())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    AssertionError: the layout engine 'nowhere' breaks ... promises:
    one block, LR: 1 things have no place, n0 first
    ...
    """
    broken = [*dict.fromkeys(_broken_promises(engine))]
    if broken:
        name = getattr(engine, "name", type(engine).__name__)
        raise AssertionError("\n".join([f"the layout engine {name!r} breaks {len(broken)} promises:", *broken]))


def _broken_promises(engine: Layout) -> Iterator[str]:
    yield from _identity(engine)
    reason = engine.availability()
    if reason is not None:
        yield f"it cannot work here: {reason}"
        return
    for name in _samples():
        yield from _sound(engine, name)
    for limit, bound in TIGHT.items():
        yield from _placed(engine, "marks", "LR", Limits(**{limit: bound}), f"with {limit}={bound}")


def _identity(engine: Layout) -> Iterator[str]:
    if not isinstance(engine.name, str) or engine.name in ("", "auto"):
        yield f"name is {engine.name!r}, not a text of its own"
    try:
        version = engine.version()
    except Exception as error:
        yield f"version() raised {error!r}"
        return
    if not isinstance(version, str) or not version:
        yield f"version() is {version!r}, not a text"


def _sound(engine: Layout, name: str) -> Iterator[str]:
    """Whether an outline is placed well in every direction, and again in the same way."""
    broken = [fault for each in get_args(Direction) for fault in _placed(engine, name, each, Limits(), each)]
    yield from broken
    if broken:
        return
    outlines = _samples()[name], _samples()[name], _renamed(_samples()[name])
    once, again, renamed = [engine.place(outline, direction="LR", limits=Limits()) for outline in outlines]
    if once != again:
        yield f"{name}: placed differently the second time"
    elif renamed != once._replace(blocks={f"x{key}": at for key, at in once.blocks.items()}):
        yield f"{name}: placed differently when the keys are others"


def _placed(engine: Layout, name: str, direction: Direction, limits: Limits, case: str) -> Iterator[str]:
    """Whether the placement of an outline is a good one, and the outline left as it is."""
    outline, before = _samples()[name], _samples()[name]
    try:
        placement = engine.place(outline, direction=direction, limits=limits)
        found = [*faults(before, placement, None if name == COMES_BACK else direction)]
    except ToolLimit as error:
        if limits == Limits():
            yield f"{name}, {case}: refused ({error})"
        return
    except Exception as error:  # whatever anyone's code raises, or answers with, is one broken promise
        yield f"{name}, {case}: raised {error!r}"
        return
    if outline != before or [*outline.blocks] != [*before.blocks]:
        yield f"{name}, {case}: the outline has been changed"
    yield from [f"{name}, {case}: {fault}" for fault in found[:_MOST]]
    if found[_MOST:]:
        yield f"{name}, {case}: and {len(found) - _MOST} more"


def _renamed(outline: Outline) -> Outline:
    """The same with keys that a set has in another order; sorting them gives the same order."""
    return Outline(
        {f"x{key}": block for key, block in outline.blocks.items()},
        tuple([Line(f"x{tail}", f"x{head}", mark) for tail, head, mark in outline.lines]),
        tuple([frame._replace(members=tuple([f"x{key}" for key in frame.members])) for frame in outline.frames]),
    )


def _samples() -> dict[str, Outline]:
    """Outlines as scenes have them, new ones at each call, by what is special about them."""
    chain = [line for head in range(1, 25) for line in _op(head, head - 1)]
    nested = (
        Frame(2, None, Block(700.0, 16.0), ("n0",)),
        Frame(3, 2, NAME, ()),
        Frame(5, 3, NAME, ("n1", "n3op", "n3")),
        Frame(6, 3, NAME, ("n4op", "n4")),
        Frame(9, None, NAME, ("n2",)),
    )
    return {
        "nothing": _outline(()),
        "one block": Outline({"n0": BOX}, (), ()),
        "a + a": _outline(_op(1, 0, 0)),
        "marks": _outline([*_op(2, 0, 1, mark=MARK), *_op(3, 2, 0, 0, mark=Block(90.0, 16.0)), *_op(4, 3, 2)]),
        "30 lines into a block": _outline(_op(30, *range(30))),
        "30 lines out of a block": _outline([line for head in range(1, 31) for line in _op(head, 0)]),
        "a long chain": _outline(chain),
        "lines across a long chain": _outline([*chain, *_op(25, *range(25)), *_op(26, 25, 0)]),
        "parts without a line between": _outline([*_op(2, 0, 1), *_op(5, 3, 4, mark=MARK)], n6=BOX, n7=BOX),
        "large and small blocks": _outline(
            [*_op(2, 0, 1), *_op(4, 2, 3)], n0=Block(2000.0, 46.0), n1=Block(88.0, 900.0), n3=Block(9.0, 9.0)
        ),
        "frames in frames": _outline([*_op(3, 0, 1), *_op(4, 2, 3, mark=MARK), *_op(5, 4, 1)], nested),
        COMES_BACK: _outline([*_op(1, 0), *_op(2, 1), *_op(3, 2)], [Frame(0, None, NAME, ("n0", "n2op", "n2"))]),
    }


def _op(head: int, *operands: int, mark: Block | None = None) -> list[Line]:
    """The lines into and out of an op."""
    return [*[Line(f"n{tail}", f"n{head}op", mark) for tail in operands], Line(f"n{head}op", f"n{head}")]


def _outline(lines: Iterable[Line], frames: Iterable[Frame] = (), **sizes: Block) -> Outline:
    """The outline of what lines connect: boxes of one size but for some, then the circles of ops."""
    lines = tuple(lines)
    keys = dict.fromkeys([key for line in lines for key in (line.tail, line.head)])
    boxes = {key: BOX for key in keys if not key.endswith("op")}
    return Outline({**boxes, **sizes, **{key: CIRCLE for key in keys if key not in boxes}}, lines, tuple(frames))
