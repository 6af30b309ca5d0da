"""CPU time of `dot` against the estimate of layout cost, for many kinds of graph. Prints a table.

Run `python -m benchmarks.layout_cost [NAME…]`, with names or beginnings of names from the first column. PROGRAM is
another engine to measure ("dot"), SECONDS the CPU time each drawing may take (60). On a machine that does other things,
CPU time says little: the steps of `dot`, size times iterations of its last network simplex, are the same everywhere.
"""

import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from benchmarks.layout_graphs import ROOT, apart, chain, flat, mlp, reused, rnn, scene, tree
from gradgraph import Graph, Node, Value, export, load, named_scope
from gradgraph.drawing.layout import Outline
from gradgraph.drawing.layout_cost import layout_cost
from gradgraph_renderers.graphviz.engine import _request
from gradgraph_renderers.svg.placing import outline

PROGRAM = os.environ.get("PROGRAM", "dot")
SECONDS = int(os.environ.get("SECONDS", "60"))


def subtracted(times: int) -> Value:
    """A chain of differences that all use one weight, whose edges are numbered."""
    weight = Value(0.5, "w")
    return chain(times, lambda value: value - weight)


def softmax(size: int) -> Value:
    """The sum of the shares of some exponentials, each divided by the sum of all."""
    powers = [Value(0.1 * i).exp() for i in range(size)]
    total = sum(powers[1:], powers[0])
    shares = [power / total for power in powers]
    return sum(shares[1:], shares[0])


def residual(blocks: int) -> Value:
    """Blocks that each add what they make to what they got."""
    return chain(blocks, lambda value: value + ((value * Value(0.1) + Value(0.1)).relu() * Value(0.1) + Value(0.1)))


def recent(ops: int) -> Value:
    """Random ops on the last value and one of the seven before it."""
    rng = random.Random(0)  # noqa: S311  # a drawing, no secret
    values = [Value(1.0) for _ in range(5)]
    for _ in range(ops):
        other = rng.choice(values[-8:])
        values.append(rng.choice([values[-1] * other, values[-1] + other, values[-1] - other]))
    return values[-1]


def groups(count: int) -> Value:
    """A chain of sums, each in a group of its own."""
    value = Value(1.0)
    for number in range(count):
        with named_scope(f"sum {number}"):
            value = value + Value(1.0)
    return value


def nested(length: int, depth: int) -> Value:
    """A chain of sums inside groups inside each other."""
    with ExitStack() as scopes:
        for number in range(depth):
            scopes.enter_context(named_scope(f"level {number}"))
        return chain(length, lambda value: value + 0.5)


def wide(rows: int, width: int) -> Graph:
    """Rows of ops that each use the whole row before."""
    nodes = [Node(index, 1.0, None) for index in range(width)]
    for row in range(1, rows):
        operands = tuple(range((row - 1) * width, row * width))
        nodes += [Node(row * width + i, 1.0, None, op="mix", operands=operands) for i in range(width)]
    return Graph(tuple(nodes), (len(nodes) - 1,))


def parallel(edges: int) -> Graph:
    """One op that uses one value many times."""
    return Graph((Node(0, 1.0, None), Node(1, 1.0, None, op="mix", operands=(0,) * edges)), (1,))


def alone(size: int) -> Graph:
    """Values that nothing uses."""
    return Graph(tuple([Node(index, 1.0, None) for index in range(size)]), (0,))


def families() -> Iterator[tuple[str, Callable[[], Value | Graph]]]:
    """Yield a name for each drawing, and what makes its graph."""
    sys.path.insert(0, str(ROOT / "examples"))
    from fit import squared_error

    for path in [*(ROOT / "examples").glob("*.json"), *sorted((ROOT / "tests/goldens").glob("*/graph.json"))]:
        yield str(path.relative_to(ROOT)), lambda path=path: load(path)
    for n in (100, 460, 1000, 1600):
        yield f"own constants {n}", lambda n=n: chain(n, lambda value: value - 0.5)
    for n in (300, 1450, 1700):
        yield f"itself twice {n}", lambda n=n: chain(n, lambda value: value - value)
    for n in (1000, 3000):
        yield f"sum {n}", lambda n=n: chain(n, lambda value: value + 0.5)
    for n in (128, 1024, 2048):
        yield f"tree {n}", lambda n=n: tree(n)
    for n in (20, 40, 60, 65, 70, 80, 100):
        yield f"reused weight {n}", lambda n=n: reused(n)
    for n in (20, 40, 45, 50, 60):
        yield f"subtracted weight {n}", lambda n=n: subtracted(n)
    for steps, hidden in ((8, 1), (16, 1), (24, 1), (30, 1), (4, 4), (6, 4), (8, 4), (4, 8)):
        yield f"rnn {steps} steps of {hidden}", lambda s=steps, h=hidden: rnn(s, h, flat)
    for sizes in ((2, 4, 4, 1), (2, 8, 8, 1), (8, 16, 1), (2, 12, 12, 1), (2, 16, 16, 1), (24, 24, 1), (30, 30, 1)):
        name = "-".join(map(str, sizes))
        yield f"mlp {name}", lambda sizes=sizes: mlp(sizes, flat)
        yield f"mlp {name} in groups", lambda sizes=sizes: mlp(sizes, named_scope)
    for n in (10, 20, 30, 40):
        yield f"softmax {n}", lambda n=n: softmax(n)
    for n in (50, 150, 350):
        yield f"residual {n}", lambda n=n: residual(n)
    for n in (10, 20, 40, 50):
        yield f"fit {n}", lambda n=n: squared_error(n)
    for n in (50, 200, 350):
        yield f"recent {n}", lambda n=n: recent(n)
    for n, weights in ((6, 8), (1, 30), (1, 60)):
        yield f"groups of {weights} weights, {n}", lambda n=n, weights=weights: apart(n, weights)
    for n in (50, 200, 800):
        yield f"groups {n}", lambda n=n: groups(n)
    for n, depth in ((300, 20), (300, 90), (1000, 20), (1000, 90)):
        yield f"sum {n} in {depth} groups", lambda n=n, depth=depth: nested(n, depth)
    for rows, width in ((2, 20), (2, 50), (2, 75), (10, 15), (10, 25)):
        yield f"wide {rows} by {width}", lambda r=rows, w=width: wide(r, w)
    for n in (1000, 6000):
        yield f"parallel {n}", lambda n=n: parallel(n)
        yield f"alone {n}", lambda n=n: alone(n)


def drawing(what: Value | Graph) -> Outline:
    """Return the outline that a layout engine gets of a graph."""
    graph = export(what) if isinstance(what, Value) else what
    return outline(scene(graph))


def measure(request: str) -> tuple[float, str, str]:
    """Return the CPU seconds that the engine takes, how it ended, and its size and iterations as it reports them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    limits = ["prlimit", f"--cpu={SECONDS}", "--core=0", PROGRAM, "-v", "-Tjson0"]
    ran = subprocess.run(limits, input=request.encode(), capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    solved = re.findall(rb"network simplex: (\d+) nodes \d+ edges (\d+) iter", ran.stderr)
    size, steps = map(int, max(solved, key=lambda found: int(found[0]), default=(0, 0)))
    ending = "" if ran.returncode == 0 else f"ended with {ran.returncode}"
    return seconds, ending, "" if ending else f"{size:>6,} {steps:>7,}"


def main() -> None:
    """Print a line for each drawing."""
    print(f"{'drawing':<40} {'drawn':>6} {'edges':>6} {'cost':>7} {'estimate s':>10} {'CPU s':>6}   size   steps")
    for name, make in families():
        if sys.argv[1:] and not name.startswith(tuple(sys.argv[1:])):
            continue
        plan = drawing(make())
        began = time.process_time()
        cost = layout_cost(plan)
        took = time.process_time() - began
        seconds, ending, solved = measure(_request(plan, "LR"))
        figures = f"{len(plan.blocks):>6,} {len(plan.lines):>6,} {cost:>7,} {took:>10.4f} {seconds:>6.2f}"
        print(f"{name:<40} {figures} {ending or solved}", flush=True)


if __name__ == "__main__":
    main()
