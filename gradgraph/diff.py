"""Two Graphs → what was added, removed, changed.

Ids move when anything is inserted, so nodes are matched by what they are: first by a label that is unique in both
graphs, then by output, then by position in the computation, upwards (the same op on matched operands) and downwards
(the operands of matched ops, slot by slot).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from gradgraph.frozen import FrozenMap, thaw
from gradgraph.graph import Graph, Node

FACTS = ("label", "role", "op", "params", "data", "grad", "local")


class Change(NamedTuple):
    """One difference. `kind` is "added", "removed" or "changed".

    `before` and `after` are node ids, None where there is no such node, both None for the graph itself. `facts` holds
    what differs: name → (value before, value after); operands and outputs are ids of their own graph, "group" a path.
    """

    kind: str
    before: int | None
    after: int | None
    name: str
    facts: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        if self.kind == "changed":
            told = ", ".join(f"{fact} {_told(old)} → {_told(new)}" for fact, (old, new) in self.facts.items())
            if self.before is None:
                return f"~ {self.name}: {told}"
            place = f"n{self.before}" if self.before == self.after else f"n{self.before} → n{self.after}"
            return f"~ {place}{self.name}: {told}"
        return f"+ n{self.after}{self.name}" if self.kind == "added" else f"- n{self.before}{self.name}"


def diff(before: Graph, after: Graph) -> tuple[Change, ...]:
    """What differs from `before` to `after`: removed nodes, then changed and added ones. Empty if the graphs are equal.

    Linear in the graphs.

    >>> from gradgraph import Value, export
    >>> a = export(Value(1.0, "a") * 2)
    >>> b = export(Value(1.5, "a") * 2)
    >>> for change in diff(a, b):
    ...     print(change)
    ~ n0 (a): data 1.0 → 1.5
    ~ n2: data 2.0 → 3.0, local (2.0, 1.0) → (2.0, 1.5)
    """
    if before == after:
        return ()
    match = _match(before, after)
    paths = _group_paths(before), _group_paths(after)
    matched = {old: new for new, old in match.items()}
    changes = [Change("removed", node.id, None, _name(node), {}) for node in before if node.id not in matched]
    for node in after:
        if node.id not in match:
            changes.append(Change("added", None, node.id, _name(node), {}))
            continue
        facts = dict(_differing(before[match[node.id]], node, match, paths))
        if facts:
            changes.append(Change("changed", match[node.id], node.id, _name(node), facts))
    changes.extend(_of_the_whole(before, after, match))
    return tuple(changes)


def _match(before: Graph, after: Graph) -> dict[int, int]:
    """Ids of `after` → ids of `before`."""
    match: dict[int, int] = {}
    taken: set[int] = set()

    def pair(new: int, old: int) -> None:
        if new not in match and old not in taken and (before[old].op is None) == (after[new].op is None):
            match[new] = old
            taken.add(old)

    labels = _unique_labels(before)
    for label, new in _unique_labels(after).items():
        if label in labels:
            pair(new, labels[label])
    for old, new in zip(before.outputs, after.outputs, strict=False):
        if before[old].op == after[new].op:
            pair(new, old)
    _upwards(before, after, match, taken, pair)
    for node in reversed(after.nodes):
        if node.id in match and before[match[node.id]].op == node.op:
            for old, new in zip(before[match[node.id]].operands, node.operands, strict=False):
                if before[old].op == after[new].op:
                    pair(new, old)
    _upwards(before, after, match, taken, pair)
    return match


def _upwards(before: Graph, after: Graph, match: dict[int, int], taken: set[int], pair: Any) -> None:
    """Pair unmatched results of the same op on matched operands, in order."""
    waiting: dict[tuple[Any, ...], list[int]] = {}
    for node in reversed(before.nodes):
        if node.op is not None and node.id not in taken:
            waiting.setdefault((node.op, node.params, node.operands), []).append(node.id)
    for node in after:
        if node.op is None or node.id in match:
            continue
        candidates = waiting.get((node.op, node.params, tuple([match.get(operand, -1) for operand in node.operands])))
        if candidates:
            pair(node.id, candidates.pop())


def _unique_labels(graph: Graph) -> dict[str, int]:
    counts = Counter(node.label for node in graph)
    return {node.label: node.id for node in graph if node.label and counts[node.label] == 1}


def _differing(
    old: Node, new: Node, match: dict[int, int], paths: tuple[dict[int | None, str], dict[int | None, str]]
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for fact in FACTS:
        was, now = getattr(old, fact), getattr(new, fact)
        if repr(was) != repr(now):  # repr tells -0.0 from 0.0, and takes nan for nan
            yield fact, (was, now)
    if tuple(match.get(operand) for operand in new.operands) != old.operands:
        yield "operands", (old.operands, new.operands)
    groups = paths[0][old.group], paths[1][new.group]
    if groups[0] != groups[1]:
        yield "group", groups


def _group_paths(graph: Graph) -> dict[int | None, str]:
    """The path of names of each group, and "" for no group."""
    paths: dict[int | None, str] = {None: ""}
    for group in graph.groups:
        paths[group.id] = f"{paths[group.parent]}/{group.name}".removeprefix("/")
    return paths


def _of_the_whole(before: Graph, after: Graph, match: dict[int, int]) -> Iterator[Change]:
    """Differences that belong to no node."""
    facts: dict[str, tuple[Any, Any]] = {}
    if tuple(match.get(output) for output in after.outputs) != before.outputs:
        facts["outputs"] = before.outputs, after.outputs
    facts["ops"] = _declarations(before), _declarations(after)
    for name in ("meta", "ext"):
        facts[name] = getattr(before, name), getattr(after, name)
    facts["groups"] = sorted(_group_paths(before).values()), sorted(_group_paths(after).values())
    facts = {name: pair for name, pair in facts.items() if repr(pair[0]) != repr(pair[1])}
    if facts:
        yield Change("changed", None, None, "the graph", facts)


def _declarations(graph: Graph) -> dict[str, tuple[str, int | None]]:
    return {name: (op.symbol, op.arity) for name, op in graph.ops.items()}


def _name(node: Node) -> str:
    return f" ({node.label})" if node.label else ""


def _told(fact: Any) -> str:
    if fact is None:
        return "–"
    return fact if isinstance(fact, str) and fact else repr(thaw(fact) if isinstance(fact, FrozenMap) else fact)
