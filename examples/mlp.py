"""A 2-4-4-1 network on one sample, with layers and neurons as scopes. Writes mlp.json beside this file."""

import random
from itertools import pairwise
from pathlib import Path

from gradgraph import Value, export, named_scope


class Neuron:
    """tanh of a weighted sum of its inputs."""

    def __init__(self, name: str, inputs: int, rng: random.Random) -> None:
        self.name = name
        with named_scope(name):
            self.weights = [Value(rng.uniform(-1, 1), f"w{i}", role="parameter") for i in range(inputs)]
            self.bias = Value(0.0, "b", role="parameter")

    def __call__(self, inputs: list[Value]) -> Value:
        """The activation, one Value."""
        with named_scope(self.name):
            total = self.bias
            for weight, x in zip(self.weights, inputs, strict=True):
                total = total + weight * x
            return total.tanh()


class Layer:
    """Neurons that see the same inputs."""

    def __init__(self, name: str, inputs: int, outputs: int, rng: random.Random) -> None:
        self.name = name
        with named_scope(name):
            self.neurons = [Neuron(f"neuron {i}", inputs, rng) for i in range(outputs)]

    def __call__(self, inputs: list[Value]) -> list[Value]:
        """One activation for each neuron."""
        with named_scope(self.name):
            return [neuron(inputs) for neuron in self.neurons]


def mlp(sizes: tuple[int, ...] = (2, 4, 4, 1), seed: int = 1337) -> Value:
    """The squared error of the network on the sample (1, -2) → 1, after its backward pass."""
    rng = random.Random(seed)  # noqa: S311  # weights, not secrets
    layers = [Layer(f"layer {i}", inputs, outputs, rng) for i, (inputs, outputs) in enumerate(pairwise(sizes), 1)]
    activations = [Value(1.0, "x0"), Value(-2.0, "x1")]
    for layer in layers:
        activations = layer(activations)
    loss = (activations[0] - 1.0) ** 2
    loss.label = "loss"
    loss.backward()
    return loss


if __name__ == "__main__":
    export(mlp(), Path(__file__).with_suffix(".json"))
