"""backward() judged by central differences and by PyTorch."""

import math
import operator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradgraph import Value, export
from gradgraph.engine.ops import PRIMITIVES
from gradgraph.engine.value import apply
from gradgraph.testing import check_gradients
from gradgraph.toposort import toposort
from tests.conftest import examples
from tests.primitives import calls, grid, is_gentle
from tests.strategies import is_smooth, live_values


@examples(150)
@given(live_values(leaves=st.floats(-2, 2), most=8))
def test_random_expressions_agree_with_central_differences(values):
    order = toposort([values[-1]], lambda v: v.operands)
    values[-1].backward()
    assume(all(is_smooth(value) and abs(value.grad) < 1e3 for value in order))
    graph = export(values[-1])
    # Where a local derivative is large, curvature is too, and differences no longer judge.
    assume(all(abs(local) < 50 for node in graph for local in node.local))
    for value in order:
        if value.op:
            assume(is_gentle(value.op, tuple(operand.data for operand in value.operands), value.params))
    points = [value.data for value in order if value.op is None]
    check_gradients(lambda *leaves: rebuilt(order, leaves), *points, rtol=1e-3, atol=1e-4)


def rebuilt(order: list[Value], leaves: tuple[Value, ...]) -> Value:
    """The computation of `order` on other leaves."""
    fresh: dict[int, Value] = {}
    rest = iter(leaves)
    for value in order:
        operands = tuple(fresh[id(operand)] for operand in value.operands)
        fresh[id(value)] = apply(value.op, operands, value.params) if value.op else next(rest)
    return fresh[id(order[-1])]


SAMPLES = (-math.inf, -1000.0, -2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, 1000.0, math.inf, math.nan)
PARAMS = (0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.5, 1.5, math.inf, -math.inf, math.nan)


def torch_function(torch, name):
    """Return what PyTorch calls the primitive, None if it has none of that name: central differences judge it alone."""
    if name == "power":
        return operator.pow
    return getattr(torch, name, None) or getattr(torch.nn.functional, name, None)


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_agrees_with_central_differences(name):
    op = PRIMITIVES[name]
    points = [*calls(op)]
    assert points
    for primals, params in points:
        check_gradients(lambda *leaves: apply(op, leaves, params), *primals, rtol=1e-6, atol=1e-8)  # noqa: B023


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_agrees_with_pytorch_at_the_edges_too(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (optional)")
    function = torch_function(torch, name)
    if function is None:
        pytest.skip(f"PyTorch has no {name}: central differences judge it alone")
    op = PRIMITIVES[name]
    for point, params in grid(op, SAMPLES, PARAMS):
        theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in point]
        result = function(*theirs, *params.values())
        result.backward()
        out = op.forward(point, params)
        where = f"{name}{point} {params}"
        assert same_sign_too(out, result.item()), f"{where}: {out} is not {result.item()}"
        for ours, their in zip(op.partials(out, point, params), theirs, strict=True):
            assert same_sign_too(ours, their.grad.item()), f"{where}: derivative {ours} is not {their.grad.item()}"


@given(live_values(most=15))
def test_random_graphs_agree_with_pytorch(values):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed (optional)")
    order = toposort([values[-1]], lambda v: v.operands)
    values[-1].backward()
    theirs = {}
    for value in order:
        if value.op is None:
            theirs[id(value)] = torch.tensor(value.data, dtype=torch.float64, requires_grad=True)
        else:
            operands = [theirs[id(operand)] for operand in value.operands]
            function = torch_function(torch, value.op.name)
            assume(function)
            theirs[id(value)] = function(*operands, *value.params.values())
    theirs[id(values[-1])].backward()
    # All that flows into a value, without signs: what cancels on the way leaves an error that is a share of it.
    flows = {id(value): float(value is values[-1]) for value in order}
    for value in reversed(order):
        if value.op:
            primals = tuple(operand.data for operand in value.operands)
            for operand, partial in zip(
                value.operands, value.op.partials(value.data, primals, value.params), strict=True
            ):
                flows[id(operand)] += flows[id(value)] * abs(partial)
    for value in order:
        if value.op is None:
            gradient = theirs[id(value)].grad
            their = 0.0 if gradient is None else gradient.item()
            # Where a term is not finite PyTorch may mask it, as relu does, and we multiply: 0 * inf is nan.
            if math.isfinite(flows[id(value)]):
                assert same(value.grad, their, rel=1e-6) or abs(value.grad - their) <= 1e-9 * flows[id(value)]


def same(ours: float, theirs: float, rel: float = 1e-12) -> bool:
    if math.isnan(ours) or math.isnan(theirs):
        return math.isnan(ours) and math.isnan(theirs)
    return math.isclose(ours, theirs, rel_tol=rel, abs_tol=1e-300)


def same_sign_too(ours: float, theirs: float) -> bool:
    """Whether they are the same, 0.0 and -0.0 told apart."""
    return same(ours, theirs) and (math.isnan(ours) or math.copysign(1, ours) == math.copysign(1, theirs))
