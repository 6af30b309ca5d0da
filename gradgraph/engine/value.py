"""Value: a number that remembers how it was made, and backward()."""

import warnings
from collections.abc import Callable, Sequence, Set
from typing import Any, Literal, cast, overload

from gradgraph.displayed import Displayed
from gradgraph.engine.backward import add_gradients, changed_operand, in_order
from gradgraph.engine.copying import reduce_value
from gradgraph.engine.familiar import Familiar
from gradgraph.engine.inputs import check_text, is_number, to_float
from gradgraph.engine.numeric import Numeric
from gradgraph.engine.ops import FUNCTIONS, PRIMITIVES, Functions, Op, Params
from gradgraph.engine.own_ops import made_by_hand
from gradgraph.engine.scopes import current_scope
from gradgraph.errors import StaleDataWarning

Role = Literal["input", "parameter", "constant"]
ROLES: tuple[Role, ...] = ("input", "parameter", "constant")
NO_PARAMS: Params = {}
NO_CHILDREN: tuple[()] = ()

_new = object.__new__
_writes = 0  # how often the data of any value was set, so that a result knows what was set after it was computed


class Value(Functions, Familiar, Numeric, Displayed):
    """A scalar in a computation graph.

    `data` is the primal, a float. `grad` is the gradient gathered so far; it reads 0.0 until a backward pass
    reaches this value, and `has_grad` tells the two apart. `op` is None for a leaf; `operands` are the values it
    was computed from, in order and with repeats, and `params` what the op needs beyond them. `role` says what a leaf
    is for: "input", "parameter" or "constant" (a plain number in an expression); it is None for a result. `scope`
    is the path of named scopes it was made in. Any other attribute may be set, on a value and in a subclass.

    `<`, `<=`, `>`, `>=` compare the data with that of another value or with a number, so `max`, `min` and `sorted`
    work. `bool(v)` is False where the data is 0, `item()` is the data, and a format such as `f"{v:.2f}"` is that of the
    data. `==` tells whether two are the same node, as sets and dicts of values need: compare `a.data == b.data` for
    the numbers. A subclass must not define `__eq__`.

    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w", role="parameter")
    >>> y = (2 * x * w + 1).tanh()
    >>> y.backward()
    >>> y, x.grad == w.grad * w.data / x.data
    (Value(data=-0.9999999994421064), True)
    >>> max(x, w) is x, f"{y:.2f}", x == Value(2.0)
    (True, '-1.00', False)

    `Value(data, (a, b), "op")` records a result that you computed yourself, as code for micrograd does. Its `_backward`
    is then a function that adds to the gradients of `a` and `b`: :doc:`/how-to/own-ops`.

    Raises TypeError when `data` is no real number, `label` no string or a child no Value, and ValueError for an unknown
    role.
    """

    __slots__ = (
        "__dict__",
        "__weakref__",
        "_data",
        "_grad",
        "_label",
        "_written",
        "op",
        "operands",
        "params",
        "role",
        "scope",
    )
    __array_ufunc__ = None  # numpy scalars hand `np.float64(2) * v` to us instead of making an array of it

    @overload
    def __init__(self, data: Any, label: str = "", role: Role = "input") -> None: ...
    @overload
    def __init__(
        self, data: Any, _children: "Sequence[Value] | Set[Value]" = (), _op: str = "", label: str = ""
    ) -> None: ...
    def __init__(  # type: ignore[misc]  # the second argument has two names
        self, data: Any, _children: Any = NO_CHILDREN, _op: str = "", label: str = "", role: Any = "input"
    ) -> None:
        if _children is not NO_CHILDREN and isinstance(_children, str):  # it is the label, and the role comes after it
            if label or (_op and role != "input"):
                raise TypeError("the label or the role was given twice")
            label, role, _children = _children or label, _op or role, NO_CHILDREN
        if role not in ROLES:
            raise ValueError(f"role must be one of {', '.join(ROLES)}, not {role!r}")
        self._data = to_float(data)
        self._written = _writes
        self._grad: float | None = None
        self._label = "" if label == "" else check_text(label, "label")
        self.role: Role | None = role
        self.op: Op | None = None
        self.operands: tuple[Value, ...] = ()
        self.params = NO_PARAMS
        self.scope = current_scope()
        if _children is not NO_CHILDREN:
            _check_children(_children)
            if _children:
                if role != "input":
                    raise ValueError(f"a value with children has no role, but {role!r} was given")
                self.role = None
                self.op, self.operands, self.params = made_by_hand(self._data, _children, check_text(_op, "_op"))

    @classmethod
    def recorded(
        cls,
        data: float,
        *,
        label: str = "",
        role: Role | None = None,
        op: Op | None = None,
        operands: "tuple[Value, ...]" = (),
        params: Params = NO_PARAMS,
        scope: tuple[str, ...] = (),
    ) -> "Value":
        """A value with every fact given: nothing is computed and nothing is checked."""
        self = cls.__new__(cls)
        self._data = data
        self._written = _writes
        self._grad = None
        self._label = label
        self.role = role
        self.op = op
        self.operands = operands
        self.params = params
        self.scope = scope
        return self

    @property
    def data(self) -> float:
        """The primal."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        global _writes
        self._data = to_float(data)
        _writes += 1
        self._written = _writes

    @property
    def grad(self) -> float:
        """The gradient gathered so far, 0.0 when there was none. Assign None to say that there was none."""
        return 0.0 if self._grad is None else self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = None if grad is None else to_float(grad, "grad")

    @property
    def has_grad(self) -> bool:
        """Whether a gradient was computed, or assigned: a true 0, say behind a dead ReLU, is one."""
        return self._grad is not None

    @property
    def label(self) -> str:
        """A name for people. Need not be unique; any text that UTF-8 can hold."""
        return self._label

    @label.setter
    def label(self, label: str) -> None:
        self._label = check_text(label, "label")

    def backward(self) -> None:
        """Add ∂self/∂v to the gradient of every value v that self depends on, self included.

        Cotangents gather in a table of their own and reach `.grad` once, so a second call doubles every gradient
        exactly, as in PyTorch, and stale gradients never flow. Linear in the graph, without recursion.

        Raises CycleError if a value depends on itself, and DerivativeError if a value was made with children but has no
        `_backward`. Warns with a StaleDataWarning if the data of an operand was set after the value made from it was
        computed: the gradients are then those of no function.
        """
        order = in_order(self)
        changed = changed_operand(order, _writes)
        if changed is not None:
            name = f"{changed!r} {changed._label!r}" if changed._label else f"{changed!r}"
            sentence = f"the data of {name} was set after a value was computed from it"
            warnings.warn(f"{sentence}: compute the graph again before backward()", StaleDataWarning, stacklevel=2)
        add_gradients(self, order)

    def zero_grad(self) -> None:
        """Forget the gradients of everything self depends on, self included: they read 0.0, as "not computed"."""
        for value in in_order(self):
            value._grad = None

    def __add__(self, other: Any) -> "Value":
        return _binary("add", self, other)

    def __radd__(self, other: Any) -> "Value":
        return _binary("add", other, self)

    def __sub__(self, other: Any) -> "Value":
        return _binary("sub", self, other)

    def __rsub__(self, other: Any) -> "Value":
        return _binary("sub", other, self)

    def __mul__(self, other: Any) -> "Value":
        return _binary("mul", self, other)

    def __rmul__(self, other: Any) -> "Value":
        return _binary("mul", other, self)

    def __truediv__(self, other: Any) -> "Value":
        return _binary("div", self, other)

    def __rtruediv__(self, other: Any) -> "Value":
        return _binary("div", other, self)

    def __pow__(self, exponent: Any) -> "Value":
        if is_number(exponent):
            return apply(PRIMITIVES["power"], (self,), {"exponent": to_float(exponent, "exponent")})
        return _binary("pow", self, exponent)

    def __rpow__(self, base: Any) -> "Value":
        return _binary("pow", base, self)

    def __neg__(self) -> "Value":
        op = PRIMITIVES["neg"]
        return _made(op.function(self._data), op, (self,))

    def __pos__(self) -> "Value":
        return self

    def __abs__(self) -> "Value":
        return self.abs()

    def __reduce__(self) -> tuple[Any, ...]:
        return reduce_value(self, _writes)

    def __repr__(self) -> str:
        return f"Value(data={self._data})"


def apply(op: Op, operands: tuple[Value, ...], params: Params = NO_PARAMS) -> Value:
    """The value of `op` on these operands.

    >>> apply(PRIMITIVES["mul"], (Value(3.0), Value(4.0)))
    Value(data=12.0)
    """
    return _made(op.forward(tuple([operand._data for operand in operands]), params), op, operands, params)


def _binary(name: str, left: Any, right: Any) -> Value:
    """`left op right`, a plain number becoming a constant leaf; NotImplemented for anything else."""
    if not isinstance(left, Value):
        if not is_number(left):
            return cast(Value, NotImplemented)
        left = Value(left, role="constant")
    if not isinstance(right, Value):
        if not is_number(right):
            return cast(Value, NotImplemented)
        right = Value(right, role="constant")
    op = PRIMITIVES[name]
    return _made(op.function(left._data, right._data), op, (left, right))


def _made(data: float, op: Op, operands: tuple[Value, ...], params: Params = NO_PARAMS) -> Value:
    """The result of an op: what `Value.recorded` makes, in a fraction of the time."""
    self = _new(Value)
    self._data = data
    self._written = _writes
    self._grad = None
    self._label = ""
    self.role = None
    self.op = op
    self.operands = operands
    self.params = params
    self.scope = current_scope()
    return self


def _check_children(children: object) -> None:
    if not isinstance(children, (Sequence, Set)):
        raise TypeError(f"children must be a tuple, list or set of Values, not {type(children).__name__}")
    for child in children:
        if not isinstance(child, Value):
            raise TypeError(f"a child must be a Value, not {type(child).__name__}")


def _method_of(op: Op) -> Callable[[Value], Value]:
    """Return the method that applies `op`, which takes one operand."""
    function = op.function

    def method(self: Value) -> Value:
        return _made(function(self._data), op, (self,))

    method.__name__, method.__qualname__, method.__doc__ = op.name, f"{Value.__qualname__}.{op.name}", op.doc
    return method


for _op in FUNCTIONS.values():
    setattr(Value, _op.name, _method_of(_op))
