"""Numbers on either side, `sum`, comprehensions, and values as members of sets and keys."""


def main(Value):
    values = [Value(i) for i in range(1, 6)]
    total = sum(values)
    mean = total / len(values)
    variance = sum([(v - mean) ** 2 for v in values]) / (len(values) - 1)
    score = 3 * mean - variance**0.5 + 10 / total - (5 - values[0]) * 2 + -values[1]
    score.backward()
    print(float(score.data), [float(v.grad) for v in values])
    counts = {v: i for i, v in enumerate(values)}
    print(counts[values[3]], values[2] in set(values), max(values, key=lambda v: v.grad) is values[-1])
    dots = [[a * b for a, b in zip(values, row)] for row in ([1, 2, 3, 4, 5], [0.5] * 5)]
    print([float(sum(row).data) for row in dots])
    step = Value(1.0 if score.data > 0 else 0.0, (score,), "step")
    print(step.data, step._op, score in step._prev)
