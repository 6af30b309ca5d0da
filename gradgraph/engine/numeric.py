"""What a value has of the number that it holds: order, truth, format."""

import operator
from collections.abc import Callable
from typing import Any, cast

from gradgraph.engine.inputs import is_number


class Numeric:
    """The mixin of a value that is used as its `data` where Python wants a number.

    `==` is not among it: values are nodes, kept in sets and dicts, so two that hold the same number are still two.
    """

    __slots__ = ()

    def __lt__(self, other: Any) -> bool:
        return _compared(operator.lt, self, other)

    def __le__(self, other: Any) -> bool:
        return _compared(operator.le, self, other)

    def __gt__(self, other: Any) -> bool:
        return _compared(operator.gt, self, other)

    def __ge__(self, other: Any) -> bool:
        return _compared(operator.ge, self, other)

    def __bool__(self: Any) -> bool:
        return bool(self.data)

    def __float__(self: Any) -> float:
        data: float = self.data
        return data

    def __format__(self: Any, spec: str) -> str:
        return format(self.data, spec) if spec else str(self)

    def item(self: Any) -> float:
        """Return `data`, under the name that PyTorch has for it."""
        data: float = self.data
        return data


def _compared(compare: Callable[[Any, Any], Any], value: Any, other: Any) -> bool:
    """Compare the data of a value with that of another or with a number; NotImplemented for anything else."""
    if isinstance(other, Numeric):
        other = float(other)
    elif not is_number(other):
        return cast(bool, NotImplemented)
    return bool(compare(value.data, other))
