"""Iterative topological order, generic over "operands of"."""

from collections.abc import Callable, Iterable, Iterator
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
