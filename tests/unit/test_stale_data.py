"""backward() on a graph whose numbers were changed after it was computed."""

import warnings

import pytest

from gradgraph import StaleDataWarning, Value, export, to_values


def loss_of(w: Value, b: Value) -> Value:
    return ((w * 3 + b).tanh() - 1) ** 2


def test_the_old_graph_warns_once_where_backward_is_called():
    w, b = Value(0.5, "w"), Value(0.1)
    loss = loss_of(w, b)
    loss.backward()
    w.data += 1
    b.data += 1
    with pytest.warns(StaleDataWarning, match=r"the data of Value\(data=1.5\) 'w' was set after .* again") as told:
        loss.backward()
    assert [each.filename for each in told] == [__file__]


def test_a_training_loop_does_not_warn():
    w, b = Value(0.5), Value(0.1)
    for _ in range(20):
        loss = loss_of(w, b)
        w.grad = b.grad = 0
        loss.backward()
        for p in (w, b):
            p.data += -0.1 * p.grad
    assert loss.data < loss_of(Value(0.5), Value(0.1)).data


def test_what_was_computed_before_and_after_a_change_warns():
    w, b = Value(0.5), Value(0.1)
    early = w * w
    b.data = 2.0
    (early + b).backward()  # only b was set, before it was used
    w.data = 1.0
    late = w * b + early
    with pytest.warns(StaleDataWarning):
        late.backward()


def test_results_that_were_set_warn_too():
    a = Value(2.0)
    b = a * a
    c = b.tanh()
    b.data = 0.25
    with pytest.warns(StaleDataWarning, match=r"Value\(data=0.25\)"):
        c.backward()
    (b * 2).backward()


def test_changes_elsewhere_do_not_warn():
    other, a = Value(1.0), Value(2.0)
    b = (a * a).tanh()
    other.data = 3.0
    b.backward()
    a.grad = None
    a.label = "a"
    b.backward()


def test_a_warning_that_raises_leaves_no_gradient():
    a = Value(2.0)
    b = a * a
    a.data = 3.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(StaleDataWarning):
            b.backward()
    assert not any(value.has_grad for value in (a, b))


def test_values_that_were_read_again_are_fresh():
    a = Value(2.0)
    b = a * a
    a.data = 3.0
    revived = to_values(export(b))
    revived[-1].backward()
    revived[0].data = 1.0
    with pytest.warns(StaleDataWarning):
        revived[-1].backward()
