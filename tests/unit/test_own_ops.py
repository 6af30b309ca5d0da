"""Ops of the user's own: values made with children and a `_backward`, and ops defined by `gradgraph.op`."""

import copy
import math
import pickle
import warnings
from typing import Any

import pytest

import gradgraph
from gradgraph import DerivativeError, StaleDataWarning, Value, dumps, export, loads, render, to_values, verify
from gradgraph.testing import check_gradients, parse_text


def tanh(x: Value, factor: float = 1.0) -> Value:
    """The course's, by exponentials: rarely math.tanh to the last bit."""
    t = (math.exp(2 * x.data) - 1) / (math.exp(2 * x.data) + 1)
    out = Value(t, (x,), "tanh")

    def _backward() -> None:
        x.grad += factor * (1 - t**2) * out.grad

    out._backward = _backward
    return out


def add(a: Value, b: Value, assign: bool = False) -> Value:
    out = Value(a.data + b.data, (a, b), "+")

    def _backward() -> None:
        a.grad = (0 if assign else a.grad) + out.grad
        b.grad = (0 if assign else b.grad) + out.grad

    out._backward = _backward
    return out


def pickled(what):
    return pickle.loads(pickle.dumps(what))  # noqa: S301


def test_both_constructors():
    a, b = Value(1.0, "a", "parameter"), Value(2.0)
    assert (a.label, a.role, a._op, a._children) == ("a", "parameter", "", ())
    for made in (Value(9.0, (a, b), "odd", "made"), Value(9.0, [a, b], _op="odd", label="made")):
        assert (made.operands, made._children, made._prev, made._op) == ((a, b), (a, b), {a, b}, "odd")
        assert (made.label, made.role, made.data) == ("made", None, 9.0)
    assert Value(9.0, _children=(b, a)).operands == (b, a)
    for leaf in (Value(3.0, (), ""), Value(3.0, set(), "x"), Value(3.0, (), "", "name"), Value(3, _op="x")):
        assert (leaf.op, leaf.operands, leaf.role) == (None, (), "input")
    assert Value(3.0, (), "", "name").label == "name"
    assert Value(3.0, "x", role="constant").role == "constant"


def test_what_contradicts_itself_is_refused():
    with pytest.raises(TypeError, match="the label or the role was given twice"):
        Value(1.0, "a", label="b")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="the label or the role was given twice"):
        Value(1.0, "a", "parameter", role="constant")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="a value with children has no role, but 'parameter' was given"):
        Value(1.0, (Value(1.0),), "op", role="parameter")  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("children", "message"),
    [
        (Value(1.0), "children must be a tuple, list or set of Values, not Value"),
        (3, "children must be a tuple, list or set of Values, not int"),
        (None, "children must be a tuple, list or set of Values, not NoneType"),
        ((Value(1.0), 2.0), "a child must be a Value, not float"),
        (("a",), "a child must be a Value, not str"),
    ],
)
def test_what_cannot_be_a_child_is_named(children, message):
    with pytest.raises(TypeError, match=message):
        Value(1.0, children, "+")
    with pytest.raises(TypeError, match="_op must be a string, not int"):
        Value(1.0, (Value(1.0),), 3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="_backward must be a function without arguments, not int"):
        Value(1.0)._backward = 3  # type: ignore[assignment]


def test_a_set_gets_the_order_that_recomputes_the_data():
    a, b = Value(5.0), Value(2.0)
    assert Value(3.0, {a, b}, "-").operands == (a, b)
    assert Value(-3.0, {a, b}, "-").operands == (b, a)
    assert Value(10.0, {a}, "+").operands == (a, a)
    assert Value(10.0, (a,), "+").operands == (a,)
    assert Value(0.1, {a, b, Value(3.0)}, "odd").operands[1].data == 3.0


def test_backward_asks_checks_at_first_and_disturbs_no_gradient():
    x = Value(0.5)
    asked = []
    out = Value(2.0, (x,), "odd")

    def _backward() -> None:
        asked.append((x.grad, out.grad))
        x.grad += 3 * out.grad

    out._backward = _backward
    assert out._backward is _backward
    loss = out * 2 + x
    x.grad = 10.0
    loss.backward()
    assert (x.grad, out.grad, asked[0]) == (17.0, 2.0, (0.0, 1.0))
    before = len(asked)
    loss.backward()
    assert (x.grad, out.grad, asked[before:]) == (24.0, 4.0, [(0.0, 1.0)])
    graph = export(loss)
    assert (x.grad, out.grad) == (24.0, 4.0)
    assert (graph[1].op, graph[1].local) == ("odd", (3.0,))


def test_a_backward_that_fails_leaves_no_trace():
    x = Value(1.0)
    out = Value(2.0, (x,), "odd")

    def _backward() -> None:
        x.grad += 1
        raise RuntimeError("mine")

    out._backward = _backward
    with pytest.raises(RuntimeError, match="mine"):
        (out * 2).backward()
    assert not x.has_grad
    assert not out.has_grad


def test_assigning_and_adding_give_the_same_but_for_repeats():
    a, b = Value(2.0, "a"), Value(3.0)
    add(a, b, assign=True).backward()
    assert (a.grad, b.grad) == (1.0, 1.0)
    a.grad = None
    twice = add(a, a)
    twice.backward()
    assert a.grad == 2.0
    assert export(twice)[1].local == (1.0, 1.0)
    assert verify(export(twice)) == ()
    a.grad = None
    wrong = add(a, a, assign=True)
    for act in (wrong.backward, lambda: export(wrong)):
        with pytest.raises(DerivativeError, match=r"sets the gradient of .*, a child .*: write \+= in place of ="):
            act()
    assert not a.has_grad


def clipped(a: Value, out: Value, calls: list[int]) -> None:
    a.grad += max(-1.0, min(1.0, out.grad))


def counting(a: Value, out: Value, calls: list[int]) -> None:
    calls.append(1)
    a.grad += len(calls) * out.grad


def constant(a: Value, out: Value, calls: list[int]) -> None:
    a.grad += 7


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (clipped, r"is not linear in the gradient of its result: it adds 1.0 for 1, and 1.0 for 1024.0"),
        (constant, r"is not linear in the gradient of its result: it adds 7.0 for 1, and 7.0 for 1024.0"),
        (counting, r"gives other gradients each time it is called: let it change nothing but gradients"),
    ],
)
def test_a_backward_that_has_no_local_derivative_is_refused(rule, message):
    a = Value(2.0)
    out = Value(5.0, (a,), "odd")
    calls: list[int] = []
    out._backward = lambda: rule(a, out, calls)
    for act in ((out * 3).backward, lambda: export(out)):
        with pytest.raises(DerivativeError, match=message):
            act()
    assert not a.has_grad


@pytest.mark.parametrize("slope", [0.0, math.inf, math.nan, 1e300, -2.0])
def test_any_number_may_be_a_local_derivative(slope):
    a = Value(2.0)
    out = Value(5.0, (a, a), "odd")

    def _backward() -> None:
        a.grad += slope * out.grad
        a.grad += slope * out.grad

    out._backward = _backward
    assert repr(export(out)[1].local) == repr((slope, slope))


def test_a_backward_of_another_value_is_refused():
    a, b = Value(2.0), Value(3.0)
    first, second = Value(6.0, (a, b), "*"), Value(6.0, (a, b), "*")

    def _backward() -> None:
        a.grad += b.data * first.grad
        b.grad += a.data * first.grad

    first._backward = second._backward = _backward
    with pytest.raises(DerivativeError, match=r"reads the gradient of Value\(data=6.0\), which is neither its result"):
        (first + second).backward()
    assert export(first)[2].local == (3.0, 2.0)


def test_local_derivatives_tell_the_order_of_children_with_equal_data():
    for names in ("ab", "ba"):
        made = {name: Value(2.0, name) for name in "ab"}
        left, right = (made[name] for name in names)
        out = Value(0.0, {right, left}, "-")

        def _backward(left: Value = left, right: Value = right, out: Value = out) -> None:
            left.grad += out.grad
            right.grad -= out.grad

        out._backward = _backward
        out.backward()
        graph = export(out)
        assert [graph[operand].label for operand in graph[2].operands] == [*names]
        assert graph[2].local == (1.0, -1.0)
        assert verify(graph) == ()


def test_two_ops_of_one_name_and_other_rules_are_refused_in_one_graph():
    double = gradgraph.op("scaled", lambda x: 2 * x, lambda out, x: 2.0)
    triple = gradgraph.op("scaled", lambda x: 3 * x, lambda out, x: 3.0)
    again = gradgraph.op("scaled", *double_rules())
    once = gradgraph.op("scaled", *double_rules())
    a = Value(1.0)
    assert export(again(a) + once(a)).ops["scaled"].arity == 1
    assert export([copy.deepcopy(double(a)), double(a)])
    with pytest.raises(ValueError, match="two ops of this graph are called 'scaled' and have other rules"):
        export(double(a) + triple(a))


def double_rules():
    return lambda x: 2 * x, lambda out, x: 2.0


def test_what_repeats_get_is_shared_as_the_primitive_does():
    a = Value(3.0)
    out = Value(a.data / a.data, (a, a), "/")

    def _backward() -> None:
        a.grad += 1 / a.data * out.grad
        a.grad += -a.data / a.data**2 * out.grad

    out._backward = _backward
    out.backward()
    assert export(out)[1].local == (1 / 3, -1 / 3)
    assert verify(export(out)) == ()
    odd = Value(1.0, (a, a, a, a), "odd")

    def backward_of_odd() -> None:
        a.grad += 2 * odd.grad

    odd._backward = backward_of_odd
    assert export(odd)[1].local == (0.5,) * 4


def test_without_a_backward_no_gradient_flows_and_an_error_says_so():
    a = Value(3.0)
    step = Value(1.0, (a,), "step", "s")
    loss = step * a
    assert (export(loss)[1].op, export(loss)[1].local) == ("step", ())
    with pytest.raises(DerivativeError, match=r"'s' was made by the op 'step'.*set its _backward"):
        loss.backward()
    with pytest.raises(DerivativeError, match="'step'"):
        step._backward()
    assert not a.has_grad
    step._backward = lambda: None
    loss.backward()
    assert a.grad == 1.0
    step._backward()


def test_a_symbol_is_the_primitive_only_where_all_data_agree():
    a, b = Value(0.1), Value(0.2)
    total, power = add(a, b), Value(0.2**3, (b,), "**3")
    graph = export([total, power])
    assert [node.op for node in graph] == [None, None, "add", "power"]
    assert (graph[3].params, graph.symbol(graph[3])) == ({"exponent": 3.0}, "**3")
    assert (graph[2].local, graph[3].local) == ((1.0, 1.0), ())
    other = Value(99.0, (a, b), "+")
    graph = export([total, power, other])
    assert [node.op for node in graph] == [None, None, "+", "power", "+"]
    assert graph.ops["+"].arity == 2
    assert loads(dumps(graph)) == graph
    assert verify(graph) == ()
    assert export(Value(1.0, (a,), "mul"))[1].op == "mul of 1"


def test_a_symbol_may_be_any_name_of_a_primitive():
    a, b = Value(3.0), Value(4.0)
    made = [Value(7.0, (a, b), "plus"), Value(9.0, (a,), "square"), Value(-1.0, (a, b), "Sub"), Value(8.0, (b,), "dbl")]
    graph = export(made)
    assert [graph[output].op for output in graph.outputs] == ["add", "power", "sub", "dbl"]


def test_a_formula_that_agrees_here_and_there_is_one_op_in_a_document():
    graph = export(sum(tanh(Value(x / 7)) for x in range(-5, 6)))
    assert {node.op for node in graph if node.op} == {"add", "tanh of 1"}
    assert {node.op for node in export(tanh(Value(0.0)))} == {None, "tanh"}


def test_a_wrong_rule_for_a_primitive_is_found():
    x = Value(0.0)
    out = tanh(x, factor=2.0)
    out.backward()
    assert x.grad == 2.0
    assert [str(each) for each in verify(export(out))] == ["n1: local[0] is 2.0 but computes to 1.0"]


def test_ops_of_one_name_may_differ_in_their_operands():
    a, b = Value(1.0), Value(2.0)
    graph = export([Value(1.0, (a,), "mean"), Value(1.5, (a, b), "mean")])
    assert graph.ops["mean"].arity is None
    assert loads(dumps(graph)) == graph


def test_an_op_without_a_symbol():
    made = Value(1.5, (Value(1.0),))
    assert made._op == ""
    graph = export(made)
    assert (graph[1].op, graph.symbol(graph[1])) == ("? of 1", "?")
    assert loads(dumps(graph)) == graph


def test_it_is_drawn_and_replayed_as_recorded():
    x = Value(0.7, "x")
    out = tanh(x) * 2
    out.backward()
    graph = export(out)
    text = str(render(graph, "text", width=0))
    assert "tanh(x)" in text
    assert parse_text(text).expressions[-1] == graph[-1].operands
    assert '"tanh"' in str(render(graph, "mermaid"))
    again = to_values(loads(dumps(graph)))[-1]
    again.backward()
    assert export(again) == graph


@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, pickled])
def test_copies_keep_the_local_derivatives(way):
    x = Value(0.7, "x")
    out = tanh(x)
    out.grad = 5.0
    made = way(out)
    assert out.grad == 5.0
    assert (made._op, made.grad) == ("tanh", 5.0)
    made.grad = None
    (made * 3).backward()
    assert not x.has_grad or way is copy.copy
    expected = export(tanh(x) * 3)
    assert made.operands[0].grad == 3 * expected[1].local[0]
    step = way(Value(1.0, (x,), "step"))
    with pytest.raises(DerivativeError):
        step.backward()
    leaf = Value(1.0)
    leaf._backward = lambda: None
    assert way(leaf).data == 1.0


def test_a_rule_of_ones_own_for_a_primitive():
    """A straight-through estimator: `_backward` assigned to what an operator made."""
    x = Value(-2.0)
    out = x.relu()

    def _backward() -> None:
        x.grad += out.grad

    out._backward = _backward
    out.backward()
    assert (x.grad, export(out)[1].local) == (1.0, (1.0,))
    assert len(verify(export(out))) == 1


def test_data_set_too_late_is_noticed():
    x = Value(0.5)
    out = tanh(x) * 2
    x.data = 0.6
    with pytest.warns(StaleDataWarning):
        out.backward()


def test_a_long_chain_of_own_ops():
    x = value = Value(0.0)
    for _ in range(20_000):
        value = add(value, x)
    value.backward()
    assert x.grad == 20_001.0
    assert len(export(value)) == 20_001


def softplus_rule(x):
    """The logarithm of 1 + e^x."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


softplus = gradgraph.op("softplus", softplus_rule, lambda out, x: 1 / (1 + math.exp(-x)))


@gradgraph.op(partials=lambda out, x, slope: 1.0 if x > 0 else slope, symbol="leaky {slope}")
def leaky_relu(x, slope=0.01):
    return x if x > 0 else slope * x


@gradgraph.op("norm", partials=lambda out, *xs: [x / out for x in xs])
def norm(*xs):
    return math.hypot(*xs)


def test_a_defined_op_is_as_good_as_a_primitive():
    for point in (-3.0, -0.5, 0.0, 2.0):
        check_gradients(softplus, point)
    check_gradients(lambda x, y: softplus(x * y) + norm(x, y, 2) * leaky_relu(-x, slope=0.25), 0.5, 1.5)
    assert (softplus.__name__, softplus.__doc__) == ("softplus", "The logarithm of 1 + e^x.")
    x = Value(-2.0, "x")
    out = norm(softplus(x), leaky_relu(x), 1)
    out.backward()
    graph = export(out)
    assert [graph.symbol(node) for node in graph] == ["", "softplus", "leaky 0.01", "", "norm"]
    assert (graph[2].params, graph[3].role, graph.ops["norm"].arity) == ({"slope": 0.01}, "constant", None)
    assert loads(dumps(graph)) == graph
    assert verify(graph) == ()
    again = to_values(graph)[-1]
    again.backward()
    assert export(again) == graph
    for way in (copy.copy, copy.deepcopy, pickled):
        copied = way(out)
        assert dumps(export(copied)) == dumps(graph)
        copied.zero_grad()
        copied.backward()
        assert dumps(export(copied)) == dumps(graph)
    assert copy.deepcopy(out).op is out.op


def test_a_defined_op_can_be_a_method():
    class Mine(Value):
        softplus = softplus

    assert Mine(0.0).softplus().data == math.log(2)


def as_text(x) -> Any:
    return str(x)


@pytest.mark.parametrize(
    ("use", "error", "message"),
    [
        (lambda: softplus(), TypeError, "softplus takes 1 operand, not 0"),
        (lambda: softplus(1.0, 2.0), TypeError, "softplus takes 1 operand, not 2"),
        (lambda: norm(), TypeError, "norm takes one operand or more, not 0"),
        (lambda: softplus("1"), TypeError, "an operand of softplus must be a Value or a number, not str"),
        (lambda: softplus(1.0, slope=2.0), TypeError, "softplus has no param 'slope'"),
        (lambda: leaky_relu(1.0, slope="2"), TypeError, "the param 'slope' of leaky_relu must be a real number"),
        (lambda: gradgraph.op("mul", math.hypot, lambda out, x: 1.0), ValueError, "'mul' is the name of a primitive"),
        (lambda: gradgraph.op("", lambda x: x, lambda out, x: 1.0), ValueError, "an op needs a name"),
        (lambda: gradgraph.op("f", lambda: 1.0, lambda out: 1.0), ValueError, "f must take an operand"),
        (lambda: gradgraph.op("f", lambda x, **k: x, lambda out, x: 1.0), ValueError, r"not \*\*k"),
        (lambda: gradgraph.op("f", max, lambda out, x: 1.0), ValueError, "the parameters of f are not known"),
        (
            lambda: gradgraph.op("f", lambda x: x),  # type: ignore[call-overload]
            TypeError,
            "an op needs partials",
        ),
        (lambda: gradgraph.op("f", as_text, lambda out, x: 1.0)(2), TypeError, "the result of f must be a real"),
        (
            lambda: gradgraph.op("f", lambda x, *, k: x * k, lambda out, x, k: k)(2),
            TypeError,
            "f needs the param 'k'",
        ),
        (
            lambda: gradgraph.op("f", lambda x, y: x, lambda out, x, y: 1.0)(2, 3).backward(),
            ValueError,
            "the partials of f must be 2, one for each operand, not 1",
        ),
    ],
)
def test_wrong_definitions_and_uses_are_named(use, error, message):
    with pytest.raises(error, match=message):
        use()


def test_attributes_of_ones_own():
    p: Any = Value(1.0)
    p.m, p.name = 0.5, "weight"
    for way in (copy.copy, copy.deepcopy, pickled):
        assert (way(p).m, way(p).name) == (0.5, "weight")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (p * 2).backward()
    assert (p.m, p.grad) == (0.5, 2.0)
