"""Text drawings of random graphs, read back: `python -m tests.text_readback 10000`."""

import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Literal

from gradgraph import Graph, Node, OpDeclaration, render
from gradgraph.testing import parse_text
from tests.strategies import NASTY_LABELS

OPS = {"add": ("+", 2), "sub": ("-", 2), "neg": ("-", 1), "power": ("**{exponent}", 1), "tanh": ("tanh", 1)}
OPS_OF_ANY = {"sum": ("+", None), "conv (2d)": ("f(x; y)", None), "odd = op": ("", None)}
ROLES: tuple[Literal["input", "parameter", "constant"] | None, ...] = (None, "input", "parameter", "constant")


def random_graph(rng: random.Random, most: int) -> Graph:
    """A sound graph of 1 to `most` nodes, small ones as likely as large ones.

    Operands are near or anywhere, repeated or not, few or many; leaves come anywhere, used or not; outputs are several.
    """
    size = round(math.exp(rng.uniform(0, math.log(most))))
    leaf_share, reach, repeats = rng.random() * 0.6, rng.choice((3, 20, size)), rng.random() * 0.5
    nodes: list[Node] = []
    for id in range(size):
        label = rng.choice((*NASTY_LABELS, f"v{id}", f"v{id}", "", ""))
        grad = rng.choice((None, rng.gauss(0, 1)))
        if id == 0 or rng.random() < leaf_share:
            nodes.append(Node(id, rng.gauss(0, 10), grad, label, role=rng.choice(ROLES)))
            continue
        op = rng.choice((*OPS, *OPS_OF_ANY))
        arity = OPS[op][1] if op in OPS else min(size, round(rng.expovariate(0.3)) + 1)
        operands = [rng.randrange(max(0, id - reach), id) for _ in range(arity)]
        operands = [operands[0] if rng.random() < repeats else operand for operand in operands]
        params = {"exponent": rng.choice((2.0, -1.0, 0.5, math.inf))} if op == "power" else {}
        nodes.append(Node(id, rng.gauss(0, 10), grad, label, op=op, operands=tuple(operands), params=params))
    outputs = tuple(sorted({rng.randrange(size), size - 1, rng.randrange(size)}))
    declared = {op: OpDeclaration(*facts) for op, facts in (OPS | OPS_OF_ANY).items()}
    return Graph(tuple(nodes), outputs, declared)


def check(graph: Graph, charset: str) -> None:
    """The drawing has a row for each node, and rails and expressions that each say what the graph says."""
    drawing = str(render(graph, "text", width=0, max_rails=0, max_rows=None, charset=charset))
    parsed = parse_text(drawing)
    assert parsed.ids == tuple(range(len(graph)))
    assert len(drawing.partition("\n\n")[0].splitlines()) == len(graph) + 1
    assert parsed.structure == tuple([Counter(node.operands) for node in graph])
    assert parsed.expressions == tuple([node.operands for node in graph])


def check_seeds(seeds: range, most: int = 2_000) -> tuple[int, int, int]:
    """Check a graph for each seed in both character sets. Returns how many nodes, edges and repeated operands."""
    nodes = edges = repeats = 0
    for seed in seeds:
        graph = random_graph(random.Random(seed), most)  # noqa: S311  # graphs, not secrets
        try:
            for charset in ("unicode", "ascii"):
                check(graph, charset)
        except (AssertionError, ValueError) as error:
            raise AssertionError(f"seed {seed}, at most {most} nodes") from error
        nodes += len(graph)
        edges += len(graph.edges)
        repeats += sum(len(set(node.operands)) < len(node.operands) for node in graph)
    return nodes, edges, repeats


def _shares(count: int) -> Iterator[range]:
    for first in range(0, count, 100):
        yield range(first, min(first + 100, count))


def main() -> None:
    """Check as many random graphs as the command line says."""
    count = int(sys.argv[1])
    start = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        nodes, edges, repeats = map(sum, zip(*pool.map(check_seeds, _shares(count)), strict=True))
    seconds = time.perf_counter() - start
    print(f"{count:,} graphs, {nodes:,} nodes ({repeats:,} with a repeated operand), {edges:,} edges, {seconds:.0f} s:")
    print("rows, rails and expressions agree with the graph in Unicode and in ASCII")


if __name__ == "__main__":
    main()
