"""Value: operators in every mix, accumulation, and what is refused."""

import copy
import math
import operator
import pickle

import numpy as np
import pytest

from gradgraph import CycleError, Value, dumps, export, named_scope
from gradgraph.testing import check_gradients
from tests.conftest import example

OPERATORS = (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow)


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("number", [2, 2.5, np.float64(2.5), np.float32(2.5), np.int64(2)])
def test_numbers_mix_on_either_side(op, number):
    left, right = op(number, Value(1.5)), op(Value(1.5), number)
    assert (left.data, right.data) == (op(float(number), 1.5), op(1.5, float(number)))
    assert type(left.data) is type(right.data) is float
    check_gradients(lambda v: op(number, v) * op(v, number), 1.5)


def test_every_operator_is_one_node_of_its_own_primitive():
    a, b = Value(3.0), Value(2.0)
    made = [a + b, a - b, a * b, a / b, a**b, a**2, -a, 2**a]
    assert [v.op.name for v in made if v.op] == ["add", "sub", "mul", "div", "pow", "power", "neg", "pow"]
    assert [v._op for v in made] == ["+", "-", "*", "/", "**", "**2", "-", "**"]
    assert all(v.operands == (a, b) for v in made[:5])
    assert +a is a


def test_repeated_operands_are_kept():
    a = Value(3.0)
    b = a + a
    b.backward()
    assert b.operands == (a, a)
    assert b._prev == {a}
    assert a.grad == 2.0


def test_powers_add_up():
    a = Value(3.0)
    (a**2 + a**3).backward()
    assert a.grad == 33.0


def test_a_second_backward_doubles_every_gradient():
    a = Value(2.0)
    b = a * a
    b.backward()
    b.backward()
    assert (a.grad, b.grad) == (8.0, 2.0)


def test_gradients_accumulate_over_graphs_and_zero_grad_forgets_them():
    a = Value(2.0)
    (a * 3).backward()
    last = a * 5
    last.backward()
    assert a.grad == 8.0
    last.zero_grad()
    assert (a.grad, a.has_grad, last.has_grad) == (0.0, False, False)


def test_a_true_zero_differs_from_no_gradient():
    dead = Value(-1.0)
    assert (dead.grad, dead.has_grad) == (0.0, False)
    dead.relu().backward()
    assert (dead.grad, dead.has_grad) == (0.0, True)
    dead.grad = None
    assert not dead.has_grad


def test_ieee_edges():
    assert Value(1000.0).exp().data == math.inf
    assert Value(1000.0).tanh().data == 1.0
    assert Value(-1000.0).sigmoid().data == 0.0
    assert Value(0.0).log().data == -math.inf
    assert (Value(1.0) / 0).data == math.inf
    assert (Value(0.0) ** -1).data == math.inf
    assert (Value(10.0) ** 400).data == math.inf
    for nan in (Value(-1.0) ** 0.5, Value(-1.0).log(), Value(-1.0).sqrt(), Value(math.inf).sin(), Value(0.0) / 0):
        assert math.isnan(nan.data)


def test_relu_keeps_a_negative_zero_and_lets_nothing_flow_there():
    for zero in (-0.0, 0.0):
        x = Value(zero)
        y = x.relu()
        y.backward()
        assert (repr(y.data), repr(x.grad)) == (repr(zero), "0.0")
    assert math.isnan(Value(math.nan).relu().data)
    assert Value(-math.inf).relu().data == 0.0


@pytest.mark.parametrize("refused", [True, "3", 1j, None, [1.0], np.bool_(True), np.array([1.0, 2.0])])
def test_what_is_no_real_number_is_refused_by_name(refused):
    kind = type(refused).__name__
    with pytest.raises(TypeError, match=f"data must be a real number, not {kind}"):
        Value(refused)
    with pytest.raises(TypeError):
        Value(1.0) + refused
    with pytest.raises(TypeError):
        refused * Value(1.0)


def test_data_and_grad_stay_floats():
    a = Value(3)
    a.data += np.float32(1)
    a.grad = 1
    assert (type(a.data), type(a.grad), a.data) == (float, float, 4.0)
    with pytest.raises(TypeError, match="grad must be"):
        a.grad = "1"


def test_labels_and_roles_are_checked():
    with pytest.raises(TypeError, match="label must be a string, not int"):
        Value(1.0, label=3)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="lone surrogate at index 1"):
        Value(1.0, label="a\ud800")
    with pytest.raises(ValueError, match="role must be one of input, parameter, constant"):
        Value(1.0, role="weight")  # type: ignore[call-overload]
    assert [v.role for v in (Value(1.0) * 2).operands] == ["input", "constant"]


def test_scopes_nest_and_close():
    with named_scope("layer"):
        with named_scope("neuron"):
            inner = Value(1.0) * 2
        outer = inner + 1
    assert (inner.scope, outer.scope, (outer + 1).scope) == (("layer", "neuron"), ("layer",), ())


def test_repr_is_the_notebooks():
    assert repr(Value(2.0, label="x1")) == "Value(data=2.0)"


def test_values_pickle_and_copy():
    value = Value(2.0, "a") ** 2 * 3
    for copied in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):  # noqa: S301
        assert dumps(export(copied)) == dumps(export(value))
        copied.backward()
        assert not value.has_grad


def test_a_cycle_is_named():
    a = Value(1.0)
    b = a + 1
    a.op, a.operands = b.op, (b, b)
    with pytest.raises(CycleError, match="cycle"):
        b.backward()


def test_the_neuron_has_the_notebooks_numbers_in_both_spellings():
    import sys

    from tests.conftest import ROOT

    example("neuron")
    module = sys.modules["neuron"]
    for spelling in (module.neuron, module.neuron_from_exp):
        o = spelling()
        assert o.data == pytest.approx(0.7071049876722272, abs=1e-15)
        leaves = {}
        stack = [o]
        while stack:
            value = stack.pop()
            leaves[value.label] = value
            stack.extend(value.operands)
        grads = [leaves[name].grad for name in ("x1", "w1", "x2", "w2")]
        assert grads == pytest.approx([-1.5, 1.0, 0.5, 0.0], abs=1e-5)
    assert (ROOT / "examples" / "neuron.json").exists()


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("left", [-1.0, -0.0, 0.0, 2.5, math.inf, math.nan])
def test_values_compare_as_their_data(compare, left):
    for right in (-1.0, 0.0, 2.5, math.inf, math.nan):
        expected = compare(left, right)
        for other in (right, np.float64(right), np.float32(right)):
            assert compare(Value(left), other) is expected
            assert compare(other, Value(left)) is compare(right, left)
        assert compare(Value(left), Value(right)) is expected


def test_a_number_beyond_floats_compares_exactly():
    assert Value(2.0**53) < 2**53 + 1
    assert Value(1e308) < 10**400 < Value(math.inf)


def test_values_are_ordered_and_stay_nodes():
    a, b, same = Value(3.0), Value(-1.0), Value(3.0)
    assert (max(a, b, 2), min(a, b, 2), *sorted([a, b])) == (a, b, b, a)
    assert a != same
    assert len({a, same}) == 2
    assert a not in [b, same]
    a.data = 5.0
    assert max(same, a) is a
    assert hash(a) == object.__hash__(a)


@pytest.mark.parametrize("other", ["1", None, True, 1j, [1.0], np.ones(2)])
def test_only_numbers_compare(other):
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError):
            compare(Value(1.0), other)
        with pytest.raises(TypeError):
            compare(other, Value(1.0))
    assert {Value(1.0)}.isdisjoint({1.0})


def test_truth_item_and_format_are_those_of_the_data():
    assert [bool(Value(data)) for data in (0.0, -0.0, 1e-300, math.nan)] == [False, False, True, True]
    assert repr(Value(2).item()) == "2.0"
    value = Value(3.14159)
    assert f"{value:.2f}|{value:>8.1e}|{value}" == "3.14| 3.1e+00|Value(data=3.14159)"
    with pytest.raises(ValueError, match="format"):
        format(value, "d")


def test_a_value_of_zero_is_read_drawn_and_differentiated_as_any():
    zero = Value(0.0, label="zero")
    out = (zero * 2).relu()
    out.backward()
    assert export([out, zero]).outputs == (3, 0)
    assert zero.has_grad
    assert [node.label for node in export(out, names={"named": zero, "out": out})] == ["zero", "", "", "out"]
    assert copy.deepcopy(out).op is out.op
