"""A hinge loss with L2 on batches, and accuracy."""

import random


def main(Value):
    rng = random.Random(7)
    points = [(rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(30)]
    labels = [1 if a - b > 0.1 else -1 for a, b in points]
    w = [Value(rng.uniform(-1, 1)) for _ in range(2)]
    b = Value(0.0)

    def loss(batch):
        inputs = [list(map(Value, points[i])) for i in batch]
        scores = [w[0] * x + w[1] * y + b for x, y in inputs]
        losses = [(1 + -labels[i] * s).relu() for i, s in zip(batch, scores)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg = 1e-4 * sum(p * p for p in [*w, b])
        hits = [(labels[i] > 0) == (s.data > 0) for i, s in zip(batch, scores)]
        return data_loss + reg, sum(hits) / len(hits)

    for k in range(12):
        total, acc = loss(rng.sample(range(30), 10))
        for p in [*w, b]:
            p.grad = 0
        total.backward()
        rate = 1.0 - 0.9 * k / 12
        for p in [*w, b]:
            p.data -= rate * p.grad
        print("step %d loss %r, accuracy %r%%" % (k, total.data, acc * 100))
    print([p.data for p in [*w, b]])
