"""What data alone cannot tell, in engines without closures: the answer is "not known", or what other rows prove."""

from typing import Any

import pytest

from gradgraph import EngineError, export, register_engine


class V:
    """A value with its operands in a tuple, and no closure."""

    kept: type = tuple

    def __init__(self, data, prev=(), op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, self.kept(prev), op, label


class S(V):
    """A value with its operands in a set, and no closure."""

    kept = set


def last(output):
    graph = export(output)
    node = graph[graph.outputs[0]]
    return node.op, [graph[operand].label for operand in node.operands]


@pytest.mark.parametrize(("op", "data"), [("+", 4.0), ("*", 4.0), ("-", 0.0), ("/", 1.0)])
def test_one_operand_in_a_set_is_used_twice_or_with_a_number(op, data):
    with pytest.raises(EngineError, match="used one operand twice, or a number that is not kept"):
        export(S(data, (S(2.0),), op))


def test_a_local_derivative_tells_that_an_operand_was_used_twice():
    class Slope(S):
        def __init__(self, *given, local=()):
            super().__init__(*given)
            self._local_grads = local

    x = Slope(3.0, (), "", "x")
    assert last(Slope(9.0, (x,), "*", local=(6.0,))) == ("mul", ["x", "x"])
    with pytest.raises(EngineError, match=r"the number that its '\*' used is not kept"):
        export(Slope(9.0, (x,), "*", local=(3.0,)))


@pytest.mark.parametrize("op", "+*")
def test_a_number_that_is_not_kept_does_not_follow_from_a_leaf_that_may_have_changed(op):
    a = V(2.0, label="a")
    output = V(6.0, (a,), op)
    a.data = 1.7
    with pytest.raises(EngineError, match=r"the number that its '.' used is not kept"):
        export(output)


def test_a_number_that_is_not_kept_follows_from_a_result():
    a, b = V(2.0, label="a"), V(3.0, label="b")
    graph = export(V(10.0, (V(5.0, (a, b), "+"),), "*"))
    assert (graph[4].op, graph[3].data) == ("mul", 2.0)


class Reversed:
    """Operands as they come off a stack: last first."""

    def __init__(self, data, prev=(), op="", label=""):
        self.data, self.grad, self._prev, self._op, self.label = data, 0.0, prev, op, label
        self._local_grads = None

    def __sub__(self, other):
        return Reversed(self.data - other.data, (other, self), "-")

    def __mul__(self, other):
        return Reversed(self.data * other.data, (other, self), "*")


def test_the_order_of_a_row_that_tells_none_is_that_of_the_others():
    a, b, c = Reversed(7.0, label="a"), Reversed(3.0, label="b"), Reversed(3.0, label="c")
    graph = export((a - b) * (b - c))
    assert [[graph[operand].label or graph[operand].id for operand in node.operands] for node in graph][2:] == [
        ["a", "b"],
        [],
        ["b", "c"],
        [2, 4],
    ]


def test_an_op_nobody_knows_is_in_the_order_that_others_prove():
    a, b = Reversed(7.0, label="a"), Reversed(3.0, label="b")
    odd = Reversed(9.0, (b, a), "odd")
    odd._local_grads = (0.25, 4.0)
    odd_alone, (op, operands) = export(odd), last(odd)
    assert (op, operands, odd_alone[2].local) == ("odd", ["b", "a"], (0.25, 4.0))
    graph = export([odd, a - b])
    assert [graph[operand].label for operand in graph[2].operands] == ["a", "b"]
    assert graph[2].local == (4.0, 0.25)


def test_the_order_of_a_row_that_tells_none_is_not_known_if_others_disagree():
    a, b, c = (Reversed(number, label=name) for name, number in (("a", 7.0), ("b", 3.0), ("c", 3.0)))
    straight = Reversed(4.0, (a, b), "-")
    with pytest.raises(EngineError, match="other values have theirs in both orders"):
        export([straight, a - b, b - c])
    assert last(Reversed(0.0, (b, c), "-")) == ("sub", ["b", "c"])


@pytest.mark.parametrize(
    ("data", "operands"),
    [(2.0, (5.0, 3.0)), (2.0, (6.0, 3.0)), (0.0, (1.0,)), (1.0, (1.0, 0.0)), (-8.0, (2.0, -4.0)), (1.0, (0.0,))],
)
def test_data_alone_names_no_op(data, operands):
    assert last(V(data, [V(each) for each in operands], None))[0] == f"? of {len(operands)}"


class Local(V):
    """A value with local derivatives and no op."""

    def __init__(self, data, prev=(), local=(), label=""):
        super().__init__(data, prev, None, label)
        self._local_grads = local


def ops(*outputs):
    graph = export(outputs)
    return [graph[output].op for output in graph.outputs]


def test_a_local_derivative_that_several_functions_have_names_none():
    zero, one = Local(0.0), Local(1.5)
    assert ops(Local(0.0, (zero,), (0.0,))) == ["? of 1"]  # a square, or a ReLU
    assert ops(Local(0.0, (zero,), (1.0,))) == ["? of 1"]  # a sine, or a tanh
    assert ops(Local(1.0, (zero,), (1.0,))) == ["exp"]
    assert ops(Local(1.5, (one,), (1.0,))) == ["relu"]


class Handle:
    """A row of a table, looked up anew each time. Two handles of one row are equal."""

    rows: tuple[Any, ...] = ((3.0, "", ()), (9.0, "*", (0, 0)))

    def __init__(self, row: int) -> None:
        self.row, self.grad = row, 0.0
        self.data, self.op, self._of = self.rows[row]

    def __eq__(self, other):
        return self.row == other.row

    def __hash__(self):
        return self.row

    @property
    def parents(self):
        return [Handle(row) for row in self._of]


def test_operands_that_are_made_anew_at_each_look_are_refused():
    found = "its operands are other objects each time"
    with pytest.raises(EngineError, match=found):
        export(Handle(1))

    class Registered(Handle):
        parents = None

    register_engine(Registered, operands=lambda value: [Registered(row) for row in value._of])
    with pytest.raises(EngineError, match=found):
        export(Registered(1))


def test_operands_without_an_end_are_refused():
    class Endless(V):
        _prev = property(lambda self: (Endless(self.data / 2), Endless(self.data / 2)), lambda self, prev: None)

    with pytest.raises(EngineError, match="its operands are other objects each time"):
        export(Endless(4.0, (), "+"))


def test_operands_in_a_new_container_at_each_look_are_the_same():
    class Listed(V):
        operands = property(lambda self: [*self.made_of])

        def __init__(self, data, of=(), op="", label=""):
            self.data, self.grad, self.made_of, self.op, self.label = data, 0.0, of, op, label

    a, b = Listed(2.0, label="a"), Listed(5.0, label="b")
    assert last(Listed(-3.0, (a, b), "-")) == ("sub", ["a", "b"])


class Swapping(S):
    """Its closures are made after the parameters have changed places, or change them when they run."""

    def __init__(self, data, prev=(), op="", label=""):
        super().__init__(data, prev, op, label)
        self._backward = None

    def __sub__(self, other):
        data = self.data - other.data
        self, other = other, self
        out = Swapping(data, (self, other), "-")

        def _backward():
            other.grad += out.grad
            self.grad -= out.grad

        out._backward = _backward
        return out

    def __truediv__(self, other):
        out = Swapping(self.data / other.data, (self, other), "/")

        def _backward():
            nonlocal self, other
            self, other = other, self

        out._backward = _backward
        return out


@pytest.mark.parametrize("op", ["__sub__", "__truediv__"])
def test_parameters_that_change_places_tell_no_order(op):
    a, b = Swapping(2.0, label="a"), Swapping(5.0, label="b")
    output = getattr(a, op)(b)
    assert last(output)[1] == ["a", "b"]
    output._backward()
    assert last(output)[1] == ["a", "b"]
    a.data += 0.25
    with pytest.raises(EngineError, match="the order of the operands"):
        export(output)


def test_a_leaf_with_none_for_a_collection_was_freed():
    inner = V(-1.0, (V(2.0), V(3.0)), "-")
    output = V(-2.0, (inner, V(2.0)), "*")
    inner._prev = inner._op = None
    with pytest.raises(EngineError, match="`_prev` of a value is None, and empty for other leaves"):
        export(output)
