"""The names that people give to the parts of their values, and the engine that they tell."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import BuiltinMethodType, GetSetDescriptorType, MemberDescriptorType, MethodType
from typing import Any

from gradgraph.engine.op_names import meaning
from gradgraph.tracing.engines import Engine, getter, refusal
from gradgraph.tracing.holding import in_class

_words = str.split

OPERANDS = _words(
    "_prev prev _prevs prevs _children children _parents parents creators _creators kids _kids operands _operands "
    "inputs _inputs _inputs_ input_values args _args depends_on _depends_on dependencies _deps deps sources _sources "
    "srcs src _src ancestors _ancestors predecessors _predecessors local_gradients parent _child child"
)
PAIRS = (("left", "right"), ("_left", "_right"), ("lhs", "rhs"), ("a", "b"), ("_a", "_b"), ("x", "y"))
"""Operands in attributes of their own, as classes that are one op each have them."""
CONTEXTS = _words(
    "_ctx ctx creator _creator grad_fn _grad_fn operation _operation op _op history _history node _node fn _fn func "
    "_func function _function context _context creation_op _creation_op origin"
)
INSIDE = _words(
    "inputs _inputs input_tensors parents _parents operands _operands prev _prev children _children args _args tensors "
    "variables input_values saved_tensors saved_values saved _saved"
)
OPS = _words(
    "_op op creation_op _creation_op op_name _op_name opname operation _operation operator _operator op_type _op_type "
    "op_symbol func_name fn_name fn _fn func _func function method kind action actn"
)
INSIDE_OPS = _words("op _op name _name op_name last_fn fn _fn func function operation symbol kind")
DATA = _words("data value val _data _value _val primal scalar num number v")
GRADS = _words(
    "grad gradient _grad _gradient grad_value _grad_value derivative _derivative adjoint _adjoint adj deriv dv "
    "cotangent grads g"
)
LABELS = _words("label _label var_name _var_name varname variable_name mark lbl tag name _name title")
LOCALS = _words(
    "_local_grads local_grads _local_gradients local_gradients local_derivatives _local_derivatives _local local "
    "partials _partials local_derivs"
)
BACKWARDS = _words(
    "_backward backward_fn _backward_fn _backward_func backward_func _backward_function backward_function grad_fn "
    "_grad_fn _grad_func grad_func grad_function _grad_fns grad_fns _backprop backprop _back back _bw bw _backwards "
    "backwards pullback _pullback vjp _vjp vjps _chain chain _propagate propagate gradient_fn backward _backfunc "
    "backfunc _back_func back_func _backfn backfn"
)
_PLAIN = (str, bytes, int, float, complex, bool, type(None), type, MethodType, BuiltinMethodType)


def recognised(output: Any) -> Engine | None:
    """Return the engine whose values have the names that `output` has, None if it is no value of an engine.

    A value has data, and operands, an object that keeps them, or a backward closure that does. It has a gradient too,
    or something to compute one with. Only the names of this module are asked for.
    """
    if isinstance(output, (*_PLAIN, list, tuple, set, frozenset, dict)):
        return None
    if _operands(output) is None and _first(output, BACKWARDS, _is_closure) is None:
        return None  # asking a tensor of torch for its gradient would warn
    engine = named_parts(output)
    if engine.data is None or (engine.operands is None and engine.backward is None):
        return None
    has_pass = engine.backward or engine.local or callable(getattr(type(output), "backward", None))
    return engine if engine.grad or has_pass else None


def looks_like_value(found: Any) -> bool:
    """Whether this has data and a backward pass, as a value has whose operands are kept under another name."""
    has_data = any(name in dir(found) for name in DATA)
    return has_data and any(callable(getattr(type(found), name, None)) for name in ("backward", "backprop"))


def named_parts(output: Any) -> Engine:
    """Return the parts of `output` that have a name of this module, whatever it is."""
    data = _first(output, DATA, _is_data)
    operands = _operands(output)
    backward = _first(output, BACKWARDS, _is_closure)
    local = _first(output, LOCALS, _is_collection, but=(operands,))  # maybe pairs of an operand and its derivative
    grad = _first(output, GRADS, _is_gradient, but=(backward,))
    op = _op(output, operands)
    label = _first(output, LABELS, _is_label, but=(data, grad, op))
    return Engine(
        type(output),
        getter(operands),
        getter(op),
        getter(data),
        getter(grad),
        getter(label),
        getter(local),
        getter(backward),
        operands,
    )


def _operands(output: Any) -> str | tuple[str, str] | None:
    for name in OPERANDS:
        found = _kept(output, name)
        if _is_collection(found) or (found is not None and type(found) is type(output)):
            return name
    for name in CONTEXTS:
        context = _kept(output, name)
        if isinstance(context, _PLAIN) or callable(getattr(context, "__code__", None)):
            continue
        for inside in INSIDE:
            if _is_collection(getattr(context, inside, None)):
                return f"{name}.{inside}"
    for left, right in PAIRS:
        if _same_kind(output, _kept(output, left)) and _kept(output, right, _MISSING) is not _MISSING:
            return left, right
    return None


def _op(output: Any, operands: str | tuple[str, str] | None) -> str | None:
    """Return where the op is: an attribute of the value, or of the object that keeps the operands, or that object."""
    context = operands.partition(".")[0] if isinstance(operands, str) and "." in operands else None
    for name in OPS:
        found = _kept(output, name, _MISSING)
        if name != context and found is not _MISSING and not isinstance(found, (MethodType, BuiltinMethodType)):
            return name
    if context is None:
        called = _kept(output, "name")
        return "name" if isinstance(called, str) and meaning(called) else None
    for name in INSIDE_OPS:
        found = getattr(getattr(output, context), name, None)
        if found is not None and not isinstance(found, (MethodType, BuiltinMethodType)):
            return f"{context}.{name}"
    return context


_MISSING = object()


def _kept(output: Any, name: str, missing: Any = None) -> Any:
    """Return an attribute that a value or its class has. `__getattr__` is not asked: it may do anything, or say yes.

    Raises EngineError if it is a property that fails.
    """
    fields = in_class(type(output), "__dict__")
    own = fields.__get__(output) if type(fields) in (GetSetDescriptorType, MemberDescriptorType) else {}
    if name not in own and all(name not in vars(base) for base in type(output).__mro__):
        return missing
    try:
        return getattr(output, name)
    except AttributeError:
        return missing
    except Exception as error:
        raise refusal(type(output), f"reading its {name!r} failed with {type(error).__name__}: {error}") from error


def unfit_data(output: Any) -> str | None:
    """Return what is wrong with the data of a value that has operands and a gradient; None if it is no such thing."""
    if isinstance(output, (*_PLAIN, list, tuple, set, frozenset, dict)) or _operands(output) is None:
        return None
    has_pass = _first(output, BACKWARDS, _is_closure) or callable(getattr(type(output), "backward", None))
    name = next((name for name in DATA if _kept(output, name, _MISSING) is not _MISSING), None)
    if name is None or not (has_pass or _first(output, GRADS, _is_gradient)):
        return None
    return f"its {name!r} is of type {type(_kept(output, name)).__name__}, and must be a real number"


def _first(output: Any, names: Iterable[str], fits: Callable[[Any], bool], but: Sequence[Any] = ()) -> str | None:
    for name in names:
        if name not in but:
            found = _kept(output, name, _MISSING)
            if found is not _MISSING and fits(found):
                return name
    return None


def _is_data(found: Any) -> bool:
    return not isinstance(found, (str, bytes, type(None), list, tuple, set, dict)) and not callable(found)


def _is_gradient(found: Any) -> bool:
    return not isinstance(found, (str, bytes)) and not callable(found)


def _is_label(found: Any) -> bool:
    return found is None or isinstance(found, str)


def _is_collection(found: Any) -> bool:
    return isinstance(found, (list, tuple, set, frozenset, dict, deque, Iterator))


def _is_closure(found: Any) -> bool:
    """Whether this is a function of the value alone, or several: no method of its class."""
    if isinstance(found, (list, tuple)):
        return bool(found) and all(map(_is_closure, found))
    return callable(found) and not isinstance(found, (MethodType, BuiltinMethodType, type)) and _is_function(found)


def _is_function(found: Any) -> bool:
    return hasattr(found, "__code__") or hasattr(found, "func")


def _same_kind(output: Any, found: Any) -> bool:
    return found is not None and root_of(type(found)) is root_of(type(output))


def root_of(kind: type) -> type:
    """Return the class that an engine calls its value: the most basic one that makes values or has a backward pass."""
    bases = [base for base in kind.__mro__ if base.__module__ not in ("builtins", "abc", "typing", "enum")]
    owners = [base for base in bases if any(name in vars(base) for name in ("__init__", "backward"))]
    return (owners or bases or [kind])[-1]
