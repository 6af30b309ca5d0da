"""Gradients against difference quotients."""


def main(Value):
    def f(a, b, c):
        return (a * b + c).relu() * b - a / c + (a - 1) ** 2 + 2 / b

    at = [2.0, 3.0, 0.5]
    values = [Value(x) for x in at]
    out = f(*values)
    out.backward()
    h = 1e-6
    for i, v in enumerate(values):
        up = [x + h if j == i else x for j, x in enumerate(at)]
        slope = (f(*map(Value, up)).data - out.data) / h
        print(i, v.grad, abs(slope - v.grad) < 1e-4 * max(1, abs(v.grad)))
