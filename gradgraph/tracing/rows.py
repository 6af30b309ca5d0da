"""The facts that the values of another engine hold, one row for each value."""

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from types import MemberDescriptorType
from typing import Any, NoReturn

from gradgraph.engine.inputs import check_text, is_number, to_float
from gradgraph.engine.op_names import meaning
from gradgraph.errors import EngineError, GradgraphError
from gradgraph.tracing.closures import ClosureReader, Clue, holds_values
from gradgraph.tracing.conventions import root_of
from gradgraph.tracing.engines import Engine, called, refusal
from gradgraph.tracing.holding import in_class
from gradgraph.tracing.spelling import spelled

_words = str.split
_LEAVES = frozenset(
    _words(
        "leaf input const constant param parameter var variable value none init data weight bias target literal scalar "
        "number source identity root"
    )
)
"""What engines write as the op of a value that was not computed."""


class Row:
    """What one value says of itself. `kept` holds its operands and plain numbers.

    `of_set` if they are in a set or a dict, `ordered` if they have an order, as one alone has. `is_bare` if it has None
    in place of a collection.
    """

    __slots__ = ("clue", "data", "grad", "is_bare", "kept", "label", "local", "of_set", "ordered", "symbol", "value")

    value: Any
    data: float
    grad: float | None
    label: str
    symbol: str | None
    kept: list[Any]
    ordered: bool
    of_set: bool
    is_bare: bool
    local: tuple[float, ...]
    clue: Clue | None

    def operands(self) -> list[Any]:
        """Return every value that may be an operand, some twice: this is the way down."""
        known = self.clue.places if self.clue is not None and self.clue.places else ()
        return [each for each in (*known, *self.kept) if each is not None and each.__class__ is not float]


class RowReader:
    """Reads the values of one engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dtypes: set[str] = set()
        self._root = engine.kind if engine.registered else root_of(engine.kind)
        self.name = called(self._root)
        self._kinds: dict[type, bool] = {}
        self._closures = ClosureReader(self.is_value)
        self._stored: dict[type, bool] = {}

    def is_value(self, found: Any) -> bool:
        """Whether this is a value of the engine."""
        kind = found.__class__
        known = self._kinds.get(kind)
        if known is None:
            known = issubclass(kind, self._root) or self._looks_alike(found)
            self._kinds[kind] = known
        return known

    def _looks_alike(self, found: Any) -> bool:
        """Whether an object of a class of its own has the parts of a value: each op may be a class without a base."""
        engine = self.engine
        if isinstance(found, type) or not engine.data or not engine.grad or found.__class__.__module__ == "builtins":
            return False
        return engine.data(found) is not None and engine.grad(found) is not None

    def read(self, value: Any) -> Row:
        """Return the row of a value. Raises EngineError if its operands cannot be told, or code of its own fails."""
        engine = self.engine
        row = Row()
        row.value = value
        part = "data"
        try:
            row.data = self._data(value)
            part = "grad"
            row.grad = None if engine.grad is None else self._grad(value, engine.grad(value))
            part = "label"
            label = self._label(value) if engine.label is None else engine.label(value)
            row.label = check_text(label, "label") if isinstance(label, str) and label else ""
            row.local = ()
            row.clue = None
            part = "operands"
            self._read_operands(row)
            part = "op"
            row.symbol = self._symbol(row)
            if row.label == row.symbol:
                row.label = ""  # `name` was the op
            if engine.local is not None and row.kept:
                part = "local"
                local = engine.local(value)
                if local is not None:
                    row.local = tuple([self.number(each, "a local derivative", value) for each in local])
        except GradgraphError:
            raise
        except Exception as error:  # properties and registered functions are anyone's code
            self.refuse(value, f"reading its {part} failed with {type(error).__name__}: {error}", error)
        return row

    def _label(self, value: Any) -> Any:
        """Return the label that somebody gave to this value of an engine without labels: `x.label = "x"`."""
        return getattr(value, "label", None) or getattr(value, "name", None)

    def _read_operands(self, row: Row) -> None:
        engine, value = self.engine, row.value
        found: Any = None if engine.operands is None else engine.operands(value)
        kind = found.__class__
        if isinstance(found, Iterator):
            kind_of_found = type(found).__name__
            self.refuse(
                value, f"{self._where()} is a {kind_of_found}, which gives its items once: keep them in a tuple"
            )
        if not isinstance(found, Iterable) and found is not None and not self.is_value(found):
            self.refuse(value, f"{self._where()} is of type {kind.__name__}, and must be a collection of values")
        row.of_set = kind is set or (kind is not tuple and kind is not list and isinstance(found, (Set, Mapping)))
        row.ordered = not row.of_set or len(found) < 2
        row.is_bare = found is None
        row.kept, functions = ([], []) if not found and not self.is_value(found) else self._unwrapped(row, found)
        if row.kept and not self._is_stored(value):
            self._check_same(row, found)
        backward = engine.backward(value) if engine.backward is not None else functions
        if not backward or (engine.registered and row.ordered):
            return
        if engine.operands is None or row.kept:
            row.clue = self._closures.read(backward, value, row.kept if engine.operands is not None else None)
            if engine.operands is None and row.clue is not None and row.clue.places is not None:
                row.kept = [each for each in row.clue.places if each is not None and self.is_value(each)]
            elif engine.operands is None and row.clue is not None:
                self.refuse(value, "the order of the operands in its backward closure is not known")
        elif holds_values(backward, self.is_value, value):
            self.refuse(value, f"its backward closure holds values, but {self._where()} is empty: was the graph freed?")

    def _is_stored(self, value: Any) -> bool:
        """Whether a value keeps its operands as an attribute of its own, so that they are the same at each look."""
        kind, where = value.__class__, self.engine.where
        stored = self._stored.get(kind)
        if stored is None:
            names = () if where is None or "." in where else (where,) if isinstance(where, str) else where
            makers = [found for found in (in_class(kind, name) for name in names) if hasattr(type(found), "__get__")]
            stored = bool(names) and all(type(found) is MemberDescriptorType for found in makers)
            self._stored[kind] = stored
        return stored

    def _check_same(self, row: Row, found: Any) -> None:
        """Refuse operands that are made anew at each look: nobody could tell which of them are one and the same."""
        again = None if self.engine.operands is None else self.engine.operands(row.value)
        if again is found:
            return
        kept, _ = self._unwrapped(row, again) if again else ([], [])
        values = [sorted(id(each) for each in one if each.__class__ is not float) for one in (row.kept, kept)]
        if values[0] != values[1]:
            self.refuse(
                row.value,
                "its operands are other objects each time they are asked for, so what is shared cannot be seen: keep "
                "them, or return the same objects",
            )

    def _unwrapped(self, row: Row, found: Any) -> tuple[list[Any], list[Any]]:
        """Return the operands in a collection, and the functions beside them, if it holds pairs of both."""
        if self.is_value(found):
            return [found], []
        kept: list[Any] = []
        functions: list[Any] = []
        local: list[float] = []
        pairs: Any = found
        if isinstance(found, Mapping):
            pairs = found.items() if any(map(self.is_value, found)) else found.values()
        for each in pairs:
            if self.is_value(each):
                kept.append(each)
            elif isinstance(each, weakref.ref):
                if each() is None:
                    self.refuse(row.value, f"an operand in {self._where()} is no longer there")
                kept.append(each())
            elif is_number(each):
                kept.append(float(each))
            elif isinstance(each, Sequence) and not isinstance(each, (str, bytes)):
                inside = [part for part in each if self.is_value(part)]
                if len(inside) != 1:
                    self.refuse(row.value, f"{self._where()} holds {each.__class__.__name__}s of {len(inside)} values")
                kept.append(inside[0])
                functions += [part for part in each if callable(part) and not self.is_value(part)]
                local += [float(part) for part in each if is_number(part)]
            elif each is not None:
                kept.append(self._part(row, each, functions))
        if len(local) == len(kept):
            row.local = tuple(local)
        if all(each.__class__ is float for each in kept):
            what = "nothing" if not kept else "plain numbers alone"
            self.refuse(row.value, f"{self._where()} holds {what}")
        return kept, functions

    def _part(self, row: Row, each: Any, functions: list[Any]) -> Any:
        """Return the operand in an object that holds one beside its gradient function, such as a Dependency."""
        for name in ("tensor", "value", "variable", "var", "node", "parent", "operand", "input", "source", "child"):
            inside = getattr(each, name, None)
            if inside is not None and self.is_value(inside):
                functions += [getattr(each, name, None) for name in ("grad_fn", "backward", "vjp", "fn")]
                return inside
        return self.refuse(row.value, f"{self._where()} holds {called(type(each))}, which is no value")

    def _symbol(self, row: Row) -> str | None:
        symbol = None
        engine, value = self.engine, row.value
        if engine.op is not None:
            op = engine.op(value)
            symbol = op if op.__class__ is str else spelled(op)
        if not row.kept:
            inside = "." in str(engine.where)  # an object that says an op, and keeps no operands
            if symbol and symbol.strip().lower() not in _LEAVES and (inside or meaning(symbol)):
                self._refuse_empty(value, f"its op is {symbol!r}")
            return symbol
        return check_text(symbol, "op") if symbol else None

    def check_output(self, row: Row) -> None:
        """Refuse an output that may be no leaf although it looks like one."""
        if row.kept:
            return
        engine, value = self.engine, row.value
        found = engine.operands(value) if engine.operands is not None else None
        has_op = engine.op is not None
        if row.symbol and row.symbol.strip().lower() not in _LEAVES:
            self._refuse_empty(value, f"its op is {row.symbol!r}")
        if row.grad == 1:
            self._refuse_empty(value, "its gradient is 1, as of an output")
        if isinstance(found, list) and not has_op and engine.backward is None and not engine.registered:
            self.refuse(value, f"{self._where()} is an empty list: does it list operands, or users?")

    def _refuse_empty(self, value: Any, result: str) -> NoReturn:
        """Refuse a value that is a result for a reason, and has no operands."""
        where = self.engine.where
        if self.engine.registered and isinstance(where, str) and not hasattr(value, where.partition(".")[0]):
            self.refuse(value, f"{result}, but it has no attribute {where!r}, which operands= names")
        self.refuse(value, f"{result}, but {self._where()} is empty: was the graph freed?")

    def _where(self) -> str:
        where = self.engine.where
        if where is None:
            return "the operands" if self.engine.operands is not None else "no operand"
        return f"`{where}`" if isinstance(where, str) else " and ".join(f"`{each}`" for each in where)

    def _data(self, value: Any) -> float:
        data = None if self.engine.data is None else self.engine.data(value)
        if data.__class__ is float:
            return data
        if data is None:
            self.refuse(value, "it has no data")
        return self.number(data, "data", value)

    def _grad(self, value: Any, grad: Any) -> float | None:
        if grad is None or grad.__class__ is float:
            return grad
        if self.engine.data is not None and self.is_value(grad):
            grad = self.engine.data(grad)
        return None if grad is None or callable(grad) else self.number(grad, "grad", value)

    def number(self, number: Any, what: str, value: Any) -> float:
        """Return a float from any number, numpy's scalars and arrays of one included."""
        given = number
        if hasattr(number, "item"):
            size = getattr(number, "size", 1)
            if (size() if callable(size) else size) not in (1, ()) and getattr(number, "shape", ()) != ():
                found = f"{what} of {called(type(value))} is an array of shape {tuple(number.shape)}"
                raise EngineError(f"{found}: a graph holds scalars, and arrays cannot be exported yet")
            if what == "data":
                self.dtypes.add(str(getattr(number, "dtype", "")).rpartition(".")[2])
            number = number.item()
        try:
            return to_float(number, what)
        except OverflowError:
            self.refuse(value, f"its {what} is a number beyond the range of floats")
        except TypeError:
            kind = type(given).__name__
            self.refuse(value, f"its {what} is of type {kind}, and must be a real number")

    def refuse(self, value: Any, found: str, cause: Exception | None = None) -> NoReturn:
        """Raise the EngineError that names the class, says what was found, and shows the line that helps."""
        raise refusal(self._root if isinstance(value, self._root) else type(value), found) from cause
