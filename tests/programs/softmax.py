"""Softmax and cross entropy from ops that the program brings as functions."""

import math


def main(Value):
    def exp(v):
        out = Value(math.exp(v.data), (v,), "exp")

        def _backward():
            v.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(v):
        out = Value(math.log(v.data), (v,), "log")

        def _backward():
            v.grad += (1 / v.data) * out.grad

        out._backward = _backward
        return out

    def softmax(logits):
        counts = [exp(logit) for logit in logits]
        denominator = sum(counts)
        return [c / denominator for c in counts]

    logits = [Value(0.0), Value(3.0), Value(-2.0), Value(1.0)]
    for _ in range(5):
        probs = softmax(logits)
        loss = -log(probs[3])
        for logit in logits:
            logit.grad = 0
        loss.backward()
        print(loss.data, [p.data for p in probs])
        print([logit.grad for logit in logits])
        for logit in logits:
            logit.data -= 0.5 * logit.grad
