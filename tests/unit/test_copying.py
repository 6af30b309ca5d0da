"""Pickles and deep copies of live values: of any depth, and what is shared stays shared."""

import copy
import io
import pickle
import sys
import threading
from contextlib import contextmanager

import pytest
from hypothesis import given

from gradgraph import CycleError, StaleDataWarning, Value, dumps, export, named_scope, to_values
from gradgraph.tracing.foreign import adopt
from tests.strategies import live_values


def pickled(what):
    return pickle.loads(pickle.dumps(what))  # noqa: S301


def pickled_in_python(what):
    """By the pickler and the unpickler written in Python, which others build on."""
    file = io.BytesIO()
    pickle._Pickler(file).dump(what)
    return pickle._loads(file.getvalue())  # type: ignore[attr-defined]


WAYS = (pickled, pickled_in_python, copy.deepcopy)


def chain(length: int) -> list[Value]:
    values = [Value(1.0, "x")]
    for index in range(length):
        values.append(values[-1] + values[0] if index % 2 else values[-1] * 0.5)
    return values


@contextmanager
def shallow_stack(room: int = 120):
    """Little of Python's stack, so that recursion shows on a graph of a few hundred levels."""
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + room)
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def same_graph(ours: Value, theirs: Value) -> bool:
    return ours is not theirs and dumps(export(ours)) == dumps(export(theirs))


@given(live_values(most=25))
def test_every_fact_survives(values):
    values[-1].backward()
    values[0].grad = None
    for way in (pickled, copy.deepcopy):
        copied = way(values)
        # One graph of all values: shared nodes are shared, and repeats are repeats.
        assert dumps(export(copied)) == dumps(export(values))
        assert [value.has_grad for value in copied] == [value.has_grad for value in values]
        assert not {*map(id, copied)} & {*map(id, values)}


@pytest.mark.parametrize("way", WAYS)
def test_labels_roles_params_and_scopes_survive(way):
    with named_scope("layer"), named_scope("neuron"):
        value = Value(2.0, "w", role="parameter") ** 3 * 2
    power, two = way(value).operands
    assert (power.params, power.scope, power.role) == ({"exponent": 3.0}, ("layer", "neuron"), None)
    assert power.op is value.operands[0].op
    assert (power.operands[0].label, power.operands[0].role, two.role) == ("w", "parameter", "constant")
    assert not power.has_grad
    assert same_graph(way(to_values(export(value))[-1]), value)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_deep_graphs_pickle_by_every_protocol(protocol):
    for value in (chain(1_000)[-1], to_values(export(chain(1_000)[-1]))[-1]):
        with shallow_stack():
            copied = pickle.loads(pickle.dumps(value, protocol))  # noqa: S301
        assert same_graph(copied, value)


@pytest.mark.parametrize("way", [pickled, copy.deepcopy])
def test_graphs_of_any_depth_are_copied(way):
    values = chain(100_000)
    with shallow_stack():
        first, last = way((values[0], values[-1]))
    last.backward()
    values[-1].backward()
    assert (first.grad, last.data) == (values[0].grad, values[-1].data)
    assert last._prev & {*values} == set()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("pick", ["last", "first and last", "all", "all reversed", "every tenth"])
def test_values_of_one_deep_graph_stay_one_graph(way, pick):
    values = chain(2_000)
    picked = {
        "last": [values[-1]],
        "first and last": [values[0], values[-1]],
        "all": values,
        "all reversed": values[::-1],
        "every tenth": values[::10],
    }[pick]
    with shallow_stack():
        copied = way({"model": [picked, {"again": picked[0]}]})["model"]
    assert copied[1]["again"] is copied[0][0]
    assert dumps(export(copied[0])) == dumps(export(picked))


@pytest.mark.parametrize("pick", ["rising", "falling"])
def test_the_size_of_a_pickle_is_linear_in_the_graph(pick):
    small, large = (
        len(pickle.dumps(values if pick == "rising" else values[::-1])) for values in (chain(1_000), chain(2_000))
    )
    assert large < 2.1 * small


class Model:
    def __init__(self) -> None:
        self.w = [Value(0.1 * index, f"w{index}", role="parameter") for index in range(5)]
        self.loss = sum((w * w for w in self.w), Value(0.0))
        self.best = self.loss.operands[0]


@pytest.mark.parametrize("way", WAYS)
def test_a_model_keeps_its_parameters(way):
    model = way(Model())
    model.loss.backward()
    assert [w.grad for w in model.w] == [2 * w.data for w in model.w]
    assert model.best is model.loss.operands[0]


def test_two_picklers_that_take_turns():
    values = chain(1_500)
    files = [io.BytesIO(), io.BytesIO()]
    picklers = [pickle.Pickler(file) for file in files]
    with shallow_stack():
        picklers[0].dump(values[100])
        picklers[1].dump(values[-1])
        picklers[0].dump(values[-1])
        picklers[1].dump(values[50])
        assert same_graph(pickled(values[-1]), values[-1])
        for file, order in zip(files, ((100, -1), (-1, 50)), strict=True):
            file.seek(0)
            unpickler = pickle.Unpickler(file)  # noqa: S301
            copied = [unpickler.load() for _ in order]
            assert dumps(export(copied)) == dumps(export([values[index] for index in order]))


class Packed:
    """Pickles what it holds into bytes, while it is pickled itself."""

    def __init__(self, values):
        self.values = values

    def __reduce__(self):
        return pickle.loads, (pickle.dumps(self.values),)


def test_a_pickle_inside_a_pickle():
    values = chain(1_500)
    with shallow_stack():
        packed, last, middle = pickled([Packed(values[-1]), values[-1], values[700]])
    assert same_graph(packed, values[-1])
    assert dumps(export([last, middle])) == dumps(export([values[-1], values[700]]))


def test_threads_do_not_disturb_each_other():
    values = chain(3_000)
    wrong = []

    def work():
        for copied in (pickled(values[-1]), copy.deepcopy(values[-1])):
            if not same_graph(copied, values[-1]):
                wrong.append(copied)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_what_was_pickled_is_not_kept_alive():
    import gc
    import weakref

    value = Value(1.0) * 2
    gone = weakref.ref(value)
    pickle.dumps(value)
    copy.deepcopy(value)
    del value
    gc.collect()
    assert gone() is None


class Foreign:
    def __init__(self, data, prev=(), op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, prev, op


@pytest.mark.parametrize("way", WAYS)
def test_adopted_values_with_ops_that_are_none_of_ours(way):
    a, b = Foreign(1.0), Foreign(2.0)
    (ours,) = adopt([Foreign(2.5, (a, b), "distance")]).outputs
    copied = way(ours)
    assert copied.op == ours.op
    assert same_graph(copied, ours)


class Parameter(Value):
    def __init__(self, data: float, name: str) -> None:
        super().__init__(data, role="parameter")
        self.name = name
        self.owner = [self]


class Slotted(Value):
    __slots__ = ("extra",)
    extra: str


@pytest.mark.parametrize("way", [*WAYS, copy.copy])
def test_subclasses_keep_their_attributes(way):
    copied = way(Parameter(2.0, "weight"))
    assert (type(copied), copied.data, copied.name, copied.role) == (Parameter, 2.0, "weight", "parameter")
    assert type(copied.owner[0]) is Parameter
    assert (copied.owner[0] is copied) == (way is not copy.copy)
    slotted = Slotted(1.0)
    slotted.extra = "more"
    assert way(slotted).extra == "more"


def test_a_shallow_copy_shares_the_operands():
    value = Value(2.0, "a") ** 2
    value.grad = 1.0
    copied = copy.copy(value)
    copied.grad = 5.0
    assert (copied.data, copied.operands, copied.op, copied.params) == (4.0, value.operands, value.op, value.params)
    assert value.grad == 1.0


def pickled_for_another_process(what):
    """Read where the data of no value was ever set."""
    content = pickle.dumps(what)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gradgraph.engine.value._writes", 0)
        return pickle.loads(content)  # noqa: S301


@pytest.mark.parametrize("way", [*WAYS, pickled_for_another_process])
def test_copies_know_which_data_was_set_too_late(way):
    w = Value(1.0)
    stale = w * 2
    w.data = 2.0
    fresh = w * 3
    fresh, stale = way((fresh, stale))
    fresh.backward()
    with pytest.warns(StaleDataWarning):
        stale.backward()
    (fresh * stale.operands[0]).backward()
    fresh.operands[0].data = 4.0
    with pytest.warns(StaleDataWarning):
        fresh.backward()


@pytest.mark.parametrize("way", WAYS)
def test_a_cycle_is_named(way):
    a = Value(1.0)
    b = a + 1
    a.op, a.operands = b.op, (b, b)
    with pytest.raises(CycleError, match="cycle"):
        way(b)
