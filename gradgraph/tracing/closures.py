"""What a backward closure knows: the operands by name, the order of the parameters, and the method it was made in.

def __mul__(self, other):
    out = Value(self.data * other.data, {self, other}, "*")
    def _backward(): ...  # its cells hold `self` and `other`, its qualified name says `__mul__`
"""

import dis
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from gradgraph.engine.inputs import is_number
from gradgraph.tracing.spelling import method_name

_ASIDE = frozenset({"cls", "ctx", "context", "op", "label", "name"})
"""Parameters that hold no operand, whatever they are bound to."""


_NO_NUMBERS: dict[str, float] = {}


class Plan(NamedTuple):
    """What all closures of one code have in common: the method they are made in, its parameters and other names."""

    method: str | None
    parameters: tuple[str, ...]
    others: tuple[str, ...]
    ordered: bool = True
    """Whether `others` are in the order in which the method assigns them."""
    rebound: bool = False
    """Whether a parameter may hold what another one got: `self, other = other, self`."""


class Clue(NamedTuple):
    """What one closure knows: the method, and what its parameters hold, in order, None for what was not kept.

    `places` is None if the order is not known. `numbers` are the parameters that hold plain numbers, by name.
    """

    plan: Plan
    places: tuple[Any, ...] | None
    numbers: dict[str, float]

    @property
    def method(self) -> str | None:
        """The name of the method that the closure was made in, None if it says nothing of an op."""
        return self.plan.method


class ClosureReader:
    """Reads the closures of one export. Plans are found once for each code."""

    def __init__(self, is_value: Callable[[Any], bool]) -> None:
        self._is_value = is_value
        self._plans: dict[int, Plan] = {}

    def read(self, backward: Any, value: Any, kept: Sequence[Any] | None) -> Clue | None:
        """Return what `backward` knows of how `value` was made; `kept` are the operands that the engine keeps.

        The answer is None if no value is in the closure. The order is not known if a value of `kept` is nowhere in it.
        """
        bound, function = _bindings(backward)
        if function is None:
            return None
        plan = self._plan_of(function, value)
        places: list[Any] = []
        numbers = _NO_NUMBERS
        found = False
        for name in plan.parameters:
            held = bound.get(name)
            if held is None:
                places.append(None)
            elif held is value:
                continue
            elif self._is_value(held):
                found = True
                places.append(held)
            elif is_number(held):
                number = float(held)
                numbers = {**numbers, name: number}
                places.append(number)
            else:
                places += self._values_in(held, value)
        spare: list[Any] = []
        for name in plan.others:
            if name in bound and name not in plan.parameters:
                spare += self._values_in(bound[name], value)
        if spare:
            _fill(places, spare, kept)
        elif not found and not any(map(self._is_value, places)):
            return None
        if not plan.ordered and len(spare) > 1:
            return Clue(plan, None, numbers)
        if kept is not None and not _completed(places, kept):
            return Clue(plan, None, numbers)
        return Clue(plan, tuple(places), numbers)

    def _values_in(self, held: Any, value: Any) -> list[Any]:
        if held is value:
            return []
        if self._is_value(held):
            return [held]
        if isinstance(held, (list, tuple)):
            return [each for each in held if self._is_value(each) and each is not value]
        return []

    def _plan_of(self, function: FunctionType, value: Any) -> Plan:
        key = id(function.__code__)  # a code hashes all it holds, each time
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans[key] = _plan(function, type(value))
        return plan


def _fill(places: list[Any], spare: list[Any], kept: Sequence[Any] | None) -> None:
    """Put the values of local variables where a parameter was not kept: `o = other if … else Value(other)`."""
    known = None if kept is None else {id(each) for each in kept}
    for each in spare:
        if known is not None and id(each) not in known:
            continue
        free = _free(places)
        if free:
            places[free[0]] = each
        elif not any(each is other for other in places):
            places.append(each)


def _completed(places: list[Any], kept: Sequence[Any]) -> bool:
    """Put the one value that is kept and in no place where one is free, and return whether none is left."""
    here = {id(each) for each in places}
    missing = [each for each in kept if id(each) not in here and each.__class__ is not float]
    free = _free(places) if missing else []
    if len(missing) == 1 and len(free) == 1:
        places[free[0]] = missing.pop()
    return not missing


def _free(places: list[Any]) -> list[int]:
    """Return which places hold nothing. Values may have an `==` of their own, so it is not asked."""
    return [index for index, each in enumerate(places) if each is None]


def holds_values(backward: Any, is_value: Callable[[Any], bool], value: Any) -> bool:
    """Whether a backward function holds values other than the one it belongs to."""
    return any(is_value(held) and held is not value for held in _bindings(backward)[0].values())


def _bindings(backward: Any) -> tuple[dict[str, Any], FunctionType | None]:
    """Return what a function holds, by name: its cells, the defaults of its parameters, the arguments of a partial."""
    bound: dict[str, Any] = {}
    first: FunctionType | None = None
    for function in backward if isinstance(backward, (list, tuple)) else (backward,):
        if type(function) is partial:
            inner = function.func
            if isinstance(inner, FunctionType):
                bound.update(zip(inner.__code__.co_varnames, function.args, strict=False))
                bound.update(function.keywords)
                first = first or inner
            function = inner
        if type(function) is not FunctionType:
            continue
        code = function.__code__
        if function.__closure__:
            for name, cell in zip(code.co_freevars, function.__closure__, strict=True):
                try:
                    bound[name] = cell.cell_contents
                except ValueError:
                    continue  # not assigned yet, or deleted
        if function.__defaults__:
            parameters = code.co_varnames[: code.co_argcount]
            bound.update(zip(parameters[-len(function.__defaults__) :], function.__defaults__, strict=True))
        first = first or function
    return bound, first


def _plan(function: FunctionType, kind: type) -> Plan:
    """Find the function that makes such closures, and what it calls things in which order."""
    name = method_name(function.__qualname__)
    maker = _maker(function, kind)
    if maker is None:
        own = function.__code__
        inside = ".<locals>." in function.__qualname__
        ordered = ("self",) if "self" in own.co_freevars else ()
        parameters = ordered if inside else own.co_varnames[: own.co_argcount]
        return Plan(
            name, tuple(each for each in parameters if each not in _ASIDE), tuple(own.co_freevars), ordered=False
        )
    code = maker.__code__
    count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4)  # CO_VARARGS
    parameters = tuple(each for each in code.co_varnames[:count] if each not in _ASIDE)
    stored = [str(step.argval) for step in dis.get_instructions(code) if step.opname == "STORE_DEREF"]
    rebound = any(_rebinds(each, parameters) for each in (code, *_codes(code)))
    return Plan(
        name, parameters, tuple(dict.fromkeys(each for each in stored if each not in parameters)), rebound=rebound
    )


def _rebinds(code: CodeType, parameters: Sequence[str]) -> bool:
    """Whether code may give a parameter what another one got: it is set in a statement that uses another.

    `other = other if isinstance(other, Value) else Value(other)` does not.
    """
    used: set[str] = set()
    for step in dis.get_instructions(code):
        if step.starts_line is not None and step.starts_line is not False:
            used = set()
        if step.argval not in parameters:
            continue
        if step.opname.startswith("STORE_") and used - {step.argval}:
            return True
        used.add(step.argval)
    return False


def _maker(function: FunctionType, kind: type) -> FunctionType | None:
    """Return the function whose code holds this one's: a method of the class, or a function of the module."""
    name = function.__qualname__.split(".<locals>.")[-2:][0].rsplit(".", 1)[-1]
    attributes = [attribute for base in kind.__mro__ for attribute in vars(base).items()]
    attributes.sort(key=lambda attribute: attribute[0] != name)
    module = function.__globals__.get(name)
    for found in (*_functions([made for _, made in attributes]), *_functions([module])):
        if any(held is function.__code__ for held in _codes(found.__code__)):
            return found
    return None


def _functions(attributes: Sequence[Any]) -> Iterator[FunctionType]:
    for found in attributes:
        found = getattr(found, "fget", None) or getattr(found, "__func__", found)
        found = getattr(found, "__wrapped__", found)
        if isinstance(found, FunctionType):
            yield found


def _codes(code: CodeType) -> Iterator[CodeType]:
    return (held for held in code.co_consts if isinstance(held, CodeType))
