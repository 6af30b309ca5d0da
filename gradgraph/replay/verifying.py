"""Recompute each node of a graph and compare."""

from collections.abc import Iterator, Set
from typing import NamedTuple

from gradgraph.engine.ops import Op
from gradgraph.errors import ReplayError
from gradgraph.graph.model import Graph, Node
from gradgraph.replay.precision import Precision, precision_of
from gradgraph.replay.reviving import primitive


class Disagreement(NamedTuple):
    """A recorded number that differs from the one computed from its neighbours.

    `fact` is "data", "grad" or "local[SLOT]". `cause` is what most likely went wrong, None where nothing fits.
    """

    node: int
    fact: str
    recorded: float | None
    expected: float | None
    cause: str | None = None

    def __str__(self) -> str:
        cause = f" ({self.cause})" if self.cause else ""
        return f"n{self.node}: {self.fact} is {self.recorded!r} but computes to {self.expected!r}{cause}"


def verify(graph: Graph, tolerance: float | None = None) -> tuple[Disagreement, ...]:
    """Judge each node by itself, and return what disagrees, in node order.

    `gradgraph.verify` says what is compared, and what `tolerance` counts.
    """
    precision = precision_of(graph)
    allowed = precision.tolerance if tolerance is None else tolerance
    outputs = frozenset(graph.outputs)
    found = [
        disagreement
        for node, backward in zip(graph, _expected_gradients(graph), strict=True)
        for disagreement in _judge(graph, outputs, node, backward, allowed, precision)
    ]
    return _explained(graph, outputs, found)


def taken_as_recorded(graph: Graph) -> int:
    """Return how many nodes were made by an op that is none of our primitives, whose numbers `verify` cannot judge."""
    return sum([node.op is not None and _call(graph, node) is None for node in graph])


def _explained(graph: Graph, outputs: Set[int], found: list[Disagreement]) -> tuple[Disagreement, ...]:
    """The disagreements, each with its likely cause where one fits."""
    if not found:
        return ()
    wrong_data = {each.node for each in found if each.fact == "data"}
    wrong_grad = {each.node: each for each in found if each.fact == "grad"}
    suspects = {node.id for node in graph if node.op is None}
    used_wrongly = {operand for wrong in wrong_data for operand in graph.nodes[wrong].operands}
    terms: dict[int, list[float]] = {}
    for node in graph:
        if node.op is not None and node.id not in wrong_data:
            suspects.difference_update(node.operands)
        for slot, operand in enumerate(node.operands):
            if operand in wrong_grad and node.grad is not None and node.local:
                terms.setdefault(operand, []).append(node.grad * node.local[slot])

    def cause(each: Disagreement) -> str | None:
        if each.fact == "data":
            if each.node in used_wrongly:
                return None  # its users disagree with it too: the number itself is wrong
            changed = dict.fromkeys(operand for operand in graph.nodes[each.node].operands if operand in suspects)
            names = " or ".join(f"n{operand}" for operand in changed)
            return f"was {names} changed after the forward pass?" if names else None
        if each.fact != "grad" or each.recorded is None:
            return None
        if each.node in outputs and each.expected == 1.0:
            passes = each.recorded
            whole = passes.is_integer() and passes > 1 and len(wrong_grad) == 1
            ran = f"backward() ran {passes:.0f} times?" if whole else None
            return ran or "did the backward pass start at another value?"
        uses = terms.get(each.node, [])
        if len(uses) > 1 and each.recorded in uses:
            return f"one of its {len(uses)} uses was counted: = for +=?"
        return None

    return tuple(each._replace(cause=cause(each)) for each in found)


class _Backward(NamedTuple):
    """The gradient that reaches a node: its sum, the sum of its terms' sizes, how many, and whether all are known."""

    total: float | None
    size: float
    terms: int
    known: bool


def _judge(
    graph: Graph,
    outputs: Set[int],
    node: Node,
    backward: _Backward,
    tolerance: float,
    precision: Precision,
) -> Iterator[Disagreement]:
    call = _call(graph, node)
    if call is not None:
        op, primals = call
        if precision.is_single:
            primals = tuple(map(precision.rounded, primals))
        data = op.forward(primals, node.params)
        if not precision.close(node.data, data, tolerance * precision.ulp(data)):
            yield Disagreement(node.id, "data", node.data, data)
        if node.local:
            partials = op.partials(node.data, primals, node.params)
            for slot, (recorded, local) in enumerate(zip(node.local, partials, strict=True)):
                if not precision.close(recorded, local, tolerance * precision.ulp(local)):
                    yield Disagreement(node.id, f"local[{slot}]", recorded, local)
    if backward.known:
        expected = _possible_gradients(outputs, node, backward.total)
        any_order = precision.is_foreign or len(outputs) > 1
        disorder = backward.terms if backward.terms > 2 and any_order else 0
        slack = (tolerance + disorder) * precision.ulp(backward.size + (node.id in outputs))
        if not any(_same_gradient(node.grad, grad, slack, precision) for grad in expected):
            yield Disagreement(node.id, "grad", node.grad, expected[0])


def _possible_gradients(outputs: Set[int], node: Node, total: float | None) -> tuple[float | None, ...]:
    """What its gradient may be: a backward pass adds 1 at its output, and of several no one knows which that was."""
    if node.id not in outputs:
        return (total,)
    started = (total or 0.0) + 1.0
    return (started,) if len(outputs) == 1 else (started, total)


def _same_gradient(recorded: float | None, expected: float | None, slack: float, precision: Precision) -> bool:
    """Whether a gradient is what it should be. The sign of a zero tells how it was added up, not what it is."""
    if recorded is None or expected is None:
        return recorded is expected or (precision.is_foreign and recorded == 0)  # their 0 may be "not computed"
    return recorded == expected or precision.close(recorded, expected, slack)


def _expected_gradients(graph: Graph) -> list[_Backward]:
    """What reaches each node, from the recorded gradients of its users. Nothing is known if there was no pass."""
    anything = any(node.grad is not None for node in graph)
    totals: list[float | None] = [None] * len(graph)
    sizes = [0.0] * len(graph)
    terms = [0] * len(graph)
    known = [anything] * len(graph)
    for node in reversed(graph.nodes):
        if node.grad is None or node.op is None:
            continue
        local = node.local
        call = None if local else _call(graph, node)
        if call is not None:
            local = call[0].partials(node.data, call[1], node.params)
        if not local:
            for operand in node.operands:
                known[operand] = False
            continue
        for operand, derivative in zip(node.operands, local, strict=True):
            term = node.grad * derivative
            total = totals[operand]
            totals[operand] = term if total is None else total + term
            sizes[operand] += abs(term)
            terms[operand] += 1
    return [_Backward(*facts) for facts in zip(totals, sizes, terms, known, strict=True)]


def _call(graph: Graph, node: Node) -> tuple[Op, tuple[float, ...]] | None:
    """The primitive that made a node and what it was applied to; None if no primitive of ours did."""
    try:
        return primitive(node), tuple([graph.nodes[operand].data for operand in node.operands])
    except ReplayError:
        return None
