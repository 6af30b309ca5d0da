"""Pickles and deep copies of live values, of graphs of any depth.

`pickle` and `copy.deepcopy` descend into the operands of a value before they are done with it. A chain of values would
take some of Python's stack for each of them. So a value first hands over everything it depends on, operands before
their users. When the turn of a user comes, its operands are in the memo already, and what is shared stays shared.

A `_backward` that somebody wrote knows the values it was written for, not their copies, and many functions cannot be
pickled. So a copy keeps the local derivatives that its `_backward` gave when it was copied.
"""

import threading
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

from gradgraph.engine.ops import Op
from gradgraph.engine.own_ops import Asked, DefinedOp, Fixed, fixed_op, local_of
from gradgraph.toposort import toposort

_FACTS = ("_data", "_grad", "_label", "role", "op", "operands", "params", "scope")
_thread = threading.local()

Reduced = tuple[Callable[..., object], tuple[Any, ...]]


def reduce_value(value: Any, writes: int) -> tuple[Any, ...]:
    """Return what `__reduce__` of a value answers; `writes` is how often the data of any value has been set by now.

    What a subclass adds is the state, the third item. Using the answer raises CycleError if a value depends on itself.
    """
    session = _current_session()
    state: Any = object.__getstate__(value)
    attributes, slots = state
    age = writes - slots.pop("_written")
    attributes = {name: kept for name, kept in (attributes or {}).items() if name != "_backward"}
    slots["op"] = _copied_op(value)
    facts = [slots.pop(name) for name in _FACTS]
    made = _revived, (session, _Before(session, value), type(value), age, *facts)
    return (*made, (attributes, slots)) if attributes or slots else made


def _copied_op(value: Any) -> "Op | _Definition | None":
    op: Op | None = value.op
    if op is None:
        return None
    if isinstance(op.derivatives, Asked):
        return op._replace(derivatives=Fixed(local_of(value)))
    return _Definition(op, local_of(value)) if isinstance(op, DefinedOp) else op


class _Definition(NamedTuple):
    """An op that somebody defined. A copy in this process has it; a pickle, which cannot, has its local derivatives."""

    op: Op
    local: tuple[float, ...]

    def __deepcopy__(self, memo: object) -> "_Definition":
        return self

    def __reduce__(self) -> tuple[Callable[..., Op], tuple[Any, ...]]:
        name, symbol, arity, *_ = self.op
        return fixed_op, (name, symbol, arity, self.local)


def _revived(session: object, before: object, kind: Any, age: int, *facts: Any) -> Any:
    """The value that these facts make. Its data is as old, next to that of the other values, as it was."""
    value = kind.recorded(0.0)
    value._written -= age
    for name, fact in zip(_FACTS, facts, strict=True):
        setattr(value, name, fact)
    if isinstance(value.op, _Definition):
        value.op = value.op.op
    return value


class _Session:
    """The values that one pickler, or one call of `deepcopy`, has got so far.

    A value does not learn who asks it. But a pickler keeps all that it has saved and saves it once: it asks a session
    once, and the session lives as long as the pickler's memo. If a session is asked again, another pickler has come.
    """

    __slots__ = ("__weakref__", "asked", "given")

    def __init__(self) -> None:
        self.asked = False
        self.given: dict[int, Any] = {}  # by id(): the values

    def __reduce__(self) -> Reduced:
        if self.asked:
            self.given = {}
            _thread.session = _no_session  # the first pickler may go on, in a session that has given it nothing
        self.asked = True
        return tuple, ()


def _no_session() -> None:
    return None


def _current_session() -> _Session:
    session: _Session | None = getattr(_thread, "session", _no_session)()
    if session is None:
        session = _Session()
        _thread.session = weakref.ref(session)
    return session


class _Before:
    """Everything a value depends on that the session was not given yet. It is saved before the value is."""

    __slots__ = ("session", "value")

    def __init__(self, session: _Session, value: Any) -> None:
        self.session = session
        self.value = value

    def __reduce__(self) -> Reduced:
        given = self.session.given

        def missing(value: Any) -> list[Any]:
            return [operand for operand in value.operands if id(operand) not in given]

        values = toposort(missing(self.value), missing)
        given.update((id(value), value) for value in (*values, self.value))
        return _nothing, tuple(values)


def _nothing(*values: Any) -> None:
    return None
