"""Engines that somebody registers, in a program or by an entry point."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from gradgraph import EngineError, export, register_engine
from gradgraph.tracing import engines


class Odd:
    """Its parts have names that nobody else uses, and its operands are last first."""

    def __init__(self, number, *made_from, how=None):
        self.number_, self.made_from, self.how, self.slope = number, made_from[::-1], how, 0.0


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(engines, "_registered", {})
    monkeypatch.setattr(engines, "_met", set())


def read_odd():
    return register_engine(
        Odd,
        operands=lambda value: value.made_from[::-1],
        op="how",
        data="number_",
        grad="slope",
        label=lambda value: f"<{value.number_}>",
    )


def test_a_registered_engine_and_its_subclasses(registry):
    class More(Odd):
        pass

    a, b = Odd(2.0), More(5.0)
    output = Odd(-3.0, a, b, how="minus")
    with pytest.raises(TypeError, match="an output must be a Value, not Odd"):
        export(output)
    read_odd()
    output.slope = 1.0
    graph = export(More(9.0, output, how="**2"))
    assert [node.label for node in graph] == ["<2.0>", "<5.0>", "<-3.0>", "<9.0>"]
    assert graph[2].op == "sub"
    assert graph[2].operands == (0, 1)
    assert graph[2].grad == 1.0
    assert (graph[3].op, dict(graph[3].params)) == ("power", {"exponent": 2.0})
    assert graph.meta == {"engine": f"{__name__}.Odd"}


def test_what_is_registered_is_believed_where_data_says_nothing(registry):
    read_odd()
    a, b = Odd(2.0), Odd(5.0)
    output = Odd(-3.0, a, b, how="-")
    a.number_ = 17.0
    graph = export(output)
    assert [graph[operand].data for operand in graph[2].operands] == [17.0, 5.0]


def test_numbers_among_operands_become_constants(registry):
    read_odd()
    graph = export(Odd(6.0, 3.0, Odd(2.0), how="*"))
    assert [(node.role, node.data) for node in graph] == [("constant", 3.0), (None, 2.0), (None, 6.0)]
    assert export(Odd(8.0, Odd(2.0), 3, how="pow"))[1].params == {"exponent": 3.0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cls": "Odd", "operands": "a"}, "registered by the class of its values"),
        ({"cls": Odd, "operands": 3}, "operands must be the name of an attribute or a function, not 3"),
        ({"cls": Odd, "operands": "a", "op": 3}, "op must be the name of an attribute or a function, not 3"),
    ],
)
def test_what_cannot_be_registered(registry, arguments, message):
    with pytest.raises(TypeError, match=message):
        register_engine(arguments.pop("cls"), **arguments)


def plug_in(monkeypatch, function):
    module = ModuleType("plug_in_of_a_test")
    vars(module)["register"] = function
    monkeypatch.setitem(sys.modules, module.__name__, module)
    entry = EntryPoint(__name__.partition(".")[0], f"{module.__name__}:register", engines.GROUP)
    monkeypatch.setattr(engines, "claims", lambda group: {entry.name: (entry,)})
    monkeypatch.setattr("gradgraph.entry_points.claims", lambda group: {entry.name: (entry,)})


def test_an_entry_point_registers_once_for_values_of_its_module(registry, monkeypatch):
    calls = []
    plug_in(monkeypatch, lambda: calls.append(read_odd()))
    assert [export(Odd(6.0, Odd(2.0), Odd(4.0), how="+"))[2].op for _ in range(3)] == ["add"] * 3
    assert calls == [Odd]


def test_a_plug_in_that_fails_is_blamed(registry, monkeypatch):
    plug_in(monkeypatch, lambda: 1 / 0)
    with pytest.raises(EngineError, match=r"the engine 'tests' \(plug_in_of_a_test:register\) cannot be registered"):
        export(Odd(1.0))
