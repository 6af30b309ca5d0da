"""Momentum, kept on the parameters themselves."""


def main(Value):
    w, b = Value(0.5), Value(-0.25)
    for p in [w, b]:
        p.m = 0.0
    points = [(x / 4, 3 * x / 4 - 1) for x in range(-4, 5)]
    for step in range(20):
        loss = Value(0)
        for x, y in points:
            err = w * x + b - y
            loss += err * err
        loss = loss / len(points)
        for p in (w, b):
            p.grad = 0
        loss.backward()
        for p in (w, b):
            p.m = 0.9 * p.m + p.grad
            p.data -= 0.05 * p.m
        print(step, loss.data, w.data, b.data, w.m, b.m)
