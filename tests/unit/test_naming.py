"""names=: labels, roles and groups from what the user has at hand."""

import random
import sys
from collections import ChainMap, UserDict, deque
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from micrograd.engine import Value as Micro
from micrograd.nn import MLP

from gradgraph import OptionError, Value, display, export, focus, named_scope, render
from gradgraph.tracing import naming
from gradgraph.tracing.naming import Name, names_of


class Pair(NamedTuple):
    left: Value
    right: int


def group_path(graph, node) -> str:
    """The names of the groups that a node is in, the outermost first."""
    names, here = [], node.group
    while here is not None:
        names.append(graph.groups[here].name)
        here = graph.groups[here].parent
    return "/".join(reversed(names))


def labels(graph) -> list[str]:
    return [node.label for node in graph if node.label]


def named(names, *values) -> list[str]:
    """The labels that `names` gives to values, "" for none."""
    found = names_of(names, values)
    return [found[id(value)].label if id(value) in found else "" for value in values]


def micrograd_network() -> tuple[MLP, list[Micro], Micro]:
    random.seed(1)
    model, x = MLP(2, [3, 1]), [Micro(0.5), Micro(-1.0)]
    return model, x, model(x)


def test_a_model_names_its_parameters_and_puts_each_in_its_neurons_group():
    model, _, out = micrograd_network()
    graph = export(out, names=model)
    assert len(labels(graph)) == len(model.parameters())
    for i, layer in enumerate(model.layers):
        for j, neuron in enumerate(layer.neurons):
            for name, value in [*((f"w[{k}]", w) for k, w in enumerate(neuron.w)), ("b", neuron.b)]:
                node = graph[f"layers[{i}].neurons[{j}].{name}"]
                assert (node.data, node.role) == (value.data, "parameter")
                assert group_path(graph, node) == f"layers[{i}]/neurons[{j}]"
    assert all(node.group is None and node.role is None for node in graph if not node.label)


def test_locals_name_variables_lists_and_what_is_below_the_model():
    model, x, out = micrograd_network()
    graph = export(out, names=locals())
    assert graph["x[1]"].data == x[1].data
    assert (graph["x[1]"].role, graph["x[1]"].group) == (None, None)
    assert graph[graph.outputs[0]].label == "out"
    assert group_path(graph, graph["model.layers[1].neurons[0].b"]) == "model/layers[1]/neurons[0]"


def test_our_own_values_are_named_and_not_changed():
    x, w = Value(2.0), Value(3.0)
    out = x * w
    graph = export(out, names={"x": x, "params": [w]})
    assert [(node.label, node.role) for node in graph] == [("x", "input"), ("params[0]", "parameter"), ("", None)]
    assert (w.label, w.role, w.scope) == ("", "input", ())


def test_what_the_user_said_first_stays():
    with named_scope("mine"):
        own = Value(2.0, label="own")
    plain, constant = Value(3.0), Value(4.0, role="constant")
    graph = export(own * plain * constant, names={"params": {"own": own, "plain": plain, "constant": constant}})
    assert labels(graph) == ["own", "params['plain']", "params['constant']"]
    assert [group_path(graph, graph[label]) for label in labels(graph)] == ["mine", "params", "params"]
    assert graph["params['constant']"].role == "constant"


def test_of_two_names_the_first_counts_and_under_one_name_the_shortest_way():
    a, b = Value(1.0), Value(2.0)
    assert named({"xs": [a], "a": a}, a) == ["xs[0]"]
    assert named({"a": a, "xs": [a]}, a) == ["a"]
    chain = SimpleNamespace(layers=[])
    first, second = SimpleNamespace(w=a), SimpleNamespace(w=b)
    first.next = second
    chain.layers += [first, second]
    assert named({"net": chain}, b) == ["net.layers[1].w"]


def test_a_leaf_called_otherwise_first_is_still_a_parameter_of_its_model():
    class Model:
        def __init__(self, w):
            self.w = w

        def parameters(self):
            raise AssertionError("no method is called")

    w, row = Value(1.0), [Value(2.0)]
    model = Model([w, *row])
    found = names_of({"w": w, "row": row, "model": model}, [w, *row])
    assert found[id(w)] == Name("w", True, ("model",))
    assert found[id(row[0])] == Name("row[0]", True, ("model",))


def test_state_dicts():
    flat = {"layers.0.w": Value(1.0), "layers.0.b": Value(2.0), "head.w": Value(3.0)}
    found = names_of(flat, flat.values())
    assert [found[id(value)] for value in flat.values()] == [
        Name("layers.0.w", True, ("layers.0",)),
        Name("layers.0.b", True, ("layers.0",)),
        Name("head.w", True, ("head",)),
    ]
    below = names_of({"state_dict": flat}, flat.values())
    assert below[id(flat["head.w"])] == Name("state_dict['head.w']", True, ("state_dict", "head"))
    assert names_of(iter(flat.items()), flat.values()) == found
    assert names_of([*flat.items()], flat.values()) == found


@pytest.mark.parametrize("hold", [lambda x: SimpleNamespace(x=x), lambda x: type("Config", (), {"x": x})])
def test_namespaces_classes_and_modules_name_what_is_in_them(hold):
    x = Value(1.0)
    assert named(hold(x), x) == ["x"]
    module = ModuleType("mine")
    vars(module)["x"] = x
    assert named(module, x) == ["x"]


def test_every_kind_of_holder():
    class Slots:
        __slots__ = ("empty", "w")

        def __init__(self):
            self.w = Value(1.0)

    slots, pair = Slots(), Pair(Value(2.0), 3)
    grid = np.array([[Value(4.0), None]], dtype=object)
    table, line = {(0, "a"): Value(5.0), 7: Value(6.0)}, deque([Value(7.0)])
    values = [slots.w, pair.left, grid[0, 0], *table.values(), line[0]]
    names = {"slots": slots, "pair": pair, "grid": grid, "table": table, "line": line}
    assert named(names, *values) == ["slots.w", "pair.left", "grid[0, 0]", "table[(0, 'a')]", "table[7]", "line[0]"]
    assert named(pair, pair.left) == ["left"]


def test_what_a_notebook_keeps_for_itself_is_no_name():
    x, y = Value(1.0), Value(2.0)
    assert named({"_": x, "In": [x], "Out": {3: x}, "__doc__": x, "_x": x, "y": y}, x, y) == ["", "y"]


def test_nothing_of_the_users_is_run_and_what_is_no_holder_is_not_looked_into():
    ran = []

    class Odd:
        def __init__(self, w):
            self.w = w

        def __getattr__(self, name):
            ran.append(name)
            raise AttributeError(name)

        @property
        def data(self):
            ran.append("data")

        def __iter__(self):
            ran.append("iter")

        def __repr__(self):
            ran.append("repr")

        def __bool__(self):
            ran.append("bool")

        def __eq__(self, other):
            ran.append("eq")

        def __hash__(self):
            return 1

        @property  # type: ignore[misc]
        def __class__(self) -> Any:
            ran.append("class")

    class Listed(list[Value]):
        def __iter__(self):
            ran.append("iter")

        def __getitem__(self, index):
            ran.append("getitem")

    x, w, hidden = Value(1.0), Value(2.0), Value(3.0)
    odd = Odd(w)
    names = {"odd": odd, "by_odd": {odd: x}, "listed": Listed([x]), "sys": sys, "f": lambda: hidden, "s": {hidden}}
    assert named(names, x, w, hidden) == ["listed[0]", "odd.w", ""]
    assert ran == []


def test_cycles_and_depth():
    x = Value(1.0)
    top: dict[str, Any] = {"x": x}
    top["self"] = [top]
    far = SimpleNamespace(x=x)
    for _ in range(100_000):
        far = SimpleNamespace(inside=far)
    assert named({"far": far, "top": top}, x) == ["top['x']"]


def test_values_of_another_graph_are_not_looked_into():
    x = Value(1.0)
    out, other = x * 2, x * 3
    assert named({"other": other, "others": [other], "x": x}, x, out) == ["x", ""]
    with pytest.raises(ValueError, match="leads to no value"):
        names_of({"other": other}, [x, out])


def test_a_search_is_bounded(monkeypatch):
    monkeypatch.setattr(naming, "MOST_OPENED", 1000)
    x = Value(1.0)
    graph = export([Value(1.0) for _ in range(5000)])
    assert named({"graph": graph, "view": focus(graph, 0), "drawing": render(focus(graph, 0), "text"), "x": x}, x) == [
        "x"
    ]
    assert named({"numbers": [0.5] * 5000, "x": x}, x) == ["x"]
    shared: list[float] = []
    assert named({"shared": [shared] * 5000, "x": x}, x) == ["x"]
    with pytest.raises(ValueError, match="names= leads to more than 1,000 containers and objects: give the model"):
        names_of({"rows": [[0.5] for _ in range(5000)], "x": x}, [x])


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (3, "has no names, being a int"),
        ("x", "has no names, being a str"),
        ({1.0}, "has no names, being a set"),
        ([Value(1.0)], "has no names, being a list of other things than pairs"),
        (iter([1]), "has no names, being a list_iterator of other things than pairs"),
        (Value(1.0), "is a value of the graph itself, a Value"),
    ],
)
def test_what_has_no_names_is_refused(names, found):
    with pytest.raises(TypeError, match=f"names= {found}.*: give a dict, locals"):
        export(Value(1.0), names=names)


def test_names_that_lead_nowhere_are_refused():
    for names in ({}, {"x": Value(1.0)}, {"x": 1.0}):
        with pytest.raises(ValueError, match="names= leads to no value of this graph"):
            export(Value(1.0), names=names)
    x = Value(1.0)
    with pytest.raises(ValueError, match="a name in names= holds a lone surrogate"):
        export(x, names={"\ud800": x})


def test_a_graph_and_a_document_keep_their_labels(tmp_path):
    x = Value(1.0)
    graph = export(x, tmp_path / "x.json", names={"x": x})
    for what in (graph, str(tmp_path / "x.json"), tmp_path / "x.json"):
        with pytest.raises(OptionError, match="names= is for live values"):
            export(what, names={"x": x})
    assert export(tmp_path / "x.json") == graph


def test_drawings_and_displays_take_names(capsys):
    apple = Value(2.0)
    doubled = apple * 2
    assert "apple" in str(render(doubled, "text", names={"apple": apple}))
    display(doubled, names=locals())
    assert "doubled = apple * n1" in capsys.readouterr().out
    display(doubled, names=3)
    assert "(no drawing: names= has no names" in capsys.readouterr().out


class Row:
    """A value as a small GPT has it: no op, no label, local derivatives beside the operands."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0, children, local_grads


def small_gpt(width: int) -> tuple[dict[str, list[list[Row]]], list[Row]]:
    """The parameters of a GPT of one layer, and as many rows as one step over a few tokens makes of them."""
    shapes = {"wte": (27, width), "wpe": (8, width), "lm_head": (27, width)}
    shapes |= {f"layer0.attn_w{name}": (width, width) for name in "qkvo"}
    shapes |= {"layer0.mlp_fc1": (4 * width, width), "layer0.mlp_fc2": (width, 4 * width)}
    state_dict = {name: [[Row(0.1) for _ in range(n)] for _ in range(m)] for name, (m, n) in shapes.items()}
    rows = [row for matrix in state_dict.values() for line in matrix for row in line]
    for at in range(7 * len(rows)):
        left, right = rows[at], rows[at // 2]
        rows.append(Row(left.data * right.data, (left, right), (right.data, left.data)))
    return state_dict, rows


def test_the_state_dict_of_a_small_gpt():
    state_dict, rows = small_gpt(16)
    found = names_of(state_dict, rows)
    assert len(found) == sum(len(matrix) * len(matrix[0]) for matrix in state_dict.values())
    assert found[id(state_dict["wte"][3][1])] == Name("wte[3][1]", True, ("wte",))
    in_a_layer = found[id(state_dict["layer0.mlp_fc1"][63][15])]
    assert in_a_layer == Name("layer0.mlp_fc1[63][15]", True, ("layer0", "mlp_fc1"))
    everything = {"_": 0, "docs": ["anna"], "state_dict": state_dict, "params": rows[:4000], "losses": [rows[-1]]}
    found = names_of(everything, rows)
    assert found[id(state_dict["wte"][3][1])] == Name("state_dict['wte'][3][1]", True, ("state_dict", "wte"))
    assert found[id(rows[-1])] == Name("losses[0]")


class NoisyDict(dict[str, Any]):
    def items(self):
        raise AssertionError("nobody may call this")

    def __iter__(self):
        raise AssertionError("nobody may call this")

    def __getitem__(self, key):
        raise AssertionError("nobody may call this")


def test_dicts_of_other_classes_are_dicts_and_run_nothing():
    for kind in (NoisyDict, UserDict, ChainMap):
        a, b = Value(2.0), Value(3.0)
        graph = export(a * b, names=kind({"x": a, "more": kind({"y": b})}))
        assert [(node.label, node.role) for node in graph][:2] == [("x", "input"), ("more['y']", "input")]
    a, b = Value(2.0), Value(3.0)
    assert [node.label for node in export(a * b, names=ChainMap({"x": a}, {"x": b, "y": b}))] == ["x", "y", ""]


def test_what_is_too_deep_is_said_to_be():
    a = Value(2.0)
    deep: Any = a
    for _ in range(70):
        deep = [deep]
    with pytest.raises(ValueError, match="names= leads to no value of this graph within 64 steps"):
        export(a * 2, names={"deep": deep})


def test_one_name_for_two_values_is_refused():
    a, b = Value(2.0), Value(3.0)
    with pytest.raises(ValueError, match="names= has the name 'x' for two things"):
        export(a * b, names=[("x", a), ("x", b)])
    assert export(a * b, names=[("x", a), ("x", a)])[0].label == "x"
