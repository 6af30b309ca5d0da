"""info: figures."""

import math

from gradgraph import Value, export
from gradgraph.graph.figures import summarize, summary_lines
from tests.conftest import example


def test_the_neuron_in_figures():
    found = summarize(example("neuron"))
    assert (found.nodes, found.edges, found.depth, found.groups, found.outputs) == (10, 9, 4, 1, (9,))
    assert (found.leaves, found.ops) == ({"input": 2, "parameter": 3}, {"add": 2, "mul": 2, "tanh": 1})
    assert (found.non_finite, found.first_non_finite, found.without_grad) == (0, None, 0)
    assert found.memory > 1000
    assert "gradients   -1.5 to 1" in list(summary_lines(found))


def test_the_first_bad_node_is_where_the_data_went_wrong():
    x = Value(0.0, "x")
    out = (x + 1) * x.log().exp() * math.inf
    out.backward()
    graph = export(out)
    found = summarize(graph)
    assert found.first_non_finite is not None
    assert graph[found.first_non_finite].op == "log"
    assert any(line.startswith("non-finite") and "first n3" in line for line in summary_lines(found))


def test_no_gradients():
    assert "gradients   not computed" in list(summary_lines(summarize(export(Value(1.0)))))
