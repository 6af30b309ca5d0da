"""A small LeNet: batch of four 12x12 stroke images -> conv 3x3 (5 maps) + relu ->
average pool 2x2 -> conv 3x3 (4 maps) + relu -> flatten -> dense 8 tanh -> dense 3 ->
softmax cross-entropy + weight decay. Scopes on the layers."""

import random

from gradgraph import Value, named_scope


class Conv:
    def __init__(self, rng, cin, cout, k=3):
        s = (cin * k * k) ** -0.5
        self.k, self.cin = k, cin
        self.w = [
            [[[Value(rng.gauss(0, s)) for _ in range(k)] for _ in range(k)] for _ in range(cin)] for _ in range(cout)
        ]
        self.b = [Value(0.0) for _ in range(cout)]

    def __call__(self, maps):
        k, n = self.k, len(maps[0]) - self.k + 1
        out = []
        for w, b in zip(self.w, self.b):
            fmap = []
            for i in range(n):
                row = []
                for j in range(n):
                    s = b
                    for c in range(self.cin):
                        for u in range(k):
                            for v in range(k):
                                s = s + w[c][u][v] * maps[c][i + u][j + v]
                    row.append(s.relu())
                fmap.append(row)
            out.append(fmap)
        return out

    def params(self):
        return [p for o in self.w for c in o for r in c for p in r]


class Dense:
    def __init__(self, rng, n, m):
        self.w = [[Value(rng.gauss(0, n**-0.5)) for _ in range(n)] for _ in range(m)]
        self.b = [Value(0.0) for _ in range(m)]

    def __call__(self, x):
        return [sum((a * b for a, b in zip(row, x)), b0) for row, b0 in zip(self.w, self.b)]

    def params(self):
        return [p for row in self.w for p in row]


def pool(maps):
    h = len(maps[0]) // 2
    return [
        [
            [
                (m[2 * i][2 * j] + m[2 * i][2 * j + 1] + m[2 * i + 1][2 * j] + m[2 * i + 1][2 * j + 1]) * 0.25
                for j in range(h)
            ]
            for i in range(h)
        ]
        for m in maps
    ]


def stroke(rng, kind, n=12):
    img = [[0.1 * rng.random() for _ in range(n)] for _ in range(n)]
    at = rng.randrange(3, 9)
    for t in range(n):
        i, j = {0: (at, t), 1: (t, at), 2: (t, t)}[kind]
        img[i][j] = 1.0
    return [[Value(p) for p in row] for row in img]


def make():
    rng = random.Random(1998)
    with named_scope("conv1"):
        conv1 = Conv(rng, 1, 5)
    with named_scope("conv2"):
        conv2 = Conv(rng, 5, 4)
    with named_scope("fc1"):
        fc1 = Dense(rng, 4 * 3 * 3, 8)
    with named_scope("fc2"):
        fc2 = Dense(rng, 8, 3)

    loss = 0
    for kind in (0, 1, 2, 0):
        with named_scope("input"):
            img = stroke(rng, kind)
        with named_scope("conv1"):
            a = conv1([img])
        with named_scope("pool"):
            a = pool(a)
        with named_scope("conv2"):
            a = conv2(a)
        flat = [v for m in a for row in m for v in row]
        with named_scope("fc1"):
            h = [v.tanh() for v in fc1(flat)]
        with named_scope("fc2"):
            logits = fc2(h)
        with named_scope("softmax loss"):
            e = [v.exp() for v in logits]
            loss = loss - (e[kind] / sum(e)).log()
    decay = sum(w * w for layer in (conv1, conv2, fc1, fc2) for w in layer.params())
    total = loss / 4 + 0.001 * decay
    total.label = "loss"
    total.backward()
    return total
