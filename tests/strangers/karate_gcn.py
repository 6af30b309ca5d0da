"""Two-layer graph convolutional network on Zachary's karate club (34 members, 78
ties). Only the instructor (0) and the president (33) are labelled; the loss is
their cross-entropy. A small embedding stands in for the one-hot features."""

import random

from gradgraph import Value, named_scope

EDGES = {
    0: [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
    1: [2, 3, 7, 13, 17, 19, 21, 30],
    2: [3, 7, 8, 9, 13, 27, 28, 32],
    3: [7, 12, 13],
    4: [6, 10],
    5: [6, 10, 16],
    6: [16],
    8: [30, 32, 33],
    9: [33],
    13: [33],
    14: [32, 33],
    15: [32, 33],
    18: [32, 33],
    19: [33],
    20: [32, 33],
    22: [32, 33],
    23: [25, 27, 29, 32, 33],
    24: [25, 27, 31],
    25: [31],
    26: [29, 33],
    27: [33],
    28: [31, 33],
    29: [32, 33],
    30: [32, 33],
    31: [32, 33],
    32: [33],
}
N, D, H, C = 34, 3, 4, 2


def make():
    rng = random.Random(34)
    near = {i: {i} for i in range(N)}
    for i, js in EDGES.items():
        for j in js:
            near[i].add(j)
            near[j].add(i)
    deg = {i: len(near[i]) for i in range(N)}

    with named_scope("embedding"):
        X = [[Value(rng.gauss(0, 1)) for _ in range(D)] for _ in range(N)]

    def gcn(X, n_in, n_out, act):
        W = [[Value(rng.gauss(0, 0.7), label="w") for _ in range(n_out)] for _ in range(n_in)]
        with named_scope("transform"):
            XW = [[sum(row[a] * W[a][b] for a in range(n_in)) for b in range(n_out)] for row in X]
        with named_scope("aggregate"):
            out = [
                [sum(XW[j][b] * (deg[i] * deg[j]) ** -0.5 for j in sorted(near[i])) for b in range(n_out)]
                for i in range(N)
            ]
        return [[v.tanh() for v in row] for row in out] if act else out

    with named_scope("gcn 1"):
        h = gcn(X, D, H, act=True)
    with named_scope("gcn 2"):
        logits = gcn(h, H, C, act=False)

    with named_scope("loss"):
        loss = 0
        for node, y in ((0, 0), (33, 1)):
            e = [v.exp() for v in logits[node]]
            loss = loss - (e[y] / sum(e)).log()
        loss = loss / 2
    loss.label = "loss"
    loss.backward()
    return loss
