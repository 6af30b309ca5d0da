"""What code written for the well-known educational engines uses of a value, by the names that it has there."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from gradgraph.engine.own_ops import Asked, pass_on
from gradgraph.words import symbol_text


class Familiar:
    """The mixin of a value with these names."""

    __slots__ = ()

    @property
    def _prev(self: Any) -> set[Any]:
        """The distinct operands."""
        return set(self.operands)

    @property
    def _children(self: Any) -> tuple[Any, ...]:
        """The operands, in order and with repeats."""
        operands: tuple[Any, ...] = self.operands
        return operands

    @property
    def _op(self: Any) -> str:
        """The op's symbol, '' for a leaf."""
        if self.op is None:
            return ""
        symbol: str = self.op.symbol
        return symbol_text(symbol, self.params) if self.params else symbol

    @property
    def _backward(self: Any) -> Callable[[], object]:
        """The step of a backward pass at this value: calling it adds to the gradients of the operands.

        What is assigned is how this value is differentiated from then on. `backward()` asks it for the local
        derivatives, once in each pass. At a leaf, only those who call it themselves get it.
        """
        if self.op is None:
            return cast(Callable[[], object], vars(self).get("_backward", _nothing))
        rule = self.op.derivatives
        return rule.backward if isinstance(rule, Asked) else partial(pass_on, self)

    @_backward.setter
    def _backward(self: Any, backward: Callable[[], object]) -> None:
        if not callable(backward):
            raise TypeError(f"_backward must be a function without arguments, not {type(backward).__name__}")
        if self.op is None:
            vars(self)["_backward"] = backward
        else:
            self.op = self.op._replace(derivatives=Asked(self, backward))


def _nothing() -> None:
    """Do nothing: the step of a backward pass at a leaf."""
