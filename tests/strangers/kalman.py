"""Constant-velocity Kalman filter over 25 noisy positions; the output is the
negative log-likelihood as a function of process noise q and sensor noise R.
Everything is labelled the way the textbook writes it."""

import math
import random

from gradgraph import Value


def L(v, name):
    v.label = name
    return v


def make():
    rng = random.Random(7)
    zs = [0.8 * t + rng.gauss(0, 0.5) for t in range(25)]
    dt = 1.0

    q = Value(0.05, label="q")
    R = Value(0.30, label="R")
    x = Value(0.0, label="x_0")
    v = Value(0.5, label="v_0")
    # covariance [[a, b], [b, c]]
    a = Value(1.0, label="P11_0")
    b = Value(0.0, label="P12_0")
    c = Value(1.0, label="P22_0")
    nll = Value(0.0, label="nll_0")

    for k, z in enumerate(zs, 1):
        # predict
        x = L(x + v * dt, f"x_{k}|pred")
        a = L(a + 2 * dt * b + dt * dt * c + q * (dt**4 / 4), f"P11_{k}|pred")
        b = L(b + dt * c + q * (dt**3 / 2), f"P12_{k}|pred")
        c = L(c + q * dt**2, f"P22_{k}|pred")
        # update
        z = Value(z, label=f"z_{k}")
        y = L(z - x, f"innovation_{k}")
        S = L(a + R, f"S_{k}")
        k1 = L(a / S, f"K1_{k}")
        k2 = L(b / S, f"K2_{k}")
        x = L(x + k1 * y, f"x_{k}")
        v = L(v + k2 * y, f"v_{k}")
        a, b, c = (L((1 - k1) * a, f"P11_{k}"), L((1 - k1) * b, f"P12_{k}"), L(c - k2 * b, f"P22_{k}"))
        nll = L(nll + 0.5 * (y * y / S + (2 * math.pi * S).log()), f"nll_{k}")

    nll.backward()
    return nll
