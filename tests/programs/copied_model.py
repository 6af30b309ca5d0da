"""The best model is kept by deepcopy while training goes on."""

import copy
import random


def main(Value):
    rng = random.Random(5)

    class Model:
        def __init__(self):
            self.w = [Value(rng.uniform(-1, 1)) for _ in range(3)]
            for i, p in enumerate(self.w):
                p.tag = {"index": i}

        def __call__(self, x):
            return self.w[0] + self.w[1] * x + self.w[2] * x**2

    model = Model()
    best, least = None, float("inf")
    for step in range(12):
        loss = sum((model(x / 5) - (1 + x) / 5) ** 2 for x in range(-5, 6))
        if loss.data < least:
            best, least = copy.deepcopy(model), loss.data
        for p in model.w:
            p.grad = 0
        loss.backward()
        for p in model.w:
            p.data -= (0.02 if step < 8 else 0.4) * p.grad
        print(step, loss.data)
    print(least, [p.data for p in best.w], [p.tag["index"] for p in best.w])
    print([p.data for p in model.w], best.w[0] is model.w[0])
