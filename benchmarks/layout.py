"""Two layout engines side by side: CPU time, memory and the quality of what they place. Prints a table of ratios.

Run `python -m benchmarks.layout [NAME…]`, with names or beginnings of names from benchmarks/layout_graphs.py. Without
names it takes the networks, the shapes, the examples and the gallery, then 300 random graphs, of which it prints sums.
`--foreign FOLDER` adds GraphML files and ELK's JSON. It needs numpy, and networkx for GraphML. Memory needs Linux.

A cell such as "12/15 0.80" has the figure of the first engine, that of the second, and their ratio.
"""

import argparse
import math
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple, get_args

from benchmarks.layout_graphs import NETWORKS, Maker, makers, scene
from benchmarks.layout_measures import Measures, measure
from benchmarks.layout_random import GENERATORS
from benchmarks.layout_running import cpu_seconds, limits, megabytes
from benchmarks.layout_strangers import strangers
from gradgraph import Graph
from gradgraph.drawing.scene import Scene
from gradgraph.errors import GradgraphError, ToolError
from gradgraph.plugins import Direction, Limits, find_layout
from gradgraph_renderers.svg.placing import outline, place

SIZES = ("network 1", "network 3", "random 1", "random 3")
"""Beginnings of the names of graphs that are made for speed: a comparison takes them only when they are named."""
FAULTS = ("backward", "through", "overlaps", "frames", "lost")
"""The measures that should be 0."""


class Compared(NamedTuple):
    """CPU seconds, megabytes and measures of two engines on one graph, None where one failed."""

    name: str
    drawn: int
    lines: int
    seconds: tuple[float | None, float | None]
    memory: tuple[float | None, float | None]
    measures: tuple[Measures | None, Measures | None]


def main() -> None:
    """Compare the engines as the command line says."""
    wanted = _arguments()
    for name in wanted.engines:
        try:
            reason = find_layout(name).availability()
        except GradgraphError as error:
            reason = str(error)
        if reason:
            sys.exit(f"the layout engine {name} cannot work here: {reason}")
    random_ones: list[Compared] = []
    rows: list[Compared] = []
    _print_heading(wanted.engines)
    for name, make in _chosen(wanted.names, wanted.random):
        is_random = name.rpartition(" ")[0] in GENERATORS
        compared = _compared(name, make, wanted, is_random)
        (random_ones if is_random else rows).append(compared)
        if not is_random or wanted.each:
            _print(compared)
    _print_growth([row for row in rows if row.name.startswith(SIZES)])
    _print_sums("networks", [row for row in rows if row.name in NETWORKS])
    for generator in GENERATORS:
        _print_sums(generator, [row for row in random_ones if row.name.startswith(generator)])
    _print_sums("all random graphs", random_ones)
    if wanted.foreign:
        brought = [_compared(name, make, wanted, True) for name, make in _readable(wanted.foreign)]
        for compared in brought if wanted.each else ():
            _print(compared)
        _print_sums(str(wanted.foreign.name), brought)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layout", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="names of graphs, or beginnings of names")
    parser.add_argument("--engines", nargs=2, default=["layered", "dot"], metavar=("ONE", "OTHER"))
    parser.add_argument("--direction", choices=get_args(Direction), default="LR")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each engine, of which the median counts")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long a program may take")
    parser.add_argument("--most-other", type=int, default=5_000, help="run OTHER up to so many boxes and circles")
    parser.add_argument("--measured", type=int, default=20_000, help="measure quality up to so many boxes and circles")
    parser.add_argument("--foreign", type=Path, metavar="FOLDER", help="a folder of GraphML and ELK JSON files")
    parser.add_argument("--each", action="store_true", help="print a line for each random and foreign graph, too")
    parser.add_argument("--no-random", dest="random", action="store_false", help="leave the random graphs out")
    parser.add_argument("--no-memory", dest="memory", action="store_false", help="do not measure memory")
    return parser.parse_args()


def _chosen(names: list[str], with_random: bool) -> Iterator[tuple[str, Maker]]:
    for name, make in makers().items():
        is_random = name.rpartition(" ")[0] in GENERATORS
        by_default = with_random if is_random else not name.startswith(SIZES)
        if name.startswith(tuple(names)) if names else by_default:
            yield name, make


def _readable(folder: Path) -> Iterator[tuple[str, Maker]]:
    """Yield the graphs of files in a folder by name, and tell of files that hold none."""
    for name, read in strangers(folder).items():
        try:
            graph = read()
        except Exception as error:  # anyone's files, and two parsers: each complains in its own way
            print(f"{name} cannot be read: {error!r}", file=sys.stderr)
        else:
            yield name, partial(_same, graph)


def _same(graph: Graph) -> Graph:
    return graph


def _compared(name: str, make: Maker, wanted: argparse.Namespace, is_one_of_many: bool) -> Compared:
    shown = scene(make())
    plan = outline(shown)
    bounds = limits(wanted.seconds)
    one, other = wanted.engines
    able = [one, other] if len(plan.blocks) <= wanted.most_other else [one]
    measures: dict[str, Measures] = {}
    if len(plan.blocks) <= wanted.measured:
        measures = _measures(shown, able, wanted.direction, bounds)
        able = [*measures]
    seconds = cpu_seconds(plan, able, wanted.direction, bounds, 1 if is_one_of_many else wanted.rounds)
    memory = {}
    if wanted.memory and not is_one_of_many:
        memory = {engine: megabytes(plan, engine, wanted.direction, bounds) for engine in seconds}
    return Compared(
        name,
        len(plan.blocks),
        len(plan.lines),
        (seconds.get(one), seconds.get(other)),
        (memory.get(one), memory.get(other)),
        (measures.get(one), measures.get(other)),
    )


def _measures(shown: Scene, engines: Iterable[str], direction: Direction, bounds: Limits) -> dict[str, Measures]:
    """Return the measures of what each engine places, as it is drawn, without engines that fail."""
    found = {}
    for engine in engines:
        try:
            found[engine] = measure(outline(shown), place(shown, engine, direction, bounds), direction)
        except ToolError as error:
            print(f"{engine}: {error}", file=sys.stderr)
    return found


COLUMNS = {
    "CPU s": 22,
    "MB": 14,
    "places": 18,
    "pairs": 20,
    "ink": 8,
    "area": 8,
    "order": 10,
    "private": 10,
    "straight": 10,
    "aspect": 13,
    "faults": 8,
}


def _print_heading(engines: list[str]) -> None:
    print(f"each cell: {engines[0]}/{engines[1]} and their ratio; faults are {', '.join(FAULTS)} in all")
    headings = "".join(f"{heading:>{width}}" for heading, width in COLUMNS.items())
    print(f"{'graph':<34}{'drawn':>8}{'lines':>8}{headings}", flush=True)


def _print(compared: Compared) -> None:
    one, other = compared.measures
    cells = [_pair(*compared.seconds, "{:.4f}"), _pair(*compared.memory, "{:.0f}")]
    if one is None or other is None:
        cells += [f"{'–':>{width}}" for width in [*COLUMNS.values()][2:-1]]
        cells.append("/".join("–" if each is None else f"{_faults(each)}" for each in (one, other)))
    else:
        cells += [
            _pair(one.places, other.places, "{:.0f}"),
            _pair(one.pairs, other.pairs, "{:.0f}"),
            f"{_ratio(one.ink, other.ink)}",
            f"{_ratio(one.area, other.area)}",
            f"{one.order:.2f}/{other.order:.2f}",
            f"{one.private_order:.2f}/{other.private_order:.2f}",
            f"{one.straight:.2f}/{other.straight:.2f}",
            f"{one.aspect:.2f}/{other.aspect:.2f}",
            f"{_faults(one)}/{_faults(other)}",
        ]
    figures = "".join(f"{cell:>{width}}" for cell, width in zip(cells, COLUMNS.values(), strict=True))
    print(f"{compared.name:<34}{compared.drawn:>8,}{compared.lines:>8,}{figures}", flush=True)


def _print_sums(name: str, compared: list[Compared]) -> None:
    """Print sums over graphs that both engines placed: how often the first is better, equal and worse."""
    both = [(c, one, other) for c in compared for one, other in [c.measures] if one and other]
    if not both:
        return
    print(f"\n{name}: {len(both)} graphs of {len(compared)}, sums")
    seconds = [[c.seconds[side] or 0.0 for c, _, _ in both] for side in (0, 1)]
    _print_sum("CPU s", seconds[0], seconds[1], "{:.2f}")
    for figure in ("places", "pairs", "ink", "length", "turns", "area", "titles", *FAULTS):
        ours, theirs = ([getattr(c[side], figure) for c in both] for side in (1, 2))
        _print_sum(figure, ours, theirs, "{:,.1f}" if figure in ("turns", "area") else "{:,.0f}")
    for figure in ("order", "private_order", "straight"):
        shares = [(getattr(one, figure), getattr(other, figure)) for _, one, other in both]
        known = [pair for pair in shares if not any(map(math.isnan, pair))]
        if known:
            means = [sum(each) / len(known) for each in zip(*known, strict=True)]
            better = _wins((-one, -other) for one, other in known)
            print(f"    {figure:<14} {means[0]:>12.3f} {means[1]:>12.3f}  mean   {better}", flush=True)


def _print_growth(rows: list[Compared]) -> None:
    """Print how the time of the first engine grows: what is proportional to n log n has one figure at all sizes."""
    if rows:
        print("\nCPU time of the first engine, in µs for each box and circle, and that divided by log₂ of their number")
    for row in rows:
        if row.seconds[0] is not None:
            each = 1e6 * row.seconds[0] / row.drawn
            print(f"    {row.name:<16} {row.drawn:>8,} {each:>8.2f} {each / math.log2(row.drawn):>8.3f}", flush=True)


def _print_sum(figure: str, ours: list[float], theirs: list[float], form: str) -> None:
    one, other = sum(ours), sum(theirs)
    wins = _wins(zip(ours, theirs, strict=True))
    print(
        f"    {figure:<14} {form.format(one):>12} {form.format(other):>12}  {_ratio(one, other):<6} {wins}", flush=True
    )


def _wins(pairs: Iterable[tuple[float, float]]) -> str:
    """Return how often the first of two figures, of which the smaller is the better, wins, ties and loses."""
    signs = [(one > other) - (one < other) for one, other in pairs]
    return f"wins {signs.count(-1)}, ties {signs.count(0)}, losses {signs.count(1)}"


def _faults(measures: Measures) -> int:
    return sum(getattr(measures, fault) for fault in FAULTS)


def _pair(one: float | None, other: float | None, form: str) -> str:
    spelled = "/".join("–" if each is None else form.format(each) for each in (one, other))
    return spelled if one is None or other is None else f"{spelled} {_ratio(one, other)}"


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else ("1.00" if not one else "∞")


if __name__ == "__main__":
    main()
