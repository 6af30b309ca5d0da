"""A subclass with ops of its own and a name for each parameter."""

import math


def main(Value):
    class Parameter(Value):
        def __init__(self, data, name):
            super().__init__(data)
            self.name = name
            self.history = []

        def step(self, rate):
            self.history.append(self.data)
            self.data -= rate * self.grad
            self.grad = 0.0

        def sigmoid(self):
            s = 1 / (1 + math.exp(-self.data))
            out = Value(s, (self,), "sigmoid")

            def _backward():
                self.grad += s * (1 - s) * out.grad

            out._backward = _backward
            return out

    gate, weight = Parameter(-1.5, "gate"), Parameter(0.75, "weight")
    for _ in range(8):
        loss = (gate.sigmoid() * weight * 4 - 1) ** 2
        loss.backward()
        print(loss.data, gate.grad, weight.grad)
        gate.step(0.3)
        weight.step(0.3)
    for p in (gate, weight):
        print(p.name, p.data, p.history)
