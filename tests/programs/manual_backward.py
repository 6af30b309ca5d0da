"""A backward pass of one's own: topological sort, then `_backward` of each node in reverse."""


def topological(root):
    topo, visited = [], set()

    def build_topo(v):
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                build_topo(child)
            topo.append(v)

    build_topo(root)
    return topo


def main(Value):
    a, b, c = Value(-4.0), Value(2.0), Value(0.75)
    d = a * b + b**3
    d += d + 1 + c
    e = (b - a).relu() * c + 2 / (d * d + 1)
    f = e / c - -a + (1 - b) * 0.5
    f = f + a * a
    f.grad = 1.0
    for node in reversed(topological(f)):
        node._backward()
    print(f.data, [v.grad for v in (a, b, c)])
    again = (a * 2 + b).relu()
    for node in topological(again):
        node.grad = 0
    again.grad = 10
    for node in reversed(topological(again)):
        node._backward()
    print(again.data, a.grad, b.grad)
    leaf = Value(1.0)
    leaf._backward()
    print(leaf.grad)
