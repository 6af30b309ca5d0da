"""What holds for the operands of a primitive, whatever their numbers: which can change places, which sums are one."""

from collections.abc import Mapping
from typing import NamedTuple


class Law(NamedTuple):
    """What holds for the operands of an op.

    `commutes` if its operands can change places. Ops of one `family` that feed each other are one expression of many
    terms: of a + b + c − d the terms are a, b, c and −d. `joins` are the slots through which an op takes such an
    expression of its family as its own; None for all. `negates` are the slots whose terms count with the other sign.
    """

    commutes: bool
    family: str
    joins: tuple[int, ...] | None = None
    negates: tuple[int, ...] = ()


LAWS: Mapping[str, Law] = {
    "add": Law(True, "add"),
    "sub": Law(False, "add", joins=(0,), negates=(1,)),
    "mul": Law(True, "mul", joins=(0,)),
}
"""By the name of the primitive. Nothing is known of any other op: its operands are taken in their order."""

COMMUTATIVE = frozenset(name for name, law in LAWS.items() if law.commutes)
"""Names of the ops whose operands can change places."""
