"""The course's exercise: each op anew, in a class that holds its own arithmetic on top of Value's constructor."""

import math


def main(Value):
    class Mine(Value):
        def __init__(self, data, _children=(), _op="", label=""):
            super().__init__(data, _children, _op)
            self.label = label

        def __add__(self, other):
            other = other if isinstance(other, Mine) else Mine(other)
            out = Mine(self.data + other.data, (self, other), "+")

            def _backward():
                self.grad += 1.0 * out.grad
                other.grad += 1.0 * out.grad

            out._backward = _backward
            return out

        def __mul__(self, other):
            other = other if isinstance(other, Mine) else Mine(other)
            out = Mine(self.data * other.data, (self, other), "*")

            def _backward():
                self.grad += other.data * out.grad
                other.grad += self.data * out.grad

            out._backward = _backward
            return out

        def __pow__(self, other):
            assert isinstance(other, (int, float)), "only supporting int/float powers for now"
            out = Mine(self.data**other, (self,), f"**{other}")

            def _backward():
                self.grad += other * (self.data ** (other - 1)) * out.grad

            out._backward = _backward
            return out

        def __rmul__(self, other):
            return self * other

        def __truediv__(self, other):
            return self * other**-1

        def __neg__(self):
            return self * -1

        def __sub__(self, other):
            return self + (-other)

        def __radd__(self, other):
            return self + other

        def tanh(self):
            x = self.data
            t = (math.exp(2 * x) - 1) / (math.exp(2 * x) + 1)
            out = Mine(t, (self,), "tanh")

            def _backward():
                self.grad += (1 - t**2) * out.grad

            out._backward = _backward
            return out

        def exp(self):
            out = Mine(math.exp(self.data), (self,), "exp")

            def _backward():
                self.grad += out.data * out.grad

            out._backward = _backward
            return out

    x1, x2 = Mine(2.0, label="x1"), Mine(0.0, label="x2")
    w1, w2 = Mine(-3.0, label="w1"), Mine(1.0, label="w2")
    b = Mine(6.8813735870195432, label="b")
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    o = n.tanh()
    o.backward()
    print(o.data, [v.grad for v in (x1, w1, x2, w2, b, n)])
    for v in (x1, w1, x2, w2, b):
        v.grad = 0.0
    n = x1 * w1 + x2 * w2 + b
    n.label = "n"
    e = (2 * n).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    print(o.data, [(v.label, v.grad) for v in (x1, w1, x2, w2, b, n)])
    a = Mine(3.0, label="a")
    s = a + a
    s.backward()
    print(s._op, len(s._prev), a.grad, type(s) is Mine)
