"""Soft k-means: 45 points, 3 centres, 4 rounds of (assign, move centres), then the
distortion. Its gradient with respect to beta says how sharp to make the assignment."""

import random

from gradgraph import Value


def make():
    rng = random.Random(0)
    blobs = [(0, 0), (3, 1), (1, 4)]
    points = [(Value(cx + rng.gauss(0, 0.6)), Value(cy + rng.gauss(0, 0.6))) for cx, cy in blobs for _ in range(15)]
    centres = [(Value(0.5), Value(0.2)), (Value(2.0), Value(1.0)), (Value(1.5), Value(3.0))]
    beta = Value(1.5, label="beta")

    def dist2(p, c):
        return (p[0] - c[0]) ** 2 + (p[1] - c[1]) ** 2

    def assign():
        resp = []
        for p in points:
            w = [(-beta * dist2(p, c)).exp() for c in centres]
            total = sum(w)
            resp.append([wi / total for wi in w])
        return resp

    for _ in range(4):
        resp = assign()
        centres = []
        for k in range(3):
            mass = sum(r[k] for r in resp)
            cx = sum(r[k] * p[0] for r, p in zip(resp, points)) / mass
            cy = sum(r[k] * p[1] for r, p in zip(resp, points)) / mass
            centres.append((cx, cy))

    resp = assign()
    distortion = sum(r[k] * dist2(p, centres[k]) for r, p in zip(resp, points) for k in range(3)) / len(points)
    distortion.backward()
    return distortion
