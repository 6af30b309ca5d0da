"""The functions of a notebook that draw: nodes and edges by a walk over `_prev`, names by `id`."""

import math


def trace(root):
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def draw(root):
    lines = []
    nodes, edges = trace(root)
    names = {}
    for n in nodes:
        uid = str(id(n))
        names[uid] = f"{{ data {float(n.data):.4f} | grad {float(n.grad):.4f} }}"
        lines.append(f"node {names[uid]}")
        if n._op:
            lines.append(f"op {n._op} -> {names[uid]}")
    for n1, n2 in edges:
        lines.append(f"edge {names[str(id(n1))]} -> {n2._op} of {names[str(id(n2))]}")
    return sorted(lines)


def tanh(Value, x):
    t = math.tanh(x.data)
    out = Value(t, (x,), "tanh")

    def _backward():
        x.grad += (1 - t**2) * out.grad

    out._backward = _backward
    return out


def main(Value):
    x1, x2 = Value(2.0), Value(0.5)
    w1, w2 = Value(-3.0), Value(1.25)
    n = x1 * w1 + x2 * w2 + Value(6.5)
    o = tanh(Value, n) ** 2
    o.backward()
    for line in draw(o):
        print(line)
    print(len(o._prev), n in o._prev, [child._op for child in o._prev], x1._prev == set())
    twice = Value(3.0)
    print(len((twice + twice)._prev), twice in (twice * twice)._prev)
