"""Values of which one part is unfit, or whose own code fails: the error names the part, the class, and what to do."""

from collections import deque

import pytest

from gradgraph import EngineError, export, register_engine
from gradgraph.tracing import engines


class V:
    """A value as the well-known engine has it."""

    def __init__(self, data, prev=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, prev, op

    def backward(self):
        pass


def difference(data=-1.0, kind=V):
    return kind(data, (kind(2.0), kind(3.0)), "-")


def refused(value, found):
    with pytest.raises(EngineError) as caught:
        export(value)
    assert found in str(caught.value)
    assert "gradgraph.register_engine(" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (None, "its 'data' is of type NoneType, and must be a real number"),
        ("-1", "its 'data' is of type str, and must be a real number"),
        ([-1.0], "its 'data' is of type list, and must be a real number"),
        (True, "its data is of type bool, and must be a real number"),
        (1j, "its data is of type complex, and must be a real number"),
        (10**400, "its data is a number beyond the range of floats"),
    ],
)
def test_data_that_is_no_real_number(data, found):
    refused(difference(data), found)


@pytest.mark.parametrize("data", [None, "2", [2.0], 10**400])
def test_data_of_an_operand_that_is_no_real_number(data):
    refused(V(5.0, (V(2.0), V(data)), "+"), "its data is" if data is not None else "it has no data")


def test_a_gradient_that_is_no_number():
    output = difference()
    output.grad = [0.0]
    refused(output, "its grad is of type list, and must be a real number")


def test_a_property_that_fails():
    class Failing(V):
        @property
        def label(self):
            raise KeyError("no label")

    refused(difference(kind=Failing), "reading its 'label' failed with KeyError: 'no label'")


def test_a_property_that_fails_at_an_operand():
    class Failing(V):
        @property
        def label(self):
            return str(1 / (self.data + 1) if self.data > 2 else 1 / (self.data - 2))

    refused(Failing(5.0, (Failing(3.0), Failing(2.0)), "+"), "reading its label failed with ZeroDivisionError")


def test_a_deque_is_a_sequence():
    graph = export(V(-1.0, deque([V(2.0), V(3.0)]), "-"))
    assert [graph[operand].data for operand in graph[2].operands] == [2.0, 3.0]


def test_a_generator_is_refused():
    refused(V(-1.0, (each for each in (V(2.0), V(3.0))), "-"), "`_prev` is a generator, which gives its items once")


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(engines, "_registered", {})


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"op": lambda value: 1 / 0}, "reading its op failed with ZeroDivisionError: division by zero"),
        ({"data": lambda value: "3"}, "its data is of type str, and must be a real number"),
        ({"grad": lambda value: 1j}, "its grad is of type complex, and must be a real number"),
        ({"operands": "nope"}, "but it has no attribute 'nope', which operands= names"),
        ({"operands": lambda value: iter(value._prev)}, "the operands is a tuple_iterator, which gives its items once"),
        ({"operands": lambda value: 3}, "the operands is of type int, and must be a collection of values"),
    ],
)
def test_what_is_registered_and_unfit(registry, parts, found):
    class Registered(V):
        pass

    register_engine(Registered, **parts)
    refused(difference(kind=Registered), found)


def test_operands_that_are_not_registered_are_looked_up_by_name(registry):
    class Registered(V):
        pass

    register_engine(Registered, op=lambda value: "minus" if value._prev else "")
    graph = export(difference(kind=Registered))
    assert (graph[2].op, [graph[operand].data for operand in graph[2].operands]) == ("sub", [2.0, 3.0])

    class Numbered:
        def __init__(self, number, children=()):
            self.number_, self.children = number, children

    register_engine(Numbered, op=lambda value: "+" if value.children else "", data="number_")
    assert export(Numbered(5.0, (Numbered(2.0), Numbered(3.0))))[2].op == "add"


def test_no_attribute_is_asked_for_that_is_not_there():
    asked = []

    class Anything(V):
        def __getattr__(self, name):
            asked.append(name)
            raise AttributeError(name)

    assert export(difference(kind=Anything))[2].op == "sub"
    assert set(asked) <= {"label", "name"}
