"""Documents lose nothing, and the same graph gives the same bytes."""

from hypothesis import given

from gradgraph import Value, dumps, export, loads, to_values, validate, verify
from tests.strategies import graphs, live_values


@given(graphs())
def test_what_is_written_is_read_back(graph):
    text = dumps(graph)
    assert loads(text) == graph
    assert dumps(loads(text)) == text


@given(graphs(most=10))
def test_the_reference_accepts_what_we_write(graph):
    assert validate(dumps(graph).encode(), reference=True) == ()


def facts(values: list[Value]) -> list[tuple[object, ...]]:
    return [
        (repr(v.data), repr(v.grad), v.has_grad, v.label, v.role, v.scope, v.params, v.op, *map(id, v.operands))
        for v in values
    ]


@given(live_values())
def test_export_leaves_the_live_graph_as_it_was(values):
    values[-1].backward()
    before = facts(values)
    export(values)
    assert facts(values) == before


@given(live_values())
def test_revived_values_give_the_recorded_gradients_bit_for_bit(values):
    values[-1].backward()
    graph = loads(dumps(export(values[-1])))
    revived = to_values(graph)
    revived[graph.outputs[0]].backward()
    assert export(revived[graph.outputs[0]]) == graph


@given(live_values())
def test_one_backward_pass_verifies(values):
    values[-1].backward()
    assert verify(export(values[-1]), tolerance=0) == ()
