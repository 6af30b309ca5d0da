"""What a layout engine costs: CPU time, that of programs it starts included, and memory, in a process of its own."""

import gc
import re
import resource
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from gradgraph.errors import ToolError
from gradgraph.plugins import Direction, Limits, Outline, find_layout

LONG = 15.0
"""CPU seconds after which an engine is not run again for a better median."""


def limits(seconds: float) -> Limits:
    """Return bounds that let an engine try anything, for so long."""
    return Limits(max_layout_cost=2**40, tool_seconds=seconds, tool_bytes=2**32, tool_memory=2**34)


def cpu_seconds(
    plan: Outline, engines: list[str], direction: Direction, bounds: Limits, rounds: int
) -> dict[str, float]:
    """Return the median of the CPU seconds of each engine, without those that failed. The engines take turns."""
    taken: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, seconds in [*taken.items()]:
            if sum(seconds) > LONG:
                continue
            gc.collect()
            before = _cpu()
            try:
                find_layout(name).place(plan, direction=direction, limits=bounds)
            except ToolError:
                del taken[name]
            else:
                seconds.append(_cpu() - before)
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def megabytes(plan: Outline, engine: str, direction: Direction, bounds: Limits) -> float:
    """Return by how much memory grows at its peak while an engine places an outline, in MB (10⁶ bytes).

    Of a program that the engine starts, it is the peak of that program: an upper bound, of which a small one only
    reaches what the process that starts it has.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(_growth, plan, engine, direction, bounds).result()


def _growth(plan: Outline, engine: str, direction: Direction, bounds: Limits) -> float:
    layout = find_layout(engine)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak starts anew, see proc(5)
    before = _status("VmRSS")
    layout.place(plan, direction=direction, limits=bounds)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return max(_status("VmHWM") - before, children) / 1e6


def _status(name: str) -> int:
    """Return a number of bytes that Linux tells of this process."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found
    return int(found[1]) * 1024
