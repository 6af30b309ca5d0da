"""Mixture of experts in the style of the well-known scalar-autograd course:
Neuron / Layer / MLP, three expert MLPs mixed by a softmax gate, regression on 12
samples, mean squared error plus a load-balance penalty. No labels, no scopes."""

import math
import random

from gradgraph import Value


class Neuron:
    def __init__(self, nin, nonlin=True):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return act.relu() if self.nonlin else act

    def parameters(self):
        return self.w + [self.b]


class Layer:
    def __init__(self, nin, nout, **kw):
        self.neurons = [Neuron(nin, **kw) for _ in range(nout)]

    def __call__(self, x):
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self):
        return [p for n in self.neurons for p in n.parameters()]


class MLP:
    def __init__(self, nin, nouts):
        sz = [nin] + nouts
        self.layers = [Layer(sz[i], sz[i + 1], nonlin=i != len(nouts) - 1) for i in range(len(nouts))]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


def softmax(xs):
    e = [x.exp() for x in xs]
    s = sum(e)
    return [ei / s for ei in e]


def make():
    random.seed(42)
    experts = [MLP(2, [6, 1]) for _ in range(3)]
    gate = Layer(2, 3, nonlin=False)

    xs = [[random.uniform(-1, 1), random.uniform(-1, 1)] for _ in range(12)]
    ys = [math.sin(3 * a) * b if a > 0 else a + b for a, b in xs]

    gates, preds = [], []
    for x in xs:
        g = softmax(gate(x))
        gates.append(g)
        preds.append(sum(gi * ex(x) for gi, ex in zip(g, experts)))

    mse = sum((p - y) ** 2 for p, y in zip(preds, ys)) / len(ys)
    load = [sum(g[k] for g in gates) / len(gates) for k in range(3)]
    balance = 3 * sum(l * l for l in load)
    l2 = 1e-4 * sum(p * p for ex in experts for p in ex.parameters())
    loss = mse + 0.01 * balance + l2
    loss.backward()
    return loss
