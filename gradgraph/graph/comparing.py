"""Two Graphs → what was added, removed, changed.

Ids move when anything is inserted, so nodes are matched by what they are: first results that compute the same from the
same, then nodes by a label that is unique in both graphs, then by output, then by position in the computation, upwards
(the same op on matched operands) and downwards (the operands of matched ops, slot by slot).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from gradgraph.graph.fields import FIELDS
from gradgraph.graph.frozen import FrozenMap, thaw
from gradgraph.graph.model import Graph, Node
from gradgraph.words import shortened

MOST_NAMES, MOST_CHARACTERS = 32, 60
"""Groups that a path to a group names, and characters of each name."""

_FACTS = tuple(field.name for field in FIELDS if field.kind not in ("id", "ids"))
"""The fields that say the same in two graphs when they are equal. Ids do not: they are places in their own graph."""


class Change(NamedTuple):
    """One difference. `kind` is "added", "removed" or "changed".

    `before` and `after` are node ids, None where there is no such node, both None for the graph itself. `facts` holds
    what differs: name → (value before, value after); operands and outputs are ids of their own graph, "group" is
    the last 32 names on the way to it, each of at most 60 characters.
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
    """What differs from `before` to `after`: removed nodes, then changed and added ones.

    Empty if the graphs say the same, in whatever order their rows stand. Linear in the graphs.

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
    numbers: dict[_Way, int] = {}
    ways = _Ways(before, numbers), _Ways(after, numbers)
    matched = {old: new for new, old in match.items()}
    changes = [Change("removed", node.id, None, _name(node), {}) for node in before if node.id not in matched]
    for node in after:
        if node.id not in match:
            changes.append(Change("added", None, node.id, _name(node), {}))
            continue
        facts = dict(_differing(before[match[node.id]], node, match, ways))
        if facts:
            changes.append(Change("changed", match[node.id], node.id, _name(node), facts))
    changes.extend(_of_the_whole(before, after, match, ways))
    return tuple(changes)


def _match(before: Graph, after: Graph) -> dict[int, int]:
    """Ids of `after` → ids of `before`."""
    pairs = _Pairs(before, after)
    numbers: dict[Any, int] = {}
    kinds = _kinds(before, numbers), _kinds(after, numbers)
    pairs.same_kind(*kinds, leaves=False)
    labels = _unique_labels(before)
    for label, new in _unique_labels(after).items():
        if label in labels:
            pairs.add(new, labels[label])
    for old, new in zip(before.outputs, after.outputs, strict=False):
        if before[old].op == after[new].op:
            pairs.add(new, old)
    pairs.upwards()
    pairs.downwards()
    pairs.upwards()
    pairs.same_kind(*kinds, leaves=True)
    return pairs.match


def _kinds(graph: Graph, numbers: dict[Any, int]) -> list[int]:
    """A number for each node, equal for nodes that compute the same from the same: gradients do not count."""
    found: list[int] = []
    for node in graph:
        operands = tuple([found[operand] for operand in node.operands])
        facts = (node.label, node.role, node.op, _params(node), repr(node.data), operands)
        found.append(numbers.setdefault(facts, len(numbers)))
    return found


def _params(node: Node) -> str:
    """The params as a key. Texts have seeded hashes, while numbers can be made to have all one hash."""
    return repr(node.params) if node.params else ""


class _Pairs:
    """Nodes matched so far, each with at most one of the other graph."""

    def __init__(self, before: Graph, after: Graph) -> None:
        self.before = before
        self.after = after
        self.match: dict[int, int] = {}
        self.taken: set[int] = set()

    def add(self, new: int, old: int) -> None:
        """Match two nodes, if both are free and both are leaves or both results."""
        free = new not in self.match and old not in self.taken
        if free and (self.before[old].op is None) == (self.after[new].op is None):
            self.match[new] = old
            self.taken.add(old)

    def same_kind(self, before: list[int], after: list[int], *, leaves: bool) -> None:
        """Match nodes of one kind, in order, with all they were computed from.

        Leaves of one kind may be many, such as unnamed constants: those wait until their users have matched them.
        """
        waiting: dict[int, list[int]] = {}
        for node in reversed(self.before.nodes):
            if node.id not in self.taken and (leaves or node.op is not None):
                waiting.setdefault(before[node.id], []).append(node.id)
        for node in self.after:
            if node.id not in self.match and waiting.get(after[node.id]):
                old = waiting[after[node.id]].pop()
                self.add(node.id, old)
                self._slots(node.id, old)

    def upwards(self) -> None:
        """Match results of the same op on matched operands, in order."""
        waiting: dict[tuple[Any, ...], list[int]] = {}
        for node in reversed(self.before.nodes):
            if node.op is not None and node.id not in self.taken:
                waiting.setdefault((node.op, _params(node), node.operands), []).append(node.id)
        for node in self.after:
            operands = tuple([self.match.get(operand, -1) for operand in node.operands])
            if node.op is None or node.id in self.match:
                continue
            alike = waiting.get((node.op, _params(node), operands))
            if alike:
                self.add(node.id, alike.pop())

    def downwards(self) -> None:
        """Match the operands of matched results of the same op, slot by slot."""
        for node in reversed(self.after.nodes):
            if node.id in self.match and self.before[self.match[node.id]].op == node.op:
                self._slots(node.id, self.match[node.id])

    def _slots(self, new: int, old: int) -> None:
        for theirs, ours in zip(self.before[old].operands, self.after[new].operands, strict=False):
            if self.before[theirs].op == self.after[ours].op:
                self.add(ours, theirs)


def _unique_labels(graph: Graph) -> dict[str, int]:
    counts = Counter(node.label for node in graph)
    return {node.label: node.id for node in graph if node.label and counts[node.label] == 1}


def _differing(
    old: Node, new: Node, match: dict[int, int], ways: "tuple[_Ways, _Ways]"
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for fact in _FACTS:
        was, now = getattr(old, fact), getattr(new, fact)
        if repr(was) != repr(now):  # repr tells -0.0 from 0.0, and takes nan for nan
            yield fact, (was, now)
    if tuple(match.get(operand) for operand in new.operands) != old.operands:
        yield "operands", (old.operands, new.operands)
    if ways[0].number(old.group) != ways[1].number(new.group):
        yield "group", ("/".join(ways[0].names(old.group)), "/".join(ways[1].names(new.group)))


_Way = tuple[int | None, str]
"""The number of a way down to a group, and the name of the next group on it."""


class _Ways:
    """The ways down to the groups of a graph, each a number: groups have one number if all names on the way are equal.

    `numbers` is shared by the graphs that are compared. A name that one parent gives twice has a number behind it.
    """

    def __init__(self, graph: Graph, numbers: dict[_Way, int]) -> None:
        self.numbers: list[int] = []
        self._names: list[str] = []
        self._parents: list[int | None] = []
        met: Counter[_Way] = Counter()
        for group in graph.groups:
            parent = self.number(group.parent)
            met[parent, group.name] += 1
            count = met[parent, group.name]
            name = group.name if count == 1 else f"{group.name} #{count}"
            self.numbers.append(numbers.setdefault((parent, name), len(numbers)))
            self._names.append(shortened(name, MOST_CHARACTERS))
            self._parents.append(group.parent)

    def number(self, group: int | None) -> int | None:
        """Return the number of the way down to a group."""
        return None if group is None else self.numbers[group]

    def names(self, group: int | None) -> tuple[str, ...]:
        """Return the names on the way down to a group, of a long way the last ones."""
        names: list[str] = []
        while group is not None and len(names) < MOST_NAMES:
            names.append(self._names[group])
            group = self._parents[group]
        return (*(("…",) if group is not None else ()), *reversed(names))


def _of_the_whole(before: Graph, after: Graph, match: dict[int, int], ways: tuple[_Ways, _Ways]) -> Iterator[Change]:
    """Differences that belong to no node."""
    facts: dict[str, tuple[Any, Any]] = {}
    if tuple(match.get(output) for output in after.outputs) != before.outputs:
        facts["outputs"] = before.outputs, after.outputs
    facts["ops"] = _declarations(before), _declarations(after)
    for name in ("meta", "ext"):
        facts[name] = getattr(before, name), getattr(after, name)
    if sorted(ways[0].numbers) != sorted(ways[1].numbers):
        was, now = (sorted(map(each.names, range(len(each.numbers)))) for each in ways)
        facts["groups"] = was, now
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


def changes_as_json(changes: Iterable[Change]) -> str:
    r"""The changes as a JSON list, one a line; numbers that JSON lacks are spelled as in a document.

    >>> changes_as_json([Change("changed", 0, 0, "", {"data": (1.0, float("nan"))})])
    '[\n{"kind":"changed","before":0,"after":0,"name":"","facts":{"data":[1.0,"NaN"]}}\n]'
    """
    rows = [msgspec.json.encode(_spelled(change._asdict())).decode() for change in changes]
    return "[\n" + ",\n".join(rows) + "\n]"


def _spelled(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _spelled(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_spelled(item) for item in data]
    if isinstance(data, float) and not math.isfinite(data):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(data, "NaN")
    return data
