"""Engines that somebody has registered: how to read their values."""

from collections.abc import Callable
from importlib.metadata import EntryPoint
from operator import attrgetter
from typing import Any, NamedTuple, cast

from gradgraph.entry_points import claims, load
from gradgraph.errors import EngineError, RendererError

Getter = Callable[[Any], Any]
Reading = str | Getter | None


class Engine(NamedTuple):
    """How to read the values of one engine; a part is None if its values have none.

    `where` is the name of the attribute that keeps operands, None if a registered function finds them. `registered`
    says that somebody said where they are, so that their order is believed.
    """

    kind: type
    operands: Getter | None
    op: Getter | None
    data: Getter | None
    grad: Getter | None
    label: Getter | None
    local: Getter | None
    backward: Getter | None = None
    where: str | tuple[str, str] | None = None
    registered: bool = False


_registered: dict[type, dict[str, Reading]] = {}
_met: set[EntryPoint] = set()


def register_engine(
    cls: type,
    *,
    operands: Reading = None,
    op: Reading = None,
    data: Reading = None,
    grad: Reading = None,
    label: Reading = None,
    local: Reading = None,
) -> type:
    """Say how to read the values of an engine: those of `cls` and of its subclasses.

    Each part is the name of an attribute, with dots if it is deeper (`"creator.inputs"`), or a function of the value.
    What is left out is looked up under the names that people use, as for an engine that is not registered.

    `operands` gives the values that this one was computed from, in order; a plain number among them becomes a constant.
    It gives nothing for a leaf. A list, a tuple or a deque is believed as it is, a set has no order. Each call has to
    give the same objects: what is shared is told by identity.
    `op` gives the name of the op, as a text, an enum member, a function, a class or an object with a name.
    `data` and `grad` give numbers, `grad` also None; `label` gives a text.
    `local` gives ∂value/∂operand for each operand.

    Returns `cls`. A class that is registered again is read in the new way. Raises TypeError if `cls` is no class, or
    if a part is neither a text nor a function.

    >>> class Number:
    ...     def __init__(self, at, made_by="", of=()):
    ...         self.at, self.made_by, self.of = at, made_by, of
    >>> register_engine(Number, operands="of", op="made_by", data="at") is Number
    True
    >>> from gradgraph import export
    >>> print([node.op for node in export(Number(-1.0, "minus", (Number(2.0), Number(3.0))))])
    [None, None, 'sub']
    """
    if not isinstance(cls, type):
        raise TypeError(f"an engine is registered by the class of its values, not by {cls!r}")
    parts: dict[str, Reading] = {
        "operands": operands,
        "op": op,
        "data": data,
        "grad": grad,
        "label": label,
        "local": local,
    }
    for name, part in parts.items():
        if not (isinstance(part, str) or callable(part) or part is None):
            raise TypeError(f"{name} must be the name of an attribute or a function, not {part!r}")
    _registered[cls] = parts
    return cls


def find_registered(kind: type) -> tuple[type, dict[str, Reading]] | None:
    """Return what is registered for a class or the nearest of its bases, plug-ins included, with that class."""
    _load_plug_ins(kind)
    return next(((base, _registered[base]) for base in kind.__mro__ if base in _registered), None)


def _load_plug_ins(kind: type) -> None:
    """Call the entry points of engines that `kind` belongs to: those named as a module it is from.

    The name of an entry point is the top-level module of an engine. So a plug-in is imported only for a value of it.
    """
    modules = {base.__module__.partition(".")[0] for base in kind.__mro__}
    for name in modules & claims(GROUP).keys():
        (entry, *_) = claims(GROUP)[name]
        if entry in _met:
            continue
        _met.add(entry)
        try:
            load(GROUP, "engine", name)()
        except RendererError as error:
            raise EngineError(str(error)) from error
        except Exception as error:  # a plug-in is anyone's code: whatever it raises is its own failure
            raise EngineError(f"the engine {name!r} ({entry.value}) cannot be registered: {error!r}") from error


GROUP = "gradgraph.engines"


def getter(part: Reading | tuple[str, str]) -> Getter | None:
    """Return the function that reads a part: one attribute, one inside another, or two side by side.

    What is not there reads None.
    """
    if part is None or callable(part):
        return part
    if isinstance(part, tuple):
        left, right = part
        return lambda value: [
            each for each in (getattr(value, left, None), getattr(value, right, None)) if each is not None
        ]
    if "." in part:
        outer, inner = part.split(".", 1)
        first, rest = _attribute(outer), cast(Getter, getter(inner))
        return lambda value: None if (found := first(value)) is None else rest(found)
    return _attribute(part)


def _attribute(name: str) -> Getter:
    attribute = attrgetter(name)

    def get(value: Any) -> Any:
        try:
            return attribute(value)
        except AttributeError:
            return None

    return get


def refusal(kind: type, found: str) -> EngineError:
    """Return the error for values of a class that cannot be read."""
    return EngineError(
        f"the graph of {called(kind)} cannot be read: {found}; say how to read it with "
        f"gradgraph.register_engine({kind.__name__}, operands=…, op=…)"
    )


def called(kind: type) -> str:
    """Return the full name of a class.

    >>> called(EntryPoint)
    'importlib.metadata.EntryPoint'
    """
    return f"{kind.__module__}.{kind.__qualname__}"
