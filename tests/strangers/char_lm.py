"""Character-level neural language model after Bengio (2003): two characters of
context, embedding, one tanh layer, softmax over 10 symbols, mean negative
log-likelihood over every position in six names. A few labels; no scopes."""

import random

from gradgraph import Value

NAMES = ["emma", "olivia", "ava", "mia", "noah", "liam"]
CONTEXT, EMB, HID = 2, 3, 10


def matrix(rng, rows, cols, scale, name=None):
    return [
        [
            Value(rng.gauss(0, scale), label=f"{name}{i},{j}") if name else Value(rng.gauss(0, scale))
            for j in range(cols)
        ]
        for i in range(rows)
    ]


def linear(x, W, b):
    return [sum(xi * wij for xi, wij in zip(x, col)) + bj for col, bj in zip(W, b)]


def make():
    rng = random.Random(2147483647)
    chars = ["."] + sorted(set("".join(NAMES)))
    stoi = {c: i for i, c in enumerate(chars)}
    V = len(chars)

    C = matrix(rng, V, EMB, 1.0, "C")
    W1 = matrix(rng, HID, CONTEXT * EMB, 0.4)
    b1 = [Value(0.0) for _ in range(HID)]
    W2 = matrix(rng, V, HID, 0.3)
    b2 = [Value(0.0) for _ in range(V)]

    nlls = []
    for name in NAMES:
        ctx = [0] * CONTEXT
        for ch in name + ".":
            ix = stoi[ch]
            x = [e for c in ctx for e in C[c]]
            h = [v.tanh() for v in linear(x, W1, b1)]
            logits = linear(h, W2, b2)
            counts = [v.exp() for v in logits]
            prob = counts[ix] / sum(counts)
            nlls.append(-prob.log())
            ctx = ctx[1:] + [ix]
    loss = sum(nlls) / len(nlls)
    loss.label = "loss"
    loss.backward()
    return loss
