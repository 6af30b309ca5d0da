"""A picture is the same, byte for byte, whether `dot` starts leanly or plainly. `make lean` draws 1,000 graphs."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from gradgraph import Graph, render
from gradgraph_renderers.graphviz import lean
from tests.conftest import examples
from tests.strategies import graphs

drawn = st.fixed_dictionaries(
    {
        "direction": st.sampled_from(("LR", "RL", "TB", "BT")),
        "local": st.booleans(),
        "ops": st.sampled_from(("circle", "badge")),
        "fold": st.sampled_from(("none", "cones", "groups")),
    }
)


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs(), drawn)
def test_a_lean_start_draws_the_same_picture(dot, graph, options):
    plain = svg(graph, "0", options)
    assert svg(graph, "1", options) == plain
    assert lean.how_started(dot) == "lean start"
    assert svg(graph, "1", options) == plain


def svg(graph: Graph, lean_start: str, options: dict[str, Any]) -> bytes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(lean.VARIABLE, lean_start)
        return render(graph, "svg", layout="dot", strict=True, **options).to_bytes()
