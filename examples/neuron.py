"""The neuron of the teaching notebook, in both spellings. Writes neuron.json beside this file.

The numbers are those of the notebook: with this b, the output is 0.7071 and the gradients are round to four digits.
"""

from pathlib import Path

from gradgraph import Value, export, named_scope


def preactivation() -> Value:
    """What goes into tanh: a weighted sum and a bias, every part of it labelled."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1 = Value(-3.0, label="w1", role="parameter")
    w2 = Value(1.0, label="w2", role="parameter")
    b = Value(6.88137, label="b", role="parameter")
    x1w1 = x1 * w1
    x1w1.label = "x1*w1"
    x2w2 = x2 * w2
    x2w2.label = "x2*w2"
    x1w1x2w2 = x1w1 + x2w2
    x1w1x2w2.label = "x1*w1 + x2*w2"
    n = x1w1x2w2 + b
    n.label = "n"
    return n


def neuron() -> Value:
    """The neuron with the primitive tanh, after its backward pass."""
    with named_scope("neuron"):
        o = preactivation().tanh()
    o.label = "o"
    o.backward()
    return o


def neuron_from_exp() -> Value:
    """The same with tanh(n) spelled (e - 1)/(e + 1), where e is exp(2n)."""
    with named_scope("neuron"):
        e = (2 * preactivation()).exp()
        e.label = "e"
        o = (e - 1) / (e + 1)
    o.label = "o"
    o.backward()
    return o


if __name__ == "__main__":
    export(neuron(), Path(__file__).with_suffix(".json"))
