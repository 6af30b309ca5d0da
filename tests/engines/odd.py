"""Engines of other patterns, written by hand: contexts, a class for each op, pairs, local derivatives, a tape.

Each is a function that makes the class of values, and `record` is what a user would register.
"""

import math
from enum import Enum
from typing import Any

RULES: dict[str, Any] = {
    "add": (lambda x, y: x + y, lambda x, y: (1.0, 1.0)),
    "sub": (lambda x, y: x - y, lambda x, y: (1.0, -1.0)),
    "mul": (lambda x, y: x * y, lambda x, y: (y, x)),
    "div": (lambda x, y: x / y, lambda x, y: (1 / y, -x / y**2)),
    "pow": (lambda x, n: x**n, lambda x, n: (n * x ** (n - 1),)),
    "neg": (lambda x: -x, lambda x: (-1.0,)),
    "tanh": (math.tanh, lambda x: (1 - math.tanh(x) ** 2,)),
    "relu": (lambda x: max(x, 0.0), lambda x: (float(x > 0),)),
}


class Operators:
    """Operators that all go through `apply(word, *operands)`, which engines define."""

    constant: Any

    def _apply(self, word, *operands):
        raise NotImplementedError

    def __add__(self, other):
        return self._apply("add", self, other)

    def __sub__(self, other):
        return self._apply("sub", self, other)

    def __rsub__(self, other):
        return self._apply("sub", other, self)

    def __mul__(self, other):
        return self._apply("mul", self, other)

    def __truediv__(self, other):
        return self._apply("div", self, other)

    def __rtruediv__(self, other):
        return self._apply("div", other, self)

    def __pow__(self, exponent):
        return self._apply("pow", self, exponent)

    def __neg__(self):
        return self._apply("neg", self)

    def tanh(self):
        return self._apply("tanh", self)

    def relu(self):
        return self._apply("relu", self)

    def wrapped(self, operands):
        return [each if isinstance(each, Operators) else type(self).constant(each) for each in operands]


def ordered(output, operands_of):
    order, met, stack = [], set(), [(output, False)]
    while stack:
        value, done = stack.pop()
        if done:
            order.append(value)
        elif id(value) not in met:
            met.add(id(value))
            stack.append((value, True))
            stack.extend((each, False) for each in operands_of(value))
    return order


def context_engine(attribute, inside, name_of_op, data="data", grad="grad", exponent_is_value=False, freed=None):
    """Values that keep an object of a class for each op, which keeps the operands."""

    class Context:
        pass

    contexts = {word: type(word.title() if name_of_op == "class" else "Context", (Context,), {}) for word in RULES}

    class Tensor(Operators):
        def __init__(self, number, label="", context=None):
            setattr(self, data, number)
            setattr(self, grad, None)
            setattr(self, attribute, context)
            self.label = label

        constant = classmethod(lambda cls, number: cls(number))

        def _apply(self, word, *operands):
            context = contexts[word]()
            if word == "pow" and not exponent_is_value:
                context.exponent = operands[1]
                operands = operands[:1]
            operands = self.wrapped(operands)
            setattr(context, inside, operands)
            if name_of_op != "class":
                setattr(context, name_of_op, word)
            numbers = [getattr(each, data) for each in operands]
            context.numbers = [*numbers, context.exponent] if hasattr(context, "exponent") else numbers
            context.word = word
            return Tensor(RULES[word][0](*context.numbers), context=context)

        def backward(self):
            order = ordered(self, lambda value: getattr(getattr(value, attribute), inside, ()))
            setattr(self, grad, 1.0)
            for value in reversed(order):
                context = getattr(value, attribute)
                if context is None:
                    continue
                for each, slope in zip(
                    getattr(context, inside), RULES[context.word][1](*context.numbers), strict=False
                ):
                    setattr(each, grad, (getattr(each, grad) or 0.0) + slope * getattr(value, grad))
            for value in order:
                if freed == "context":
                    setattr(value, attribute, None)
                elif freed == "deleted":
                    delattr(value, attribute)
                elif freed == "inside" and getattr(value, attribute) is not None:
                    setattr(getattr(value, attribute), inside, ())

    return Tensor


def class_for_each_op(side_by_side=False, base=True):
    """A class for each op, the operands in a list or in `left` and `right`."""

    class Node(Operators):
        def __init__(self, value, *operands, label=""):
            self.value, self.gradient, self.label = value, 0.0, label
            if side_by_side:
                self.left, self.right = [*operands, None, None][:2]
            else:
                self.inputs = list(operands)
            self.wanted = operands

        constant = classmethod(lambda cls, number: Leaf(number))

        def _apply(self, word, *operands):
            exponent = [operands[1]] if word == "pow" else []
            operands = operands[:1] if word == "pow" else self.wrapped(operands)
            numbers = [*[each.value for each in operands], *exponent]
            made = kinds[word](RULES[word][0](*numbers), *operands)
            made.slopes = RULES[word][1](*numbers)
            return made

        def backward(self):
            self.gradient = 1.0
            for value in reversed(ordered(self, lambda value: value.wanted)):
                for each, slope in zip(value.wanted, getattr(value, "slopes", ()), strict=False):
                    each.gradient += slope * value.gradient

    class Leaf(Node):
        pass

    kinds = {word: type(word.title(), (Node,), {}) for word in RULES}
    return lambda number, label="": Leaf(number, label=label)


def local_derivatives(prev="_children", local="_local_grads", pairs=False, turned=False):
    """No op at all: operands, and a local derivative beside each."""

    class Value(Operators):
        __slots__ = ("data", "grad", "label", local, prev)

        def __init__(self, data, label="", children=(), slopes=()):
            self.data, self.grad, self.label = data, 0, label
            setattr(self, local, tuple(slopes))
            setattr(self, prev, tuple(children))
            if pairs:
                setattr(self, prev, tuple(zip(children, slopes, strict=True)))

        constant = classmethod(lambda cls, number: cls(number))

        def _apply(self, word, *operands):
            if word == "pow":
                (base, exponent) = operands
                return Value(base.data**exponent, "", (base,), RULES[word][1](base.data, exponent))
            operands = self.wrapped(operands)
            numbers = [each.data for each in operands]
            return Value(RULES[word][0](*numbers), "", operands, RULES[word][1](*numbers))

        def operands(self):
            return [each[0] if pairs else each for each in getattr(self, prev)]

        def backward(self):
            self.grad = 1
            for value in reversed(ordered(self, Value.operands)):
                for each, slope in zip(value.operands(), getattr(value, local), strict=True):
                    each.grad += slope * value.grad

    return Value


def dependencies():
    """Operands in objects, each with the function of its gradient."""

    class Dependency:
        def __init__(self, tensor, grad_fn):
            self.tensor, self.grad_fn = tensor, grad_fn

    class Tensor(Operators):
        def __init__(self, data, label="", depends_on=()):
            self.data, self.grad, self.label, self.depends_on = data, 0.0, label, list(depends_on)

        constant = classmethod(lambda cls, number: cls(number))

        def _apply(self, word, *operands):
            kept = operands[:1] if word == "pow" else self.wrapped(operands)
            numbers = [*[each.data for each in kept], *(operands[1:] if word == "pow" else ())]
            slopes = RULES[word][1](*numbers)
            pairs = [Dependency(each, lambda g, s=slope: g * s) for each, slope in zip(kept, slopes, strict=True)]
            return Tensor(RULES[word][0](*numbers), depends_on=pairs)

        def backward(self):
            self.grad = 1.0
            for value in reversed(ordered(self, lambda value: [each.tensor for each in value.depends_on])):
                for each in value.depends_on:
                    each.tensor.grad += each.grad_fn(value.grad)

    return Tensor


def enum_ops(backward="method"):
    """An enum member for the op, operands in a tuple, a method for the backward pass."""
    Op = Enum("Op", "ADD SUB MUL DIV POW NEG TANH RELU")  # noqa: N806

    class Scalar(Operators):
        def __init__(self, value, label="", op=None, parents=(), extra=None):
            self.value, self.adjoint, self.label, self.op, self.parents, self.extra = (
                value,
                0.0,
                label,
                op,
                parents,
                extra,
            )

        constant = classmethod(lambda cls, number: cls(number))

        def _apply(self, word, *operands):
            extra = [operands[1]] if word == "pow" else []
            operands = operands[:1] if word == "pow" else self.wrapped(operands)
            numbers = [*[each.value for each in operands], *extra]
            made = Scalar(RULES[word][0](*numbers), "", Op[word.upper()], tuple(operands))
            made.extra = RULES[word][1](*numbers)
            return made

        def backward(self):
            self.adjoint = 1.0
            for value in reversed(ordered(self, lambda value: value.parents)):
                for each, slope in zip(value.parents, value.extra or (), strict=True):
                    each.adjoint += slope * value.adjoint

    return Scalar


def users_not_operands():
    """Values that know who uses them: what is called children are users."""

    class Var(Operators):
        def __init__(self, value, label=""):
            self.value, self.grad_value, self.label, self.children = value, None, label, []

        constant = classmethod(lambda cls, number: cls(number))

        def _apply(self, word, *operands):
            extra = [operands[1]] if word == "pow" else []
            operands = operands[:1] if word == "pow" else self.wrapped(operands)
            numbers = [*[each.value for each in operands], *extra]
            made = Var(RULES[word][0](*numbers))
            for each, slope in zip(operands, RULES[word][1](*numbers), strict=True):
                each.children.append((slope, made))
            return made

        def backward(self):
            self.grad_value = 1.0

    return Var


class Tape:
    """A graph outside the values: rows of an op and the places of its operands."""

    def __init__(self):
        self.rows: list[Any] = []
        self.values: list[Any] = []
        tape = self

        class Number(Operators):
            def __init__(self, primal, label="", row=("leaf", ())):
                self.primal, self.label, self.place, self.adjoint = primal, label, len(tape.rows), 0.0
                tape.rows.append(row)
                tape.values.append(self)

            constant = classmethod(lambda cls, number: cls(number))

            def _apply(self, word, *operands):
                exponent = [operands[1]] if word == "pow" else []
                operands = operands[:1] if word == "pow" else self.wrapped(operands)
                made = RULES[word][0](*[each.primal for each in operands], *exponent)
                return Number(made, row=(word, tuple(each.place for each in operands), *exponent))

            def backward(self):
                self.adjoint = 1.0
                for value in reversed(tape.values[: self.place + 1]):
                    word, places, *exponent = tape.rows[value.place]
                    operands = [tape.values[place] for place in places]
                    if operands:
                        slopes = RULES[word][1](*[each.primal for each in operands], *exponent)
                        for each, slope in zip(operands, slopes, strict=False):
                            each.adjoint += slope * value.adjoint

        self.Number = Number

    def operands(self, value):
        _, places, *exponent = self.rows[value.place]
        return [self.values[place] for place in places] + exponent

    def how_to_read(self):
        return {
            "operands": self.operands,
            "op": lambda value: self.rows[value.place][0],
            "data": "primal",
            "grad": "adjoint",
        }


ODD = {
    "_ctx.parents, class per op": lambda: context_engine("_ctx", "parents", "class"),
    "_ctx.saved_tensors": lambda: context_engine("_ctx", "saved_tensors", "op"),
    "creator.inputs": lambda: context_engine("creator", "inputs", "class", grad="gradient"),
    "operation.parents, named": lambda: context_engine("operation", "parents", "name", data="value"),
    "grad_fn.inputs": lambda: context_engine("grad_fn", "inputs", "class"),
    "op.operands": lambda: context_engine("op", "operands", "name"),
    "history.inputs": lambda: context_engine("history", "inputs", "last_fn", grad="derivative"),
    "context freed": lambda: context_engine("_ctx", "parents", "class", freed="context"),
    "context deleted": lambda: context_engine("_ctx", "parents", "class", freed="deleted"),
    "context emptied": lambda: context_engine("creator", "inputs", "class", freed="inside"),
    "a class for each op": class_for_each_op,
    "left and right": lambda: class_for_each_op(side_by_side=True),
    "local derivatives": local_derivatives,
    "local derivatives, other names": lambda: local_derivatives("parents", "local_gradients"),
    "pairs": lambda: local_derivatives("parents", "slopes", pairs=True),
    "dependencies": dependencies,
    "enum": enum_ops,
    "users": users_not_operands,
    "tape, not registered": lambda: Tape().Number,
}
