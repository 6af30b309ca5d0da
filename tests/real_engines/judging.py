"""The judge of one export.

An export is right if it gives the live data and gradients, if computing it at other leaves gives what the program
gives there, and if the operands of + and * are in the order that the same program gives on our own Value.
Where the engine has ops of its own, the shape of our own Value's graph is the judge of structure.
"""

import math
import random

from gradgraph import export

from .comparing import close, false_claim, match, own_ops, recompute, same_shape, swapped, written
from .live import OURS, NotThereError
from .programs import PROGRAMS

STATES = ("fresh", "back", "stepped", "again")
"""Before backward; after it; after a step of the leaves without a new forward; and after forward and backward anew."""

VERDICTS = ("n/a", "right", "own ops", "not judged", "order", "refused", "crash", "WRONG")
"""From best to worst. "n/a": the engine itself cannot run the program."""

SAMPLES = 3


def judge_engine(live):
    """Return the worst verdict of each (program, state), and why."""
    rng = random.Random(live.engine.pin)  # noqa: S311  # numbers, not secrets
    return {
        (name, state): max(
            (judge(live, program, state, rng) for _ in range(SAMPLES)), key=lambda found: VERDICTS.index(found[0])
        )
        for name, program in PROGRAMS.items()
        for state in STATES
    }


def judge(live, program, state, rng):
    """Return the verdict on one export, and why."""
    numbers = [round(rng.uniform(0.4, 1.3), 6) + at * 1e-5 for at in range(program.leaves)]
    points = [[rng.uniform(0.5, 1.5) for _ in range(program.leaves)] for _ in range(2)]
    try:
        truth = [live.data(program.run(live, *live.leaves(point))) for point in points]
        leaves, out = run(live, program, numbers, state)
    except Exception as error:
        return "n/a", f"{type(error).__name__}: {error}"
    now = [live.data(leaf) for leaf in leaves]
    if not all(map(math.isfinite, now)) or len(set(now)) < len(now):
        return "n/a", "leaves are not finite, or equal"
    try:
        graph = export(out)
    except RecursionError as error:
        return "crash", f"RecursionError: {error}"
    except Exception as error:
        return "refused", f"{type(error).__name__}: {error}"
    if len(graph) == 1:
        return "WRONG", f"the graph is cut off: {written(graph)}"
    matched = match(graph, now)
    missing = set(range(program.leaves)) - set(matched.values())
    if missing and all(ignored(live, program, points, at) for at in missing):
        return "n/a", f"the engine itself does not know that it depends on leaves {sorted(missing)}"
    if missing:
        return "WRONG", f"leaves {sorted(missing)} are not in the graph: {written(graph)}"
    try:
        wrong = wrong_numbers(graph, matched, live, leaves, out, state)
        if wrong is None:
            wrong = wrong_results(graph, matched, points, truth)
            if wrong and (names := branches(graph, live, program, points)):
                return "not judged", f"{wrong}; there, the program has {names}: {written(graph)}"
        if wrong:
            return "WRONG", f"{wrong}: {written(graph)}"
        return structure(graph, matched, program, now, points)
    except (ArithmeticError, ValueError) as error:
        return "WRONG", f"cannot be computed: {type(error).__name__}: {error}: {written(graph)}"


def run(live, program, numbers, state):
    """Return the leaves and the output of a program in a state."""
    leaves = live.leaves(numbers)
    out = program.run(live, *leaves)
    if isinstance(out, (int, float)) or not hasattr(out, live.engine.data):
        raise NotThereError("the result is no value")
    if state != "fresh":
        live.backward(out)
    if state in ("stepped", "again"):
        live.step(leaves)
    if state == "again":
        live.forget_gradients(leaves)
        out = program.run(live, *leaves)
        live.backward(out)
    return leaves, out


def ignored(live, program, points, at):
    """Return whether the engine's own backward gives a leaf no gradient, wherever the leaves are."""
    for point in points:
        leaves = live.leaves(point)
        live.backward(program.run(live, *leaves))
        if live.grad(leaves[at]) != 0:
            return False
    return True


def wrong_numbers(graph, matched, live, leaves, out, state):
    """Say which data or gradient is not the live one, or not what its op gives."""
    recorded = graph[graph.outputs[0]].data
    if not close(recorded, live.data(out)):
        return f"data of the output is {recorded}, not {live.data(out)}"
    if state in ("back", "again"):
        grads = [live.grad(leaf) for leaf in leaves]
        for i, at in matched.items():
            if graph[i].grad is None and any(grads):
                return f"grad of leaf {at} is not there"
            if not close(graph[i].grad or 0.0, grads[at]):
                return f"grad of leaf {at} is {graph[i].grad}, not {grads[at]}"
    if state != "stepped":  # there, the leaves have moved and the rest has not
        node = false_claim(graph)
        if node is not None:
            return f"n{node.id} is {node.data:.6g}, which its op {node.op} does not give"
    return None


def wrong_results(graph, matched, points, truth):
    """Say where the graph computes something else than the program, as far as its ops can be computed."""
    for point, expected in zip(points, truth, strict=True):
        got = recompute(graph, {i: point[at] for i, at in matched.items()})[graph.outputs[0]]
        if got is not None and not close(got, expected, 1e-5):
            return f"computes {got:.6g}, not {expected:.6g}, at other leaves"
    return None


def branches(graph, live, program, points):
    """Return the ops of the engine's own that the program has at the points, and not in this graph.

    Such an op is one of our functions in a part of its domain alone: a logarithm whose argument is clipped, say. The
    graph of a run in that part is true of that run, and cannot be judged by results elsewhere.
    """
    there = {name for point in points for name in own_ops(export(program.run(live, *live.leaves(point))))}
    return ", ".join(sorted(there - {*own_ops(graph)}))


def structure(graph, matched, program, now, points):
    """Return the verdict on the order of operands, and on ops of the engine's own."""
    own = export(program.run(OURS, *OURS.leaves(now)))
    own_matched = match(own, now)
    node = swapped(graph, matched, own, own_matched, points)
    if node is not None:
        return "order", f"n{node.id} {node.op}: operands the other way round: {written(graph)}"
    names = ", ".join(own_ops(graph))
    if not names:
        return "right", ""
    if same_shape(graph, matched, own, own_matched):
        return "own ops", names
    return "not judged", f"{names}: {written(graph)}"
