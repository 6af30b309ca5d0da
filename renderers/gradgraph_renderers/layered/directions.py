"""A drawing that leads from left to right, turned to lead another way."""

from collections.abc import Callable

from gradgraph.plugins import Direction, Placement, Point, Rectangle, Route, Trunk


def turned(placement: Placement, direction: Direction) -> Placement:
    """Return the placement with its lines leading in a direction."""
    long = placement.width
    ways: dict[Direction, Callable[[float, float], Point]] = {
        "RL": lambda x, y: (long - x, y),
        "TB": lambda x, y: (y, x),
        "BT": lambda x, y: (y, long - x),
    }
    if direction not in ways:
        return placement
    way = ways[direction]

    def rectangle(at: Rectangle) -> Rectangle:
        x, y = way(at.x, at.y)
        x2, y2 = way(at.x + at.width, at.y + at.height)
        width, height = (at.width, at.height) if direction == "RL" else (at.height, at.width)
        return Rectangle(min(x, x2), min(y, y2), width, height)

    def points(spline: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple([way(x, y) for x, y in spline])

    width, height = (long, placement.height) if direction == "RL" else (placement.height, long)
    return Placement(
        width,
        height,
        {key: rectangle(at) for key, at in placement.blocks.items()},
        {group_id: rectangle(at) for group_id, at in placement.frames.items()},
        tuple(
            [
                Route(points(route.spline), way(*route.mark) if route.mark else None, route.trunk)
                for route in placement.routes
            ]
        ),
        tuple([Trunk(points(trunk.spline), trunk.trunk) for trunk in placement.trunks]),
        tuple([rectangle(row) for row in placement.rows]),
    )
