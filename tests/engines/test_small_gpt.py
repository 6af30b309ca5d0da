"""One step of a small language model, on values that keep local derivatives and no ops."""

import itertools
import random
from typing import Any

from gradgraph import export, verify
from tests.engines.odd import local_derivatives

WIDTH, CONTEXT, LETTERS = 16, 6, 27
Value: Any = local_derivatives()


def matrix(rng: random.Random, rows: int, columns: int) -> list[list[Any]]:
    return [[Value(rng.gauss(0, 0.1)) for _ in range(columns)] for _ in range(rows)]


def linear(x: list[Any], weights: list[list[Any]]) -> list[Any]:
    return [sum((w * each for w, each in zip(row[1:], x[1:], strict=True)), row[0] * x[0]) for row in weights]


def normalized(x: list[Any]) -> list[Any]:
    mean = sum((each * each for each in x[1:]), x[0] * x[0]) * (1 / len(x))
    scale = (mean + 1e-5) ** -0.5
    return [each * scale for each in x]


def step(tokens: list[int], state: dict[str, list[list[Any]]]) -> Any:
    """The loss over the tokens, each predicted from those before it by one layer of attention and two of neurons."""
    keys: list[list[Any]] = []
    values: list[list[Any]] = []
    losses = []
    for at, (token, target) in enumerate(itertools.pairwise(tokens)):
        x = normalized([a + b for a, b in zip(state["wte"][token], state["wpe"][at], strict=True)])
        query = linear(x, state["attn_wq"])
        keys.append(linear(x, state["attn_wk"]))
        values.append(linear(x, state["attn_wv"]))
        scores = [sum((q * k for q, k in zip(query[1:], key[1:], strict=True)), query[0] * key[0]) for key in keys]
        weights = [(score * WIDTH**-0.5).tanh() + 1.5 for score in scores]
        total = sum(weights[1:], weights[0] + 0.5)
        mixed = [
            sum((w * value[i] for w, value in zip(weights[1:], values[1:], strict=True)), weights[0] * values[0][i])
            / total
            for i in range(WIDTH)
        ]
        x = [a + b for a, b in zip(linear(mixed, state["attn_wo"]), x, strict=True)]
        hidden = [each.relu() for each in linear(normalized(x), state["mlp_fc1"])]
        x = [a + b for a, b in zip(linear(hidden, state["mlp_fc2"]), x, strict=True)]
        logits = linear(x, state["lm_head"])
        losses.append((logits[target] - 1.0) ** 2)
    return sum(losses[1:], losses[0]) * (1 / len(losses))


def test_one_step_is_read_named_and_verified():
    rng = random.Random(1)  # noqa: S311  # weights, not secrets
    shapes = {"wte": (LETTERS, WIDTH), "wpe": (CONTEXT, WIDTH), "lm_head": (LETTERS, WIDTH)}
    shapes |= {f"attn_w{name}": (WIDTH, WIDTH) for name in "qkvo"}
    shapes |= {"mlp_fc1": (4 * WIDTH, WIDTH), "mlp_fc2": (WIDTH, 4 * WIDTH)}
    state = {name: matrix(rng, *shape) for name, shape in shapes.items()}
    loss = step([rng.randrange(LETTERS) for _ in range(CONTEXT + 1)], state)
    loss.backward()
    graph = export(loss, names={"state_dict": state})
    assert len(graph) > 32_000
    assert verify(graph) == ()
    known = {"add", "mul", "sub", "div", "power", "pow", "tanh", "relu", "neg"}
    assert {op.partition(" ")[0] for op in graph.ops} <= known
    parameters = [node.label for node in graph if node.role == "parameter"]
    assert "state_dict['attn_wq'][3][1]" in parameters
    assert len({*parameters}) == len(parameters)
    assert graph.meta["engine"].endswith("Value")
