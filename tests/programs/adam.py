"""Adam with its moments on the parameters, and names for printing."""

import math
import random


def main(Value):
    rng = random.Random(3)
    params = [Value(rng.gauss(0, 1)) for _ in range(6)]
    for i, p in enumerate(params):
        p.m, p.v, p.name = 0, 0, "p%d" % i
    beta1, beta2, eps = 0.9, 0.99, 1e-8
    for t in range(1, 16):
        for p in params:
            p.grad = 0
        x = [1.0, 2.0]
        hidden = [(params[i] * x[0] + params[i + 2] * x[1]).relu() for i in range(2)]
        out = hidden[0] * params[4] + hidden[1] * params[5]
        loss = (out - 1.5) ** 2 + 0.01 * sum(p**2 for p in params)
        loss.backward()
        for p in params:
            p.m = beta1 * p.m + (1 - beta1) * p.grad
            p.v = beta2 * p.v + (1 - beta2) * p.grad**2
            p.data -= 0.1 * (p.m / (1 - beta1**t)) / (math.sqrt(p.v / (1 - beta2**t)) + eps)
        print(t, loss.data)
    for p in params:
        print(p.name, p.data, p.m, p.v)
