"""A graph in figures: size, shape, and where numbers go wrong."""

import math
import sys
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gradgraph.graph.model import Graph


class Summary(NamedTuple):
    """Figures of a graph.

    `depth` is the number of ops on the longest way from a leaf. `non_finite` counts nodes whose data or gradient is nan
    or infinite, and `first_non_finite` is the first whose data is, where the trouble starts, or else the first whose
    gradient is; None if there is none. `least_grad` and `largest_grad` bound the finite gradients. `memory` is what
    the nodes with their labels, operands and local derivatives take, in bytes.
    """

    nodes: int
    edges: int
    depth: int
    leaves: dict[str, int]
    ops: dict[str, int]
    groups: int
    outputs: tuple[int, ...]
    without_grad: int
    non_finite: int
    first_non_finite: int | None
    least_grad: float | None
    largest_grad: float | None
    memory: int


def summarize(graph: Graph) -> Summary:
    """The figures of a graph, in time linear in it.

    >>> from gradgraph import Value, export
    >>> found = summarize(export(Value(2.0) ** 2 + 1))
    >>> found.nodes, found.depth, found.ops
    (4, 2, {'add': 1, 'power': 1})
    """
    depths: list[int] = []
    for node in graph:
        depths.append(1 + max([depths[operand] for operand in node.operands]) if node.operands else 0)
    grads = [node.grad for node in graph if node.grad is not None]
    finite = [grad for grad in grads if math.isfinite(grad)]
    bad_data = [node.id for node in graph if not math.isfinite(node.data)]
    bad_grad = [node.id for node in graph if node.grad is not None and not math.isfinite(node.grad)]
    return Summary(
        nodes=len(graph),
        edges=sum([len(node.operands) for node in graph]),
        depth=max(depths),
        leaves=_sorted(Counter(node.role or "no role" for node in graph if node.op is None)),
        ops=_sorted(Counter(node.op for node in graph if node.op is not None)),
        groups=len(graph.groups),
        outputs=graph.outputs,
        without_grad=len(graph) - len(grads),
        non_finite=len({*bad_data, *bad_grad}),
        first_non_finite=next(iter([*bad_data, *bad_grad]), None),
        least_grad=min(finite, default=None),
        largest_grad=max(finite, default=None),
        memory=sum(
            sys.getsizeof(node) + sys.getsizeof(node.label) + sys.getsizeof(node.operands) + sys.getsizeof(node.local)
            for node in graph
        ),
    )


def summary_lines(summary: Summary) -> Iterator[str]:
    """The figures for people, a fact a line."""
    yield f"nodes       {summary.nodes}"
    yield f"edges       {summary.edges}"
    yield f"depth       {summary.depth}"
    yield f"leaves      {_counts(summary.leaves)}"
    yield f"ops         {_counts(summary.ops)}"
    yield f"groups      {summary.groups}"
    yield f"outputs     {', '.join(f'n{output}' for output in summary.outputs)}"
    if summary.least_grad is None:
        yield "gradients   not computed"
    else:
        missing = f", {summary.without_grad} not computed" if summary.without_grad else ""
        yield f"gradients   {summary.least_grad:.4g} to {summary.largest_grad:.4g}{missing}"
    first = "" if summary.first_non_finite is None else f", first n{summary.first_non_finite}"
    yield f"non-finite  {summary.non_finite}{first}"
    size = summary.memory / 2**20
    yield f"memory      {size:.1f} MiB" if size >= 1 else f"memory      {summary.memory / 2**10:.1f} KiB"


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
