"""Iterative topological order and cycles, generic over "operands of"."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from gradgraph.errors import CycleError

T = TypeVar("T")


def toposort(outputs: Iterable[T], operands: Callable[[T], Iterable[T]]) -> list[T]:
    """Everything the outputs depend on, operands before their users, each once.

    The order is the depth-first post-order with operands taken in order, so it depends on the graph alone. Items
    are told apart by identity and need not be hashable. Takes time and memory linear in nodes and edges; no
    recursion. Raises CycleError if an item depends on itself.

    >>> uses = {"o": "ba", "b": "aa", "a": ""}
    >>> toposort(["o"], lambda name: uses[name])
    ['a', 'b', 'o']
    """
    order: list[T] = []
    finished: dict[int, bool] = {}  # by id(): absent = not met, False = on the current path, True = in order
    for output in outputs:
        if id(output) in finished:
            continue
        finished[id(output)] = False
        path: list[tuple[T, Iterator[T]]] = [(output, iter(operands(output)))]
        while path:
            item, rest = path[-1]
            for operand in rest:
                done = finished.get(id(operand))
                if done is None:
                    finished[id(operand)] = False
                    path.append((operand, iter(operands(operand))))
                    break
                if not done:
                    raise CycleError(f"the graph has a cycle: {operand!r} depends on itself")
            else:
                path.pop()
                finished[id(item)] = True
                order.append(item)
    return order


H = TypeVar("H", bound=Hashable)


def strongly_connected(items: Iterable[H], operands: Callable[[H], Iterable[H]]) -> list[list[H]]:
    """Items grouped so that those which depend on each other stand together, operands before their users.

    The strongly connected components by Tarjan's algorithm (SIAM Journal on Computing 1, 1972), without recursion.
    Linear in items and dependencies. An item that is in no cycle is a group of its own.

    >>> uses = {"a": "", "b": "ac", "c": "b", "d": "c"}
    >>> [sorted(group) for group in strongly_connected(uses, lambda name: uses[name])]
    [['a'], ['b', 'c'], ['d']]
    """
    components: list[list[H]] = []
    met: dict[H, int] = {}  # item → the lowest position it is known to lead back to
    undecided: list[H] = []
    decided: set[H] = set()
    for root in items:
        if root in met:
            continue
        path: list[tuple[H, int, int, Iterator[H]]] = []
        following: H | None = root
        while following is not None or path:
            if following is not None:
                met[following] = position = len(met)
                path.append((following, position, len(undecided), iter(operands(following))))
                undecided.append(following)
                following = None
            item, position, start, rest = path[-1]
            for operand in rest:
                if operand not in met:
                    following = operand
                    break
                if operand not in decided:
                    met[item] = min(met[item], met[operand])
            else:
                path.pop()
                if met[item] == position:
                    components.append(undecided[start:])
                    decided.update(undecided[start:])
                    del undecided[start:]
                elif path:
                    outer = path[-1][0]
                    met[outer] = min(met[outer], met[item])
    return components
